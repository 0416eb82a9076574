# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keypair_binding on a bad day: whatever goes wrong on the way, the end is right, or the row says what is not."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils import _client
from ansible_collections.keyfleet.cloud.plugins.module_utils._retry import Backoff
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import bind, run, unbind
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import alibaba_only, api3_only, tencent_only
from ansible_collections.keyfleet.cloud.tests.unit.modules.result import Result

#: faults that pass by themselves; with "delay" the answer comes after the module has stopped listening
PASSING: dict[str, dict[str, Any]] = {
    "throttle": {},
    "http_5xx": {"status": 502},
    "html": {},
    "cut_before": {},
    "cut_after": {},
    "delay": {"seconds": 14},
    "garbage": {},
}
#: after these nobody knows whether the write was processed; so it is after "delay", but that one is logged late
LOST = ("http_5xx", "html", "cut_before", "cut_after", "garbage")
passing = pytest.mark.parametrize("fault", PASSING)
#: one of each sort: refused, perhaps processed, surely processed
lasting = pytest.mark.parametrize("fault", ["throttle", "http_5xx", "cut_after"])
either_state = pytest.mark.parametrize("state", ["present", "absent"])
#: short, so that a delayed answer comes too late
TIMEOUT: dict[str, Any] = {"api_timeout": 10}


def disturb(cloud: Cloud, fault: str, action: str, **values: Any) -> None:
    """Let calls of an action go wrong."""
    cloud.fault(fault, action, **PASSING[fault], **values)


def start(cloud: Cloud, state: str) -> list[str]:
    """Add instances that a task with this state has to change, and one that it has not."""
    before, after = ([], ["deploy"]) if state == "present" else (["deploy"], [])
    return [cloud.add(*before), cloud.add(*before), cloud.add(*after)]


def assert_done(cloud: Cloud, instances: list[str], state: str, result: Result) -> None:
    """The task did what it was asked, and says so."""
    assert not result.failed, result.msg
    assert result.changed
    assert [cloud.keys_of(instance) for instance in instances] == [["deploy"] if state == "present" else []] * 3
    assert set(result.column("outcome")) == {"changed", "unchanged"}
    assert set(result.column("after")) == {state}


def write_of(cloud: Cloud, state: str) -> str:
    """Return the action that brings a state about."""
    return cloud.provider.bind if state == "present" else cloud.provider.unbind


@passing
def test_a_read_goes_wrong_once(cloud: Cloud, fault: str) -> None:
    state = "present"
    instances = start(cloud, state)
    for action in ("DescribeInstances", "DescribeKeyPairs"):
        disturb(cloud, fault, action)

    result = run(cloud, key_pairs=["deploy"], instance_ids=instances, state=state, **TIMEOUT)

    assert_done(cloud, instances, state, result)


@passing
@either_state
def test_a_write_goes_wrong_once(cloud: Cloud, fault: str, state: str) -> None:
    """After a lost answer the state is read before anything is sent again."""
    cloud.wire = True
    instances = start(cloud, state)
    disturb(cloud, fault, write_of(cloud, state))

    result = run(cloud, key_pairs=["deploy"], instance_ids=instances, state=state, **TIMEOUT)

    assert_done(cloud, instances, state, result)
    lost = [entry["fault"] for entry in result.log].index(fault)
    if fault in LOST:
        assert result.actions[lost + 1] == "DescribeInstances"


@either_state
def test_a_write_that_was_processed_is_not_sent_again(cloud: Cloud, state: str) -> None:
    instances = start(cloud, state)
    disturb(cloud, "cut_after", write_of(cloud, state))

    result = run(cloud, key_pairs=["deploy"], instance_ids=instances, state=state)

    assert_done(cloud, instances, state, result)
    assert len(result.writes) == 1


@api3_only
def test_the_request_id_of_a_write_with_a_lost_answer_is_learnt_from_the_instance(cloud: Cloud) -> None:
    cloud.fault("cut_after", cloud.provider.bind)

    result = bind(cloud, ["deploy"], [cloud.add()])

    (write,) = [entry for entry in result.log if entry["write"]]
    assert result.column("request_id") == [write["request_id"]]


@tencent_only
@passing
def test_a_power_on_goes_wrong_once(cloud: Cloud, fault: str) -> None:
    cloud.switch(cvm_force_restart="stay_stopped", legacy_running_with_force="accept")
    running = cloud.add(power="running")
    disturb(cloud, fault, "StartInstances")

    result = bind(cloud, ["deploy"], [running], force_stop=True, **TIMEOUT)

    assert not result.failed, result.msg
    assert cloud.state_of(running) == cloud.provider.running
    assert cloud.keys_of(running) == ["deploy"]


@lasting
def test_a_read_that_always_goes_wrong_ends_the_task(cloud: Cloud, fault: str) -> None:
    web = cloud.add()
    for action in ("DescribeInstances", "DescribeKeyPairs"):
        disturb(cloud, fault, action, times=None)

    result = bind(cloud, ["deploy"], [web], api_retries=1)

    assert result.failed
    assert not result.changed
    assert result.writes == []
    assert len(result.log) == 2
    assert result.data["error"]["code"]
    assert result.data["error"]["hint"]
    assert result.row(web)["before"] == result.row(web)["after"] == "unknown"
    assert "Traceback" not in result.printed


