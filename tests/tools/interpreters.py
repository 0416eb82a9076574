# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds the Python interpreters of this machine: on PATH, or as pyenv keeps them."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

SUPPORTED = ("3.10", "3.11", "3.12", "3.13", "3.14")


@functools.cache
def find(series: str) -> str | None:
    """Returns the path of a working interpreter of this series (such as ``3.12``), or None if there is none."""
    return next((real for candidate in _candidates(series) if (real := _executable(candidate, series))), None)


def _candidates(series: str) -> Iterator[str]:
    for name in (f"python{series}", "python3"):
        if found := shutil.which(name):
            yield found
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for directory in sorted(pyenv.glob(f"versions/{series}.*"), reverse=True):
        yield str(directory / "bin" / "python")


def _executable(candidate: str, series: str) -> str | None:
    """The interpreter behind a candidate, which may be a pyenv shim that runs something else or nothing at all.

    Inside a virtual environment this is the base interpreter: environments are never stacked.
    """
    script = (
        "import os, sys; print('%d.%d' % sys.version_info[:2]);"
        "print(os.path.realpath(getattr(sys, '_base_executable', sys.executable)))"
    )
    try:
        done = subprocess.run([candidate, "-c", script], capture_output=True, text=True, check=False)
    except OSError:
        return None
    lines = done.stdout.split("\n")
    return lines[1] if done.returncode == 0 and lines[0] == series else None


def current() -> str:
    """The series of the running interpreter."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"
