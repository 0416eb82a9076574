# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Envelopes, formats, ways to send parameters, and calls that lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.emulator.alibaba_client import (
    REGION,
    STS,
    AlibabaCloud,
    alibaba_cloud,
    ids,
    numbered,
)

REQUEST_ID = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")
BOTH_SIGNATURES = pytest.mark.parametrize("signature", ["1.0", "V3"])


@pytest.fixture
def cloud() -> Iterator[AlibabaCloud]:
    instances = [
        {"instance_id": "i-a", "name": "web 1", "tags": {"env": "prod"}},
        {"instance_id": "i-b", "key_pairs": ["deploy"]},
    ]
    with alibaba_cloud(instances=instances, key_pairs=("deploy",)) as running:
        yield running


@BOTH_SIGNATURES
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_parameters_may_come_in_the_query(cloud: AlibabaCloud, signature: str, method: str) -> None:
    client = cloud.client.but(signature=signature, method=method)
    assert client.ok("DescribeInstances", InstanceName="web 1")["TotalCount"] == 1


@BOTH_SIGNATURES
def test_parameters_may_come_in_a_form(cloud: AlibabaCloud, signature: str) -> None:
    client = cloud.client.but(signature=signature, form=True)
    answer = client.ok("AttachKeyPair", KeyPairName="deploy", InstanceIds=ids("i-a"))
    assert answer["FailCount"] == "0"


def test_a_success_is_json_with_a_request_id_that_the_header_repeats(cloud: AlibabaCloud) -> None:
    answer = cloud.client.call("DescribeRegions")
    assert answer.headers["content-type"] == "application/json;charset=utf-8"
    assert REQUEST_ID.fullmatch(answer.data["RequestId"])
    assert answer.headers["x-acs-request-id"] == answer.data["RequestId"]


def test_an_error_has_the_vendors_members(cloud: AlibabaCloud) -> None:
    answer = cloud.client.call("DetachKeyPair", KeyPairName="nobody", InstanceIds=ids("i-a"))
    assert answer.status == 400
    assert answer.data == {
        "RequestId": answer.headers["x-acs-request-id"],
        "HostId": "ecs-cn-hangzhou.aliyuncs.com",
        "Code": "InvalidKeyPairName.NotFound",
        "Message": "The specified KeyPairName does not exist in our records.",
        "Recommend": "https://api.aliyun.com/troubleshoot?q=InvalidKeyPairName.NotFound&product=Ecs",
    }


@pytest.mark.parametrize("requested", [None, "XML", "xml"])
def test_signature_1_answers_xml_by_default(cloud: AlibabaCloud, requested: str | None) -> None:
    answer = cloud.client.but(signature="1.0", format=requested).call("DescribeInstances")
    root = ElementTree.fromstring(answer.body)
    assert answer.headers["content-type"] == "text/xml;charset=utf-8"
    assert root.tag == "DescribeInstancesResponse"
    assert [found.text for found in root.iterfind("Instances/Instance/InstanceId")] == ["i-a", "i-b"]
    assert root.findtext("Instances/Instance/Tags/Tag/TagKey") == "env"
    assert root.findtext("Instances/Instance/IoOptimized") == "true"
    assert root.findtext("RequestId") == answer.headers["x-acs-request-id"]


@BOTH_SIGNATURES
def test_an_xml_error_has_the_same_members(cloud: AlibabaCloud, signature: str) -> None:
    answer = cloud.client.but(signature=signature, format="XML").call("StopInstance", InstanceId="i-nobody")
    root = ElementTree.fromstring(answer.body)
    assert (answer.status, root.tag) == (404, "Error")
    assert root.findtext("Code") == "InvalidInstanceId.NotFound"
    assert [child.tag for child in root] == ["RequestId", "HostId", "Code", "Message", "Recommend"]


def test_v3_answers_json_unless_the_accept_header_asks_for_xml(cloud: AlibabaCloud) -> None:
    assert cloud.client.but(extra={"accept": "*/*"}).call("DescribeRegions").data is not None
    assert cloud.client.but(format="XML").call("DescribeRegions").body.startswith(b"<?xml")


@BOTH_SIGNATURES
def test_calls_that_lead_nowhere(cloud: AlibabaCloud, signature: str) -> None:
    client = cloud.client.but(signature=signature)
    assert client.refused("AttachEverything") == (404, "InvalidAction.NotFound")
    assert client.but(version="1999-01-01").refused("DescribeRegions") == (404, "InvalidVersion")
    assert client.but(version=STS).refused("DescribeRegions") == (404, "InvalidAction.NotFound")
    assert client.but(method="PUT").refused("DescribeRegions") == (403, "UnsupportedHTTPMethod")


def test_an_action_is_required(cloud: AlibabaCloud) -> None:
    assert cloud.client.but(signature="1.0").refused("") == (400, "MissingParameter")


def test_the_regions_of_the_endpoint_list(cloud: AlibabaCloud) -> None:
    regions = {found["RegionId"]: found for found in cloud.client.ok("DescribeRegions")["Regions"]["Region"]}
    assert regions["cn-hangzhou"]["RegionEndpoint"] == "ecs-cn-hangzhou.aliyuncs.com"
    assert regions["cn-beijing"]["RegionEndpoint"] == "ecs.cn-beijing.aliyuncs.com"
    assert len(regions) == 40


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"AcceptLanguage": "tlh"}, (404, "InvalidAcceptLanguage.NotFound")),
        ({"ResourceType": "ship"}, (404, "InvalidResourceType.NotFound")),
        ({"InstanceChargeType": "Free"}, (404, "InvalidInstanceChargeType.NotFound")),
        ({"RegionId": "cn-nowhere"}, (404, "InvalidRegionId.NotFound")),
    ],
)
def test_refused_questions_about_regions(cloud: AlibabaCloud, params: dict[str, str], refusal: tuple[int, str]) -> None:
    assert cloud.client.refused("DescribeRegions", **params) == refusal


def test_regions_need_no_region(cloud: AlibabaCloud) -> None:
    assert cloud.client.call("DescribeRegions", RegionId=None, AcceptLanguage="en-US").status == 200


def test_the_log_shows_the_actions_parameters_and_no_secrets(cloud: AlibabaCloud) -> None:
    cloud.emulator.clear_log()
    cloud.client.but(signature="1.0").ok("ModifyInstanceAttribute", InstanceId="i-a", Password="Example-pass-1")
    cloud.client.ok("StopInstances", **numbered("InstanceId", "i-a"))
    first, second = cloud.emulator.log()
    assert first["params"] == {"InstanceId": "i-a", "Password": "********"}
    assert (first["provider"], first["action"], first["write"]) == ("alibaba_ecs", "ModifyInstanceAttribute", True)
    assert (first["access_key_id"], first["region"], first["http_status"]) == ("LTAIEXAMPLE", REGION, 200)
    assert second["params"] == {"InstanceId.1": "i-a"}
    assert second["access_key_id"] == "LTAIEXAMPLE"
    assert "example-secret" not in repr(cloud.emulator.log())


def test_the_log_shows_refused_calls_with_their_code(cloud: AlibabaCloud) -> None:
    cloud.emulator.clear_log()
    cloud.client.refused("StartInstance", InstanceId="i-a")
    assert [(entry["code"], entry["http_status"]) for entry in cloud.emulator.log()] == [
        ("IncorrectInstanceStatus", 403)
    ]
