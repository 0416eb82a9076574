# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Puts the checkout where Ansible looks for a collection: ``…/ansible_collections/keyfleet/cloud``.

Two ways, because ansible-test follows no symbolic link (it asks for the working directory's real path):

* ``link()`` for Python, mypy and ansible-playbook: ``.build/dev`` holds a link to the checkout; an edit counts at once.
* ``copy()`` for ansible-test and ansible-lint: the files that git knows or would add, under ``.build/stage``.

As a program: ``stage.py <name> <command> …`` runs a command in the copy of that name.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build"
IN_TREE = Path("ansible_collections", "keyfleet", "cloud")
GIT = ("git", "-c", "safe.directory=*")  # in CI the checkout often belongs to somebody else


def collections_path() -> Path:
    """The directory that holds ``ansible_collections`` for this very checkout or staged copy."""
    if ROOT.parts[-len(IN_TREE.parts) :] == IN_TREE.parts:
        return ROOT.parents[len(IN_TREE.parts) - 1]
    return link()


def link() -> Path:
    """Makes ``.build/dev/…`` point at the checkout and returns ``.build/dev``. Many processes may call it at once."""
    target = BUILD / "dev" / IN_TREE
    wanted = os.path.relpath(ROOT, target.parent)
    if not (target.is_symlink() and os.readlink(target) == wanted):
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f"cloud.{os.getpid()}")
        fresh.symlink_to(wanted)
        fresh.replace(target)
    return BUILD / "dev"


def copy(name: str) -> Path:
    """Brings ``.build/stage/<name>/…`` up to date and returns the collection's directory in it.

    Whatever else lies there is removed; so checks that run at the same time take different names.
    """
    target = BUILD / "stage" / name / IN_TREE
    files = _tracked_files()
    for file in files:
        _refresh(ROOT / file, target / file)
    _remove_others(target, {target / file for file in files})
    if not (target / ".git").exists():  # otherwise ansible-test asks the checkout's git, which ignores .build
        subprocess.run([*GIT, "init", "--quiet"], cwd=target, check=True)
    return target


def _tracked_files() -> list[str]:
    """What git tracks or would track, relative to the checkout; deleted files are left out."""
    command = [*GIT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return sorted({name for name in listed.split("\0") if name and (ROOT / name).is_file()})


def _refresh(source: Path, target: Path) -> None:
    if target.is_file() and filecmp.cmp(source, target, shallow=False):
        shutil.copymode(source, target)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)


def _remove_others(top: Path, wanted: set[Path]) -> None:
    """Removes files that the checkout no longer has, then directories that became empty."""
    for directory, _names, files in os.walk(top, topdown=False):
        here = Path(directory)
        if ".git" in here.relative_to(top).parts:
            continue
        for name in files:
            if here / name not in wanted:
                (here / name).unlink()
        if not any(here.iterdir()):
            here.rmdir()


def main() -> int:
    name, *command = sys.argv[1:]
    target = copy(name)
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(BUILD / "stage" / name)}
    return subprocess.run(command, cwd=target, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
