# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller that examples run on: a home of its own, and an emulator in place of the clouds."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.keyfleet.cloud.emulator import Emulator

HERE = Path(__file__).parent
LONGEST = 900
"""Seconds that all examples may take."""
SETTINGS = {
    "durations": dict.fromkeys(("stop", "start", "reboot", "bind", "unbind", "reset_password"), 0.05),
    "rates": {"*": None},
}
CREDENTIALS = {
    "TENCENTCLOUD_SECRET_ID": "AKIDEXAMPLE",
    "TENCENTCLOUD_SECRET_KEY": "example-secret-key",
    "ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAIEXAMPLE",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "example-secret",
}
PROVIDERS = ("TENCENT_LIGHTHOUSE", "TENCENT_CVM", "TENCENT_CVM_LEGACY", "ALIBABA_ECS")


def world() -> Any:
    """Return the seed that every plugin's examples start with."""
    return _read("world.yml")


def _read(name: str) -> Any:
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Controller:
    """Runs Ansible's commands in a directory of its own, far from the settings of whoever runs the tests."""

    directory: Path
    emulator: Emulator
    collections: Path
    """The collections path."""

    @property
    def home(self) -> Path:
        """The home directory. The lookup fresh_world fills it."""
        return self.directory / "home"

    def write_hosts(self, names: list[str]) -> None:
        """Write hosts.yml: this machine by several names, with the variables that examples may use."""
        this_machine = {"ansible_connection": "local", **_read("variables.yml")}
        self.write("hosts.yml", {"all": {"hosts": {name: {} for name in names}, "vars": this_machine}})

    def write(self, name: str, content: Any) -> Path:
        """Write a YAML file and return its path."""
        path = self.directory / name
        path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
        return path

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run one of Ansible's commands and return what came of it."""
        program = str(Path(sys.executable).with_name(command[0]))
        return subprocess.run(
            [program, *command[1:]],
            cwd=self.directory,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST,
        )

    def _environment(self) -> dict[str, str]:
        return {
            "HOME": str(self.home),
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "NO_PROXY": "127.0.0.1",
            "ANSIBLE_COLLECTIONS_PATH": str(self.collections),
            "ANSIBLE_HOME": str(self.directory / ".ansible"),
            "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_LOOKUP_PLUGINS": str(HERE / "lookup"),
            "ANSIBLE_NOCOLOR": "true",
            "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
            **CREDENTIALS,
            **{f"KEYFLEET_ENDPOINT_{provider}": self.emulator.url for provider in PROVIDERS},
        }
