# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""alibabacloud-ecs20140526 and -sts20150401, unmodified: ACS3-HMAC-SHA256, and RPC signature 1.0 ("v2")."""

from __future__ import annotations

import json
from typing import Any

import pytest
from alibabacloud_ecs20140526 import models as ecs
from alibabacloud_ecs20140526.client import Client as EcsClient
from alibabacloud_sts20150401 import models as sts
from alibabacloud_sts20150401.client import Client as StsClient
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.models import Config
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
from darabonba.runtime import RuntimeOptions


class Sdk:
    """The clients as an application uses them; methods return the decoded body."""

    def __init__(self, emulator: Emulator, algorithm: str | None, **config: Any) -> None:
        self.emulator = emulator
        self.algorithm = algorithm
        given = {
            "access_key_id": KEY_ID["alibaba"],
            "access_key_secret": SECRET,
            "region_id": ALIBABA_REGION,
            "endpoint": address(emulator),
            "protocol": "HTTP",
            "signature_algorithm": algorithm,
            **config,
        }
        self.ecs = EcsClient(Config(**given))
        self.sts = StsClient(Config(**given))

    def call(self, action: str, **members: Any) -> dict[str, Any]:
        """Call an ECS action by its method's name."""
        name = "".join(word.capitalize() for word in action.split("_"))
        request = getattr(ecs, f"{name}Request")(**members)
        response = getattr(self.ecs, f"{action}_with_options")(request, RuntimeOptions())
        body: dict[str, Any] = response.to_map()["body"]
        return body

    def refused(self, action: str, **members: Any) -> tuple[int, str]:
        with pytest.raises(AlibabaCloudException) as caught:
            self.call(action, **members)
        return caught.value.status_code, caught.value.code


@pytest.fixture(params=[None, "v2"], ids=["ACS3", "RPC 1.0"])
def sdk(request: pytest.FixtureRequest, emulator: Emulator) -> Sdk:
    return Sdk(emulator, request.param)


IN_REGION = {"region_id": ALIBABA_REGION}


def attach(sdk: Sdk, action: str, **members: str) -> tuple[int, str]:
    given = {**IN_REGION, "key_pair_name": "deploy", "instance_ids": json.dumps(["i-running"]), **members}
    return sdk.refused(action, **given)


def test_attach_reboot_detach(sdk: Sdk) -> None:
    named = {**IN_REGION, "key_pair_name": "deploy", "instance_ids": json.dumps(["i-running"])}
    answer = sdk.call("attach_key_pair", **named)
    assert (answer["TotalCount"], answer["FailCount"]) == ("1", "0")
    assert answer["Results"]["Result"][0]["Success"] == "true"
    sdk.call("reboot_instance", instance_id="i-running", force_stop=True)
    assert sdk.emulator.logins("alibaba_ecs", ALIBABA_REGION, "i-running")["key_pairs"] == ["deploy"]
    sdk.call("detach_key_pair", **named)
    assert bindings(sdk.emulator, "i-running") == []


def test_instances_by_key_by_tag_and_by_token(sdk: Sdk) -> None:
    found = sdk.call("describe_instances", **IN_REGION, key_pair_name="old")["Instances"]["Instance"]
    assert [(item["InstanceId"], item["KeyPairName"], item["OSType"]) for item in found] == [
        ("i-running", "old", "linux")
    ]
    tag = ecs.DescribeInstancesRequestTag(key="env", value="prod")
    found = sdk.call("describe_instances", **IN_REGION, tag=[tag])["Instances"]["Instance"]
    assert [item["InstanceId"] for item in found] == ["i-stopped"]
    first = sdk.call("describe_instances", **IN_REGION, max_results=2)
    second = sdk.call("describe_instances", **IN_REGION, max_results=2, next_token=first["NextToken"])
    assert [len(page["Instances"]["Instance"]) for page in (first, second)] == [2, 1]


def test_status_of_named_instances(sdk: Sdk) -> None:
    answer = sdk.call("describe_instance_status", **IN_REGION, instance_id=["i-running", "i-stopped"])
    rows = answer["InstanceStatuses"]["InstanceStatus"]
    assert {row["InstanceId"]: row["Status"] for row in rows} == {"i-running": "Running", "i-stopped": "Stopped"}


def test_key_pairs_come_and_go(sdk: Sdk) -> None:
    created = sdk.call("create_key_pair", **IN_REGION, key_pair_name="mine")
    assert created["PrivateKeyBody"].startswith("-----BEGIN PRIVATE KEY-----")
    described = sdk.call("describe_key_pairs", **IN_REGION, key_pair_name="mine", include_public_key=True)
    public_key = described["KeyPairs"]["KeyPair"][0]["PublicKey"]
    sdk.call("import_key_pair", **IN_REGION, key_pair_name="copy", public_key_body=public_key)
    sdk.call("delete_key_pairs", **IN_REGION, key_pair_names=json.dumps(["mine", "copy"]))
    left = sdk.call("describe_key_pairs", **IN_REGION)["KeyPairs"]["KeyPair"]
    assert [item["KeyPairName"] for item in left] == ["deploy", "old"]


def test_power(sdk: Sdk) -> None:
    sdk.call("start_instance", instance_id="i-stopped")
    answer = sdk.call("stop_instances", **IN_REGION, instance_id=["i-stopped", "i-running"], force_stop=True)
    codes = [row["Code"] for row in answer["InstanceResponses"]["InstanceResponse"]]
    assert codes == ["200", "200"]
    assert sdk.refused("reboot_instance", instance_id="i-stopped") == (403, "IncorrectInstanceStatus")


