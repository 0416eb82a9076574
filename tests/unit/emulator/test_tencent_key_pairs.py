# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creating, importing, describing, changing and deleting key pairs on Lighthouse and CVM."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.emulator.rsa_keys import placeholder_public_key
from ansible_collections.keyfleet.cloud.tests.unit.emulator.client import TencentCloud, tencent_cloud
from cryptography.hazmat.primitives import serialization

NEW_KEY = placeholder_public_key("somebody@example.org")
EXTRA: dict[str, dict[str, Any]] = {"lighthouse": {}, "cvm": {"ProjectId": 0}}


@pytest.fixture
def cloud() -> Iterator[TencentCloud]:
    key_pairs: list[dict[str, Any]] = []
    for prefix in ("lhkp", "skey"):
        key_pairs += [
            {"key_id": f"{prefix}-0000free", "name": "deploy_blue", "tags": {"env": "prod"}},
            {"key_id": f"{prefix}-000bound", "name": "deploy_green", "project_id": 7},
            {"key_id": f"{prefix}-000image", "name": "golden", "image_reference": True},
        ]
    instances = [
        {"instance_id": "lhins-00000one", "key_pairs": ["lhkp-000bound"]},
        {"instance_id": "ins-00000one", "key_pairs": ["skey-000bound"]},
    ]
    with tencent_cloud(key_pairs=key_pairs, instances=instances) as found:
        yield found


@pytest.mark.parametrize("product", ["lighthouse", "cvm"])
def test_the_private_key_is_in_the_answer_of_creation_only(cloud: TencentCloud, product: str) -> None:
    client = getattr(cloud, product)
    created = client.ok("CreateKeyPair", KeyName="fresh", **EXTRA[product])["KeyPair"]
    private = serialization.load_pem_private_key(created["PrivateKey"].encode(), password=None)
    public = private.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    assert created["PublicKey"].split()[:2] == public.decode().split()[:2]
    assert created["PrivateKey"].startswith("-----BEGIN RSA PRIVATE KEY-----")

    described = client.ok("DescribeKeyPairs", KeyIds=[created["KeyId"]])["KeyPairSet"][0]
    assert described["PrivateKey"] is None
    assert (described["KeyName"], described["PublicKey"]) == ("fresh", created["PublicKey"])
    assert described["CreatedTime"] == "2023-11-14T22:13:20Z"
    assert created["PrivateKey"] not in str(cloud.emulator.state()) + str(cloud.emulator.log())


def test_fields_of_lighthouse(cloud: TencentCloud) -> None:
    created = cloud.lighthouse.ok("CreateKeyPair", KeyName="fresh", Tags=[{"Key": "a", "Value": "b"}])["KeyPair"]
    fields = ["AssociatedInstanceIds", "AssociatedInstanceSet", "CreatedTime", "KeyId", "KeyName", "PrivateKey"]
    assert sorted(created) == [*fields, "PublicKey", "Tags"]
    assert (created["CreatedTime"], created["Tags"]) == (None, [{"Key": "a", "Value": "b"}])
    bound = cloud.lighthouse.ok("DescribeKeyPairs", KeyIds=["lhkp-000bound"])["KeyPairSet"][0]
    assert bound["AssociatedInstanceIds"] == ["lhins-00000one"]
    assert bound["AssociatedInstanceSet"] == [{"InstanceId": "lhins-00000one", "Username": ""}]


def test_fields_of_cvm(cloud: TencentCloud) -> None:
    created = cloud.cvm.ok("CreateKeyPair", KeyName="fresh", ProjectId=0)["KeyPair"]
    assert sorted(created) == ["KeyId", "KeyName", "PrivateKey", "ProjectId", "PublicKey"]
    bound = cloud.cvm.ok("DescribeKeyPairs", KeyIds=["skey-000bound"])["KeyPairSet"][0]
    assert sorted(bound) == [
        "AssociatedInstanceIds",
        "CreatedTime",
        "Description",
        "KeyId",
        "KeyName",
        "PrivateKey",
        "ProjectId",
        "PublicKey",
        "Tags",
    ]
    assert (bound["AssociatedInstanceIds"], bound["ProjectId"]) == (["ins-00000one"], 7)


