# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Describing, creating, importing and deleting key pairs."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.emulator.alibaba_client import (
    AlibabaCloud,
    alibaba_cloud,
    ids,
)
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)


@pytest.fixture
def cloud() -> Iterator[AlibabaCloud]:
    instances = [{"instance_id": "i-bound", "key_pairs": ["deploy"]}]
    with alibaba_cloud(instances=instances, key_pairs=("deploy", "deploy-old", "backup")) as running:
        yield running


@pytest.fixture(scope="module")
def rsa_line() -> str:
    return line_of(rsa.generate_private_key(65537, 2048).public_key())


def line_of(public_key: object) -> str:
    encoded: bytes = public_key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)  # type: ignore[attr-defined]
    return encoded.decode()


def names(cloud: AlibabaCloud, **params: str) -> list[str]:
    answer = cloud.client.ok("DescribeKeyPairs", **params)
    return [found["KeyPairName"] for found in answer["KeyPairs"]["KeyPair"]]


def test_a_key_pair_is_shown_without_its_instances(cloud: AlibabaCloud) -> None:
    answer = cloud.client.ok("DescribeKeyPairs", KeyPairName="deploy")
    (key_pair,) = answer["KeyPairs"]["KeyPair"]
    assert (answer["TotalCount"], answer["PageNumber"], answer["PageSize"]) == (1, 1, 10)
    assert key_pair == {
        "KeyPairName": "deploy",
        "KeyPairFingerPrint": key_pair["KeyPairFingerPrint"],
        "CreationTime": "2023-11-14T22:13Z",
        "ResourceGroupId": key_pair["ResourceGroupId"],
        "Tags": {"Tag": []},
    }


def test_the_public_key_is_shown_on_request(cloud: AlibabaCloud) -> None:
    answer = cloud.client.ok("DescribeKeyPairs", KeyPairName="deploy", IncludePublicKey="true")
    assert answer["KeyPairs"]["KeyPair"][0]["PublicKey"].startswith("ssh-rsa ")


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("deploy*", ["deploy", "deploy-old"]),
        ("*old", ["deploy-old"]),
        ("*p*", ["deploy", "deploy-old", "backup"]),
        ("nobody", []),
        ("deplo.", []),
    ],
)
def test_names_are_filtered_with_wildcards(cloud: AlibabaCloud, pattern: str, found: list[str]) -> None:
    assert names(cloud, KeyPairName=pattern) == found


def test_key_pairs_are_filtered_by_fingerprint_and_tag(cloud: AlibabaCloud) -> None:
    cloud.client.ok(
        "TagResources",
        **{"ResourceType": "keypair", "ResourceId.1": "backup", "Tag.1.Key": "env", "Tag.1.Value": "prod"},
    )
    assert names(cloud, **{"Tag.1.Key": "env", "Tag.1.Value": "prod"}) == ["backup"]
    assert names(cloud, **{"Tag.1.Key": "env"}) == ["backup"]
    assert names(cloud, **{"Tag.1.Key": "env", "Tag.1.Value": "test"}) == []
    answer = cloud.client.ok("DescribeKeyPairs", KeyPairName="backup")
    fingerprint = answer["KeyPairs"]["KeyPair"][0]["KeyPairFingerPrint"]
    assert names(cloud, KeyPairFingerPrint=fingerprint) == ["backup"]


def test_pages_of_key_pairs(cloud: AlibabaCloud) -> None:
    assert names(cloud, PageSize="2") == ["deploy", "deploy-old"]
    assert names(cloud, PageSize="2", PageNumber="2") == ["backup"]
    assert names(cloud, PageSize="2", PageNumber="3") == []


@pytest.mark.parametrize(
    "params",
    [{"PageSize": "51"}, {"PageSize": "0"}, {"PageNumber": "0"}, {"PageNumber": "x"}, {"IncludePublicKey": "yes"}],
)
def test_ill_typed_parameters_are_refused(cloud: AlibabaCloud, params: dict[str, str]) -> None:
    assert cloud.client.refused("DescribeKeyPairs", **params) == (400, "InvalidParameter")


def test_a_created_key_comes_as_pkcs8_and_only_once(cloud: AlibabaCloud) -> None:
    created = cloud.client.ok("CreateKeyPair", KeyPairName="new", **{"Tag.1.Key": "env", "Tag.1.Value": "prod"})
    assert created["PrivateKeyBody"].startswith("-----BEGIN PRIVATE KEY-----\n")
    assert created["KeyPairId"].startswith("ssh-")
    private_key = load_pem_private_key(created["PrivateKeyBody"].encode(), None)
    shown = cloud.client.ok("DescribeKeyPairs", KeyPairName="new", IncludePublicKey="true")["KeyPairs"]["KeyPair"][0]
    assert shown["PublicKey"] == line_of(private_key.public_key())
    assert shown["KeyPairFingerPrint"] == created["KeyPairFingerPrint"]
    assert shown["Tags"] == {"Tag": [{"TagKey": "env", "TagValue": "prod"}]}
    assert "PRIVATE KEY" not in json.dumps([shown, cloud.emulator.log(), cloud.emulator.state()])


def test_an_rsa_key_is_imported(cloud: AlibabaCloud, rsa_line: str) -> None:
    imported = cloud.client.ok("ImportKeyPair", KeyPairName="mine", PublicKeyBody=f"{rsa_line} me@example\n")
    assert sorted(imported) == ["KeyPairFingerPrint", "KeyPairName", "RequestId"]
    shown = cloud.client.ok("DescribeKeyPairs", KeyPairName="mine", IncludePublicKey="true")["KeyPairs"]["KeyPair"][0]
    assert shown["PublicKey"] == f"{rsa_line} me@example"


