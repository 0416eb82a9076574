# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""instance_power and guests that do not obey: what soft, soft_first and hard come to on each provider."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import pytest
from ansible_collections.keyfleet.cloud.emulator.http_types import Request, Response
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import alibaba_only
from ansible_collections.keyfleet.cloud.tests.unit.modules.power_tasks import (
    power,
    two_steps,
)


@pytest.mark.parametrize("state", ["stopped", "restarted"])
@pytest.mark.parametrize("stop_type", ["soft_first", "hard"])
def test_a_guest_that_does_not_obey_is_forced(cloud: Cloud, state: str, stop_type: str) -> None:
    if (
        state == "restarted"
        and stop_type == "soft_first"
        and cloud.provider.name not in ("tencent_lighthouse", "tencent_cvm")
    ):
        return
    cloud.switch(soft_stop="ignored")
    web = cloud.add(power="running")
    cloud.durations(stop=2, reboot=2)

    result = power(cloud, state, [web], stop_type=stop_type)

    assert result.row(web)["outcome"] == "changed", result.msg
    assert cloud.state_of(web) == cloud.word("stopped" if state == "stopped" else "running")


@two_steps
def test_a_soft_stop_that_was_ignored_is_followed_by_a_hard_one(cloud: Cloud) -> None:
    cloud.switch(soft_stop="ignored")
    cloud.durations(stop=2)
    web = cloud.add(power="running")

    result = power(cloud, "stopped", [web])

    assert [str(params["ForceStop"]).lower() for params in result.stops()] == ["false", "true"]
    assert cloud.state_of(web) == cloud.provider.stopped


@two_steps
@pytest.mark.parametrize("state", ["stopped", "restarted"])
def test_a_soft_stop_that_takes_too_long_is_followed_by_hard_ones(cloud: Cloud, state: str) -> None:
    cloud.durations(stop=24, reboot=24)
    web, obedient = cloud.add(power="running"), cloud.add(power="stopped")

    result = power(cloud, state, [web, obedient], wait_timeout=28)

    flags = [str(params.get("ForceStop", params.get("ForceReboot"))).lower() for params in result.stops()]
    assert flags[0] == "false"
    assert set(flags[1:]) == {"true"}
    first, second = [entry["time"] for entry in result.log if entry["action"] in ("StopInstances", "RebootInstances")][
        :2
    ]
    assert 14 <= second - first < 24
    assert not result.failed, result.msg


@pytest.mark.parametrize("state", ["stopped", "restarted"])
def test_a_soft_stop_that_does_not_end_says_where_it_stands_and_what_to_do(cloud: Cloud, state: str) -> None:
    cloud.durations(stop=60, reboot=60)
    web, other = cloud.add(power="running"), cloud.add(power="stopped")

    result = power(cloud, state, [web, other], stop_type="soft", wait_timeout=4)

    assert result.row(web)["error"]["code"] == "WaitTimeout"
    assert result.row(web)["after"] == "changing"
    assert cloud.state_of(web) in result.row(web)["error"]["message"]
    assert "stop_type=soft_first or stop_type=hard" in result.row(web)["error"]["hint"]
    assert result.row(other)["outcome"] == ("unchanged" if state == "stopped" else "changed")
    assert result.changed


def test_a_guest_that_ignores_a_soft_stop_is_an_error_with_the_next_step(cloud: Cloud) -> None:
    cloud.switch(soft_stop="ignored")
    cloud.durations(stop=1)
    web = cloud.add(power="running")

    result = power(cloud, "stopped", [web], stop_type="soft")

    assert result.codes == {web: "OperationFailed"}
    assert "stop_type=soft_first" in result.msg
    assert result.row(web)["after"] == "running"
    assert len(result.stops()) == 1


@two_steps
@pytest.mark.parametrize("state", ["stopped", "restarted"])
def test_a_soft_stop_that_nothing_can_end_says_where_it_stands(cloud: Cloud, state: str) -> None:
    cloud.durations(stop=600, reboot=600)
    web = cloud.add(power="running")

    result = power(cloud, state, [web], wait_timeout=60)

    error = result.row(web)["error"]
    assert error["code"] == "WaitTimeout"
    assert error["retryable"]
    assert f"in state {cloud.state_of(web)}" in error["message"]
    assert "after 60 seconds" in error["message"]
    assert "refuse" in error["message"]
    assert "something else" not in result.msg
    assert len(result.stops()) > 2


@alibaba_only
def test_what_arrives_while_the_last_look_is_on_its_way_is_seen(cloud: Cloud) -> None:
    """An answer that was given before the time was over, and comes after it, says nothing of the end."""
    cloud.durations(reboot=24)
    web = cloud.add(power="running")
    with slow_way_back(cloud, after=20, seconds=15):
        result = power(cloud, "restarted", [web], wait_timeout=28)

    assert not result.failed, result.msg
    assert [params["ForceReboot"] for params in result.stops()] == ["false", "true"]


@contextmanager
def slow_way_back(cloud: Cloud, *, after: float, seconds: float) -> Iterator[None]:
    """Let the first answer that is given so late in the block take so long to its reader."""
    moment, respond, slow = cloud.clock.now() + after, cloud.emulator._respond, iter([seconds])

    def respond_slowly(request: Request) -> Response | None:
        response = respond(request)
        if cloud.clock.now() >= moment:
            cloud.clock.sleep(next(slow, 0))
        return response

    with mock.patch.object(cloud.emulator, "_respond", respond_slowly):
        yield
