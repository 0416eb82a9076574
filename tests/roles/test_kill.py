# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A playbook that is killed after any of its calls is completed by the next run, power as found at the very start."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.roles.controller import Controller, Process
from ansible_collections.keyfleet.cloud.tests.roles.deaths import Place, kill_after_every_call
from ansible_collections.keyfleet.cloud.tests.roles.guests import Guests, seed
from ansible_collections.keyfleet.cloud.tests.roles.watched_emulator import WatchedEmulator

Clouds = dict[str, Guests]


@dataclass(frozen=True)
class Machine:
    """An instance, and the power state in which it was found at the very start."""

    cloud: Guests
    instance_id: str
    power: str


class Killer:
    """Kills a playbook after each of its calls, on new instances each time; afterwards one run completes them all.

    There are two regions of each provider, so that each kill ends many places, each after another call.
    """

    def __init__(
        self, controller: Controller, regions: Sequence[Guests], make: Callable[[Guests], list[Machine]]
    ) -> None:
        self._controller = controller
        self._regions = regions
        self._make = make
        self.machines: list[Machine] = []

    def kill(self, role: str, key_pair: str, **variables: Any) -> dict[str, set[int]]:
        """Kill runs of a role after every call. Returns after which calls, by provider."""

        def start(number: int) -> Process:
            fresh = [machine for region in self._regions for machine in self._make(region)]
            self.machines += fresh
            journal = str(self._controller.directory / f"journal-{number}")
            told = {f"{role}_journal_path": journal, f"{role}_waves": "100%", **variables}
            return self._controller.start(role, {"keyfleet_bindings": self._entries(fresh, key_pair), **told})

        places: list[Place] = [(region.provider.name, region.provider.region) for region in self._regions]
        return kill_after_every_call(self._regions[0].emulator, places, start).seen

    def complete(self, role: str, key_pair: str, **variables: Any) -> None:
        """Do what the next run does that finds what all of these runs left behind."""
        left = {
            machine.instance_id
            for machine in self.machines
            if machine.cloud.power_of(machine.instance_id) != machine.power
        }
        assert left, "no kill has left an instance in another power state: then this proves nothing"
        journal = self._controller.directory / "journal"
        journal.mkdir(mode=0o700)
        for path in self._controller.directory.glob("journal-*/*.json"):
            shutil.move(path, journal / path.name)
        entries = self._entries(self.machines, key_pair)
        told = {f"{role}_journal_path": str(journal), f"{role}_waves": "100%", **variables}
        run = self._controller.run(role, {"keyfleet_bindings": entries, **told})
        assert run.ok, run.output
        assert {one.instance_id: one.cloud.power_of(one.instance_id) for one in self.machines} == {
            one.instance_id: one.power for one in self.machines
        }
        assert list(journal.glob("*.json")) == []

    def _entries(self, machines: Sequence[Machine], key_pair: str) -> list[dict[str, Any]]:
        return [
            region.entry([one.instance_id for one in machines if one.cloud is region], key_pair)
            for region in self._regions
        ]


@pytest.fixture
def regions(emulator: WatchedEmulator, clouds: Clouds, public_keys: dict[str, str]) -> list[Guests]:
    """Two regions of each provider."""
    others = [cloud.second_region() for cloud in clouds.values()]
    worlds = {cloud.provider.world: cloud.provider for cloud in others}.values()
    emulator.seed({"key_pairs": seed(public_keys, worlds)["key_pairs"]})
    return [*clouds.values(), *others]


def expected_calls(seen: dict[str, set[int]], at_least: int) -> bool:
    """Was every call of every provider the last one, from the first on?"""
    return all(len(numbers) >= at_least and set(range(1, at_least + 1)) <= numbers for numbers in seen.values())


def test_bind_killed_after_every_call(controller: Controller, regions: list[Guests]) -> None:
    def make(region: Guests) -> list[Machine]:
        return [
            Machine(region, region.add("old"), "stopped"),
            Machine(region, region.add("old", power="running"), "running"),
        ]

    killer = Killer(controller, regions, make)
    seen = killer.kill("bind", "new", bind_interruption="soft")
    assert expected_calls(seen, at_least=8), seen
    killer.complete("bind", "new", bind_interruption="soft")
    assert all("new" in one.cloud.keys_of(one.instance_id) for one in killer.machines)


@pytest.mark.parametrize("phase", ["prepare", "finish"])
def test_rotate_killed_after_every_call(
    controller: Controller, regions: list[Guests], keys: dict[str, Path], phase: str
) -> None:
    if phase == "finish":  # the others have one key pair only, so that nothing is left to be unbound
        regions = [region for region in regions if region.provider.world == "tencent_cvm"]

    def make(region: Guests) -> list[Machine]:
        return [Machine(region, region.add_guest(*(["old"] if phase == "prepare" else ["old", "new"])), "running")]

    rotation = {
        "rotate_old_key_pair": "old",
        "rotate_new_key_pair": "new",
        "rotate_private_key_path": str(keys["new"]),
        "rotate_interruption": "soft",
        "rotate_login": controller.login,
    }
    killer = Killer(controller, regions, make)
    seen = killer.kill("rotate", "old", rotate_phase=phase, **rotation)
    assert expected_calls(seen, at_least=8), seen
    killer.complete("rotate", "old", **rotation)
    assert all(one.cloud.keys_of(one.instance_id) == ["new"] for one in killer.machines)
    last = killer.machines[-1]
    assert last.cloud.who_gets_in(last.instance_id) == ["new"]
