# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keypair_binding is economical: few calls, large batches, polls for many at once, connections that are kept."""

from __future__ import annotations

from collections import Counter
from typing import Any
from unittest import mock

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._pacing import Pacer
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import bind, run, unbind
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import alibaba_only, tencent_only
from ansible_collections.keyfleet.cloud.tests.unit.modules.result import Result, named_instances


def sizes(result: Result, action: str) -> list[int]:
    """Return how many instances the calls of an action named, largest first."""
    found = [len(named_instances(entry)) for entry in result.log if entry["action"] == action]
    return sorted(found, reverse=True)


def before_first_write(result: Result) -> Counter[str]:
    """Count the calls up to the first write."""
    until = next(index for index, entry in enumerate(result.log) if entry["write"])
    return Counter(result.actions[:until])


@tencent_only
@pytest.mark.parametrize("state", ["present", "absent"])
def test_250_instances_on_tencent(cloud: Cloud, state: str) -> None:
    fleet = cloud.add_fleet(250, *(["deploy"] if state == "absent" else []))

    result = run(cloud, key_pairs=["deploy"], instance_ids=fleet, state=state)

    write = cloud.provider.bind if state == "present" else cloud.provider.unbind
    assert result.summary["changed"] == 250
    assert before_first_write(result) == {"DescribeKeyPairs": 1, "DescribeInstances": 3}
    assert sizes(result, write) == [100, 100, 50]
    polls = sizes(result, "DescribeInstances")[3:]
    assert polls
    assert len(polls) % 3 == 0
    assert result.data["api_calls"]["DescribeKeyPairs"] == 1


@tencent_only
@pytest.mark.parametrize("by", ["name", "id"])
def test_a_fleet_that_is_as_desired_costs_one_call(cloud: Cloud, by: str) -> None:
    fleet = cloud.add_fleet(250, "deploy", power="running")
    reference = "deploy" if by == "name" else cloud.key_id("deploy")

    result = bind(cloud, [reference], fleet)

    assert result.data["api_calls"] == {"DescribeKeyPairs": 1}
    assert result.summary["unchanged"] == 250


@tencent_only
def test_a_fleet_that_has_nothing_to_lose_costs_one_call(cloud: Cloud) -> None:
    fleet = cloud.add_fleet(250, "backup")

    assert unbind(cloud, ["deploy"], fleet).data["api_calls"] == {"DescribeKeyPairs": 1}


@tencent_only
def test_only_what_has_to_change_is_described(cloud: Cloud) -> None:
    done, to_do = cloud.add_fleet(150, "deploy"), cloud.add_fleet(3)

    result = bind(cloud, ["deploy"], [*done, *to_do])

    assert all(named_instances(entry) == to_do for entry in result.log if entry["action"] == "DescribeInstances")
    assert result.written == [(cloud.provider.bind, to_do)]


@alibaba_only
@pytest.mark.parametrize("state", ["present", "absent"])
def test_120_instances_on_alibaba(cloud: Cloud, state: str) -> None:
    fleet = cloud.add_fleet(120, *(["deploy"] if state == "absent" else []))

    result = run(cloud, key_pairs=["deploy"], instance_ids=fleet, state=state)

    write = cloud.provider.bind if state == "present" else cloud.provider.unbind
    assert result.summary["changed"] == 120
    assert sizes(result, write) == [50, 50, 20]
    assert before_first_write(result)["DescribeInstances"] == 2
    assert sum(result.data["api_calls"].values()) <= 8


@alibaba_only
def test_a_fleet_that_is_as_desired_costs_a_call_for_each_hundred(cloud: Cloud) -> None:
    fleet = cloud.add_fleet(120, "deploy")

    assert bind(cloud, ["deploy"], fleet).data["api_calls"] == {"DescribeInstances": 2}


@tencent_only
def test_several_key_pairs_go_in_one_call(cloud: Cloud) -> None:
    cloud.switch(lighthouse_bind="add")
    fleet = cloud.add_fleet(5)

    result = bind(cloud, ["backup", "deploy"], fleet)

    (write,) = [entry for entry in result.log if entry["write"]]
    assert sorted(write["params"]["KeyIds"]) == [cloud.key_id("backup"), cloud.key_id("deploy")]
    assert result.data["api_calls"]["DescribeKeyPairs"] == 1


@pytest.mark.parametrize("fault", [None, "throttle", "http_5xx", "cut_before", "cut_after", "busy"])
def test_api_calls_counts_every_request(cloud: Cloud, fault: str | None) -> None:
    if fault:
        cloud.fault(fault, cloud.provider.bind)
        cloud.fault(fault if fault != "busy" else "throttle", "DescribeInstances")

    result = bind(cloud, ["deploy"], [cloud.add()])

    assert result.data["api_calls"] == dict(sorted(Counter(result.actions).items()))


def test_calls_share_kept_connections(cloud: Cloud) -> None:
    cloud.wire = True
    few = bind(cloud, ["deploy"], [cloud.add()])
    many = bind(cloud, ["deploy"], cloud.add_fleet(350))

    assert len(connections(few)) == 1
    assert len(connections(many)) < len(many.log)
    assert len(connections(many)) <= 10


@tencent_only
def test_batches_go_side_by_side(cloud: Cloud) -> None:
    """Each call takes eight seconds; one after the other they would end eight seconds apart."""
    cloud.fault("delay", cloud.provider.bind, seconds=8, times=None)

    result = bind(cloud, ["deploy"], cloud.add_fleet(250))

    ends = [entry["time"] for entry in result.log if entry["write"]]
    assert len(ends) == 3
    assert max(ends) - min(ends) < 8


def connections(result: Result) -> set[Any]:
    """Return the TCP connections that a task used."""
    return {entry["connection"] for entry in result.log}


def test_every_call_waits_for_its_place_within_the_rate(cloud: Cloud) -> None:
    """How the pacer spaces calls is a law of its own; here it is asked before each one, for its own action."""
    asked: Counter[str] = Counter()
    wait = Pacer.wait

    def count(pacer: Pacer, action: str) -> float:
        asked[action] += 1
        return wait(pacer, action)

    with mock.patch.object(Pacer, "wait", count):
        result = bind(cloud, ["deploy"], cloud.add_fleet(120))

    assert not result.failed
    assert asked == Counter(entry["action"] for entry in result.log)
