# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""binding_wave is economical: one power cycle, large batches, no read twice, places side by side."""

from __future__ import annotations

from collections import Counter

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import alibaba_only, providers, tencent_only
from ansible_collections.keyfleet.cloud.tests.unit.modules.providers import ALIBABA, CVM, PROVIDERS, SECRET
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_clock import VirtualClock
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_emulator import VirtualEmulator
from ansible_collections.keyfleet.cloud.tests.unit.modules.wave_tasks import WaveResult, exchange, present, wave


def before_first_write(result: WaveResult) -> Counter[str]:
    """Count the calls up to the first write."""
    until = next(index for index, entry in enumerate(result.log) if entry["write"])
    return Counter(result.actions[:until])


def reads_between_writes(result: WaveResult) -> list[set[str]]:
    """Return which reads there were after each write."""
    found: list[set[str]] = []
    for entry in result.log:
        if entry["write"]:
            found.append(set())
        elif found:
            found[-1].add(entry["action"])
    return found


@tencent_only
def test_binding_on_100_running_instances(cloud: Cloud) -> None:
    fleet = cloud.add_fleet(100, power="running")

    result = wave(cloud, present(fleet, "deploy"))

    assert result.summary["changed"] == 100
    assert before_first_write(result) == {"DescribeKeyPairs": 1, "DescribeInstances": 1}
    assert result.turns == ["stop", "bind", "start"]
    assert reads_between_writes(result) == [{"DescribeInstances"}] * 3
    assert sum(result.data["api_calls"].values()) < 20


@providers("tencent_cvm", "tencent_cvm_legacy")
def test_exchanging_on_100_running_instances(cloud: Cloud) -> None:
    fleet = cloud.add_fleet(100, "former", power="running")

    result = wave(cloud, exchange(fleet, "deploy", "former"))

    assert before_first_write(result) == {"DescribeKeyPairs": 1, "DescribeInstances": 1}
    assert result.turns == ["stop", "bind", "unbind", "start"]
    assert reads_between_writes(result) == [{"DescribeInstances"}] * 4


@alibaba_only
def test_exchanging_on_100_running_instances_of_alibaba(cloud: Cloud) -> None:
    fleet = cloud.add_fleet(100, "former", power="running")

    result = wave(cloud, exchange(fleet, "deploy", "former"))

    assert before_first_write(result) == {"DescribeKeyPairs": 1, "DescribeInstances": 1}, "of the new one only"
    assert result.turns == ["bind", "bind", "reboot"]
    assert all(reads <= {"DescribeInstances"} for reads in reads_between_writes(result))


def test_a_wave_that_is_as_desired_costs_two_reads(cloud: Cloud) -> None:
    fleet = cloud.add_fleet(100, "deploy", power="running")

    assert wave(cloud, present(fleet, "deploy")).data["api_calls"] == {"DescribeInstances": 1, "DescribeKeyPairs": 1}


@tencent_only
def test_units_that_differ_share_stop_and_start(cloud: Cloud) -> None:
    one, other = cloud.add("former", power="running"), cloud.add("former", power="running")

    result = wave(cloud, present([one], "deploy"), exchange([other], "backup", "former"))

    assert not result.failed
    assert (result.turns.count("stop"), result.turns.count("start")) == (1, 1)


@pytest.fixture
def places(emulator: VirtualEmulator, clock: VirtualClock) -> dict[str, Cloud]:
    """All four providers at once."""
    emulator.reset()
    return {name: Cloud(emulator, clock, provider) for name, provider in PROVIDERS.items()}


def test_places_are_worked_on_side_by_side(places: dict[str, Cloud], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENCENTCLOUD_SECRET_ID", CVM.access_key_id)
    monkeypatch.setenv("TENCENTCLOUD_SECRET_KEY", SECRET)
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", ALIBABA.access_key_id)
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", SECRET)
    cvm, ecs = places["tencent_cvm"], places["alibaba_ecs"]
    ups = {cloud.provider.name: cloud.add("former", power="running") for cloud in (cvm, ecs)}
    entries = [
        {**entry, "provider": cloud.provider.name, "region": cloud.provider.region}
        for cloud in (cvm, ecs)
        for entry in exchange([ups[cloud.provider.name]], "deploy", "former")
    ]

    nowhere = {"provider": None, "region": None, "access_key_id": None, "access_key_secret": None}
    result = wave(cvm, entries, **nowhere)

    assert not result.failed
    assert {(one["provider"], one["interruption"]) for one in result.data["instances"]} == {
        ("tencent_cvm", "stop"),
        ("alibaba_ecs", "reboot"),
    }
    assert [cloud.keys_of(ups[cloud.provider.name]) for cloud in (cvm, ecs)] == [["deploy"], ["deploy"]]
    order = [entry["provider"] for entry in result.log]
    assert order not in (sorted(order), sorted(order, reverse=True))