@pytest.mark.parametrize("product", ["lighthouse", "cvm"])
def test_an_imported_key_can_be_bound(cloud: TencentCloud, product: str) -> None:
    client = getattr(cloud, product)
    key_id = client.ok("ImportKeyPair", KeyName="mine", PublicKey=f"{NEW_KEY}\n", **EXTRA[product])["KeyId"]
    found = client.ok("DescribeKeyPairs", KeyIds=[key_id])["KeyPairSet"][0]
    assert (found["KeyName"], found["PublicKey"]) == ("mine", NEW_KEY)


@pytest.mark.parametrize(
    ("name", "lighthouse", "cvm"),
    [
        ("", "InvalidParameterValue.InvalidKeyPairNameEmpty", "InvalidKeyPairNameEmpty"),
        ("a" * 26, "InvalidParameterValue.InvalidKeyPairNameTooLong", "InvalidKeyPairNameTooLong"),
        (
            "with-dash",
            "InvalidParameterValue.InvalidKeyPairNameIncludeIllegalChar",
            "InvalidKeyPairNameIncludeIllegalChar",
        ),
        ("golden", "InvalidParameterValue.DuplicateParameterValue", "InvalidKeyPairName.Duplicate"),
    ],
)
@pytest.mark.parametrize(("action", "more"), [("CreateKeyPair", {}), ("ImportKeyPair", {"PublicKey": NEW_KEY})])
def test_names(cloud: TencentCloud, action: str, more: dict[str, str], name: str, lighthouse: str, cvm: str) -> None:
    assert cloud.lighthouse.refused(action, KeyName=name, **more) == lighthouse
    assert cloud.cvm.refused(action, KeyName=name, ProjectId=0, **more) == cvm


@pytest.mark.parametrize(
    ("public_key", "lighthouse", "cvm"),
    [
        ("ssh-rsa AAAA", "InvalidParameterValue.KeyPairPublicKeyMalformed", "InvalidPublicKey.Malformed"),
        ("ssh-ed25519 AAAAC3Nz", "InvalidParameterValue.KeyPairPublicKeyMalformed", "InvalidPublicKey.Malformed"),
        (
            placeholder_public_key("golden").split()[1],
            "InvalidParameterValue.KeyPairPublicKeyMalformed",
            "InvalidPublicKey.Malformed",
        ),
        (
            " ".join(placeholder_public_key("golden").split()[:2]) + " other comment",
            "InvalidParameterValue.KeyPairPublicKeyDuplicated",
            "InvalidPublicKey.Duplicate",
        ),
    ],
)
def test_public_keys(cloud: TencentCloud, public_key: str, lighthouse: str, cvm: str) -> None:
    assert cloud.lighthouse.refused("ImportKeyPair", KeyName="x", PublicKey=public_key) == lighthouse
    assert cloud.cvm.refused("ImportKeyPair", KeyName="x", PublicKey=public_key, ProjectId=0) == cvm


@pytest.mark.parametrize(
    ("product", "code"),
    [("lighthouse", "LimitExceeded.KeyPairLimitExceeded"), ("cvm", "InvalidKeyPair.LimitExceeded")],
)
def test_quotas(cloud: TencentCloud, product: str, code: str) -> None:
    client = getattr(cloud, product)
    cloud.emulator.configure({"quotas": {f"tencent_{product}": 4}})
    client.ok("ImportKeyPair", KeyName="fourth", PublicKey=NEW_KEY, **EXTRA[product])
    assert client.refused("CreateKeyPair", KeyName="fifth", **EXTRA[product]) == code
    elsewhere = client.but(region="ap-tokyo")
    elsewhere.ok("ImportKeyPair", KeyName="fourth", PublicKey=NEW_KEY, **EXTRA[product])


