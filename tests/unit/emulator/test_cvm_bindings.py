# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CVM, API 3.0: what binding and unbinding key pairs does to the instance, its guest and what the API shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.emulator.client import TencentCloud, tencent_cloud

RUNNING, STOPPED, BOUND = "ins-running0", "ins-stopped0", "ins-bound000"
KEY, OTHER = "skey-00000key", "skey-000other"
KEY_PAIRS = [{"key_id": "skey-00000key"}, {"key_id": "skey-000other"}]


@pytest.fixture
def cloud() -> Iterator[TencentCloud]:
    instances: list[dict[str, Any]] = [
        {"instance_id": RUNNING},
        {"instance_id": STOPPED, "state": "STOPPED"},
        {"instance_id": BOUND, "state": "STOPPED", "key_pairs": [OTHER]},
    ]
    with tencent_cloud(key_pairs=[{"key_id": KEY}, {"key_id": OTHER}], instances=instances) as found:
        yield found


def shown(cloud: TencentCloud, instance_id: str) -> dict[str, Any]:
    found: dict[str, Any] = cloud.cvm.ok("DescribeInstances", InstanceIds=[instance_id])["InstanceSet"][0]
    return found


def change(cloud: TencentCloud, what: str, instance_id: str, *keys: str, **more: Any) -> str:
    answer = cloud.cvm.ok(f"{what}InstancesKeyPairs", InstanceIds=[instance_id], KeyIds=list(keys), **more)
    request_id: str = answer["RequestId"]
    return request_id


def test_a_stopped_instance_is_bound_asynchronously(cloud: TencentCloud) -> None:
    before = shown(cloud, STOPPED)
    assert (before["LatestOperation"], before["LatestOperationState"]) == (None, None)
    assert before["LoginSettings"] == {"KeyIds": None}

    request_id = change(cloud, "Associate", STOPPED, KEY)
    assert shown(cloud, STOPPED)["LatestOperationState"] == "OPERATING"
    cloud.clock.advance(0.5)

    after = shown(cloud, STOPPED)
    assert (after["LatestOperation"], after["LatestOperationState"]) == ("AssociateInstancesKeyPairs", "SUCCESS")
    assert (after["LatestOperationRequestId"], after["LatestOperationErrorMsg"]) == (request_id, None)
    assert after["LoginSettings"] == {"KeyIds": [KEY]}
    assert cloud.login(STOPPED)["password"] is False


def test_a_running_instance_needs_force(cloud: TencentCloud) -> None:
    params = {"InstanceIds": [RUNNING], "KeyIds": [KEY]}
    for more in ({}, {"ForceStop": False}):
        answer = cloud.cvm.call("AssociateInstancesKeyPairs", {**params, **more})
        assert answer.code == "UnsupportedOperation.InstanceStateRunning"


@pytest.mark.parametrize("what", ["Associate", "Disassociate"])
@pytest.mark.parametrize(
    ("switch", "timeline"),
    [
        ("restart", [(0.0, "STOPPING"), (1.0, "STOPPED"), (1.5, "STARTING"), (2.4, "STARTING"), (2.5, "RUNNING")]),
        ("stay_stopped", [(0.0, "STOPPING"), (1.0, "STOPPED"), (1.5, "STOPPED"), (9.0, "STOPPED")]),
    ],
)
def test_with_force_it_is_powered_off_changed_and_started_again(
    cloud: TencentCloud, what: str, switch: str, timeline: list[tuple[float, str]]
) -> None:
    cloud.switch(cvm_force_restart=switch)
    start = cloud.clock.now()
    change(cloud, what, RUNNING, KEY, ForceStop=True)
    seen = []
    for at, _state in timeline:
        cloud.clock.advance(start + at - cloud.clock.now())
        seen.append((at, shown(cloud, RUNNING)["InstanceState"]))
    assert seen == timeline
    assert shown(cloud, RUNNING)["LatestOperationState"] == "SUCCESS"


def test_force_does_not_start_what_was_stopped(cloud: TencentCloud) -> None:
    change(cloud, "Associate", STOPPED, KEY, ForceStop=True)
    cloud.clock.advance(9)
    assert shown(cloud, STOPPED)["InstanceState"] == "STOPPED"


@pytest.mark.parametrize(("switch", "keys"), [("add", [OTHER, KEY]), ("replace", [KEY])])
def test_a_new_key_joins_or_replaces_the_earlier_one(cloud: TencentCloud, switch: str, keys: list[str]) -> None:
    cloud.switch(cvm_bind=switch)
    change(cloud, "Associate", BOUND, KEY)
    cloud.clock.advance(1)
    assert shown(cloud, BOUND)["LoginSettings"]["KeyIds"] == keys
    assert cloud.login(BOUND)["key_pairs"] == keys


@pytest.mark.parametrize(("switch", "code"), [("ok", None), ("error", "InvalidParameterValue.KeyPairNotSupported")])
def test_binding_twice(cloud: TencentCloud, switch: str, code: str | None) -> None:
    cloud.switch(cvm_bind_duplicate=switch)
    params = {"InstanceIds": [BOUND], "KeyIds": [OTHER]}
    assert cloud.cvm.call("AssociateInstancesKeyPairs", params).code == code
    cloud.clock.advance(1)
    assert shown(cloud, BOUND)["LoginSettings"]["KeyIds"] == [OTHER]


