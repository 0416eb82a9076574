# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Brings the collection awx.awx: the modules with which playbooks/awx_setup.yml talks to AWX.

It is taken out of the package "ansible", which carries it, because pip is all that a development machine has. The
package has 54 MB; 1 MB of it is kept, and downloaded once only.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import bootstrap

PACKAGE = "ansible==12.3.0"
DIGEST = "sha256:cd156f82fa87f7a899212b0efa9f7ca3a24d609212de9f78428a572eb01e5414"
VERSION = "24.6.1"
IN_TREE = Path("ansible_collections", "awx", "awx")


def provide() -> Path:
    """Returns the directory that holds ``ansible_collections/awx/awx``. Raises BootstrapError."""
    place = bootstrap.ROOT / ".build" / "awx" / VERSION
    with bootstrap.alone(Path("awx-collection")):
        if not (place / IN_TREE / "MANIFEST.json").is_file():
            print(f"Taking awx.awx {VERSION} out of {PACKAGE}", flush=True)
            with tempfile.TemporaryDirectory(prefix="keyfleet-awx-") as directory:
                _extract(_download(Path(directory)), place)
    return place


def _download(directory: Path) -> Path:
    """Downloads the wheel. It is pure Python, so this machine's version does not matter."""
    requirements = directory / "requirements.txt"
    requirements.write_text(f"{PACKAGE} --hash={DIGEST}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "download", "--no-deps"]
    command += ["--ignore-requires-python", "--only-binary", ":all:", "--require-hashes", "--no-cache-dir"]
    command += ["--dest", str(directory), "-r", str(requirements)]
    if subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode:
        raise bootstrap.BootstrapError(f"failed: {' '.join(command)}")
    return next(directory.glob("ansible-*.whl"))


def _extract(wheel: Path, place: Path) -> None:
    fresh = place.with_name(f"{place.name}.fresh")
    shutil.rmtree(fresh, ignore_errors=True)
    with zipfile.ZipFile(wheel) as opened:
        for name in opened.namelist():
            if name.startswith(f"{IN_TREE.as_posix()}/"):
                opened.extract(name, fresh)
    shutil.rmtree(place, ignore_errors=True)
    fresh.rename(place)


def main() -> int:
    try:
        print(provide())
    except bootstrap.BootstrapError as error:
        print(f"awx_collection: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
