# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever arrives, the answer is an envelope: no request makes the emulated Alibaba Cloud stumble."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from ansible_collections.keyfleet.cloud.emulator.http_types import Headers, Request
from ansible_collections.keyfleet.cloud.tests.unit.emulator.alibaba_client import (
    ECS,
    STS,
    AlibabaCloud,
    alibaba_cloud,
    ids,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ACTIONS = {
    ECS: [
        "AttachKeyPair",
        "DetachKeyPair",
        "DescribeKeyPairs",
        "CreateKeyPair",
        "ImportKeyPair",
        "DeleteKeyPairs",
        "DescribeInstances",
        "DescribeInstanceStatus",
        "DescribeRegions",
        "StopInstance",
        "StartInstance",
        "RebootInstance",
        "StopInstances",
        "StartInstances",
        "RebootInstances",
        "ModifyInstanceAttribute",
        "TagResources",
        "UntagResources",
        "ListTagResources",
    ],
    STS: ["GetCallerIdentity", "AssumeRole"],
}
NAMES = [
    *("RegionId", "KeyPairName", "KeyPairNames", "InstanceIds", "InstanceId", "InstanceId.1", "InstanceId.0", "DryRun"),
    *("PublicKeyBody", "PageNumber", "PageSize", "MaxResults", "NextToken", "Tag.1.Key", "Tag.1.Value", "Tag.x.Key"),
    *("ResourceType", "ResourceId.1", "TagKey.1", "All", "Status", "InstanceName", "Password", "StoppedMode"),
    *("RoleArn", "RoleSessionName", "DurationSeconds", "Policy", "PrivateIpAddresses", "ForceStop", "Filter.1.Key"),
]
VALUES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["true", "-1", "0", "99999999999", "[]", "[1]", "{}", "null", "[[]]", "*", "i-a", "deploy", "instance"]
    ),
    st.sampled_from([ids("i-a"), ids("deploy"), "cn-hangzhou", "ssh-rsa AAAA", "Running", "１２", "٣"]),
)


@pytest.fixture(scope="module")
def cloud() -> Iterator[AlibabaCloud]:
    unlimited = {"rates": {"*": None}}
    with alibaba_cloud(instances=[{"instance_id": "i-a"}], key_pairs=("deploy",), settings=unlimited) as running:
        yield running


def ask(
    cloud: AlibabaCloud, method: str, query: str, body: bytes, headers: dict[str, str]
) -> tuple[int, dict[str, str]]:
    request = Request(method, f"/?{query}", Headers(headers.items()), body, 1)
    response = cloud.emulator.respond(request)
    assert response is not None
    assert response.content_type == "application/json;charset=utf-8"
    answer: dict[str, str] = json.loads(response.body)
    return response.status, answer


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    signature=st.sampled_from(["1.0", "V3"]),
    version=st.sampled_from([ECS, STS]),
    params=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6),
    data=st.data(),
)
def test_every_signed_call_is_answered(
    cloud: AlibabaCloud, signature: str, version: str, params: dict[str, str], data: st.DataObject
) -> None:
    action = data.draw(st.sampled_from(ACTIONS[version]))
    client = cloud.client.but(signature=signature, version=version)
    status, answer = ask(cloud, "POST", *client.signed(action, {"RegionId": "cn-hangzhou", **params}))
    assert answer["RequestId"]
    assert (status == 200) is ("Code" not in answer)
    assert answer.get("Code") not in ("SignatureDoesNotMatch", "IncompleteSignature")


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "POST", "DELETE"]),
    query=st.text(max_size=30),
    authorization=st.text(max_size=30),
    date=st.text(max_size=20),
    body=st.binary(max_size=20),
)
def test_every_unsigned_call_is_refused(
    cloud: AlibabaCloud, method: str, query: str, authorization: str, date: str, body: bytes
) -> None:
    headers = {
        "x-acs-action": "DescribeInstances",
        "x-acs-version": ECS,
        "x-acs-date": date,
        "authorization": f"ACS3-HMAC-SHA256 {authorization}",
        "content-type": "application/x-www-form-urlencoded",
    }
    status, answer = ask(cloud, method, query, body, headers)
    assert status >= 400
    assert answer["Code"]
