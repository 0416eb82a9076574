# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stopping, starting and rebooting, one instance or many."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.emulator.alibaba_client import (
    AlibabaCloud,
    alibaba_cloud,
    ids,
    numbered,
)

INSTANCES: list[dict[str, Any]] = [
    {"instance_id": "i-up", "state": "Running"},
    {"instance_id": "i-up2", "state": "Running"},
    {"instance_id": "i-down", "state": "Stopped"},
    {"instance_id": "i-prepaid", "state": "Running", "charge_type": "PrePaid"},
    {"instance_id": "i-seized", "state": "Running", "locks": ["security"]},
    {"instance_id": "i-unpaid", "state": "Stopped", "locks": ["financial"]},
]
SETTINGS = {"durations": {"stop": 10, "start": 20, "reboot": 30}}


@pytest.fixture
def cloud() -> Iterator[AlibabaCloud]:
    with alibaba_cloud(instances=INSTANCES, key_pairs=("deploy",), settings=SETTINGS) as running:
        yield running


def state(cloud: AlibabaCloud, instance_id: str) -> str:
    answer = cloud.client.ok("DescribeInstanceStatus", **numbered("InstanceId", instance_id))
    status: str = answer["InstanceStatuses"]["InstanceStatus"][0]["Status"]
    return status


@pytest.mark.parametrize(
    ("action", "instance_id", "during", "seconds", "after"),
    [
        ("StopInstance", "i-up", "Stopping", 10, "Stopped"),
        ("StartInstance", "i-down", "Starting", 20, "Running"),
        ("RebootInstance", "i-up", "Starting", 30, "Running"),
    ],
)
def test_a_change_takes_its_time(
    cloud: AlibabaCloud, action: str, instance_id: str, during: str, seconds: float, after: str
) -> None:
    assert list(cloud.client.ok(action, RegionId=None, InstanceId=instance_id)) == ["RequestId"]
    assert state(cloud, instance_id) == during
    cloud.clock.advance(seconds - 0.1)
    assert state(cloud, instance_id) == during
    cloud.clock.advance(0.1)
    assert state(cloud, instance_id) == after


def test_a_quick_reboot_can_be_missed_but_changes_the_start_time(cloud: AlibabaCloud) -> None:
    cloud.emulator.configure({"durations": {"alibaba_ecs": {"reboot": 0}}})
    before = cloud.instance("i-up")["start_time"]
    cloud.clock.advance(61)
    cloud.client.ok("AttachKeyPair", KeyPairName="deploy", InstanceIds=ids("i-up"))
    cloud.client.ok("RebootInstance", InstanceId="i-up")
    assert state(cloud, "i-up") == "Running"
    assert cloud.instance("i-up")["start_time"] == before + 61
    assert cloud.login("i-up")["key_pairs"] == ["deploy"]


def test_a_stop_alone_makes_nothing_effective(cloud: AlibabaCloud) -> None:
    cloud.client.ok("AttachKeyPair", KeyPairName="deploy", InstanceIds=ids("i-up"))
    cloud.client.ok("StopInstance", InstanceId="i-up")
    cloud.clock.advance(10)
    assert cloud.instance("i-up")["effective_key_pairs"] == []


@pytest.mark.parametrize("mode", ["KeepCharging", "StopCharging"])
def test_the_stopped_mode_lasts_until_the_start(cloud: AlibabaCloud, mode: str) -> None:
    cloud.client.ok("StopInstance", InstanceId="i-up", StoppedMode=mode)
    cloud.clock.advance(10)
    answer = cloud.client.ok("DescribeInstances", InstanceIds=ids("i-up"))
    assert answer["Instances"]["Instance"][0]["StoppedMode"] == mode
    cloud.client.ok("StartInstance", InstanceId="i-up")
    cloud.clock.advance(20)
    assert cloud.instance("i-up")["stop_charging"] is False


UNFIT = [
    pytest.param("StopInstance", {"InstanceId": "i-down"}, 403, "IncorrectInstanceStatus", id="stop stopped"),
    pytest.param("StartInstance", {"InstanceId": "i-up"}, 403, "IncorrectInstanceStatus", id="start running"),
    pytest.param("RebootInstance", {"InstanceId": "i-down"}, 403, "IncorrectInstanceStatus", id="reboot stopped"),
    pytest.param("StopInstance", {"InstanceId": "i-seized"}, 403, "InstanceLockedForSecurity", id="locked"),
    pytest.param("StartInstance", {"InstanceId": "i-unpaid"}, 403, "InstanceExpiredOrInArrears", id="unpaid"),
    pytest.param("StopInstance", {"InstanceId": "i-nobody"}, 404, "InvalidInstanceId.NotFound", id="unknown"),
    pytest.param(
        "StopInstance",
        {"InstanceId": "i-up", "RegionId": "cn-beijing"},
        404,
        "InvalidInstanceId.NotFound",
        id="elsewhere",
    ),
    pytest.param("StopInstance", {"InstanceId": None}, 400, "MissingParameter", id="no instance"),
    pytest.param(
        "StopInstance",
        {"InstanceId": "i-prepaid", "StoppedMode": "StopCharging"},
        403,
        "InvalidInstanceId.NotSupport",
        id="stop charging a prepaid one",
    ),
    pytest.param("StopInstance", {"InstanceId": "i-up", "ForceStop": "1"}, 400, "InvalidParameter", id="odd flag"),
    pytest.param("StopInstance", {"InstanceId": "i-up", "StoppedMode": "x"}, 400, "InvalidParameter", id="odd mode"),
]


