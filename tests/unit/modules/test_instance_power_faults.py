# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""instance_power when answers get lost and operations fail: nothing is done twice, and the rows say what is so."""

from __future__ import annotations

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import (
    alibaba_only,
    api3_only,
    providers,
)
from ansible_collections.keyfleet.cloud.tests.unit.modules.power_tasks import (
    ACTIONS,
    every_change,
    power,
    two_steps,
    with_restart,
)

DAY = 86400


@with_restart
@pytest.mark.parametrize("fault", ["throttle", "busy"])
def test_a_refusal_that_passes(cloud: Cloud, fault: str, state: str, before: str, action: str, after: str) -> None:
    web = cloud.add(power=before)
    cloud.fault(fault, ACTIONS[action])

    result = power(cloud, state, [web])

    assert result.row(web)["outcome"] == "changed", result.msg
    assert cloud.state_of(web) == cloud.word(after)
    assert result.writes == [ACTIONS[action]] * 2


@with_restart
@pytest.mark.parametrize("fault", ["cut_before", "http_5xx", "garbage"])
def test_an_answer_that_is_lost_before_anything_happened(
    cloud: Cloud, fault: str, state: str, before: str, action: str, after: str
) -> None:
    if cloud.provider.name == "tencent_cvm_legacy" and action == "restart":
        return  # see test_a_restart_of_which_nothing_tells
    web = cloud.add(power=before, uptime=DAY)
    cloud.fault(fault, ACTIONS[action])

    result = power(cloud, state, [web])

    assert result.row(web)["outcome"] == "changed", result.msg
    assert cloud.state_of(web) == cloud.word(after)
    assert result.writes == [ACTIONS[action]] * 2
    assert result.actions[result.actions.index(ACTIONS[action]) + 1] == "DescribeInstances"


@with_restart
def test_what_happened_is_not_done_twice(cloud: Cloud, state: str, before: str, action: str, after: str) -> None:
    web = cloud.add(power=before, uptime=DAY)
    cloud.durations(start=1, stop=1, reboot=1)
    cloud.fault("cut_after", ACTIONS[action])

    result = power(cloud, state, [web])

    assert result.row(web)["outcome"] == "changed", result.msg
    assert result.row(web)["action"] == action
    assert cloud.state_of(web) == cloud.word(after)
    assert result.writes == [ACTIONS[action]]


@providers("tencent_lighthouse", "tencent_cvm", "alibaba_ecs")
def test_a_restart_with_a_lost_answer_that_was_too_quick_to_be_seen_is_not_sent_again(cloud: Cloud) -> None:
    web = cloud.add(power="running", uptime=DAY)
    cloud.durations(reboot=0)
    cloud.fault("cut_after", "RebootInstances")

    result = power(cloud, "restarted", [web])

    assert (result.row(web)["outcome"], result.row(web)["action"]) == ("changed", "restart"), result.msg
    assert result.writes == ["RebootInstances"]


@two_steps
@pytest.mark.parametrize("fault", ["cut_before", "cut_after"])
def test_a_restart_of_which_nothing_tells_is_not_sent_again(cloud: Cloud, fault: str) -> None:
    web = cloud.add(power="running")
    cloud.durations(reboot=0)
    cloud.fault(fault, "RebootInstances")
    if cloud.provider.name == "alibaba_ecs" and started_anew(cloud, web):
        return  # a minute has passed between

    result = power(cloud, "restarted", [web])

    if result.writes == ["RebootInstances"] and result.failed:
        assert result.codes == {web: "RestartUnknown"}
        assert "not restarted again" in result.msg
        assert "uptime" in result.row(web)["error"]["hint"]
    else:
        assert cloud.provider.name == "alibaba_ecs"
        assert fault == "cut_after"


def started_anew(cloud: Cloud, web: str) -> bool:
    """Tell whether the start time would read differently by now: to the minute."""
    return bool(int(cloud.instance(web)["start_time"] // 60) != int(cloud.clock.now() // 60))


@alibaba_only
def test_a_restart_too_quick_to_be_seen_counts_as_done_at_once_by_its_start_time(cloud: Cloud) -> None:
    web = cloud.add(power="running", uptime=DAY)
    cloud.durations(reboot=0)

    result = power(cloud, "restarted", [web])

    assert not result.failed
    assert result.actions == ["DescribeInstances", "RebootInstances", "DescribeInstances"]


def test_a_restart_too_quick_to_be_seen_counts_as_done(cloud: Cloud) -> None:
    web = cloud.add(power="running")
    cloud.durations(reboot=0)

    result = power(cloud, "restarted", [web])

    assert result.row(web)["outcome"] == "changed", result.msg
    assert result.writes == ["RebootInstances"]


@every_change
def test_a_failed_operation_is_an_error(cloud: Cloud, state: str, before: str, action: str, after: str) -> None:
    failing = cloud.add(power=before)
    cloud.durations(start=10, stop=10)  # long enough to be seen on its way, also on a busy machine
    cloud.fault("operation_failed", ACTIONS[action])

    result = power(cloud, state, [failing], stop_type="hard")

    assert result.codes == {failing: "OperationFailed"}
    assert result.row(failing)["after"] == before
    assert result.writes == [ACTIONS[action]]
    assert not result.changed
    assert not power(cloud, state, [failing]).failed
    assert cloud.state_of(failing) == cloud.word(after)


@api3_only
def test_a_failed_restart_is_an_error(cloud: Cloud) -> None:
    web = cloud.add(power="running")
    cloud.fault("operation_failed", "RebootInstances")

    result = power(cloud, "restarted", [web])

    assert result.codes == {web: "OperationFailed"}
    assert (result.row(web)["action"], result.row(web)["after"]) == ("restart", "running")


@alibaba_only
def test_a_restart_that_ends_stopped_is_completed_by_a_start(cloud: Cloud) -> None:
    web = cloud.add(power="running")
    cloud.fault("operation_failed", "RebootInstances")

    result = power(cloud, "restarted", [web])

    assert result.row(web)["outcome"] == "changed", result.msg
    assert result.writes == ["RebootInstances", "StartInstances"]
    assert cloud.state_of(web) == "Running"