def test_tags(sdk: Sdk) -> None:
    named = {**IN_REGION, "resource_type": "instance", "resource_id": ["i-running"]}
    sdk.call("tag_resources", **named, tag=[ecs.TagResourcesRequestTag(key="env", value="test")])
    rows = sdk.call("list_tag_resources", **named)["TagResources"]["TagResource"]
    assert [(row["TagKey"], row["TagValue"]) for row in rows] == [("env", "test")]
    sdk.call("untag_resources", **named, all=True)
    assert sdk.call("list_tag_resources", **named)["TagResources"]["TagResource"] == []


def test_a_password(sdk: Sdk) -> None:
    assert "RequestId" in sdk.call("modify_instance_attribute", instance_id="i-running", password="Example-pass-1")


def test_regions(sdk: Sdk) -> None:
    regions = sdk.call("describe_regions")["Regions"]["Region"]
    assert ALIBABA_REGION in [region["RegionId"] for region in regions]


def test_awkward_characters_survive(sdk: Sdk) -> None:
    awkward = "a b+c*d~e/f:g'(h)!中"
    assert sdk.call("describe_instances", **IN_REGION, instance_name=awkward)["TotalCount"] == 0
    assert sdk.emulator.log()[-1]["params"]["InstanceName"] == awkward


def test_sts(sdk: Sdk) -> None:
    identity = sdk.sts.get_caller_identity_with_options(RuntimeOptions()).to_map()["body"]
    assert (identity["AccountId"], identity["IdentityType"]) == (ACCOUNT_ID["alibaba"], "RAMUser")
    role = f"acs:ram::{ACCOUNT_ID['alibaba']}:role/ops"
    wanted = sts.AssumeRoleRequest(role_arn=role, role_session_name="ansible", duration_seconds=900)
    found = sdk.sts.assume_role_with_options(wanted, RuntimeOptions()).body.credentials
    session = Sdk(
        sdk.emulator,
        sdk.algorithm,
        access_key_id=found.access_key_id,
        access_key_secret=found.access_key_secret,
        security_token=found.security_token,
    )
    body = session.sts.get_caller_identity_with_options(RuntimeOptions()).to_map()["body"]
    assert body["Arn"].endswith(":role/ops/ansible")
    assert session.call("describe_instances", **IN_REGION)["TotalCount"] == 3


ERRORS = [
    pytest.param({"key_pair_name": "nobody"}, 400, "InvalidKeyPairName.NotFound", id="unknown key pair"),
    pytest.param({"instance_ids": '["i-windows"]'}, 403, "DependencyViolation.WindowsInstance", id="Windows"),
    pytest.param({"instance_ids": '["i-nobody"]'}, 400, "InvalidInstanceIds.ValueNotSupported", id="unknown instance"),
    pytest.param(
        {"instance_ids": json.dumps([f"i-{n}" for n in range(51)])},
        403,
        "InstanceKeyPairLimitExceeded",
        id="51 instances",
    ),
    pytest.param({"region_id": "cn-nowhere"}, 404, "InvalidRegionId.NotFound", id="unknown region"),
]


@pytest.mark.parametrize(("members", "status", "code"), ERRORS)
@pytest.mark.parametrize("action", ["attach_key_pair", "detach_key_pair"])
def test_errors_of_attach_and_detach(sdk: Sdk, action: str, members: dict[str, str], status: int, code: str) -> None:
    assert attach(sdk, action, **members) == (status, code)


def test_a_wrong_secret(sdk: Sdk) -> None:
    stranger = Sdk(sdk.emulator, sdk.algorithm, access_key_secret="wrong")
    assert stranger.refused("describe_regions") == (400, "SignatureDoesNotMatch")


def test_an_unknown_key(sdk: Sdk) -> None:
    stranger = Sdk(sdk.emulator, sdk.algorithm, access_key_id="LTAINOBODY")
    assert stranger.refused("describe_regions") == (404, "InvalidAccessKeyId.NotFound")


def test_a_read_only_user(sdk: Sdk) -> None:
    reader = Sdk(sdk.emulator, sdk.algorithm, access_key_id=f"{KEY_ID['alibaba']}RO")
    assert attach(reader, "attach_key_pair") == (403, "Forbidden.RAM")


def test_throttling(sdk: Sdk) -> None:
    sdk.emulator.configure({"rates": {"alibaba_ecs": {"DescribeKeyPairs": 0}}})
    assert sdk.refused("describe_key_pairs", **IN_REGION) == (400, "Throttling.User")


def test_an_unavailable_service(sdk: Sdk) -> None:
    sdk.emulator.add_faults({"kind": "error", "code": "ServiceUnavailable"})
    assert sdk.refused("describe_key_pairs", **IN_REGION) == (503, "ServiceUnavailable")


def test_a_failed_instance_is_no_exception(sdk: Sdk) -> None:
    sdk.emulator.add_faults({"kind": "partial_failure", "code": "InternalError"})
    named = {**IN_REGION, "key_pair_name": "deploy", "instance_ids": '["i-running"]'}
    assert sdk.call("attach_key_pair", **named)["FailCount"] == "1"


@pytest.mark.parametrize("algorithm", [None, "v2"])
def test_tls(tls_emulator: Emulator, certificates: Certificates, algorithm: str | None) -> None:
    sdk = Sdk(tls_emulator, algorithm, protocol="HTTPS", ca=str(certificates.authority))
    assert sdk.call("describe_key_pairs", **IN_REGION)["TotalCount"] == 2