@pytest.mark.parametrize(("switch", "code"), [("ok", None), ("error", "FailedOperation.DisassociateKeyPairFailed")])
def test_unbinding_what_is_not_bound(cloud: TencentCloud, switch: str, code: str | None) -> None:
    cloud.switch(cvm_unbind_unbound=switch)
    params = {"InstanceIds": [BOUND], "KeyIds": [KEY]}
    assert cloud.cvm.call("DisassociateInstancesKeyPairs", params).code == code
    cloud.clock.advance(1)
    assert shown(cloud, BOUND)["LoginSettings"]["KeyIds"] == [OTHER]


def test_unbinding_one_of_two_keys_keeps_password_login_off() -> None:
    instance = {"instance_id": BOUND, "state": "STOPPED", "key_pairs": [KEY, OTHER]}
    with tencent_cloud(key_pairs=KEY_PAIRS, instances=[instance]) as cloud:
        change(cloud, "Disassociate", BOUND, KEY)
        cloud.clock.advance(1)
        assert cloud.login(BOUND)["password"] is False
        change(cloud, "Disassociate", BOUND, OTHER)
        cloud.clock.advance(1)
        assert cloud.login(BOUND) == {"up": False, "key_pairs": [], "users": {}, "password": True}


def test_an_instance_stopped_without_charging_is_refused_until_it_was_started() -> None:
    instance = {"instance_id": STOPPED, "state": "STOPPED", "stop_charging": True}
    with tencent_cloud(key_pairs=KEY_PAIRS, instances=[instance]) as cloud:
        assert shown(cloud, STOPPED)["StopChargingMode"] == "STOP_CHARGING"
        code = "UnsupportedOperation.StoppedModeStopCharging"
        for what in ("Associate", "Disassociate"):
            params = {"InstanceIds": [STOPPED], "KeyIds": [KEY], "ForceStop": True}
            assert cloud.cvm.call(f"{what}InstancesKeyPairs", params).code == code
        cloud.cvm.ok("StartInstances", InstanceIds=[STOPPED])
        cloud.clock.advance(1)
        change(cloud, "Associate", STOPPED, KEY, ForceStop=True)


@pytest.mark.parametrize(
    ("charge_type", "stopped_mode", "shown_mode"),
    [
        ("POSTPAID_BY_HOUR", "STOP_CHARGING", "STOP_CHARGING"),
        ("POSTPAID_BY_HOUR", "KEEP_CHARGING", "KEEP_CHARGING"),
        ("POSTPAID_BY_HOUR", None, "KEEP_CHARGING"),
        ("PREPAID", "STOP_CHARGING", "KEEP_CHARGING"),
    ],
)
def test_how_stopping_decides_about_charging(charge_type: str, stopped_mode: str | None, shown_mode: str) -> None:
    with tencent_cloud(instances=[{"instance_id": RUNNING, "charge_type": charge_type}]) as cloud:
        assert shown(cloud, RUNNING)["StopChargingMode"] == "NOT_APPLICABLE"
        more = {"StoppedMode": stopped_mode} if stopped_mode else {}
        cloud.cvm.ok("StopInstances", InstanceIds=[RUNNING], **more)
        cloud.clock.advance(1)
        assert shown(cloud, RUNNING)["StopChargingMode"] == shown_mode


def test_a_failed_operation_says_why_and_leaves_the_instance_off(cloud: TencentCloud) -> None:
    cloud.emulator.add_faults({"kind": "operation_failed", "instance_ids": [RUNNING]})
    change(cloud, "Associate", RUNNING, KEY, ForceStop=True)
    assert shown(cloud, RUNNING)["LatestOperationErrorMsg"] is None
    cloud.clock.advance(9)
    after = shown(cloud, RUNNING)
    assert (after["LatestOperationState"], after["InstanceState"]) == ("FAILED", "STOPPED")
    assert after["LatestOperationErrorMsg"]
    assert after["LoginSettings"] == {"KeyIds": None}


def test_a_key_that_is_being_bound_cannot_be_deleted(cloud: TencentCloud) -> None:
    change(cloud, "Associate", STOPPED, KEY)
    assert cloud.cvm.refused("DeleteKeyPairs", KeyIds=[KEY]) == "InvalidParameterValue.KeyPairNotSupported"
    cloud.clock.advance(1)
    change(cloud, "Disassociate", STOPPED, KEY)
    cloud.clock.advance(1)
    cloud.cvm.ok("DeleteKeyPairs", KeyIds=[KEY])


def test_a_password_can_be_reset_on_a_running_instance_with_force_only(cloud: TencentCloud) -> None:
    params = {"InstanceIds": [RUNNING], "Password": "Secret-12345"}
    refusal = cloud.cvm.call("ResetInstancesPassword", params)
    assert refusal.code == "UnsupportedOperation.InstanceStateRunning"
    cloud.cvm.ok("ResetInstancesPassword", **params, ForceStop=True)
    cloud.clock.advance(9)
    assert shown(cloud, RUNNING)["InstanceState"] == "RUNNING"
