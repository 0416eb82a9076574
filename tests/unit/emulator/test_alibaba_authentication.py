# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys, signatures, clock, nonces, tokens and permissions: every code by its real cause."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.emulator.alibaba_client import (
    AlibabaCloud,
    alibaba_cloud,
    ids,
    numbered,
)

KEYS: list[dict[str, Any]] = [
    {"id": "LTAIDISABLED", "secret": "example-secret", "disabled": True},
    {"id": "STS.EXAMPLE", "secret": "example-secret", "token": "example-token", "token_expires_in": 600},
    {"id": "LTAIREADONLY", "secret": "example-secret", "read_only": True},
    {"id": "LTAIBLIND", "secret": "example-secret", "denied_actions": ["DescribeInstances"]},
    {"id": "LTAIFENCED", "secret": "example-secret", "denied_instance_ids": ["i-b"]},
]
BOTH_SIGNATURES = pytest.mark.parametrize("signature", ["1.0", "V3"])


@pytest.fixture
def cloud() -> Iterator[AlibabaCloud]:
    instances = [{"instance_id": "i-a"}, {"instance_id": "i-b"}]
    with alibaba_cloud(instances=instances, key_pairs=("deploy",), more_keys=KEYS) as running:
        yield running


@BOTH_SIGNATURES
@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        pytest.param({"access_key_id": "LTAINOBODY"}, 404, "InvalidAccessKeyId.NotFound", id="unknown key"),
        pytest.param({"access_key_id": "LTAIDISABLED"}, 400, "InvalidAccessKeyId.Inactive", id="disabled key"),
        pytest.param({"secret": "example-secreT"}, 400, "SignatureDoesNotMatch", id="wrong secret"),
        pytest.param({"timestamp": "2023-11-14T22:28:21Z"}, 400, "InvalidTimeStamp.Expired", id="15 min fast"),
        pytest.param({"timestamp": "2023-11-14T21:58:19Z"}, 400, "InvalidTimeStamp.Expired", id="15 min slow"),
        pytest.param({"timestamp": "1700000000"}, 400, "InvalidTimeStamp.Format", id="Unix time"),
        pytest.param({"timestamp": "2023-11-14T22:13:20+00:00"}, 400, "InvalidTimeStamp.Format", id="with offset"),
        pytest.param({"timestamp": "2023-13-14T22:13:20Z"}, 400, "InvalidTimeStamp.Format", id="13th month"),
        pytest.param({"timestamp": ""}, 400, "IllegalTimestamp", id="no time"),
        pytest.param({"token": "t"}, 400, "InvalidSecurityToken.MismatchWithAccessKey", id="token of nobody"),
        pytest.param({"access_key_id": "STS.EXAMPLE"}, 400, "MissingSecurityToken", id="no token"),
        pytest.param(
            {"access_key_id": "STS.EXAMPLE", "token": "example-tokem"},
            400,
            "InvalidSecurityToken.Malformed",
            id="wrong token",
        ),
    ],
)
def test_who_is_refused(cloud: AlibabaCloud, signature: str, changes: dict[str, Any], status: int, code: str) -> None:
    assert cloud.client.but(signature=signature, **changes).refused("DescribeRegions") == (status, code)


@BOTH_SIGNATURES
def test_fifteen_minutes_either_way_are_tolerated(cloud: AlibabaCloud, signature: str) -> None:
    for timestamp in ("2023-11-14T22:28:20Z", "2023-11-14T21:58:20Z"):
        assert cloud.client.but(signature=signature, timestamp=timestamp).call("DescribeRegions").status == 200


@BOTH_SIGNATURES
def test_a_server_whose_clock_is_wrong_refuses_everybody(cloud: AlibabaCloud, signature: str) -> None:
    cloud.emulator.configure({"clock_offset": 1000})
    assert cloud.client.but(signature=signature).refused("DescribeRegions") == (400, "InvalidTimeStamp.Expired")


@BOTH_SIGNATURES
def test_a_nonce_works_once_in_a_quarter_of_an_hour(cloud: AlibabaCloud, signature: str) -> None:
    client = cloud.client.but(signature=signature, nonce="the-same")
    assert client.call("DescribeRegions").status == 200
    assert client.refused("DescribeRegions") == (400, "SignatureNonceUsed")
    cloud.clock.advance(901)
    assert client.call("DescribeRegions").status == 200


def test_two_keys_may_use_the_same_nonce(cloud: AlibabaCloud) -> None:
    client = cloud.client.but(nonce="the-same")
    assert client.call("DescribeRegions").status == 200
    assert client.but(access_key_id="LTAIREADONLY").call("DescribeRegions").status == 200


def test_a_nonce_of_a_badly_signed_call_is_not_used_up(cloud: AlibabaCloud) -> None:
    client = cloud.client.but(nonce="the-same")
    assert client.but(secret="wrong").refused("DescribeRegions") == (400, "SignatureDoesNotMatch")
    assert client.call("DescribeRegions").status == 200


