# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""tencentcloud-sdk-python, unmodified, against Lighthouse and CVM: every signature, GET and POST."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.emulator import Emulator
from ansible_collections.keyfleet.cloud.tests.conformance.clouds import KEY_ID, TENCENT_REGION, bindings
from ansible_collections.keyfleet.cloud.tests.conformance.tencent_sdk import DIALECTS, Sdk

LIGHTHOUSE_KEY, LIGHTHOUSE = "lhkp-f7rjie1q", "lhins-ruy9d2tw"
CVM_KEY, CVM = "skey-4e5ty7i8", "ins-1e4r6y8i"


@pytest.fixture(params=DIALECTS)
def sdk(request: pytest.FixtureRequest, emulator: Emulator) -> Sdk:
    sign, method = request.param
    return Sdk(emulator, sign=sign, method=method)


@pytest.mark.parametrize(
    ("product", "key_id", "instance_id"), [("lighthouse", LIGHTHOUSE_KEY, LIGHTHOUSE), ("cvm", CVM_KEY, CVM)]
)
def test_bind_look_unbind(sdk: Sdk, product: str, key_id: str, instance_id: str) -> None:
    named = {"InstanceIds": [instance_id], "KeyIds": [key_id]}
    bound = sdk.call(product, "AssociateInstancesKeyPairs", **named)
    instance = sdk.call(product, "DescribeInstances", InstanceIds=[instance_id])["InstanceSet"][0]
    assert instance["LoginSettings"]["KeyIds"] == [key_id]
    assert instance["LatestOperation"] == "AssociateInstancesKeyPairs"
    assert instance["LatestOperationState"] == "SUCCESS"
    assert instance["LatestOperationRequestId"] == bound["RequestId"]
    key_pair = sdk.call(product, "DescribeKeyPairs", KeyIds=[key_id])["KeyPairSet"][0]
    assert key_pair["AssociatedInstanceIds"] == [instance_id]
    sdk.call(product, "DisassociateInstancesKeyPairs", **named)
    assert bindings(sdk.emulator, instance_id) == []


def test_cvm_forces_a_running_instance_off_and_starts_it_again(sdk: Sdk) -> None:
    named = {"InstanceIds": ["ins-3e56fg78"], "KeyIds": [CVM_KEY]}
    assert sdk.refused("cvm", "AssociateInstancesKeyPairs", **named) == "UnsupportedOperation.InstanceStateRunning"
    sdk.call("cvm", "AssociateInstancesKeyPairs", **named, ForceStop=True)
    assert bindings(sdk.emulator, "ins-3e56fg78") == [CVM_KEY]
    status = sdk.call("cvm", "DescribeInstancesStatus", InstanceIds=["ins-3e56fg78"])
    assert status["InstanceStatusSet"] == [{"InstanceId": "ins-3e56fg78", "InstanceState": "RUNNING"}]


def test_lighthouse_binds_online_for_a_guest_account(sdk: Sdk) -> None:
    named: dict[str, Any] = {"InstanceIds": ["lhins-running1"], "KeyIds": [LIGHTHOUSE_KEY], "Username": "ubuntu"}
    sdk.call("lighthouse", "AssociateInstancesKeyPairs", **named, AssociateType="ONLINE")
    answer = sdk.call("lighthouse", "DescribeKeyPairs", KeyIds=[LIGHTHOUSE_KEY])
    assert answer["KeyPairSet"][0]["AssociatedInstanceSet"] == [{"InstanceId": "lhins-running1", "Username": "ubuntu"}]
    sdk.call("lighthouse", "DisassociateInstancesKeyPairs", **named, DisassociateType="ONLINE")
    assert bindings(sdk.emulator, "lhins-running1") == []


@pytest.mark.parametrize("product", ["lighthouse", "cvm"])
def test_filters_with_blanks_and_other_alphabets(sdk: Sdk, product: str) -> None:
    found = sdk.call(product, "DescribeInstances", Filters=[{"Name": "instance-name", "Values": ["web 1"]}], Limit=100)
    assert [instance["InstanceName"] for instance in found["InstanceSet"]] == ["web 1"]
    nobody = [{"Name": "key-name", "Values": ["a b~*+/=&%", "密钥"]}]
    assert sdk.call(product, "DescribeKeyPairs", Filters=nobody)["TotalCount"] == 0


@pytest.mark.parametrize(("product", "extra"), [("lighthouse", {}), ("cvm", {"ProjectId": 0})])
def test_key_pairs_come_and_go(sdk: Sdk, product: str, extra: dict[str, Any]) -> None:
    created = sdk.call(product, "CreateKeyPair", KeyName="mine", **extra)["KeyPair"]
    assert created["PrivateKey"].startswith("-----BEGIN RSA PRIVATE KEY-----")
    deleted = {"KeyIds": [created["KeyId"]]}
    sdk.call(product, "DeleteKeyPairs", **deleted)
    imported = sdk.call(product, "ImportKeyPair", KeyName="mine", PublicKey=created["PublicKey"], **extra)
    shown = sdk.call(product, "DescribeKeyPairs", KeyIds=[imported["KeyId"]])["KeyPairSet"][0]
    assert shown["PublicKey"].split()[:2] == created["PublicKey"].split()[:2]
    assert not shown["PrivateKey"] or shown["PrivateKey"] == "null"


