# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lighthouse: what binding and unbinding key pairs does to the instance, its guest and what the API shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.emulator.client import TencentCloud, tencent_cloud

RUNNING, STOPPED, BOUND, WINDOWS = "lhins-running0", "lhins-stopped0", "lhins-bound000", "lhins-windows0"
KEY, OTHER = "lhkp-00000key", "lhkp-000other"


@pytest.fixture
def cloud() -> Iterator[TencentCloud]:
    instances: list[dict[str, Any]] = [
        {"instance_id": RUNNING},
        {"instance_id": STOPPED, "state": "STOPPED"},
        {"instance_id": BOUND, "state": "STOPPED", "key_pairs": [OTHER]},
        {"instance_id": WINDOWS, "platform": "windows", "state": "STOPPED"},
    ]
    with tencent_cloud(key_pairs=[{"key_id": KEY}, {"key_id": OTHER}], instances=instances) as found:
        yield found


def shown(cloud: TencentCloud, instance_id: str) -> dict[str, Any]:
    answer = cloud.lighthouse.ok("DescribeInstances", InstanceIds=[instance_id])
    found: dict[str, Any] = answer["InstanceSet"][0]
    return found


def bind(cloud: TencentCloud, instance_id: str, *keys: str, **more: Any) -> str:
    answer = cloud.lighthouse.ok("AssociateInstancesKeyPairs", InstanceIds=[instance_id], KeyIds=list(keys), **more)
    request_id: str = answer["RequestId"]
    return request_id


def unbind(cloud: TencentCloud, instance_id: str, *keys: str, **more: Any) -> str:
    answer = cloud.lighthouse.ok("DisassociateInstancesKeyPairs", InstanceIds=[instance_id], KeyIds=list(keys), **more)
    request_id: str = answer["RequestId"]
    return request_id


def test_binding_a_stopped_instance_takes_effect_when_the_operation_ends(cloud: TencentCloud) -> None:
    request_id = bind(cloud, STOPPED, KEY)

    during = shown(cloud, STOPPED)
    assert (during["LatestOperation"], during["LatestOperationState"]) == ("AssociateInstancesKeyPairs", "OPERATING")
    assert (during["InstanceState"], during["LoginSettings"]) == ("STOPPED", {"KeyIds": []})
    cloud.clock.advance(0.49)
    assert shown(cloud, STOPPED)["LatestOperationState"] == "OPERATING"
    cloud.clock.advance(0.01)

    after = shown(cloud, STOPPED)
    assert (after["LatestOperationState"], after["LatestOperationRequestId"]) == ("SUCCESS", request_id)
    assert (after["InstanceState"], after["LoginSettings"]) == ("STOPPED", {"KeyIds": [KEY]})


def test_binding_ends_password_login_and_unbinding_brings_it_back(cloud: TencentCloud) -> None:
    assert cloud.login(STOPPED)["password"] is True
    bind(cloud, STOPPED, KEY)
    cloud.clock.advance(1)
    login = cloud.login(STOPPED)
    assert (login["password"], login["key_pairs"], login["up"]) == (False, [KEY], False)
    assert list(login["users"]) == ["root"]
    assert login["users"]["root"][0].startswith("ssh-rsa ")
    unbind(cloud, STOPPED, KEY)
    cloud.clock.advance(1)
    assert cloud.login(STOPPED) == {"up": False, "key_pairs": [], "users": {}, "password": True}


def test_without_a_password_unbinding_the_last_key_locks_out() -> None:
    instance = {"instance_id": STOPPED, "state": "STOPPED", "key_pairs": [KEY], "password": False}
    with tencent_cloud(key_pairs=[{"key_id": KEY}], instances=[instance]) as cloud:
        unbind(cloud, STOPPED, KEY)
        cloud.clock.advance(1)
        assert cloud.login(STOPPED) == {"up": False, "key_pairs": [], "users": {}, "password": False}


@pytest.mark.parametrize(
    ("switch", "timeline"),
    [
        ("stopped", [(0.0, "STOPPING"), (1.0, "STOPPED"), (1.5, "STOPPED"), (9.0, "STOPPED")]),
        ("as_before", [(0.0, "STOPPING"), (1.0, "STOPPED"), (1.5, "STARTING"), (2.4, "STARTING"), (2.5, "RUNNING")]),
    ],
)
def test_a_running_instance_is_powered_off_first(
    cloud: TencentCloud, switch: str, timeline: list[tuple[float, str]]
) -> None:
    cloud.switch(lighthouse_after_forced_stop=switch)
    start = cloud.clock.now()
    bind(cloud, RUNNING, KEY)
    seen = []
    for at, _state in timeline:
        cloud.clock.advance(start + at - cloud.clock.now())
        seen.append((at, shown(cloud, RUNNING)["InstanceState"]))
    assert seen == timeline
    after = shown(cloud, RUNNING)
    assert (after["LatestOperationState"], after["LoginSettings"]) == ("SUCCESS", {"KeyIds": [KEY]})