@BOTH_SIGNATURES
def test_a_token_works_until_it_expires(cloud: AlibabaCloud, signature: str) -> None:
    client = cloud.client.but(signature=signature, access_key_id="STS.EXAMPLE", token="example-token")
    assert client.call("DescribeRegions").status == 200
    cloud.clock.advance(600)
    assert client.refused("DescribeRegions") == (400, "InvalidSecurityToken.Expired")


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ({"SignatureMethod": "HMAC-SHA256"}, "IncompleteSignature"),
        ({"SignatureVersion": "2.0"}, "IncompleteSignature"),
        ({"SignatureNonce": ""}, "MissingParameter"),
        ({"AccessKeyId": ""}, "MissingParameter"),
        ({"Signature": ""}, "MissingParameter"),
    ],
)
def test_signature_1_with_wrong_or_missing_parts(cloud: AlibabaCloud, extra: dict[str, str], code: str) -> None:
    assert cloud.client.but(signature="1.0", extra=extra).refused("DescribeRegions") == (400, code)


EMPTY_HASH = hashlib.sha256(b"").hexdigest()


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ({"authorization": "ACS3-HMAC-SHA256 Credential=LTAIEXAMPLE"}, "IncompleteSignature"),
        (
            {"authorization": "ACS3-HMAC-SHA256 Credential=LTAIEXAMPLE,SignedHeaders=host,Signature=00"},
            "IncompleteSignature",
        ),
        ({"authorization": ""}, "IncompleteSignature"),
        ({"x-acs-content-sha256": EMPTY_HASH[::-1]}, "SignatureDoesNotMatch"),
        ({"x-acs-signature-nonce": ""}, "MissingParameter"),
    ],
)
def test_v3_with_wrong_or_missing_parts(cloud: AlibabaCloud, extra: dict[str, str], code: str) -> None:
    assert cloud.client.but(extra=extra).refused("DescribeRegions") == (400, code)


def test_a_mismatch_shows_the_servers_string_to_sign(cloud: AlibabaCloud) -> None:
    answer = cloud.client.but(signature="1.0", secret="wrong").call("DescribeRegions")
    text, _mark, string_to_sign = answer.data["Message"].partition("server string to sign is:")
    assert text.startswith("Specified signature is not matched with our calculation.")
    assert string_to_sign.startswith("POST&%2F&AccessKeyId%3DLTAIEXAMPLE%26Action%3DDescribeRegions")

    answer = cloud.client.but(secret="wrong").call("DescribeRegions")
    assert "server string to sign is:ACS3-HMAC-SHA256\n" in answer.data["Message"]


def test_a_read_only_user_may_look_but_not_change(cloud: AlibabaCloud) -> None:
    client = cloud.client.but(access_key_id="LTAIREADONLY")
    assert client.ok("DescribeInstances")["TotalCount"] == 2
    assert client.ok("DescribeKeyPairs")["TotalCount"] == 1
    answer = client.call("AttachKeyPair", KeyPairName="deploy", InstanceIds=ids("i-a"))
    assert (answer.status, answer.code) == (403, "Forbidden.RAM")
    assert answer.data["AccessDeniedDetail"]["AuthAction"] == "ecs:AttachKeyPair"
    assert client.refused("StopInstance", InstanceId="i-a") == (403, "Forbidden.RAM")
    assert cloud.instance("i-a")["state"] == "Running"


def test_who_may_not_list_instances_sees_an_empty_list_and_learns_more_from_a_dry_run(cloud: AlibabaCloud) -> None:
    blind = cloud.client.but(access_key_id="LTAIBLIND")
    answer = blind.ok("DescribeInstances")
    assert (answer["TotalCount"], answer["Instances"]) == (0, {"Instance": []})
    assert blind.refused("DescribeInstances", DryRun="true") == (403, "Forbidden.RAM")
    assert cloud.client.refused("DescribeInstances", DryRun="true") == (400, "DryRunOperation")


def test_by_switch_who_may_not_list_instances_is_told_so(cloud: AlibabaCloud) -> None:
    cloud.emulator.configure({"switches": {"alibaba_no_permission": "error"}})
    blind = cloud.client.but(access_key_id="LTAIBLIND")
    assert blind.refused("DescribeInstances") == (403, "Forbidden.RAM")


@pytest.mark.parametrize(
    ("action", "params"),
    [
        ("AttachKeyPair", {"KeyPairName": "deploy", "InstanceIds": ids("i-a", "i-b")}),
        ("DetachKeyPair", {"KeyPairName": "deploy", "InstanceIds": ids("i-b")}),
        ("RebootInstance", {"InstanceId": "i-b"}),
        ("StopInstances", numbered("InstanceId", "i-a", "i-b")),
        ("ModifyInstanceAttribute", {"InstanceId": "i-b", "InstanceName": "other"}),
        ("TagResources", {"ResourceType": "instance", "ResourceId.1": "i-b", "Tag.1.Key": "a"}),
    ],
)
def test_a_denied_instance_refuses_the_whole_call(cloud: AlibabaCloud, action: str, params: dict[str, str]) -> None:
    fenced = cloud.client.but(access_key_id="LTAIFENCED")
    assert fenced.refused(action, **params) == (403, "Forbidden.RAM")
    assert cloud.instance("i-a")["state"] == "Running"
    assert fenced.ok("AttachKeyPair", KeyPairName="deploy", InstanceIds=ids("i-a"))["FailCount"] == "0"
