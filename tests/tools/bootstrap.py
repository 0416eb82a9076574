# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes a virtual environment and installs pinned requirements into it, on a machine that has only Python.

Standard library only: this is the first thing that runs. Without arguments it prepares ``.venv`` for ``nox``.
What is installed already is remembered by the digest of its requirement files, so that a second run needs no network.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
REQUIREMENTS = ROOT / ".config" / "requirements"
CONSTRAINTS = ROOT / ".config" / "constraints.txt"
OLDEST = (3, 10)


class BootstrapError(Exception):
    """The environment cannot be made; the text says what the user can do."""


def install(venv: Path, layers: list[str], *, python: str = sys.executable, extra: tuple[str, ...] = ()) -> Path:
    """Makes sure that ``venv`` holds the requirement files ``layers`` (names in .config/requirements) and ``extra``.

    ``extra`` are further requirements, such as ``ansible-core==2.16.19``; they must be the same at each call.
    Returns the environment's ``bin`` directory. Raises BootstrapError.
    """
    with alone(venv):
        if not _works(venv / "bin" / "python"):
            shutil.rmtree(venv, ignore_errors=True)
            create(venv, python)
        missing = [layer for layer in layers if not _is_installed(venv, layer, extra)]
        if missing:
            files = [argument for layer in missing for argument in ("-r", str(_file(layer)))]
            print(f"Installing {', '.join(missing)} into {os.path.relpath(venv, ROOT)}", flush=True)
            # Byte code is left to the first import: the vendors' clients have 20,000 files of which tests import few.
            pip = [str(venv / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--quiet"]
            _must(*pip, "install", "--no-compile", "-c", str(CONSTRAINTS), *extra, *files)
            for layer in missing:
                _stamp(venv, layer).write_text(_digest(layer, extra))
    return venv / "bin"


def create(venv: Path, python: str) -> None:
    """Makes an empty environment with pip. Debian's python3 may lack ensurepip: then a pip from elsewhere fills in."""
    if _run(python, "-c", "import ensurepip"):
        _must(python, "-m", "venv", str(venv))
        return
    pip = _any_pip(python)
    if pip:
        _must(python, "-m", "venv", "--without-pip", str(venv))
        _must(*pip, "--python", str(venv / "bin" / "python"), "install", "--quiet", "pip")
        return
    if not apt_install("python3-venv"):
        raise BootstrapError(
            "This Python has neither ensurepip nor pip. Install one of them (on Debian: apt-get install python3-venv)"
            " or name another Python: make PYTHON=/path/to/python3 …"
        )
    _must(python, "-m", "venv", str(venv))


def _any_pip(python: str) -> list[str] | None:
    """The command of a pip that can install into another environment (``--python``, since pip 22.3)."""
    candidates = [[python, "-m", "pip"], ["pip3"], ["pip"]]
    candidates += [[name, "-m", "pip"] for name in ("python3", "/usr/bin/python3")]
    return next((pip for pip in candidates if _run(*pip, "--python", python, "--version")), None)


def apt_install(*packages: str) -> bool:
    """Installs Debian packages; False where there is no apt-get, or no right to use it. Raises BootstrapError."""
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (sudo and not _run(*sudo, "true")):
        return False
    print(f"Installing {', '.join(packages)} with apt-get", flush=True)
    apt_get = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    _must(*apt_get, "update")
    _must(*apt_get, "install", "--no-install-recommends", *packages)
    return True


def provide(programs: dict[str, str]) -> None:
    """Installs the Debian packages (program -> package) of programs that are missing, where that is possible."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin"])
    with alone(Path("apt")):
        missing = [package for program, package in programs.items() if not shutil.which(program, path=path)]
        if missing and not apt_install(*missing):
            print(f"Not installed, for lack of apt-get or of the right to use it: {', '.join(missing)}", flush=True)


@contextlib.contextmanager
def alone(place: Path) -> Iterator[None]:
    """Lets one process at a time work on a place."""
    locks = ROOT / ".build" / "locks"
    locks.mkdir(parents=True, exist_ok=True)
    with (locks / place.name).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _works(python: Path) -> bool:
    return python.exists() and _run(str(python), "-c", "import pip")


def _run(*command: str) -> bool:
    """Whether the command exists and succeeds."""
    try:
        return subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def _must(*command: str) -> None:
    """Runs a command that shows its own complaints; raises BootstrapError if it fails."""
    if subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode:
        raise BootstrapError(f"failed: {' '.join(command)}")


def _file(layer: str) -> Path:
    return REQUIREMENTS / f"{layer}.txt"


def _stamp(venv: Path, layer: str) -> Path:
    return venv / f"installed-{layer}.sha256"


def _digest(layer: str, extra: tuple[str, ...]) -> str:
    content = b"\0".join([_file(layer).read_bytes(), CONSTRAINTS.read_bytes(), *(part.encode() for part in extra)])
    return hashlib.sha256(content).hexdigest()


def _is_installed(venv: Path, layer: str, extra: tuple[str, ...]) -> bool:
    stamp = _stamp(venv, layer)
    return stamp.is_file() and stamp.read_text() == _digest(layer, extra)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("layers", nargs="*", default=["run", "emulator", "tools"], help="names in .config/requirements")
    try:
        if sys.version_info < OLDEST:
            raise BootstrapError("Keyfleet needs Python 3.10 or newer; name one: make PYTHON=/path/to/python3 …")
        install(VENV, parser.parse_args().layers)
    except BootstrapError as error:
        print(f"bootstrap: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