@pytest.mark.parametrize(("switch", "keys"), [("replace", [KEY]), ("add", [OTHER, KEY])])
def test_a_new_key_replaces_or_joins_the_earlier_one(cloud: TencentCloud, switch: str, keys: list[str]) -> None:
    cloud.switch(lighthouse_bind=switch)
    bind(cloud, BOUND, KEY)
    cloud.clock.advance(1)
    assert shown(cloud, BOUND)["LoginSettings"]["KeyIds"] == keys
    assert cloud.login(BOUND)["key_pairs"] == keys


def test_several_keys_in_one_call_are_all_bound(cloud: TencentCloud) -> None:
    bind(cloud, STOPPED, KEY, OTHER)
    cloud.clock.advance(1)
    assert shown(cloud, STOPPED)["LoginSettings"]["KeyIds"] == [KEY, OTHER]


def test_online_binding_leaves_the_instance_running_and_chooses_the_account(cloud: TencentCloud) -> None:
    bind(cloud, RUNNING, KEY, AssociateType="ONLINE", Username="ubuntu")
    assert shown(cloud, RUNNING)["InstanceState"] == "RUNNING"
    cloud.clock.advance(0.5)
    assert shown(cloud, RUNNING)["LatestOperationState"] == "SUCCESS"
    assert list(cloud.login(RUNNING)["users"]) == ["ubuntu"]
    key_pair = cloud.lighthouse.ok("DescribeKeyPairs", KeyIds=[KEY])["KeyPairSet"][0]
    assert key_pair["AssociatedInstanceIds"] == [RUNNING]
    assert key_pair["AssociatedInstanceSet"] == [{"InstanceId": RUNNING, "Username": "ubuntu"}]


@pytest.mark.parametrize(
    ("switch", "code"), [("refuse", "UnsupportedOperation.InvalidInstanceState"), ("accept", None)]
)
def test_online_binding_needs_a_running_guest_unless_the_switch_says_otherwise(
    cloud: TencentCloud, switch: str, code: str | None
) -> None:
    cloud.switch(lighthouse_online_stopped=switch)
    params = {"InstanceIds": [STOPPED], "KeyIds": [KEY], "AssociateType": "ONLINE"}
    assert cloud.lighthouse.call("AssociateInstancesKeyPairs", params).code == code


def test_offline_is_the_type_of_old(cloud: TencentCloud) -> None:
    bind(cloud, RUNNING, KEY, AssociateType="OFFLINE")
    assert shown(cloud, RUNNING)["InstanceState"] == "STOPPING"


def test_a_username_without_online_is_refused(cloud: TencentCloud) -> None:
    params = {"InstanceIds": [RUNNING], "KeyIds": [KEY], "Username": "ubuntu"}
    assert cloud.lighthouse.call("AssociateInstancesKeyPairs", params).code == "InvalidParameter"
    assert cloud.lighthouse.call("DisassociateInstancesKeyPairs", params).code == "InvalidParameter"


@pytest.mark.parametrize("action", ["Associate", "Disassociate"])
def test_an_old_endpoint_does_not_know_the_online_parameters(cloud: TencentCloud, action: str) -> None:
    cloud.switch(lighthouse_online="unknown_parameter")
    for more in ({f"{action}Type": "ONLINE"}, {"Username": "ubuntu"}):
        params = {"InstanceIds": [RUNNING], "KeyIds": [KEY], **more}
        assert cloud.lighthouse.call(f"{action}InstancesKeyPairs", params).code == "UnknownParameter"
    assert "AssociatedInstanceSet" not in cloud.lighthouse.ok("DescribeKeyPairs")["KeyPairSet"][0]


@pytest.mark.parametrize(
    ("bound_to", "unbind_from", "code"),
    [
        ("ubuntu", "ubuntu", None),
        ("ubuntu", "root", "UnsupportedOperation.KeyPairUnbindUsernameMismatch"),
        ("ubuntu", None, "UnsupportedOperation.KeyPairUnbindUsernameMismatch"),
        (None, None, None),
    ],
)
def test_unbinding_needs_the_account_of_the_binding(
    bound_to: str | None, unbind_from: str | None, code: str | None
) -> None:
    instance = {"instance_id": RUNNING, "key_pairs": [{"key_pair": KEY, "username": bound_to}]}
    with tencent_cloud(key_pairs=[{"key_id": KEY}], instances=[instance]) as cloud:
        more = {"Username": unbind_from} if unbind_from else {}
        answer = cloud.lighthouse.call(
            "DisassociateInstancesKeyPairs",
            {"InstanceIds": [RUNNING], "KeyIds": [KEY], "DisassociateType": "ONLINE", **more},
        )
        assert answer.code == code


