# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes .config/constraints.txt: the exact versions of everything that requirements-dev.txt brings along.

pip resolves once for each supported Python of this machine, without installing anything. Where the Pythons differ,
each version gets a marker; the newest Python's version also holds for newer ones.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator

from bootstrap import CONSTRAINTS, ROOT
from interpreters import SUPPORTED, find

HEADER = '# Written by "make pins"; do not edit. The indirect dependencies of requirements-dev.txt.\n'


def resolve(python: str) -> dict[str, str]:
    """Returns name -> version of what requirements-dev.txt installs under this Python without naming it itself."""
    command = [python, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--report", "-"]
    command += ["-r", str(ROOT / "requirements-dev.txt")]
    report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    indirect = (item["metadata"] for item in report["install"] if not item["requested"])
    return {item["name"].lower().replace("_", "-"): item["version"] for item in indirect}


def constraints(resolved: dict[str, dict[str, str]]) -> list[str]:
    """Merges Python series (ascending) -> name -> version into the lines of a constraints file."""
    names = sorted({name for packages in resolved.values() for name in packages})
    lines = (_lines(name, {series: packages.get(name) for series, packages in resolved.items()}) for name in names)
    return [line for group in lines for line in group]


def _lines(name: str, versions: dict[str, str | None]) -> Iterator[str]:
    """One line for each run of neighbouring Pythons that take the same version. Where no Python takes it, any may."""
    runs = [(version, list(series)) for version, series in itertools.groupby(versions, key=versions.__getitem__)]
    known = [(version, series[0]) for version, series in runs if version]
    for position, (version, first) in enumerate(known):
        conditions = [f'python_version >= "{first}"'] if position else []
        conditions += [f'python_version < "{upper}"' for _version, upper in known[position + 1 : position + 2]]
        yield f"{name}=={version}" + (f" ; {' and '.join(conditions)}" if conditions else "")


def main() -> int:
    found = {series: find(series) for series in SUPPORTED}
    resolved = {series: resolve(python) for series, python in found.items() if python}
    if not resolved:
        print("pins: no supported Python on this machine", file=sys.stderr)
        return 1
    CONSTRAINTS.write_text(HEADER + "\n".join(constraints(resolved)) + "\n")
    print(f"{CONSTRAINTS.relative_to(ROOT)}: resolved for Python {', '.join(resolved)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
