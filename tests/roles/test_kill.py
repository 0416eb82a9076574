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

Clouds = dict[str, Guests]
Variables = dict[str, Any]


@dataclass(frozen=True)
class Machine:
    """An instance, and the power state in which it was found at the very start."""

    cloud: Guests
    instance_id: str
    power: str


def by_entries(regions: Sequence[Guests], machines: Sequence[Machine], key_pair: str) -> Variables:
    """Return the variables that name these machines, and the key pair that is meant there."""
    return {
        "keyfleet_bindings": [
            region.entry([one.instance_id for one in machines if one.cloud is region], key_pair) for region in regions
        ]
    }


def by_regions(regions: Sequence[Guests], _machines: Sequence[Machine], key_pair: str) -> Variables:
    """Return the variables of a role that finds the machines by itself."""
    places = [{"provider": region.provider.name, "region": region.provider.region} for region in regions]
    return {"revoke_key_pairs": key_pair, "revoke_regions": places}


class Killer:
    """Kills a playbook after each of its calls, on new instances each time; afterwards one run completes them all.

    There are two regions of each provider, so that each kill ends many places, each after another call.
    """

    def __init__(
        self,
        controller: Controller,
        regions: Sequence[Guests],
        make: Callable[[Guests], list[Machine]],
        say: Callable[[Sequence[Guests], Sequence[Machine], str], Variables] = by_entries,
    ) -> None:
        self._controller = controller
        self._regions = regions
        self._make = make
        self._say = say
        self.machines: list[Machine] = []

    def kill(self, role: str, key_pair: str, **variables: Any) -> dict[str, set[int]]:
        """Kill runs of a role after every call. Returns after which calls, by provider."""

        def start(number: int) -> Process:
            fresh = [machine for region in self._regions for machine in self._make(region)]
            self.machines += fresh
            journal = str(self._controller.directory / f"journal-{number}")
            told = {f"{role}_journal_path": journal, f"{role}_waves": "100%", **variables}
            return self._controller.start(role, {**self._say(self._regions, fresh, key_pair), **told})

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
        told = {f"{role}_journal_path": str(journal), f"{role}_waves": "100%", **variables}
        run = self._controller.run(role, {**self._say(self._regions, self.machines, key_pair), **told})
        assert run.ok, run.output
        assert {one.instance_id: one.cloud.power_of(one.instance_id) for one in self.machines} == {
            one.instance_id: one.power for one in self.machines
        }
        assert list(journal.glob("*.json")) == []


def several_regions(home: Guests, others: int, public_keys: dict[str, str]) -> list[Guests]:
    """Return a provider's region and others of it, with all key pairs."""
    found = [home.elsewhere(number) for number in range(others)]
    if home.provider.name == home.provider.world:
        world = seed(public_keys, [region.provider for region in found])
        home.emulator.seed({"key_pairs": world["key_pairs"]})
    return [home, *found]


@pytest.fixture
def regions(clouds: Clouds, public_keys: dict[str, str]) -> list[Guests]:
    """Two regions of each provider."""
    return [region for cloud in clouds.values() for region in several_regions(cloud, 1, public_keys)]


@pytest.fixture
def exact_regions(clouds: Clouds, public_keys: dict[str, str]) -> list[Guests]:
    """Four regions of each provider whose instances can have several key pairs: there, unbinding is a step."""
    exact = (clouds["tencent_cvm"], clouds["tencent_cvm_legacy"])
    return [region for cloud in exact for region in several_regions(cloud, 3, public_keys)]


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


def one_that_runs(region: Guests) -> list[Machine]:
    """Return a new machine that has the key pair "old"."""
    return [Machine(region, region.add("old", power="running"), "running")]


def test_unbind_killed_after_every_call(controller: Controller, regions: list[Guests]) -> None:
    killer = Killer(controller, regions, one_that_runs)
    consent = {"unbind_interruption": "soft", "unbind_last_key_policy": "allow"}
    seen = killer.kill("unbind", "old", **consent)
    assert expected_calls(seen, at_least=7), seen
    killer.complete("unbind", "old", **consent)
    assert all(one.cloud.keys_of(one.instance_id) == [] for one in killer.machines)


def test_revoke_killed_after_every_call(controller: Controller, regions: list[Guests]) -> None:
    """What a killed run has unbound, no later run finds by its key pair. It is started again all the same."""
    clouds = [region for region in regions if region.provider.name == region.provider.world]
    killer = Killer(controller, clouds, one_that_runs, by_regions)
    consent = {"revoke_interruption": "soft", "revoke_last_key_policy": "allow"}
    seen = killer.kill("revoke", "old", **consent)
    assert expected_calls(seen, at_least=7), seen
    killer.complete("revoke", "old", **consent)
    assert all(one.cloud.keys_of(one.instance_id) == [] for one in killer.machines)


def rotation(controller: Controller, keys: dict[str, Path]) -> dict[str, Any]:
    """Return the variables of a rotation."""
    return {
        "rotate_old_key_pair": "old",
        "rotate_new_key_pair": "new",
        "rotate_private_key_path": str(keys["new"]),
        "rotate_interruption": "soft",
        "rotate_login": controller.login,
    }


def test_rotate_killed_after_every_call_of_the_first_phase(
    controller: Controller, regions: list[Guests], keys: dict[str, Path]
) -> None:
    killer = Killer(controller, regions, lambda region: [Machine(region, region.add_guest("old"), "running")])
    rotate_and_check(killer, "prepare", rotation(controller, keys))


def test_rotate_killed_after_every_call_of_the_last_phase(
    controller: Controller, exact_regions: list[Guests], keys: dict[str, Path]
) -> None:
    killer = Killer(
        controller, exact_regions, lambda region: [Machine(region, region.add_guest("old", "new"), "running")]
    )
    rotate_and_check(killer, "finish", rotation(controller, keys))


def rotate_and_check(killer: Killer, phase: str, variables: dict[str, Any]) -> None:
    """Kill runs of one phase, and complete them with a run of all phases."""
    seen = killer.kill("rotate", "old", rotate_phase=phase, **variables)
    assert expected_calls(seen, at_least=8), seen
    killer.complete("rotate", "old", **variables)
    assert all(one.cloud.keys_of(one.instance_id) == ["new"] for one in killer.machines)
    last = killer.machines[-1]
    assert last.cloud.who_gets_in(last.instance_id) == ["new"]