def test_online_unbinding_leaves_the_instance_running(cloud: TencentCloud) -> None:
    bind(cloud, RUNNING, KEY, AssociateType="ONLINE")
    cloud.clock.advance(1)
    unbind(cloud, RUNNING, KEY, DisassociateType="ONLINE")
    assert shown(cloud, RUNNING)["InstanceState"] == "RUNNING"
    cloud.clock.advance(1)
    assert shown(cloud, RUNNING)["LoginSettings"]["KeyIds"] == []


def test_one_unsuitable_instance_fails_the_whole_batch(cloud: TencentCloud) -> None:
    params = {"InstanceIds": [STOPPED, WINDOWS], "KeyIds": [KEY]}
    answer = cloud.lighthouse.call("AssociateInstancesKeyPairs", params)
    assert answer.code == "UnsupportedOperation.WindowsNotAllowToAssociateKeyPair"
    assert cloud.instance(STOPPED)["operation"] is None


@pytest.mark.parametrize(
    ("switch", "code"),
    [
        ("in_progress", "OperationDenied.InstanceOperationInProgress"),
        ("latest_unfinished", "UnsupportedOperation.LatestOperationUnfinished"),
    ],
)
def test_a_busy_instance_refuses_everything(cloud: TencentCloud, switch: str, code: str) -> None:
    cloud.switch(busy_code=switch)
    bind(cloud, STOPPED, KEY)
    for action in ("StopInstances", "StartInstances", "RebootInstances"):
        assert cloud.lighthouse.refused(action, InstanceIds=[STOPPED]) == code
    for action in ("AssociateInstancesKeyPairs", "DisassociateInstancesKeyPairs"):
        assert cloud.lighthouse.refused(action, InstanceIds=[STOPPED], KeyIds=[KEY]) == code
    assert cloud.lighthouse.refused("ResetInstancesPassword", InstanceIds=[STOPPED], Password="Secret-12345") == code
    assert cloud.lighthouse.refused("ModifyInstancesAttribute", InstanceIds=[STOPPED], InstanceName="x") == code


@pytest.mark.parametrize("state", [RUNNING, STOPPED])
def test_a_failed_operation_changes_no_key_and_leaves_a_powered_off_instance_off(
    cloud: TencentCloud, state: str
) -> None:
    cloud.switch(lighthouse_after_forced_stop="as_before")
    cloud.emulator.add_faults({"kind": "operation_failed", "action": "AssociateInstancesKeyPairs"})
    bind(cloud, state, KEY)
    cloud.clock.advance(5)
    after = shown(cloud, state)
    assert (after["LatestOperationState"], after["InstanceState"]) == ("FAILED", "STOPPED")
    assert after["LoginSettings"]["KeyIds"] == []
    assert "LatestOperationErrorMsg" not in after


def test_the_key_pairs_view_may_lag_behind(cloud: TencentCloud) -> None:
    cloud.switch(key_view_lag=3)
    bind(cloud, BOUND, KEY)
    cloud.clock.advance(1)
    assert shown(cloud, BOUND)["LoginSettings"]["KeyIds"] == [KEY]

    def instances_of(key: str) -> list[str]:
        answer = cloud.lighthouse.ok("DescribeKeyPairs", KeyIds=[key])
        found: list[str] = answer["KeyPairSet"][0]["AssociatedInstanceIds"]
        return found

    assert (instances_of(KEY), instances_of(OTHER)) == ([], [BOUND])
    assert cloud.lighthouse.refused("DeleteKeyPairs", KeyIds=[OTHER]) == "ResourceInUse.KeyPairInUse"
    cloud.clock.advance(3)
    assert (instances_of(KEY), instances_of(OTHER)) == ([BOUND], [])
    cloud.lighthouse.ok("DeleteKeyPairs", KeyIds=[OTHER])


def test_resetting_a_password_opens_password_login(cloud: TencentCloud) -> None:
    cloud.lighthouse.ok("ResetInstancesPassword", InstanceIds=[BOUND], Password="Secret-12345", UserName="root")
    cloud.clock.advance(1)
    login = cloud.login(BOUND)
    assert (login["password"], login["key_pairs"]) == (True, [OTHER])


def test_resetting_a_password_shuts_a_running_instance_down(cloud: TencentCloud) -> None:
    cloud.lighthouse.ok("ResetInstancesPassword", InstanceIds=[RUNNING], Password="Secret-12345")
    assert shown(cloud, RUNNING)["InstanceState"] == "STOPPING"
    cloud.clock.advance(2)
    assert shown(cloud, RUNNING)["InstanceState"] == "STOPPED"


@pytest.mark.parametrize(
    ("instance_id", "password"),
    [
        (STOPPED, "Ab1-567"),
        (STOPPED, "Aa1-" * 8),
        (STOPPED, "/Secret-123"),
        (STOPPED, "secret123"),
        (WINDOWS, "Secret-1234"),
    ],
)
def test_weak_passwords_are_refused(cloud: TencentCloud, instance_id: str, password: str) -> None:
    code = cloud.lighthouse.refused("ResetInstancesPassword", InstanceIds=[instance_id], Password=password)
    assert code == "InvalidParameterValue.InvalidPassword"
