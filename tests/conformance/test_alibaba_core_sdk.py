# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""aliyun-python-sdk-core with -ecs and -sts, unmodified: RPC signature 1.0."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.auth.credentials import StsTokenCredential
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest, RpcRequest
from aliyunsdkecs.request.v20140526.AttachKeyPairRequest import AttachKeyPairRequest
from aliyunsdkecs.request.v20140526.CreateKeyPairRequest import CreateKeyPairRequest
from aliyunsdkecs.request.v20140526.DeleteKeyPairsRequest import DeleteKeyPairsRequest
from aliyunsdkecs.request.v20140526.DescribeInstancesRequest import DescribeInstancesRequest
from aliyunsdkecs.request.v20140526.DescribeInstanceStatusRequest import DescribeInstanceStatusRequest
from aliyunsdkecs.request.v20140526.DescribeKeyPairsRequest import DescribeKeyPairsRequest
from aliyunsdkecs.request.v20140526.DescribeRegionsRequest import DescribeRegionsRequest
from aliyunsdkecs.request.v20140526.DetachKeyPairRequest import DetachKeyPairRequest
from aliyunsdkecs.request.v20140526.ImportKeyPairRequest import ImportKeyPairRequest
from aliyunsdkecs.request.v20140526.RebootInstanceRequest import RebootInstanceRequest
from aliyunsdkecs.request.v20140526.StartInstanceRequest import StartInstanceRequest
from aliyunsdkecs.request.v20140526.StopInstanceRequest import StopInstanceRequest
from aliyunsdkecs.request.v20140526.StopInstancesRequest import StopInstancesRequest
from aliyunsdksts.request.v20150401.AssumeRoleRequest import AssumeRoleRequest
from aliyunsdksts.request.v20150401.GetCallerIdentityRequest import GetCallerIdentityRequest
from ansible_collections.keyfleet.cloud.emulator import Emulator
from ansible_collections.keyfleet.cloud.tests.conformance.certificates import Certificates
from ansible_collections.keyfleet.cloud.tests.conformance.clouds import (
    ACCOUNT_ID,
    ALIBABA_REGION,
    KEY_ID,
    SECRET,
    address,
    bindings,
)


class Sdk:
    """The client as an application uses it; ``call`` fills a request in and returns the decoded answer."""

    def __init__(self, emulator: Emulator, client: AcsClient | None = None, protocol: str = "http") -> None:
        self.emulator = emulator
        self.client = client or AcsClient(KEY_ID["alibaba"], SECRET, ALIBABA_REGION)
        self.protocol = protocol

    def call(self, request: RpcRequest, **members: Any) -> dict[str, Any]:
        for name, value in members.items():
            getattr(request, f"set_{name}")(value)
        request.set_endpoint(address(self.emulator))
        request.set_protocol_type(self.protocol)
        request.set_accept_format("json")
        answer: dict[str, Any] = json.loads(self.client.do_action_with_exception(request))
        return answer

    def refused(self, request: RpcRequest, **members: Any) -> tuple[int, str]:
        with pytest.raises(ServerException) as caught:
            self.call(request, **members)
        assert caught.value.get_request_id()
        return caught.value.get_http_status(), caught.value.get_error_code()


@pytest.fixture
def sdk(emulator: Emulator) -> Sdk:
    return Sdk(emulator)


def one(instance_id: str) -> str:
    return json.dumps([instance_id])


def test_attach_reboot_detach(sdk: Sdk) -> None:
    answer = sdk.call(AttachKeyPairRequest(), KeyPairName="deploy", InstanceIds=one("i-running"))
    assert (answer["TotalCount"], answer["FailCount"]) == ("1", "0")
    assert bindings(sdk.emulator, "i-running") == ["deploy"]
    sdk.call(RebootInstanceRequest(), InstanceId="i-running", ForceStop=False)
    assert sdk.emulator.logins("alibaba_ecs", ALIBABA_REGION, "i-running")["key_pairs"] == ["deploy"]
    answer = sdk.call(DetachKeyPairRequest(), KeyPairName="deploy", InstanceIds=one("i-running"))
    assert answer["Results"]["Result"][0]["Code"] == "200"
    assert bindings(sdk.emulator, "i-running") == []