@pytest.mark.parametrize(("action", "params", "status", "code"), UNFIT)
def test_refused_changes(
    cloud: AlibabaCloud, action: str, params: dict[str, str | None], status: int, code: str
) -> None:
    assert cloud.client.refused(action, **params) == (status, code)


@pytest.mark.parametrize(("action", "code"), [("StopInstance", "DryRunOperation"), ("StopInstances", "DRYRUN.SUCCESS")])
def test_a_dry_run_that_would_succeed_answers_with_an_error_and_does_nothing(
    cloud: AlibabaCloud, action: str, code: str
) -> None:
    named = {"InstanceId": "i-up"} if action == "StopInstance" else numbered("InstanceId", "i-up")
    assert cloud.client.refused(action, DryRun="true", **named) == (400, code)
    assert state(cloud, "i-up") == "Running"


def test_a_dry_run_that_would_fail_says_why(cloud: AlibabaCloud) -> None:
    refused = cloud.client.refused("StartInstance", InstanceId="i-up", DryRun="true")
    assert refused == (403, "IncorrectInstanceStatus")


@pytest.mark.parametrize(
    ("action", "force", "instance_ids", "previous", "current"),
    [
        ("StopInstances", "ForceStop", ("i-up", "i-up2"), "Running", "Stopping"),
        ("StartInstances", "DryRun", ("i-down",), "Stopped", "Starting"),
        ("RebootInstances", "ForceReboot", ("i-up", "i-up2"), "Running", "Starting"),
    ],
)
def test_many_at_once(
    cloud: AlibabaCloud, action: str, force: str, instance_ids: tuple[str, ...], previous: str, current: str
) -> None:
    answer = cloud.client.ok(action, **{force: "false"}, **numbered("InstanceId", *instance_ids))
    assert answer["InstanceResponses"]["InstanceResponse"] == [
        {
            "InstanceId": instance_id,
            "Code": "200",
            "Message": "success",
            "PreviousStatus": previous,
            "CurrentStatus": current,
        }
        for instance_id in instance_ids
    ]


@pytest.mark.parametrize("params", [{}, {"BatchOptimization": "AllTogether"}])
def test_all_together_one_unfit_instance_spoils_the_call(cloud: AlibabaCloud, params: dict[str, str]) -> None:
    named = numbered("InstanceId", "i-up", "i-down")
    assert cloud.client.refused("StopInstances", **named, **params) == (403, "IncorrectInstanceStatus")
    assert state(cloud, "i-up") == "Running"


def test_success_first_gives_every_instance_its_own_code(cloud: AlibabaCloud) -> None:
    named = numbered("InstanceId", "i-down", "i-up", "i-nobody", "i-seized")
    answer = cloud.client.ok("StopInstances", BatchOptimization="SuccessFirst", **named)
    rows = {row["InstanceId"]: row["Code"] for row in answer["InstanceResponses"]["InstanceResponse"]}
    assert rows == {
        "i-down": "IncorrectInstanceStatus",
        "i-up": "200",
        "i-nobody": "InvalidInstanceId.NotFound",
        "i-seized": "InstanceLockedForSecurity",
    }
    assert state(cloud, "i-up") == "Stopping"


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({}, "MissingParameter"),
        ({"RegionId": None, "InstanceId.1": "i-up"}, "MissingParameter"),
        (numbered("InstanceId", *(f"i-{number}" for number in range(101))), "InvalidParameter"),
        ({"InstanceId.1": "i-up", "BatchOptimization": "Sometimes"}, "InvalidParameter"),
        ({"InstanceId.1": "i-up", "ForceReboot": "maybe"}, "InvalidParameter"),
    ],
)
def test_refused_batches(cloud: AlibabaCloud, params: dict[str, str | None], code: str) -> None:
    assert cloud.client.refused("RebootInstances", **params) == (400, code)


@pytest.mark.parametrize(
    ("action", "instance_id", "seconds", "left_as"),
    [
        ("StopInstance", "i-up", 10, "Running"),
        ("StartInstance", "i-down", 20, "Stopped"),
        ("RebootInstance", "i-up", 30, "Stopped"),
    ],
)
def test_a_change_that_fails_in_the_end_leaves_the_key_ineffective(
    cloud: AlibabaCloud, action: str, instance_id: str, seconds: float, left_as: str
) -> None:
    cloud.client.ok("AttachKeyPair", KeyPairName="deploy", InstanceIds=ids(instance_id))
    cloud.emulator.add_faults({"kind": "operation_failed", "action": action})
    cloud.client.ok(action, InstanceId=instance_id)
    cloud.clock.advance(seconds)
    assert state(cloud, instance_id) == left_as
    assert cloud.instance(instance_id)["effective_key_pairs"] == []


@pytest.mark.parametrize(("action", "force"), [("StopInstances", "ForceStop"), ("RebootInstances", "ForceReboot")])
def test_a_guest_that_ignores_a_soft_stop_goes_on_running_until_it_is_forced(
    cloud: AlibabaCloud, action: str, force: str
) -> None:
    cloud.emulator.configure({"switches": {"soft_stop": "ignored"}})
    started = cloud.instance("i-up")["start_time"]
    cloud.client.ok(action, **numbered("InstanceId", "i-up"))
    assert state(cloud, "i-up") in ("Stopping", "Starting")
    cloud.clock.advance(60)
    assert (state(cloud, "i-up"), cloud.instance("i-up")["start_time"]) == ("Running", started)

    cloud.client.ok(action, **numbered("InstanceId", "i-up"), **{force: "true"})
    cloud.clock.advance(60)
    assert state(cloud, "i-up") == ("Stopped" if action == "StopInstances" else "Running")
    assert (cloud.instance("i-up")["start_time"] == started) == (action == "StopInstances")
