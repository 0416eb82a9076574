# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CVM's API 2.0: two generations of actions behind /v2/index.php, one world with API 3.0."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.emulator.client import CVM, Client, TencentCloud, tencent_cloud

RUNNING, STOPPED, BOUND = "ins-running0", "ins-stopped0", "ins-bound000"
KEY, OTHER = "skey-00000key", "skey-000other"


@pytest.fixture
def cloud() -> Iterator[TencentCloud]:
    instances: list[dict[str, Any]] = [
        {"instance_id": RUNNING},
        {"instance_id": STOPPED, "state": "STOPPED"},
        {"instance_id": BOUND, "state": "STOPPED", "key_pairs": [OTHER]},
    ]
    key_pairs = [{"key_id": KEY, "name": "deploy"}, {"key_id": OTHER}]
    access_keys = [
        {"id": "AKIDEXAMPLE", "secret": "example-secret-key"},
        {"id": "AKIDEXAMPLEreader", "secret": "s", "read_only": True},
        {"id": "AKIDEXAMPLEtemporary", "secret": "s", "token": "example-token", "token_expires_in": 9999},
    ]
    with tencent_cloud(key_pairs=key_pairs, instances=instances, access_keys=access_keys) as found:
        yield found


def old(cloud: TencentCloud) -> Client:
    """The generation without Version."""
    return cloud.legacy.but(product=("cvm", ""))


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("scheme", ["HmacSHA1", "HmacSHA256"])
@pytest.mark.parametrize("first_index", [0, 1])
def test_methods_signatures_and_list_indexes(cloud: TencentCloud, method: str, scheme: str, first_index: int) -> None:
    client = cloud.legacy.but(method=method, scheme=scheme, first_index=first_index)
    answer = client.ok("AssociateInstancesKeyPairs", InstanceIds=[STOPPED, BOUND], KeyIds=[KEY])
    assert answer["RequestId"] == answer["RequestId"].upper()
    cloud.clock.advance(1)
    assert cloud.instance(STOPPED)["key_pairs"] == [KEY]


def test_both_doors_lead_to_one_world(cloud: TencentCloud) -> None:
    cloud.legacy.ok("DisassociateInstancesKeyPairs", InstanceIds=[BOUND], KeyIds=[OTHER], ForceStop="FALSE")
    cloud.clock.advance(1)
    found = cloud.cvm.ok("DescribeInstances", InstanceIds=[BOUND])["InstanceSet"][0]
    assert found["LoginSettings"] == {"KeyIds": None}
    assert [entry["provider"] for entry in cloud.emulator.log()] == ["tencent_cvm_legacy", "tencent_cvm"]


@pytest.mark.parametrize(("switch", "shown"), [("absent", False), ("present", True)])
def test_the_latest_operation_may_be_missing(cloud: TencentCloud, switch: str, shown: bool) -> None:
    cloud.switch(legacy_latest_operation=switch)
    cloud.legacy.ok("StartInstances", InstanceIds=[STOPPED])
    found = cloud.legacy.ok("DescribeInstances", InstanceIds=[STOPPED])["InstanceSet"][0]
    assert ("LatestOperationState" in found, "LatestOperationRequestId" in found) == (shown, shown)
    assert "LatestOperationErrorMsg" not in found
    assert found["InstanceState"] == "STARTING"


def test_fields_of_a_key_pair(cloud: TencentCloud) -> None:
    filters = [{"Name": "key-name", "Values": ["deploy"]}]
    found = cloud.legacy.ok("DescribeKeyPairs", Filters=filters)["KeyPairSet"]
    fields = ["AssociatedInstanceIds", "CreatedTime", "Description", "KeyId", "KeyName", "ProjectId", "PublicKey"]
    assert [sorted(key_pair) for key_pair in found] == [fields]


@pytest.mark.parametrize(
    ("switch", "force", "code"),
    [
        ("refuse", "FALSE", "InvalidInstance.NotSupported"),
        ("refuse", "TRUE", "InvalidInstance.NotSupported"),
        ("accept", "FALSE", "InvalidInstance.NotSupported"),
        ("accept", "TRUE", None),
    ],
)
def test_force_on_a_running_instance(cloud: TencentCloud, switch: str, force: str, code: str | None) -> None:
    cloud.switch(legacy_running_with_force=switch)
    for action in ("AssociateInstancesKeyPairs", "DisassociateInstancesKeyPairs"):
        answer = cloud.legacy.call(action, {"InstanceIds": [RUNNING], "KeyIds": [KEY], "ForceStop": force})
        assert answer.code == code
        cloud.clock.advance(9)