def dsa_line() -> str:
    """Four numbers in the shape of RFC 4253 6.6; nobody has the private key."""
    fields = [b"ssh-dss", *(bytes([0, 200, number]) for number in range(4))]
    blob = b"".join(len(field).to_bytes(4, "big") + field for field in fields)
    return f"ssh-dss {base64.b64encode(blob).decode()}"


def test_dsa_and_ecdsa_keys_are_imported_and_ed25519_is_not(cloud: AlibabaCloud) -> None:
    importable = {
        "dsa": dsa_line(),
        "ecdsa": line_of(ec.generate_private_key(ec.SECP256R1()).public_key()),
        "ecdsa-521": line_of(ec.generate_private_key(ec.SECP521R1()).public_key()),
    }
    for name, line in importable.items():
        cloud.client.ok("ImportKeyPair", KeyPairName=name, PublicKeyBody=line)
    line = line_of(ed25519.Ed25519PrivateKey.generate().public_key())
    refused = cloud.client.refused("ImportKeyPair", KeyPairName="ed", PublicKeyBody=line)
    assert refused == (400, "InvalidPublicKeyBody.Malformed")


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda line: line[:40], id="cut off"),
        pytest.param(lambda line: line.split()[1], id="without type"),
        pytest.param(lambda line: line.replace("ssh-rsa", "ssh-dss"), id="another type than inside"),
        pytest.param(lambda line: line.replace("AAAA", "!!!!"), id="not base64"),
        pytest.param(lambda line: f"{line}\n{line}", id="two lines"),
        pytest.param(lambda _line: "-----BEGIN PUBLIC KEY-----", id="PEM"),
    ],
)
def test_what_is_not_a_public_key_is_refused(cloud: AlibabaCloud, rsa_line: str, spoil: object) -> None:
    body = spoil(rsa_line)  # type: ignore[operator]
    refused = cloud.client.refused("ImportKeyPair", KeyPairName="mine", PublicKeyBody=body)
    assert refused == (400, "InvalidPublicKeyBody.Malformed")


@pytest.mark.parametrize("action", ["CreateKeyPair", "ImportKeyPair"])
@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({"KeyPairName": "x"}, 400, "InvalidKeyPairName.Malformed"),
        ({"KeyPairName": "1st"}, 400, "InvalidKeyPairName.Malformed"),
        ({"KeyPairName": "http://example"}, 400, "InvalidKeyPairName.Malformed"),
        ({"KeyPairName": "a" * 129}, 400, "InvalidKeyPairName.Malformed"),
        ({"KeyPairName": None}, 400, "MissingParameter"),
        ({"KeyPairName": "deploy"}, 400, "KeyPair.AlreadyExist"),
        ({"ResourceGroupId": "rg-nobody"}, 404, "InvalidResourceGroup.NotFound"),
        ({"RegionId": "cn-nowhere"}, 404, "InvalidRegionId.NotFound"),
        ({"Tag.1.Value": "prod"}, 400, "InvalidTag.Mismatch"),
        ({f"Tag.{number}.Key": str(number) for number in range(1, 22)}, 400, "InvalidTagCount"),
    ],
)
def test_refused_new_key_pairs(
    cloud: AlibabaCloud, rsa_line: str, action: str, params: dict[str, str | None], status: int, code: str
) -> None:
    request: dict[str, str | None] = {"KeyPairName": "new", "PublicKeyBody": rsa_line, **params}
    assert cloud.client.refused(action, **request) == (status, code)
    assert names(cloud) == ["deploy", "deploy-old", "backup"]


def test_an_import_without_a_key_misses_a_parameter(cloud: AlibabaCloud) -> None:
    assert cloud.client.refused("ImportKeyPair", KeyPairName="mine") == (400, "MissingParameter")


def test_the_quota_is_per_region(cloud: AlibabaCloud) -> None:
    cloud.emulator.configure({"quotas": {"alibaba_ecs": 3}})
    assert cloud.client.refused("CreateKeyPair", KeyPairName="fourth") == (403, "QuotaExceed.KeyPair")
    assert cloud.client.call("CreateKeyPair", KeyPairName="first", RegionId="cn-beijing").status == 200


def test_key_pairs_are_deleted_together(cloud: AlibabaCloud) -> None:
    assert list(cloud.client.ok("DeleteKeyPairs", KeyPairNames=ids("backup", "deploy-old"))) == ["RequestId"]
    assert names(cloud) == ["deploy"]


@pytest.mark.parametrize(
    ("key_names", "status", "code"),
    [
        (ids("backup", "deploy"), 400, "InvalidParameter.KeypairAlreadyAttachedInstance"),
        (ids("backup", "nobody"), 400, "InvalidKeyPairNames.ValueNotSupported"),
        ("backup", 400, "InvalidKeyPairNames.ValueNotSupported"),
        ("[]", 400, "InvalidKeyPairNames.ValueNotSupported"),
        (None, 400, "MissingParameter"),
        (ids(*(f"key-{number}" for number in range(101))), 403, "InstanceKeyPairLimitExceeded"),
    ],
)
def test_refused_deletions_delete_nothing(cloud: AlibabaCloud, key_names: str | None, status: int, code: str) -> None:
    assert cloud.client.refused("DeleteKeyPairs", KeyPairNames=key_names) == (status, code)
    assert names(cloud) == ["deploy", "deploy-old", "backup"]


def test_a_detached_key_pair_can_be_deleted_although_the_guest_still_accepts_it(cloud: AlibabaCloud) -> None:
    cloud.client.ok("DetachKeyPair", KeyPairName="deploy", InstanceIds=ids("i-bound"))
    cloud.client.ok("DeleteKeyPairs", KeyPairNames=ids("deploy"))
    assert cloud.login("i-bound")["key_pairs"] == ["deploy"]
