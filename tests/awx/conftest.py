# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One AWX for all tests: set up, set up again, and then with other settings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.emulator import Emulator
from ansible_collections.keyfleet.cloud.tests.awx import setup_run
from ansible_collections.keyfleet.cloud.tests.awx.stand_in.server import AwxStandIn
from ansible_collections.keyfleet.cloud.tests.awx.stand_in.store import Item


@dataclass
class SetUpAwx:
    """AWX after two runs with the same settings."""

    settings: dict[str, Any]
    stand_in: AwxStandIn
    first: setup_run.Run
    second: setup_run.Run
    second_writes: list[str] = field(default_factory=list)
    hosts: dict[str, Any] | None = None
    """What the inventory's sources gave."""

    def one(self, endpoint: str, name: str) -> Item:
        """Return the object of that name."""
        return next(item for item in self.stand_in.store.all(endpoint) if item.fields["name"] == name)

    def names(self, endpoint: str) -> list[str]:
        return [item.fields["name"] for item in self.stand_in.store.all(endpoint)]

    def named(self, endpoint: str, numbers: list[int]) -> list[str]:
        return sorted(self.stand_in.store.get(endpoint, number).fields["name"] for number in numbers)

    def surveys(self) -> dict[str, Any]:
        """Return the survey of each template and workflow."""
        items = [item for kind in ("job_templates", "workflow_job_templates") for item in self.stand_in.store.all(kind)]
        return {item.fields["name"]: item.extra["survey"] for item in items}


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """The clouds that jobs work on: three instances, of which two run, and none has a key pair."""
    seed = json.loads(Path(__file__).with_name("world.json").read_text(encoding="utf-8"))
    durations = {**dict.fromkeys(("stop", "start", "bind", "unbind"), 0.05), "reboot": 0.7}  # long enough to be seen
    settings = {"durations": durations, "rates": {"*": None}}
    with Emulator(port=0, seed=seed, settings=settings) as running:
        yield running


@pytest.fixture(scope="session")
def awx(tmp_path_factory: pytest.TempPathFactory, emulator: Emulator) -> Iterator[SetUpAwx]:
    """AWX as the playbook sets it up."""
    directory: Path = tmp_path_factory.mktemp("setup")
    endpoint = {"endpoint": emulator.url}
    settings = {
        **setup_run.SETTINGS,
        "keyfleet_awx_tencent": setup_run.SETTINGS["keyfleet_awx_tencent"] | endpoint,
        "keyfleet_awx_alibaba": setup_run.SETTINGS["keyfleet_awx_alibaba"] | endpoint,
        "keyfleet_awx_journal_path": str(tmp_path_factory.mktemp("mounted") / "journal"),
    }
    with setup_run.awx() as stand_in:
        first = setup_run.set_up(stand_in, directory, settings)
        stand_in.writes.clear()
        second = setup_run.set_up(stand_in, directory, settings)
        yield SetUpAwx(settings, stand_in, first, second, list(stand_in.writes))
