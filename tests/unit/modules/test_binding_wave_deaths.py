# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run of binding_wave that is killed, after whichever call of the API, is finished by the next one."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import providers
from ansible_collections.keyfleet.cloud.tests.unit.modules.providers import CVM, CVM_LEGACY, SECRET
from ansible_collections.keyfleet.cloud.tests.unit.modules.result import named_instances
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_clock import VirtualClock
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_emulator import VirtualEmulator
from ansible_collections.keyfleet.cloud.tests.unit.modules.wave_deaths import killed_after, start, wait
from ansible_collections.keyfleet.cloud.tests.unit.modules.wave_guests import KEY_PAIR, Guests
from ansible_collections.keyfleet.cloud.tests.unit.modules.wave_tasks import (
    WaveResult,
    absent,
    exchange,
    present,
    unfinished,
    wave,
)

# No run makes so many calls.
MOST = 60


@dataclass(frozen=True)
class Story:
    """What a wave is to do. ``entries`` takes the two instances, of which one runs and one is stopped."""

    before: tuple[str, ...]
    entries: Callable[[list[str]], list[dict[str, Any]]]
    after: list[str]
    options: dict[str, Any]


STORIES = {
    "bind": Story((), lambda ids: [present(ids, "deploy")], ["deploy"], {}),
    "unbind": Story(("former",), lambda ids: [absent(ids, "former")], [], {"last_key_policy": "allow"}),
    "exchange": Story(("former",), lambda ids: exchange(ids, "deploy", "former"), ["deploy"], {}),
}


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_the_next_run_finishes_what_a_killed_one_began(cloud: Cloud, story: Story) -> None:
    for calls in range(1, MOST):
        up, down = cloud.add(*story.before, power="running"), cloud.add(*story.before)
        began = len(cloud.log())
        killed = killed_after(cloud, calls, story.entries([up, down]), **story.options)
        first = cloud.log()[began:]

        result = wave(cloud, story.entries([up, down]), **story.options)

        assert not result.failed, (calls, result.msg)
        _check_end(cloud, up, down, story.after)
        _check_cycles(cloud, up, down, first, result)
        if not killed:
            assert not result.changed
            return
    raise AssertionError("the run never ended by itself")


@providers("tencent_cvm", "tencent_cvm_legacy")
def test_what_was_killed_by_one_api_of_cvm_is_finished_by_the_other(
    cloud: Cloud, emulator: VirtualEmulator, clock: VirtualClock
) -> None:
    other = Cloud(emulator, clock, {CVM.name: CVM_LEGACY, CVM_LEGACY.name: CVM}[cloud.provider.name])
    for calls in range(1, MOST):
        up, down = cloud.add("former", power="running"), cloud.add("former")
        began = len(cloud.log())
        killed = killed_after(cloud, calls, exchange([up, down], "deploy", "former"))
        first = cloud.log()[began:]

        result = wave(other, exchange([up, down], "deploy", "former"))

        assert not result.failed, (calls, result.msg)
        _check_end(cloud, up, down, ["deploy"])
        _check_cycles(cloud, up, down, first, result)
        if not killed:
            return
    raise AssertionError("the run never ended by itself")


def _check_end(cloud: Cloud, up: str, down: str, key_pairs: list[str]) -> None:
    """See that everything is as it should be: key pairs, power, what the guest uses, and an empty journal."""
    assert [cloud.keys_of(one) for one in (up, down)] == [key_pairs, key_pairs]
    assert [cloud.state_of(one) for one in (up, down)] == [cloud.word("running"), cloud.word("stopped")]
    assert cloud.logins(up)["key_pairs"] == [cloud.key_id(name) for name in key_pairs]
    assert unfinished() == []


def _check_cycles(cloud: Cloud, up: str, down: str, first: list[dict[str, Any]], result: WaveResult) -> None:
    """See that both runs together cost one power cycle; a reboot that nobody saw the end of may be made again."""
    both = [*first, *result.log]
    assert not _touching(both, down)
    if cloud.provider.tencent:
        assert _touching(both, up) == ["StopInstances", "StartInstances"]
    elif "RebootInstances" in _touching(first, up):
        assert len(_touching(both, up)) <= 2
    else:
        assert _touching(both, up) == ["RebootInstances"]


def _touching(log: list[dict[str, Any]], instance_id: str) -> list[str]:
    """Return the power actions on an instance, in order."""
    actions = ("StopInstances", "StartInstances", "RebootInstances")
    return [entry["action"] for entry in log if entry["action"] in actions and instance_id in named_instances(entry)]