def test_instances_by_key_by_tag_and_by_token(sdk: Sdk) -> None:
    found = sdk.call(DescribeInstancesRequest(), KeyPairName="old", MaxResults=100)["Instances"]["Instance"]
    assert [(item["InstanceId"], item["KeyPairName"], item["Status"]) for item in found] == [
        ("i-running", "old", "Running")
    ]
    found = sdk.call(DescribeInstancesRequest(), Tags=[{"Key": "env", "Value": "prod"}])["Instances"]["Instance"]
    assert [item["InstanceId"] for item in found] == ["i-stopped"]
    first = sdk.call(DescribeInstancesRequest(), MaxResults=2)
    second = sdk.call(DescribeInstancesRequest(), MaxResults=2, NextToken=first["NextToken"])
    assert [len(page["Instances"]["Instance"]) for page in (first, second)] == [2, 1]
    assert second["NextToken"] == ""


def test_status_of_named_instances(sdk: Sdk) -> None:
    answer = sdk.call(DescribeInstanceStatusRequest(), InstanceIds=["i-running", "i-stopped"])
    rows = answer["InstanceStatuses"]["InstanceStatus"]
    assert {row["InstanceId"]: row["Status"] for row in rows} == {"i-running": "Running", "i-stopped": "Stopped"}


def test_key_pairs_come_and_go(sdk: Sdk) -> None:
    created = sdk.call(CreateKeyPairRequest(), KeyPairName="mine")
    assert "PRIVATE KEY" in created["PrivateKeyBody"]
    shown = sdk.call(DescribeKeyPairsRequest(), KeyPairName="mine", IncludePublicKey=True)["KeyPairs"]["KeyPair"][0]
    sdk.call(ImportKeyPairRequest(), KeyPairName="copy", PublicKeyBody=shown["PublicKey"])
    sdk.call(DeleteKeyPairsRequest(), KeyPairNames=json.dumps(["mine", "copy"]))
    left = sdk.call(DescribeKeyPairsRequest())["KeyPairs"]["KeyPair"]
    assert [item["KeyPairName"] for item in left] == ["deploy", "old"]


def test_power(sdk: Sdk) -> None:
    sdk.call(StartInstanceRequest(), InstanceId="i-stopped")
    answer = sdk.call(StopInstancesRequest(), InstanceIds=["i-stopped", "i-running"], BatchOptimization="SuccessFirst")
    codes = [row["Code"] for row in answer["InstanceResponses"]["InstanceResponse"]]
    assert codes == ["200", "200"]
    assert sdk.refused(StopInstanceRequest(), InstanceId="i-stopped") == (403, "IncorrectInstanceStatus")


def test_regions(sdk: Sdk) -> None:
    regions = sdk.call(DescribeRegionsRequest())["Regions"]["Region"]
    assert ALIBABA_REGION in [region["RegionId"] for region in regions]


def test_a_generic_request_with_get(sdk: Sdk) -> None:
    request = CommonRequest(domain=address(sdk.emulator), version="2014-05-26", action_name="DescribeKeyPairs")
    request.set_protocol_type("http")
    request.set_method("GET")
    request.add_query_param("KeyPairName", "dep*")
    answer = json.loads(sdk.client.do_action_with_exception(request))
    assert [item["KeyPairName"] for item in answer["KeyPairs"]["KeyPair"]] == ["deploy"]


def test_a_generic_request_with_a_form(sdk: Sdk) -> None:
    request = CommonRequest(domain=address(sdk.emulator), version="2014-05-26", action_name="AttachKeyPair")
    request.set_protocol_type("http")
    request.set_method("POST")
    for name, value in {"KeyPairName": "deploy", "InstanceIds": one("i-running")}.items():
        request.add_body_params(name, value)
    assert json.loads(sdk.client.do_action_with_exception(request))["FailCount"] == "0"


def test_awkward_characters_survive(sdk: Sdk) -> None:
    awkward = "a b+c*d~e/f:g'(h)!中"
    answer = sdk.call(DescribeInstancesRequest(), InstanceName=awkward)
    assert answer["TotalCount"] == 0
    assert sdk.emulator.log()[-1]["params"]["InstanceName"] == awkward