def test_the_quota_of_lighthouse_is_ten() -> None:
    with tencent_cloud(key_pairs=[{"key_id": f"lhkp-{number:08}"} for number in range(10)]) as cloud:
        code = cloud.lighthouse.refused("ImportKeyPair", KeyName="eleventh", PublicKey=NEW_KEY)
        assert code == "LimitExceeded.KeyPairLimitExceeded"


@pytest.mark.parametrize(
    ("product", "key_id", "code"),
    [
        ("lighthouse", "lhkp-0000free", None),
        ("lighthouse", "lhkp-000bound", "ResourceInUse.KeyPairInUse"),
        ("lighthouse", "lhkp-000image", "UnsupportedOperation.KeyPairBindToBlueprints"),
        ("lighthouse", "lhkp-0000none", "ResourceNotFound.KeyIdNotFound"),
        ("lighthouse", "lhkp-none", "InvalidParameterValue.KeyPairIdMalformed"),
        ("cvm", "skey-0000free", None),
        ("cvm", "skey-000bound", "InvalidParameterValue.KeyPairNotSupported"),
        ("cvm", "skey-000image", "InvalidParameterValue.KeyPairNotSupported"),
        ("cvm", "skey-0000none", "InvalidKeyPairId.NotFound"),
        ("cvm", "skey-none", "InvalidKeyPairId.Malformed"),
    ],
)
def test_deleting(cloud: TencentCloud, product: str, key_id: str, code: str | None) -> None:
    client = getattr(cloud, product)
    assert client.call("DeleteKeyPairs", {"KeyIds": [key_id]}).code == code
    left = [found["key_id"] for found in cloud.emulator.state()["key_pairs"]]
    assert (key_id in left) == (code is not None and "none" not in key_id)


def test_deleting_is_all_or_nothing(cloud: TencentCloud) -> None:
    code = cloud.lighthouse.refused("DeleteKeyPairs", KeyIds=["lhkp-0000free", "lhkp-000bound"])
    assert code == "ResourceInUse.KeyPairInUse"
    assert cloud.lighthouse.ok("DescribeKeyPairs")["TotalCount"] == 3


@pytest.mark.parametrize(
    ("product", "filters", "expected"),
    [
        ("lighthouse", {"key-name": "deploy"}, ["deploy_blue", "deploy_green"]),
        ("cvm", {"key-name": "deploy"}, []),
        ("cvm", {"key-name": "golden"}, ["golden"]),
        ("lighthouse", {"key-id": "lhkp-000image"}, ["golden"]),
        ("cvm", {"project-id": "7"}, ["deploy_green"]),
        ("lighthouse", {"tag:env": "prod"}, ["deploy_blue"]),
        ("cvm", {"tag-key": "env"}, ["deploy_blue"]),
    ],
)
def test_filters(cloud: TencentCloud, product: str, filters: dict[str, str], expected: list[str]) -> None:
    wanted = [{"Name": name, "Values": [value]} for name, value in filters.items()]
    answer = getattr(cloud, product).ok("DescribeKeyPairs", Filters=wanted)
    assert ([found["KeyName"] for found in answer["KeyPairSet"]], answer["TotalCount"]) == (expected, len(expected))


@pytest.mark.parametrize(
    ("product", "code"), [("lighthouse", "InvalidParameter.InvalidFilter"), ("cvm", "InvalidFilter")]
)
def test_bad_filters(cloud: TencentCloud, product: str, code: str) -> None:
    for bad in ("x", ["x"], [{"Name": "colour", "Values": ["x"]}], [{"Name": "key-name"}]):
        assert getattr(cloud, product).refused("DescribeKeyPairs", Filters=bad) == code