@pytest.mark.parametrize(
    ("product", "instance_id", "stop"),
    [
        ("lighthouse", LIGHTHOUSE, {"StopType": "SOFT_FIRST"}),
        ("cvm", CVM, {"StopType": "SOFT", "StoppedMode": "KEEP_CHARGING"}),
    ],
)
def test_power(sdk: Sdk, product: str, instance_id: str, stop: dict[str, str]) -> None:
    def state() -> str:
        found = sdk.call(product, "DescribeInstances", InstanceIds=[instance_id])["InstanceSet"][0]
        return str(found["InstanceState"])

    sdk.call(product, "StartInstances", InstanceIds=[instance_id])
    assert state() == "RUNNING"
    sdk.call(product, "RebootInstances", InstanceIds=[instance_id])
    assert state() == "RUNNING"
    sdk.call(product, "StopInstances", InstanceIds=[instance_id], **stop)
    assert state() == "STOPPED"


@pytest.mark.parametrize("product", ["lighthouse", "cvm"])
def test_regions(sdk: Sdk, product: str) -> None:
    regions = sdk.call(product, "DescribeRegions")["RegionSet"]
    assert TENCENT_REGION in [region["Region"] for region in regions]


ERRORS = [
    pytest.param("lighthouse", {"KeyIds": ["lhkp-00000zzz"]}, "ResourceNotFound.KeyIdNotFound", id="lh unknown key"),
    pytest.param("lighthouse", {"KeyIds": ["x"]}, "InvalidParameterValue.KeyPairIdMalformed", id="lh malformed key"),
    pytest.param(
        "lighthouse",
        {"InstanceIds": ["lhins-00000zzz"]},
        "ResourceNotFound.InstanceIdNotFound",
        id="lh unknown instance",
    ),
    pytest.param(
        "lighthouse",
        {"InstanceIds": ["lhins-windows1"]},
        "UnsupportedOperation.WindowsNotAllowToAssociateKeyPair",
        id="lh Windows",
    ),
    pytest.param("cvm", {"KeyIds": ["skey-00000zzz"]}, "InvalidKeyPairId.NotFound", id="cvm unknown key"),
    pytest.param("cvm", {"KeyIds": ["skey-1122"]}, "InvalidKeyPairId.Malformed", id="cvm malformed key"),
    pytest.param("cvm", {"InstanceIds": ["ins-00000zzz"]}, "InvalidInstanceId.NotFound", id="cvm unknown instance"),
    pytest.param("cvm", {"InstanceIds": ["ins-1122"]}, "InvalidInstanceId.Malformed", id="cvm malformed instance"),
    pytest.param("cvm", {"InstanceIds": ["ins-windows1"]}, "UnsupportedOperation.InstanceOsWindows", id="cvm Windows"),
]
DEFAULTS = {
    "lighthouse": {"InstanceIds": [LIGHTHOUSE], "KeyIds": [LIGHTHOUSE_KEY]},
    "cvm": {"InstanceIds": [CVM], "KeyIds": [CVM_KEY]},
}


@pytest.mark.parametrize(("product", "members", "code"), ERRORS)
def test_errors_of_bind(sdk: Sdk, product: str, members: dict[str, Any], code: str) -> None:
    given = {**DEFAULTS[product], **members}
    assert sdk.refused(product, "AssociateInstancesKeyPairs", **given) == code


def test_binding_twice_and_unbinding_what_is_not_bound(sdk: Sdk) -> None:
    given = DEFAULTS["lighthouse"]
    unbound = sdk.refused("lighthouse", "DisassociateInstancesKeyPairs", **given)
    assert unbound == "UnsupportedOperation.KeyPairNotBoundToInstance"
    sdk.call("lighthouse", "AssociateInstancesKeyPairs", **given)
    twice = sdk.refused("lighthouse", "AssociateInstancesKeyPairs", **given)
    assert twice == "UnsupportedOperation.KeyPairBindDuplicate"


@pytest.mark.parametrize("product", ["lighthouse", "cvm"])
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"secret_key": "wrong"}, "AuthFailure.SignatureFailure"),
        ({"secret_id": "AKIDNOBODY"}, "AuthFailure.SecretIdNotFound"),
        ({"token": "stray"}, "AuthFailure.TokenFailure"),
        ({"region": "ap-nowhere"}, "UnsupportedRegion"),
        ({"region": ""}, "MissingParameter"),
    ],
)
def test_who_and_where(sdk: Sdk, product: str, changes: dict[str, str], code: str) -> None:
    assert sdk.but(**changes).refused(product, "DescribeKeyPairs") == code


@pytest.mark.parametrize(
    ("product", "code"), [("lighthouse", "UnauthorizedOperation.NoPermission"), ("cvm", "UnauthorizedOperation")]
)
def test_a_read_only_user(sdk: Sdk, product: str, code: str) -> None:
    reader = sdk.but(secret_id=f"{KEY_ID['tencent']}RO")
    assert reader.call(product, "DescribeKeyPairs")["TotalCount"] == 1
    assert reader.refused(product, "AssociateInstancesKeyPairs", **DEFAULTS[product]) == code


@pytest.mark.parametrize("product", ["lighthouse", "cvm"])
def test_throttling(sdk: Sdk, product: str) -> None:
    sdk.emulator.configure({"rates": {f"tencent_{product}": {"DescribeKeyPairs": 0}}})
    assert sdk.refused(product, "DescribeKeyPairs").startswith("RequestLimitExceeded")


def test_a_wrong_clock(sdk: Sdk) -> None:
    sdk.emulator.configure({"clock_offset": 400})
    assert sdk.refused("lighthouse", "DescribeKeyPairs") == "AuthFailure.SignatureExpire"


def test_a_busy_instance(sdk: Sdk) -> None:
    sdk.emulator.configure({"durations": {"bind": 60}})
    sdk.call("cvm", "AssociateInstancesKeyPairs", **DEFAULTS["cvm"])
    refused = sdk.refused("cvm", "DisassociateInstancesKeyPairs", **DEFAULTS["cvm"])
    assert refused in ("MutexOperation.TaskRunning", "OperationDenied.InstanceOperationInProgress")