@pytest.mark.parametrize("field", ["RequestId", "RequestID"])
def test_the_spelling_of_the_request_id(cloud: TencentCloud, field: str) -> None:
    cloud.switch(legacy_request_id_field=field)
    assert field in cloud.legacy.call("DescribeInstances").response
    assert field in cloud.legacy.call("StopInstances").response


@pytest.mark.parametrize(
    ("action", "params", "code"),
    [
        ("StopInstances", {"InstanceIds": [RUNNING], "ForceStop": "TRUE"}, None),
        ("StopInstances", {"InstanceIds": [RUNNING], "StopType": "SOFT"}, "UnknownParameter"),
        ("RebootInstances", {"InstanceIds": [RUNNING], "ForceReboot": "TRUE"}, None),
        ("CreateKeyPair", {"KeyName": "x", "ProjectId": 0, "TagSpecification": []}, None),
        ("DescribeInstancesStatus", {"InstanceIds": [RUNNING]}, None),
        ("describeInstances", {}, None),
        ("UnBindInstanceKey", {"instanceIds": [BOUND], "keyId": OTHER}, "InvalidAction"),
        ("DescribeInstances", {"instanceIds": [BOUND]}, "UnknownParameter"),
    ],
)
def test_actions_and_parameters_of_2017(
    cloud: TencentCloud, action: str, params: dict[str, Any], code: str | None
) -> None:
    assert cloud.legacy.call(action, params).code == code


def test_an_unknown_version(cloud: TencentCloud) -> None:
    assert cloud.legacy.but(product=("cvm", "2016-01-01")).refused("DescribeInstances") == "NoSuchVersion"


def test_short_region_names(cloud: TencentCloud) -> None:
    assert cloud.legacy.but(region="gz").ok("DescribeInstances")["TotalCount"] == 3
    assert cloud.legacy.but(region="sh").ok("DescribeInstances")["TotalCount"] == 0


def test_a_signature_for_the_path_of_api_3_is_refused_and_vice_versa(cloud: TencentCloud) -> None:
    target, body, headers = cloud.legacy.but(path="/").v1("DescribeInstances", {})
    assert cloud.legacy.send(f"/v2/index.php{target[1:]}", body, headers).code == "AuthFailure.SignatureFailure"
    target, body, headers = cloud.legacy.v1("DescribeInstances", {})
    answer = cloud.legacy.send(target.replace("/v2/index.php", "/"), body, headers)
    assert answer.code == "AuthFailure.SignatureFailure"


GATEWAY: list[tuple[str, dict[str, Any], str, int]] = [
    ("wrong secret", {"secret": "wrong"}, "AuthFailure.SignatureFailure", 4100),
    ("unknown key", {"secret_id": "AKIDEXAMPLEnobody"}, "AuthFailure.SecretIdNotFound", 4100),
    ("clock", {"timestamp": 1_700_000_000 + 7201}, "AuthFailure.SignatureExpire", 4500),
    ("no nonce", {"common": {"Nonce": ""}}, "MissingParameter", 4000),
    ("token", {"secret_id": "AKIDEXAMPLEtemporary", "secret": "s"}, "AuthFailure.TokenFailure", 4100),
]


@pytest.mark.parametrize(("changes", "word", "number"), [row[1:] for row in GATEWAY], ids=[row[0] for row in GATEWAY])
def test_errors_of_the_gateway_come_as_words_or_numbers(
    cloud: TencentCloud, changes: dict[str, Any], word: str, number: int
) -> None:
    assert cloud.legacy.but(**changes).refused("DescribeInstances") == word
    assert old(cloud).but(**changes).call("DescribeKeyPairs").data["code"] == number
    cloud.switch(legacy_auth_errors="integers")
    answer = cloud.legacy.but(**changes).call("DescribeInstances")
    assert (answer.status, answer.data["code"], answer.data["codeDesc"]) == (200, number, word)
    assert answer.data["message"]


def test_business_errors_stay_words(cloud: TencentCloud) -> None:
    cloud.switch(legacy_auth_errors="integers")
    assert cloud.legacy.refused("StopInstances", InstanceIds=["ins-1122"]) == "InvalidInstanceId.Malformed"


def test_the_clock_may_be_two_hours_off(cloud: TencentCloud) -> None:
    for seconds in (-7200, 7200):
        cloud.legacy.but(timestamp=cloud.clock.now() + seconds).ok("DescribeInstances")


