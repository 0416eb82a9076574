# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A guest with a real SSH server, and proofs of login to it. Attempts take real time; waiting between them does not."""

from __future__ import annotations

import dataclasses
import os
import typing as t
from collections.abc import Callable
from pathlib import Path

from ansible_collections.keyfleet.cloud.plugins.module_utils._login.model import LoginResult, Target
from ansible_collections.keyfleet.cloud.plugins.module_utils._login.options import login_options
from ansible_collections.keyfleet.cloud.plugins.module_utils._login.proof import Prover
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.rollout_model import InstanceRef
from ansible_collections.keyfleet.cloud.tests.unit.emulator.client import TencentCloud
from ansible_collections.keyfleet.cloud.tests.unit.emulator.ssh_client import SshClient, new_key
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.fakes import FakeClock

WEB = InstanceRef("tencent_lighthouse", "ap-guangzhou", "lhins-00000web")
KEY = "lhkp-00000000"


class Keys:
    """``right`` opens the guest, ``wrong`` does not."""

    def __init__(self, folder: Path) -> None:
        self.right, self.wrong = folder / "right", folder / "wrong"
        self.line = new_key(self.right)
        new_key(self.wrong)


class EventfulClock(FakeClock):
    """While somebody waits for the n-th time, something happens."""

    def __init__(self) -> None:
        super().__init__()
        self.events: dict[int, Callable[[], object]] = {}

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        self.events.pop(len(self.slept), lambda: None)()


@dataclasses.dataclass
class Guest:
    """An SSH server, and what a proof needs to get there. ``folder`` takes small files."""

    server: SshClient
    folder: Path
    clock: EventfulClock = dataclasses.field(default_factory=EventfulClock)
    environ: dict[str, str] = dataclasses.field(default_factory=lambda: {"PATH": os.environ["PATH"]})

    @property
    def port(self) -> int:
        return self.server.port

    @property
    def known_hosts(self) -> Path:
        return self.folder / "hosts that are known"

    def known_as(self, host_key: str) -> None:
        """Have a host key known beforehand."""
        self.known_hosts.write_text(f"[127.0.0.1]:{self.port} {host_key}\n", encoding="utf-8")

    def config(self, **settings: object) -> str:
        """Write a configuration of ssh and return its path."""
        path = self.folder / "config"
        path.write_text("".join(f"{name} {value}\n" for name, value in settings.items()), encoding="utf-8")
        return str(path)

    def prover(self, key: Path, **members: t.Any) -> Prover:
        # All servers of these tests answer, or are not there at all.
        given = {"private_key_path": str(key), "known_hosts_path": str(self.known_hosts), "connect_timeout": 120}
        return Prover(login_options({**given, **members}), self.clock, self.environ)

    def prove(self, key: Path, *, user: str = "root", host: str = "127.0.0.1", **members: t.Any) -> LoginResult:
        return self.prover(key, **members).prove([Target(WEB, host, self.port, user)])[WEB]

    def outcome(self, key: Path, **members: t.Any) -> str:
        """``proved``, or the code of the error."""
        result = self.prove(key, **members)
        return result.error.code if result.error else "proved"


def later(cloud: TencentCloud, seconds: float = 2) -> None:
    """Let time pass in the cloud, and the SSH servers notice it."""
    cloud.clock.advance(seconds)
    cloud.emulator.state()