def test_sts(sdk: Sdk) -> None:
    identity = sdk.call(GetCallerIdentityRequest())
    assert (identity["AccountId"], identity["IdentityType"]) == (ACCOUNT_ID["alibaba"], "RAMUser")
    role = f"acs:ram::{ACCOUNT_ID['alibaba']}:role/ops"
    answer = sdk.call(AssumeRoleRequest(), RoleArn=role, RoleSessionName="ansible", DurationSeconds=900)
    found = answer["Credentials"]
    credential = StsTokenCredential(found["AccessKeyId"], found["AccessKeySecret"], found["SecurityToken"])
    session = Sdk(sdk.emulator, AcsClient(region_id=ALIBABA_REGION, credential=credential))
    assert session.call(GetCallerIdentityRequest())["Arn"].endswith(":role/ops/ansible")
    assert session.call(DescribeInstancesRequest())["TotalCount"] == 3


ERRORS = [
    pytest.param({"KeyPairName": "nobody"}, 400, "InvalidKeyPairName.NotFound", id="unknown key pair"),
    pytest.param({"InstanceIds": one("i-windows")}, 403, "DependencyViolation.WindowsInstance", id="Windows"),
    pytest.param({"InstanceIds": one("i-nobody")}, 400, "InvalidInstanceIds.ValueNotSupported", id="unknown instance"),
    pytest.param(
        {"InstanceIds": json.dumps([f"i-{n}" for n in range(51)])},
        403,
        "InstanceKeyPairLimitExceeded",
        id="51 instances",
    ),
]


@pytest.mark.parametrize(("members", "status", "code"), ERRORS)
@pytest.mark.parametrize("request_class", [AttachKeyPairRequest, DetachKeyPairRequest])
def test_errors_of_attach_and_detach(
    sdk: Sdk, request_class: type[RpcRequest], members: dict[str, str], status: int, code: str
) -> None:
    given = {"KeyPairName": "deploy", "InstanceIds": one("i-running"), **members}
    assert sdk.refused(request_class(), **given) == (status, code)


def test_a_wrong_secret(emulator: Emulator) -> None:
    """The client takes the server's string to sign from the message, finds its own the same, and says so."""
    sdk = Sdk(emulator, AcsClient(KEY_ID["alibaba"], "wrong", ALIBABA_REGION))
    assert sdk.refused(DescribeRegionsRequest()) == (400, "InvalidAccessKeySecret")


def test_an_unknown_region(emulator: Emulator) -> None:
    sdk = Sdk(emulator, AcsClient(KEY_ID["alibaba"], SECRET, "cn-nowhere"))
    assert sdk.refused(DescribeKeyPairsRequest()) == (404, "InvalidRegionId.NotFound")


def test_a_read_only_user(emulator: Emulator) -> None:
    sdk = Sdk(emulator, AcsClient(f"{KEY_ID['alibaba']}RO", SECRET, ALIBABA_REGION))
    refused = sdk.refused(AttachKeyPairRequest(), KeyPairName="deploy", InstanceIds=one("i-running"))
    assert refused == (403, "Forbidden.RAM")


def test_throttling_is_not_retried_by_the_client(sdk: Sdk) -> None:
    sdk.emulator.configure({"rates": {"alibaba_ecs": {"DescribeKeyPairs": 0}}})
    assert sdk.refused(DescribeKeyPairsRequest()) == (400, "Throttling.User")
    assert len(sdk.emulator.log()) == 1


def test_an_unavailable_service_is_asked_again_for_reads_only(sdk: Sdk) -> None:
    sdk.emulator.add_faults({"kind": "error", "code": "ServiceUnavailable", "times": 1})
    assert sdk.call(DescribeKeyPairsRequest())["TotalCount"] == 2
    assert len(sdk.emulator.log()) == 2
    sdk.emulator.add_faults({"kind": "error", "code": "ServiceUnavailable", "times": 1})
    refused = sdk.refused(AttachKeyPairRequest(), KeyPairName="deploy", InstanceIds=one("i-running"))
    assert refused == (503, "ServiceUnavailable")


def test_tls_with_an_authority_of_ones_own(tls_emulator: Emulator, certificates: Certificates) -> None:
    client = AcsClient(KEY_ID["alibaba"], SECRET, ALIBABA_REGION, verify=str(certificates.authority))
    answer = Sdk(tls_emulator, client, protocol="https").call(DescribeKeyPairsRequest())
    assert answer["TotalCount"] == 2
