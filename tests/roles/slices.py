# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A job in slices as AWX runs it: ansible-runner transmit | worker | process, one pipe for each slice, all at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.keyfleet.cloud.tests.roles.controller import Controller

LONGEST = 300
"""Seconds that a job may take."""

Hosts = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Slice:
    """What came of one slice. ``events`` are those that ansible-runner hands to AWX."""

    returncode: int
    events: list[dict[str, Any]]

    @property
    def stats(self) -> dict[str, Any]:
        """What the role told with set_stats."""
        (last,) = [event for event in self.events if event["event"] == "playbook_on_stats"]
        found: dict[str, Any] = last["event_data"]["artifact_data"]["keyfleet_stats"]
        return found

    @property
    def output(self) -> str:
        """What was printed."""
        return "\n".join(event.get("stdout", "") for event in self.events)


def share_out(hosts: Hosts, count: int) -> list[Hosts]:
    """Return the hosts of each slice: of the hosts sorted by name, slice k gets k, k + count, k + 2 × count, …"""
    names = sorted(hosts)
    return [{name: hosts[name] for name in names[number::count]} for number in range(count)]


def run_job(
    controller: Controller, playbook: str, hosts: Hosts, variables: Mapping[str, Any], *, slices: int = 1
) -> list[Slice]:
    """Run one of the collection's playbooks, such as keyfleet.cloud.bind, in so many slices side by side."""
    pipes = [
        _Pipe(controller, playbook, own, variables, f"job-{slices}-{number}")
        for number, own in enumerate(share_out(hosts, slices))
    ]
    return [pipe.result() for pipe in pipes]


class _Pipe:
    """One slice: three processes and the directories that they work in."""

    def __init__(
        self, controller: Controller, playbook: str, hosts: Hosts, variables: Mapping[str, Any], ident: str
    ) -> None:
        folder = controller.directory / ident
        self._ident, self._processed = ident, folder / "processed"
        private = folder / "private"
        for name in ("project", "inventory", "env"):
            (private / name).mkdir(parents=True)
        _write(private / "inventory" / "hosts.json", {"all": {"hosts": hosts}})
        _write(private / "env" / "extravars", variables)
        _write(private / "env" / "settings", {"suppress_ansible_output": True})
        programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self._environment = {**controller.environment(), "PATH": programs}
        _write(private / "env" / "envvars", self._environment)
        transmit = self._start("transmit", str(private), "-p", playbook, "--ident", ident)
        worker = self._start("worker", "--private-data-dir", str(folder / "worker"), stdin=transmit)
        self._processes = (
            transmit,
            worker,
            self._start("process", str(self._processed), "--ident", ident, stdin=worker),
        )

    def result(self) -> Slice:
        """Wait for the end."""
        self._processes[-1].communicate(timeout=LONGEST)
        for process in self._processes:
            process.wait(timeout=LONGEST)
        artifacts = self._processed / "artifacts" / self._ident
        events = [json.loads(path.read_text(encoding="utf-8")) for path in artifacts.glob("job_events/*.json")]
        events.sort(key=lambda event: int(event["counter"]))
        return Slice(int((artifacts / "rc").read_text(encoding="utf-8")), events)

    def _start(self, *arguments: str, stdin: subprocess.Popen[bytes] | None = None) -> subprocess.Popen[bytes]:
        """Start one of the three; its standard input is what the one before it prints."""
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("ansible-runner")), *arguments],
            env=self._environment,
            stdin=stdin.stdout if stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        if stdin and stdin.stdout:
            stdin.stdout.close()
        return process


def _write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")
