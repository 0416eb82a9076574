# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""instance_power and time: it waits for its own operations, and instances do not hold each other up."""

from __future__ import annotations

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import Call
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import (
    api3_only,
    legacy_only,
    tencent_only,
)
from ansible_collections.keyfleet.cloud.tests.unit.modules.power_tasks import (
    ACTIONS,
    every_change,
    power,
    with_restart,
)


@with_restart
def test_without_wait_it_does_not_wait(cloud: Cloud, state: str, before: str, action: str, after: str) -> None:
    web = cloud.add(power=before)
    cloud.durations(start=60, stop=60, reboot=60)

    result = power(cloud, state, [web], wait=False, stop_type="hard")

    assert (result.row(web)["outcome"], result.row(web)["after"]) == ("changed", "unknown")
    assert result.row(web)["request_id"]
    assert result.actions == ["DescribeInstances", ACTIONS[action]]
    assert after
    assert result.warnings == ()


@pytest.mark.parametrize("check", [True, False])
def test_what_soft_first_cannot_be_without_wait_is_said(cloud: Cloud, check: bool) -> None:
    result = power(cloud, "stopped", [cloud.add(power="running")], wait=False, check=check)

    told = any("only the soft one is asked for" in warning for warning in result.warnings)
    assert told == (cloud.provider.name in ("tencent_cvm_legacy", "alibaba_ecs"))


@api3_only
@every_change
def test_it_waits_for_the_end_of_its_own_operation(
    cloud: Cloud, state: str, before: str, action: str, after: str
) -> None:
    web = cloud.add(power=before)
    cloud.durations(start=4, stop=4)

    result = power(cloud, state, [web])

    assert result.row(web)["after"] == after
    assert cloud.instance(web)["operation"]["request_id"] == result.row(web)["request_id"]
    assert cloud.instance(web)["operation"]["state"] == "SUCCESS"
    assert result.writes == [ACTIONS[action]]


@every_change
def test_an_instance_on_its_way_there_is_waited_for_and_unchanged(
    cloud: Cloud, state: str, before: str, action: str, after: str
) -> None:
    web = cloud.add(power=before)
    cloud.durations(start=4, stop=4)
    power(cloud, state, [web], wait=False, stop_type="hard")

    planned = power(cloud, state, [web], check=True)
    result = power(cloud, state, [web])

    assert (result.row(web)["before"], result.row(web)["after"]) == ("changing", after)
    assert result.writes == []
    assert not result.changed
    assert planned.rows == result.rows
    assert action


@every_change
def test_an_instance_on_its_way_elsewhere_is_waited_for_and_then_changed(
    cloud: Cloud, state: str, before: str, action: str, after: str
) -> None:
    web, idle = cloud.add(power=after), cloud.add(power=before)
    cloud.durations(start=4, stop=4)
    opposite = {"running": "stopped", "stopped": "running"}[state]
    power(cloud, opposite, [web], wait=False, stop_type="hard")

    planned = power(cloud, state, [web, idle], check=True)
    result = power(cloud, state, [web, idle])

    assert result.row(web)["before"] == "changing"
    assert [cloud.state_of(one) for one in (web, idle)] == [cloud.word(after)] * 2
    assert planned.rows == [{**row, "request_id": None} for row in result.rows]
    assert result.writes == [ACTIONS[action]] * 2


def test_an_instance_that_stays_on_its_way_fails_while_the_others_go_on(cloud: Cloud) -> None:
    stuck = cloud.add(state="STOPPING" if cloud.provider.tencent else "Stopping")
    idle = cloud.add()

    result = power(cloud, "running", [stuck, idle], wait_timeout=4)

    assert result.codes == {stuck: "InstanceBusy"}
    assert "stopping" in result.row(stuck)["error"]["message"].lower()
    assert cloud.state_of(idle) == cloud.provider.running


def test_a_guest_that_takes_long_does_not_hold_up_one_that_was_busy(cloud: Cloud) -> None:
    slow, busy = cloud.add(power="running"), cloud.add(power="stopped")
    cloud.durations(start=3, stop=60)
    power(cloud, "running", [busy], wait=False)
    cloud.durations(start=3, stop=60)

    result = power(cloud, "restarted", [busy, slow], stop_type="hard", wait_timeout=30)

    assert result.row(busy)["outcome"] == "changed", result.msg


def test_many_instances_go_in_batches_of_a_hundred_with_few_reads(cloud: Cloud) -> None:
    fleet = cloud.add_fleet(250, power="running")

    result = power(cloud, "stopped", fleet)

    assert result.summary["changed"] == 250
    assert sorted(len(names) for _action, names in result.written) == [50, 100, 100]
    assert [entry["code"] for entry in result.log if entry["code"]] == []
    assert result.data["api_calls"]["DescribeInstances"] <= 15
    assert {cloud.state_of(fleet[0]), cloud.state_of(fleet[-1])} == {cloud.provider.stopped}


@legacy_only
@pytest.mark.parametrize("operations", ["absent", "present"])
def test_the_legacy_api_with_and_without_operations(cloud: Cloud, operations: str) -> None:
    cloud.switch(legacy_latest_operation=operations)
    web = cloud.add(power="running")

    for state, after in (("restarted", "running"), ("stopped", "stopped"), ("running", "running")):
        assert power(cloud, state, [web]).row(web)["after"] == after


@tencent_only
def test_a_binding_under_way_is_waited_for(cloud: Cloud) -> None:
    web = cloud.add()
    cloud.durations(bind=3)
    cloud.meanwhile("DescribeInstances", Call("bind", (web,), (cloud.key_id("deploy"),)))

    result = power(cloud, "running", [web])

    assert result.row(web)["outcome"] == "changed", result.msg
    assert cloud.keys_of(web) == ["deploy"]
