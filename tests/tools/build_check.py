# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds the archive and tries it as a user would: installed into an empty directory, far from the checkout.

Checks its size and contents, reads the documentation of every plugin and role in it, and runs the demo from it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import stage

LARGEST = 1_000_000  # bytes
SHIPPED = {
    "CHANGELOG.md",
    "COPYING",
    "FILES.json",
    "LICENSES",
    "MANIFEST.json",
    "README.md",
    "changelogs",
    "docs",
    "emulator",
    "extensions",
    "meta",
    "playbooks",
    "plugins",
    "roles",
}
EXPECTED = {
    "CHANGELOG.md",
    "COPYING",
    "LICENSES/GPL-3.0-or-later.txt",
    "README.md",
    "emulator/__main__.py",
    "meta/runtime.yml",
}
RECORD_BEGINS = "<!-- What the demo prints; tests/tools/build_check.py compares. -->\n\n```console\n"
OMISSION = "[…]"
DIRECTORY = re.compile(r"/\S+?\.keyfleet-demo")
"""The directory of a run of the demo, which has another name each time."""
DOCUMENTED = {"modules": "module", "lookup": "lookup", "inventory": "inventory", "filter": "filter"}
"""Folders in plugins/ and what ansible-doc calls their contents."""


class ArchiveError(Exception):
    """The archive is not what a user should get."""


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="keyfleet-build-") as directory:
        place = Path(directory)
        collections = place / "collections"
        os.environ.update(ANSIBLE_COLLECTIONS_PATH=str(collections), ANSIBLE_HOME=str(place / "home"))
        try:
            archive = build(place)
            check_contents(archive)
            _run("ansible-galaxy", "collection", "install", "--offline", str(archive), cwd=place)
            check_installed(collections / stage.IN_TREE, place)
        except (ArchiveError, subprocess.CalledProcessError) as error:
            print(f"build: {error}", file=sys.stderr)
            return 1
    return 0


def build(place: Path) -> Path:
    """Builds the archive from the staged copy, where nothing lies about that git does not know."""
    _run("ansible-galaxy", "collection", "build", "--output-path", str(place), cwd=stage.copy("build"))
    return next(place.glob("keyfleet-cloud-*.tar.gz"))


def check_contents(archive: Path) -> None:
    size = archive.stat().st_size
    with tarfile.open(archive) as opened:
        names = [member.name for member in opened if not member.isdir()]
    strangers = sorted(name for name in names if name.split("/")[0] not in SHIPPED)
    if strangers:
        raise ArchiveError(f"{archive.name} has what no user needs: {', '.join(strangers)}")
    missing = sorted(EXPECTED - set(names))
    if missing:
        raise ArchiveError(f"{archive.name} lacks {', '.join(missing)}")
    if size > LARGEST:
        raise ArchiveError(f"{archive.name} has {size} bytes, more than {LARGEST}")
    print(f"{archive.name}: {len(names)} files, {size} bytes", flush=True)


def check_installed(installed: Path, place: Path) -> None:
    """Reads all documentation and runs the demo."""
    for folder, kind in DOCUMENTED.items():
        names = [path.stem for path in sorted((installed / "plugins" / folder).glob("*.py")) if path.stem != "__init__"]
        check_documentation(kind, names, place)
    check_documentation("role", sorted(path.name for path in installed.glob("roles/*")), place)
    os.environ["ANSIBLE_DISPLAY_SKIPPED_HOSTS"] = "no"
    printed = _run("ansible-playbook", "keyfleet.cloud.demo", cwd=place, show=False)
    print(printed, flush=True)
    check_recorded(printed, (installed / "README.md").read_text(encoding="utf-8"))


def check_recorded(printed: str, readme: str) -> None:
    """Raises ArchiveError unless the README shows the demo as it really prints, in parts with OMISSION between them."""
    shown = readme.split(RECORD_BEGINS, 1)[1].split("```", 1)[0]
    rest = DIRECTORY.sub("/…", printed)
    for part in shown.split(f"\n{OMISSION}\n"):
        _before, found, rest = rest.partition(part.strip())
        if not found:
            raise ArchiveError(f"README.md shows the demo otherwise than it prints; record it anew:\n{part.strip()}")


def check_documentation(kind: str, names: list[str], place: Path) -> None:
    """Raises ArchiveError if ansible-doc has nothing to say about one of the names."""
    if not names:
        return
    wanted = [f"keyfleet.cloud.{name}" for name in names]
    printed = _run("ansible-doc", "--json", "-t", kind, *wanted, cwd=place, show=False)
    missing = sorted(set(wanted) - set(json.loads(printed)))
    if missing:
        raise ArchiveError(f"ansible-doc does not know: {', '.join(missing)}")
    print(f"ansible-doc, {kind}: {', '.join(names)}", flush=True)


def _run(*command: str, cwd: Path, show: bool = True) -> str:
    """Runs a command, shows what it prints, and returns it unless it was shown."""
    output = None if show else subprocess.PIPE
    done = subprocess.run(command, cwd=cwd, check=True, stdout=output, stdin=subprocess.DEVNULL, text=True)
    return done.stdout or ""


if __name__ == "__main__":
    sys.exit(main())