@pytest.mark.parametrize(
    ("product", "prefix", "code"),
    [("lighthouse", "lhkp", "ResourceNotFound.KeyIdNotFound"), ("cvm", "skey", "InvalidKeyPairId.NotFound")],
)
def test_unknown_key_ids_are_missing_or_an_error(cloud: TencentCloud, product: str, prefix: str, code: str) -> None:
    client, ids = getattr(cloud, product), [f"{prefix}-0000none", f"{prefix}-0000free"]
    assert client.ok("DescribeKeyPairs", KeyIds=ids)["TotalCount"] == 1
    cloud.switch(unknown_key_ids="error")
    assert client.refused("DescribeKeyPairs", KeyIds=ids) == code


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"KeyId": "skey-0000free", "KeyName": "renamed"}, None),
        ({"KeyId": "skey-0000free", "Description": "blue"}, None),
        ({"KeyId": "skey-0000free", "KeyName": "deploy_blue"}, None),
        ({"KeyId": "skey-0000free"}, "MissingParameter"),
        ({"KeyId": "skey-0000free", "KeyName": "golden"}, "InvalidKeyPairName.Duplicate"),
        ({"KeyId": "skey-0000free", "KeyName": "with-dash"}, "InvalidParameterValue"),
        ({"KeyId": "skey-0000free", "Description": "x" * 61}, "InvalidParameterValue"),
        ({"KeyId": "skey-0000none", "KeyName": "renamed"}, "InvalidKeyPairId.NotFound"),
        ({"KeyId": "skey", "KeyName": "renamed"}, "InvalidKeyPairId.Malformed"),
    ],
)
def test_cvm_can_change_name_and_description(cloud: TencentCloud, params: dict[str, str], code: str | None) -> None:
    assert cloud.cvm.call("ModifyKeyPairAttribute", params).code == code
    if code is None:
        found = cloud.cvm.ok("DescribeKeyPairs", KeyIds=[params["KeyId"]])["KeyPairSet"][0]
        assert {name: found[name] for name in params} == params


def test_a_freed_name_can_be_taken_again(cloud: TencentCloud) -> None:
    cloud.cvm.ok("ModifyKeyPairAttribute", KeyId="skey-0000free", KeyName="renamed")
    cloud.cvm.ok("ImportKeyPair", KeyName="deploy_blue", PublicKey=NEW_KEY, ProjectId=0)
    cloud.cvm.ok("DeleteKeyPairs", KeyIds=["skey-0000free"])
    assert cloud.cvm.ok("DescribeKeyPairs")["TotalCount"] == 3


def tags(count: int, prefix: str = "key") -> list[dict[str, Any]]:
    items = [{"Key": f"{prefix}{number}", "Value": "v"} for number in range(count)]
    return [{"ResourceType": "keypair", "Tags": items}]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"ProjectId": 7}, None),
        ({"ProjectId": 8}, "InvalidProjectId.NotFound"),
        ({}, "MissingParameter"),
        ({"ProjectId": 0, "TagSpecification": tags(50)}, None),
        ({"ProjectId": 0, "TagSpecification": tags(51)}, "LimitExceeded.TagResourceQuota"),
        (
            {"ProjectId": 0, "TagSpecification": [{"ResourceType": "instance", "Tags": tags(1)[0]["Tags"]}]},
            "InvalidParameterValue",
        ),
    ],
)
def test_projects_and_tags_of_cvm(cloud: TencentCloud, params: dict[str, Any], code: str | None) -> None:
    assert cloud.cvm.call("ImportKeyPair", {"KeyName": "fresh", "PublicKey": NEW_KEY, **params}).code == code


def test_creating_refuses_reserved_tags(cloud: TencentCloud) -> None:
    code = cloud.cvm.refused("CreateKeyPair", KeyName="fresh", ProjectId=0, TagSpecification=tags(1, "qcs:"))
    assert code == "FailedOperation.TagKeyReserved"