def test_a_nonce_counts_once_in_two_hours(cloud: TencentCloud) -> None:
    client = cloud.legacy.but(nonce="4711")
    client.ok("DescribeInstances")
    assert client.refused("DescribeInstances") == "AuthFailure.SignatureExpire"
    assert old(cloud).but(nonce="4711").call("DescribeKeyPairs").data["code"] == 4500
    client.but(secret_id="AKIDEXAMPLEtemporary", secret="s", token="example-token").ok("DescribeInstances")
    cloud.clock.advance(7201)
    client.ok("DescribeInstances")


def test_a_nonce_of_a_forged_request_stays_unused(cloud: TencentCloud) -> None:
    cloud.legacy.but(nonce="4711", secret="wrong").call("DescribeInstances")
    cloud.legacy.but(nonce="4711").ok("DescribeInstances")


def test_a_token_is_a_signed_parameter(cloud: TencentCloud) -> None:
    client = cloud.legacy.but(secret_id="AKIDEXAMPLEtemporary", secret="s", token="example-token")
    client.ok("DescribeInstances")


def test_ten_calls_a_second(cloud: TencentCloud) -> None:
    for _number in range(10):
        cloud.legacy.ok("DescribeInstances")
        assert old(cloud).call("DescribeKeyPairs").data["code"] == 0
    assert cloud.legacy.refused("DescribeInstances") == "RequestLimitExceeded"
    assert old(cloud).call("DescribeKeyPairs").data["code"] == 4400
    cloud.cvm.ok("DescribeInstances")


# The generation from before 2017.


def test_old_binding_and_unbinding(cloud: TencentCloud) -> None:
    answer = old(cloud).call("BindInstanceKey", {"instanceIds": [STOPPED], "keyId": KEY})
    assert answer.data == {"code": 0, "message": "", "codeDesc": "Success"}
    cloud.clock.advance(1)
    assert cloud.instance(STOPPED)["key_pairs"] == [KEY]
    for spelling in ("unBindInstanceKey", "UnBindInstanceKey"):
        assert old(cloud).call(spelling, {"instanceIds": [STOPPED], "keyId": KEY}).data["code"] == 0
        cloud.clock.advance(1)
    assert cloud.instance(STOPPED)["key_pairs"] == []


def test_old_describing(cloud: TencentCloud) -> None:
    answer = old(cloud).call("DescribeKeyPairs", {"keyIds": [OTHER]})
    assert answer.data["data"]["totalCount"] == 1
    (found,) = answer.data["data"]["sshSet"]
    assert sorted(found) == ["bindIps", "bindUnInstanceIds", "createTime", "keyId", "keyName", "pubkey", "status"]
    assert (found["keyId"], found["bindUnInstanceIds"]) == (OTHER, [BOUND])
    assert found["createTime"] == "2023-11-14 22:13:20"


@pytest.mark.parametrize(
    ("action", "params", "number"),
    [
        ("BindInstanceKey", {"instanceIds": [STOPPED]}, 4000),
        ("BindInstanceKey", {"instanceIds": ["ins-1"], "keyId": KEY}, 4000),
        ("BindInstanceKey", {"instanceIds": ["ins-0000none"], "keyId": KEY}, 5000),
        ("BindInstanceKey", {"instanceIds": [STOPPED], "keyId": "skey-0000none"}, 5000),
        ("BindInstanceKey", {"instanceIds": [RUNNING], "keyId": KEY}, 5100),
        ("StopInstances", {"InstanceIds": [RUNNING]}, 4000),
    ],
)
def test_old_errors_are_numbers(cloud: TencentCloud, action: str, params: dict[str, Any], number: int) -> None:
    answer = old(cloud).call(action, params)
    assert (answer.status, answer.data["code"]) == (200, number)
    assert "Response" not in answer.data


def test_old_readers_may_not_bind(cloud: TencentCloud) -> None:
    client = old(cloud).but(secret_id="AKIDEXAMPLEreader", secret="s")
    assert client.call("BindInstanceKey", {"instanceIds": [STOPPED], "keyId": KEY}).data["code"] == 4300
    assert client.call("DescribeKeyPairs").data["code"] == 0


def test_old_internal_errors(cloud: TencentCloud) -> None:
    cloud.emulator.add_faults(
        {"kind": "error", "code": "InternalServerError", "provider": "tencent_cvm_legacy", "instance_ids": [STOPPED]}
    )
    params = {"instanceIds": [STOPPED], "keyId": KEY}
    assert old(cloud).call("BindInstanceKey", params).data["code"] == 6000
    assert old(cloud).call("BindInstanceKey", params).data["code"] == 0


def test_the_action_of_the_wrong_example_is_no_action_of_api_3(cloud: TencentCloud) -> None:
    client = cloud.legacy.but(path="/", product=CVM)
    assert client.refused("unBindInstanceKey", instanceIds=[BOUND], keyId=OTHER) == "InvalidAction"