@lasting
def test_a_write_that_always_goes_wrong_is_a_failed_row(cloud: Cloud, fault: str) -> None:
    web, done = cloud.add(), cloud.add("deploy")
    disturb(cloud, fault, cloud.provider.bind, times=None)

    result = bind(cloud, ["deploy"], [web, done], api_retries=1, wait_timeout=30)

    processed = fault == "cut_after"
    assert result.row(done)["outcome"] == "unchanged"
    assert result.row(web)["outcome"] == ("changed" if processed else "failed")
    assert cloud.keys_of(web) == (["deploy"] if processed else [])
    assert len(result.writes) <= 5
    assert "Traceback" not in result.printed


@pytest.mark.parametrize("retries", [0, 1, 3])
def test_api_retries_bounds_the_repetitions(cloud: Cloud, retries: int) -> None:
    cloud.fault("throttle", times=None)

    result = bind(cloud, ["deploy"], [cloud.add()], api_retries=retries)

    assert result.failed
    assert len(result.log) == 1 + retries
    assert result.data["error"]["retryable"]


def test_wait_timeout_bounds_the_repetitions_too(cloud: Cloud) -> None:
    cloud.fault("throttle", times=None)
    started = cloud.clock.now()

    result = bind(cloud, ["deploy"], [cloud.add()], api_retries=50, wait_timeout=10)

    assert result.failed
    assert cloud.clock.now() - started < 100
    assert 1 < len(result.log) < 10


def test_repetitions_become_calmer(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without luck, that is: a pause is anything up to its length here, so that tasks do not come back together."""
    monkeypatch.setattr(_client, "Backoff", lambda: Backoff(rand=lambda: 1.0))
    cloud.fault("throttle", times=None)

    result = bind(cloud, ["deploy"], [cloud.add()], api_retries=4)

    times = [entry["time"] for entry in result.log]
    pauses = [later - earlier for earlier, later in pairwise(times)]
    assert len(pauses) == 4
    assert pauses[-1] > pauses[0]
    assert sum(pauses) > 3


def test_busy_once(cloud: Cloud) -> None:
    for state in ("present", "absent"):
        instances = start(cloud, state)
        cloud.fault("busy", write_of(cloud, state))

        result = run(cloud, key_pairs=["deploy"], instance_ids=instances, state=state)

        assert_done(cloud, instances, state, result)


def test_busy_beyond_the_wait(cloud: Cloud) -> None:
    busy, idle = cloud.add(), cloud.add()
    cloud.fault("busy", cloud.provider.bind, instance_ids=[busy], times=None)

    result = bind(cloud, ["deploy"], [busy, idle], wait_timeout=20)

    assert list(result.codes) == [busy]
    assert result.row(busy)["error"]["retryable"]
    assert cloud.keys_of(idle) == ["deploy"]


@api3_only
@either_state
def test_an_accepted_operation_fails(cloud: Cloud, state: str) -> None:
    instances = start(cloud, state)
    cloud.fault("operation_failed", write_of(cloud, state))

    result = run(cloud, key_pairs=["deploy"], instance_ids=instances, state=state)
    again = run(cloud, key_pairs=["deploy"], instance_ids=instances, state=state)

    assert result.codes == dict.fromkeys(instances[:2], "OperationFailed")
    assert not result.changed
    assert_done(cloud, instances, state, again)


@alibaba_only
@either_state
def test_alibaba_refuses_some_instances_of_a_call(cloud: Cloud, state: str) -> None:
    bad, good, done = start(cloud, state)
    cloud.fault("partial_failure", write_of(cloud, state), instance_ids=[bad], code="InternalError.Fatal", times=None)

    result = run(cloud, key_pairs=["deploy"], instance_ids=[bad, good, done], state=state, wait_timeout=20)

    assert result.failed
    assert result.changed
    assert list(result.codes) == [bad]
    assert result.row(good)["outcome"] == "changed"
    assert cloud.keys_of(good) == (["deploy"] if state == "present" else [])


@alibaba_only
def test_alibaba_refuses_an_instance_for_a_moment(cloud: Cloud) -> None:
    instances = start(cloud, "present")
    cloud.fault("partial_failure", cloud.provider.bind, instance_ids=instances[:1], code="OperationConflict")

    assert_done(cloud, instances, "present", bind(cloud, ["deploy"], instances))


@tencent_only
@pytest.mark.parametrize("code", ["InternalError", "InternalServerError"])
def test_an_internal_error_of_a_write_leaves_open_whether_it_happened(cloud: Cloud, code: str) -> None:
    web = cloud.add("deploy")
    cloud.fault("error", cloud.provider.unbind, code=code)

    result = unbind(cloud, ["deploy"], [web], wait_timeout=20)

    assert not result.failed
    assert "DescribeInstances" in result.actions[result.actions.index(cloud.provider.unbind) :]
    assert cloud.keys_of(web) == []


def test_an_unknown_error_code_is_shown_as_it_is(cloud: Cloud) -> None:
    web = cloud.add()
    cloud.fault("error", cloud.provider.bind, code="Novel.Trouble", message="Something new went wrong.", times=None)

    result = bind(cloud, ["deploy"], [web])

    error = result.row(web)["error"]
    assert error["code"] == "Novel.Trouble"
    assert "Something new went wrong." in error["message"]
    assert error["request_id"] in {entry["request_id"] for entry in result.log}
