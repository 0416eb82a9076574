# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The machine that roles run on: the real ansible-playbook, in a home of its own, with emulated clouds around it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.keyfleet.cloud.emulator import Emulator
from ansible_collections.keyfleet.cloud.tests.unit.modules.providers import PROVIDERS, SECRET

LONGEST = 600
"""Seconds that one run of ansible-playbook may take."""
MARK = "KEYFLEET_TEST_RUN"
"""The variable by which the processes of a run are known."""


@dataclass(frozen=True)
class Run:
    """What came of a run of ansible-playbook. ``output`` is all that it printed."""

    returncode: int
    output: str

    @property
    def ok(self) -> bool:
        """Did it succeed?"""
        return self.returncode == 0

    @property
    def stats(self) -> dict[str, Any]:
        """What the role told with set_stats."""
        found = re.search(r"^\s*RUN: (\{.*\})$", self.output, re.MULTILINE)
        if found is None:
            raise AssertionError(f"no statistics in:\n{self.output}")
        stats: dict[str, Any] = json.loads(found[1])["keyfleet_stats"]
        return stats

    @property
    def tasks(self) -> list[str]:
        """The names of the tasks that ran, in order, without the roles they belong to."""
        return [name.rpartition(" : ")[2] for name in re.findall(r"^TASK \[(.*)\]", self.output, re.MULTILINE)]

    @property
    def changed(self) -> int:
        """How many tasks changed something, over all hosts."""
        return sum(int(number) for number in re.findall(r"changed=(\d+)", self.output))


@dataclass
class Process:
    """An ansible-playbook that runs. ``log`` is the file that takes what it prints."""

    mark: str
    popen: subprocess.Popen[bytes]
    log: Path

    def wait(self, seconds: float = LONGEST) -> Run:
        """Return what came of it; raises AssertionError when it takes too long."""
        try:
            self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"it does not come to an end:\n{self._printed()}") from None
        return Run(self.popen.returncode, self._printed())

    def kill(self) -> None:
        """End all of its processes at once, as a power cut does: Ansible's workers have sessions of their own."""
        _send(self.mark, signal.SIGSTOP)
        while _send(self.mark, signal.SIGKILL):  # one that was not stopped yet may have started another meanwhile
            time.sleep(0.01)
        self.popen.wait()

    def _printed(self) -> str:
        return self.log.read_text(encoding="utf-8")


@dataclass(frozen=True)
class Controller:
    """Runs playbooks in a directory of its own, far from the settings of whoever runs the tests.

    ``collections`` is where it finds the collection.
    """

    directory: Path
    emulator: Emulator
    collections: Path

    @classmethod
    def make(cls, directory: Path, emulator: Emulator, collections: Path) -> Controller:
        """Prepare the directory, which must exist."""
        (directory / "home").mkdir()
        (directory / "ansible.cfg").touch()
        return cls(directory, emulator, collections)

    @property
    def journal(self) -> Path:
        """The journal's folder, if nothing else is said."""
        return self.directory / "home" / ".local" / "state" / "keyfleet" / "journal"

    @property
    def login(self) -> dict[str, Any]:
        """How to prove a login: with host keys known to this machine only, as ssh takes no notice of HOME."""
        return {"known_hosts_path": str(self.directory / "known_hosts"), "timeout": 120, "denied_grace": 1}

    def write(self, name: str, content: Any) -> Path:
        """Write a YAML file and return its path."""
        path = self.directory / name
        path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
        return path

    def run(
        self, playbook: str | Path, variables: Mapping[str, Any] | None = None, *arguments: str, **more: Any
    ) -> Run:
        """Run a playbook to its end; see ``start``."""
        return self.start(playbook, variables, *arguments, **more).wait()

    def start(
        self,
        playbook: str | Path,
        variables: Mapping[str, Any] | None = None,
        *arguments: str,
        environ: Mapping[str, str] | None = None,
    ) -> Process:
        """Start a playbook: a path, or the name of one of the collection's such as "bind". Variables are extra ones."""
        mark = uuid.uuid4().hex
        name = str(playbook) if isinstance(playbook, Path) else f"keyfleet.cloud.{playbook}"
        extra = self.write(f"{mark}.yml", dict(variables or {}))
        log = self.directory / f"{mark}.log"
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-e", f"@{extra}", *arguments, name]
        with log.open("wb") as output:
            popen = subprocess.Popen(
                command,
                cwd=self.directory,
                env={**self.environment(), MARK: mark, **(environ or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return Process(mark, popen, log)

    @contextmanager
    def running(self, *arguments: Any, **more: Any) -> Iterator[Process]:
        """Start a playbook (see ``start``) that does not outlive the block."""
        process = self.start(*arguments, **more)
        try:
            yield process
        finally:
            process.kill()

    def environment(self, *, suffix: str = "") -> dict[str, str]:
        """Return the variables of a run; ``suffix`` chooses other access keys, such as guests.READER."""
        home = self.directory / "home"
        keys = {provider.vendor: provider.access_key_id + suffix for provider in PROVIDERS.values()}
        return {
            "HOME": str(home),
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "NO_PROXY": "127.0.0.1",
            "KEYFLEET_METADATA_DISABLED": "true",
            "ANSIBLE_COLLECTIONS_PATH": str(self.collections),
            "ANSIBLE_CONFIG": str(self.directory / "ansible.cfg"),
            "ANSIBLE_HOME": str(home / ".ansible"),
            "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_NOCOLOR": "true",
            "ANSIBLE_PIPELINING": "true",
            "ANSIBLE_SHOW_CUSTOM_STATS": "true",
            "TENCENTCLOUD_SECRET_ID": keys["tencent"],
            "TENCENTCLOUD_SECRET_KEY": SECRET,
            "ALIBABA_CLOUD_ACCESS_KEY_ID": keys["alibaba"],
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": SECRET,
            **{f"KEYFLEET_ENDPOINT_{name.upper()}": self.emulator.url for name in PROVIDERS},
        }


def _send(mark: str, number: signal.Signals) -> list[int]:
    """Send a signal to the processes of a run, and return their IDs."""
    found = _marked(mark)
    for pid in found:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
    return found


def _marked(mark: str) -> list[int]:
    """Return the IDs of the processes that inherited a run's mark."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if wanted in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
    return found