def test_a_roll_back_that_is_killed_is_finished(cloud: Cloud, tmp_path: Path) -> None:
    guests = Guests.of(cloud, tmp_path / "guests")
    for calls in range(1, MOST):
        up, down = cloud.add("former", power="running"), cloud.add("former")
        guests.refuse(up)
        logins = guests.logins(up, down)
        entries = [present([up, down], KEY_PAIR, logins=logins), absent([up, down], "former", logins=logins)]
        options = {"login": guests.login, "rollback": "wave"}
        killed = killed_after(cloud, calls, entries, **options)

        result = wave(cloud, entries, **options)

        # Where the new key pair takes the place of the old one, a stopped machine keeps the old: nothing can be proved.
        kept = {} if cloud.provider.tencent else {down: "LoginNotPossible"}
        assert result.why == {up: "LoginDenied", **kept}, (calls, result.msg)
        assert result.instance(up)["rolled_back"]
        _check_end(cloud, up, down, ["former"])
        # One cycle to try what is wanted once more, and one to go back.
        assert max(result.turns.count("stop"), result.turns.count("reboot")) <= 2, (calls, result.turns)
        if not killed:
            return
    raise AssertionError("the run never ended by itself")


@providers("tencent_lighthouse")
def test_a_key_pair_that_a_stopped_instance_lost_to_a_killed_run_comes_back(cloud: Cloud, tmp_path: Path) -> None:
    """Killed right after the bind, which nobody knew would take the other one away."""
    guests = Guests.of(cloud, tmp_path / "guests")
    down = cloud.add("former")
    entry = present([down], KEY_PAIR, logins=guests.logins(down))
    assert killed_after(cloud, 3, entry, login=guests.login, rollback="wave")
    cloud.clock.sleep(5)
    assert cloud.keys_of(down) == [KEY_PAIR]

    result = wave(cloud, entry, login=guests.login, rollback="wave")

    assert result.instance(down)["rolled_back"]
    assert cloud.keys_of(down) == ["former"]
    assert unfinished() == []


def test_a_run_that_is_killed_again_and_again(cloud: Cloud) -> None:
    up, down = cloud.add("former", power="running"), cloud.add("former")
    entries = exchange([up, down], "deploy", "former")

    deaths = sum(
        1 for _death in itertools.takewhile(bool, (killed_after(cloud, calls, entries) for calls in range(1, MOST)))
    )

    assert deaths > 2
    _check_end(cloud, up, down, ["deploy"])
    if cloud.provider.tencent:
        assert _touching(cloud.log(), up) == ["StopInstances", "StartInstances"]


def test_what_is_wanted_no_more_is_restored(cloud: Cloud) -> None:
    place = {"provider": cloud.provider.name, "region": cloud.provider.region}
    for calls in range(1, MOST):
        up = cloud.add("former", power="running")
        killed = killed_after(cloud, calls, exchange([up], "deploy", "former"))

        result = wave(cloud, restore=[{**place, "instance_id": up}])

        assert not result.failed
        assert cloud.state_of(up) == cloud.word("running")
        assert sorted(cloud.logins(up)["key_pairs"]) == [cloud.key_id(name) for name in cloud.keys_of(up)]
        assert unfinished() == []
        if not killed:
            return
    raise AssertionError("the run never ended by itself")


@providers("tencent_cvm", "alibaba_ecs")
def test_two_runs_at_once_do_not_interleave(cloud: Cloud) -> None:
    up, down = cloud.add("former", power="running"), cloud.add("former")
    entries = exchange([up, down], "deploy", "former")
    began = len(cloud.log())
    reader, writer = os.pipe()
    keys = [cloud.add_access_key(suffix) for suffix in ("ONE", "OTHER")]
    processes = [start(cloud, reader, entries, access_key_id=key, access_key_secret=SECRET) for key in keys]
    os.write(writer, b"!!")
    assert wait(cloud, *processes) == [0, 0]
    os.close(reader)
    os.close(writer)

    order = [key for key, _calls in itertools.groupby(entry["access_key_id"] for entry in cloud.log()[began:])]
    assert sorted(order) == sorted(keys)
    _check_end(cloud, up, down, ["deploy"])
    assert len(_touching(cloud.log()[began:], up)) == (2 if cloud.provider.tencent else 1)
