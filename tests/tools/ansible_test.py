# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A place in ``.build`` where ansible-test feels at home without containers.

ansible-test hands nothing but HOME and PATH to pip, and fetches a pip of its own from a web site. So it gets a HOME
with pip's settings of this machine, and with a bootstrap script in the place where ansible-test keeps the fetched one
(``~/.ansible/test/cache/get_pip_<version>.py``).
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
from pathlib import Path

from bootstrap import ROOT
from cores import Environment

GET_PIP = """# Installs the pip that ansible-test names into the running interpreter's environment, with another pip.
import subprocess, sys

pip = [{python!r}, "-m", "pip", "--disable-pip-version-check", "--quiet", "--python", sys.executable]
sys.exit(subprocess.call([*pip, "install", *(argument for argument in sys.argv[1:] if "==" in argument)]))
"""

WANTED_PIP = """
from types import SimpleNamespace
from ansible_test._internal.python_requirements import get_venv_packages
print(get_venv_packages(SimpleNamespace(version={series!r}))["pip"])
"""


def home(name: str, environment: Environment) -> dict[str, str]:
    """Prepares a HOME for ansible-test, ``.build/home/<name>``, and returns the variables to start it with."""
    directory = ROOT / ".build" / "home" / name
    _write_pip_settings(directory, environment)
    _write_pip_bootstrap(directory, environment)
    return {"HOME": str(directory), "PATH": os.pathsep.join([str(environment.bin), os.environ["PATH"]])}


def _write_pip_settings(home: Path, environment: Environment) -> None:
    """Hands on what pip is told on this machine, by file or by environment variable: its index, certificates, proxy."""
    command = [str(environment.bin / "python"), "-m", "pip", "config", "list"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.findall(r"^(global|install|:env:)\.([\w-]+)=(.*)$", listed, re.MULTILINE)
    found.sort(key=lambda setting: setting[0] == ":env:")  # a variable ranks above a file
    settings = {name: " ".join(ast.literal_eval(value).split()) for _origin, name, value in found}
    target = home / ".config" / "pip" / "pip.conf"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.touch(mode=0o600)  # an index may come with a password
    target.write_text("[global]\n" + "".join(f"{name} = {value}\n" for name, value in settings.items()))


def _write_pip_bootstrap(home: Path, environment: Environment) -> None:
    """Stands in for the script that ansible-test would fetch; this ansible-core tells the version that it wants."""
    python = str(environment.bin / "python")
    command = [python, "-c", WANTED_PIP.format(series=environment.python)]
    version = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    target = home / ".ansible" / "test" / "cache" / f"get_pip_{version.replace('.', '_')}.py"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(GET_PIP.format(python=python))
