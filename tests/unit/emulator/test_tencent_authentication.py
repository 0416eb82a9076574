# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who may call Tencent Cloud: keys, clocks, signatures, tokens, permissions, in the vendor's order of checks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.emulator.client import (
    CVM,
    KEY,
    Client,
    TencentCloud,
    tencent_cloud,
)

INSTANCES = [{"instance_id": "lhins-00000one"}, {"instance_id": "ins-00000one"}, {"instance_id": "ins-0denied1"}]
KEY_PAIRS = [{"key_id": "lhkp-00000one"}, {"key_id": "skey-00000one"}]
ACCESS_KEYS: list[dict[str, Any]] = [
    KEY,
    {"id": "AKIDEXAMPLEdisabled", "secret": "s", "disabled": True},
    {"id": "AKIDEXAMPLEreader", "secret": "s", "read_only": True},
    {"id": "AKIDEXAMPLElimited", "secret": "s", "denied_actions": ["DescribeInstances"]},
    {"id": "AKIDEXAMPLEpicky", "secret": "s", "denied_instance_ids": ["ins-0denied1", "lhins-00000one"]},
    {"id": "AKIDEXAMPLEtemporary", "secret": "s", "token": "example-token", "token_expires_in": 60},
]


@pytest.fixture
def cloud() -> Iterator[TencentCloud]:
    with tencent_cloud(instances=INSTANCES, key_pairs=KEY_PAIRS, access_keys=ACCESS_KEYS) as found:
        yield found


def caller(cloud: TencentCloud, name: str) -> Client:
    return cloud.lighthouse.but(secret_id=f"AKIDEXAMPLE{name}", secret="s")


@pytest.mark.parametrize("scheme", ["TC3", "HmacSHA1", "HmacSHA256"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_scheme_and_method(cloud: TencentCloud, scheme: str, method: str) -> None:
    client = cloud.lighthouse.but(scheme=scheme, method=method)
    answer = client.ok("DescribeInstances", Filters=[{"Name": "instance-state", "Values": ["RUNNING", "中 文+*~/"]}])
    assert answer["TotalCount"] == 1


@pytest.mark.parametrize("scheme", ["TC3", "HmacSHA256"])
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"secret": "wrong"}, "AuthFailure.SignatureFailure"),
        ({"secret_id": "AKIDEXAMPLEunknown"}, "AuthFailure.SecretIdNotFound"),
        ({"secret_id": "AKIDEXAMPLEdisabled", "secret": "s"}, "AuthFailure.SecretIdNotFound"),
        ({"token": "surplus"}, "AuthFailure.TokenFailure"),
    ],
)
def test_refusals(cloud: TencentCloud, scheme: str, changes: dict[str, str], code: str) -> None:
    assert cloud.lighthouse.but(scheme=scheme, **changes).refused("DescribeInstances") == code


@pytest.mark.parametrize("scheme", ["TC3", "HmacSHA1"])
@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (300, None),
        (-300, None),
        (301, "AuthFailure.SignatureExpire"),
        (-301, "AuthFailure.SignatureExpire"),
    ],
)
def test_clocks_may_differ_by_five_minutes(cloud: TencentCloud, scheme: str, seconds: int, code: str | None) -> None:
    client = cloud.lighthouse.but(scheme=scheme, timestamp=cloud.clock.now() + seconds)
    assert client.call("DescribeInstances").code == code


def test_the_servers_clock_can_be_wrong(cloud: TencentCloud) -> None:
    cloud.emulator.configure({"clock_offset": -400})
    assert cloud.lighthouse.refused("DescribeInstances") == "AuthFailure.SignatureExpire"
    cloud.emulator.configure({"clock_offset": 0})
    cloud.lighthouse.ok("DescribeInstances")


def test_the_clock_is_checked_before_the_signature_and_the_key_before_the_clock(cloud: TencentCloud) -> None:
    stale = cloud.lighthouse.but(secret="wrong", timestamp=0)
    assert stale.refused("DescribeInstances") == "AuthFailure.SignatureExpire"
    assert stale.but(secret_id="nobody").refused("DescribeInstances") == "AuthFailure.SecretIdNotFound"


def test_signatures_are_checked_before_actions_and_parameters(cloud: TencentCloud) -> None:
    wrong = cloud.lighthouse.but(secret="wrong")
    assert wrong.refused("NoSuchAction", Bogus=1) == "AuthFailure.SignatureFailure"


def test_a_tc3_request_may_be_repeated(cloud: TencentCloud) -> None:
    client = cloud.lighthouse.but(timestamp=cloud.clock.now())
    first, second = client.ok("DescribeInstances"), client.ok("DescribeInstances")
    assert first["RequestId"] != second["RequestId"]


def test_a_host_header_with_scheme_is_taken_as_sent(cloud: TencentCloud) -> None:
    for scheme in ("TC3", "HmacSHA256"):
        cloud.lighthouse.but(scheme=scheme, host=f"http://127.0.0.1:{cloud.emulator.port}").ok("DescribeInstances")


@pytest.mark.parametrize(
    ("header", "value", "code"),
    [
        ("Authorization", "TC3-HMAC-SHA256 nonsense", "AuthFailure.InvalidAuthorization"),
        ("Authorization", "Basic QTpC", "AuthFailure.InvalidAuthorization"),
        ("Host", "example.org", "AuthFailure.SignatureFailure"),
        ("X-TC-Timestamp", "", "MissingParameter"),
        ("X-TC-Timestamp", "yesterday", "InvalidParameter"),
        ("X-TC-Version", "", "MissingParameter"),
        ("X-TC-Action", "", "MissingParameter"),
        ("X-TC-Version", "2017-03-12", "NoSuchVersion"),
        ("X-TC-Content-SHA256", "UNSIGNED-PAYLOAD", "AuthFailure.SignatureFailure"),
    ],
)
def test_changed_headers(cloud: TencentCloud, header: str, value: str, code: str) -> None:
    assert cloud.lighthouse.but(headers={header: value}).refused("DescribeInstances") == code


@pytest.mark.parametrize("name", ["SecretId", "Signature", "Nonce", "Timestamp", "Action"])
def test_missing_common_parameters(cloud: TencentCloud, name: str) -> None:
    client = cloud.lighthouse.but(scheme="HmacSHA256", common={name: ""})
    assert client.refused("DescribeInstances") == "MissingParameter"


def test_a_request_without_any_signature(cloud: TencentCloud) -> None:
    answer = cloud.lighthouse.but(method="GET").send("/?Action=DescribeInstances", b"", {"Host": "x"})
    assert answer.code == "MissingParameter"


@pytest.mark.parametrize(
    ("product", "code"),
    [(("toaster", "2020-03-24"), "NoSuchProduct"), (("lighthouse", "2019-01-01"), "NoSuchVersion")],
)
def test_unknown_products_and_versions(cloud: TencentCloud, product: tuple[str, str], code: str) -> None:
    assert cloud.lighthouse.but(product=product).refused("DescribeInstances") == code


def test_an_unknown_version_with_signature_v1(cloud: TencentCloud) -> None:
    client = cloud.lighthouse.but(scheme="HmacSHA1", product=("", "2019-01-01"))
    assert client.refused("DescribeInstances") == "NoSuchVersion"


@pytest.mark.parametrize("action", ["unBindInstanceKey", "describeInstances", "DescribeInstancesDeniedActions"])
def test_unknown_actions(cloud: TencentCloud, action: str) -> None:
    assert cloud.cvm.refused(action) == "InvalidAction"


def test_a_temporary_key_needs_its_token_and_expires(cloud: TencentCloud) -> None:
    client = caller(cloud, "temporary")
    assert client.refused("DescribeInstances") == "AuthFailure.TokenFailure"
    assert client.but(token="other").refused("DescribeInstances") == "AuthFailure.TokenFailure"
    for scheme in ("TC3", "HmacSHA256"):
        client.but(token="example-token", scheme=scheme).ok("DescribeInstances")
    cloud.clock.advance(60)
    assert client.but(token="example-token").refused("DescribeInstances") == "AuthFailure.TokenFailure"


@pytest.mark.parametrize(
    ("product", "code"),
    [(None, "UnauthorizedOperation.NoPermission"), (CVM, "UnauthorizedOperation")],
)
def test_a_reader_may_read_only(cloud: TencentCloud, product: tuple[str, str] | None, code: str) -> None:
    reader = caller(cloud, "reader") if product is None else caller(cloud, "reader").but(product=product)
    instance, key = ("lhins-00000one", "lhkp-00000one") if product is None else ("ins-00000one", "skey-00000one")
    for action in ("DescribeInstances", "DescribeKeyPairs", "DescribeRegions"):
        reader.ok(action)
    for action in ("StopInstances", "StartInstances", "RebootInstances"):
        assert reader.refused(action, InstanceIds=[instance]) == code
    for action in ("AssociateInstancesKeyPairs", "DisassociateInstancesKeyPairs"):
        assert reader.refused(action, InstanceIds=[instance], KeyIds=[key]) == code
    assert reader.refused("DeleteKeyPairs", KeyIds=[key]) == code


def test_denied_actions_and_instances(cloud: TencentCloud) -> None:
    limited, picky = caller(cloud, "limited"), caller(cloud, "picky")
    assert limited.refused("DescribeInstances") == "UnauthorizedOperation.NoPermission"
    limited.ok("DescribeKeyPairs")
    stop = {"InstanceIds": ["lhins-00000one"]}
    assert picky.call("StopInstances", stop).code == "UnauthorizedOperation.NoPermission"
    assert picky.call("DescribeInstances", stop).code == "UnauthorizedOperation.NoPermission"
    cvm = picky.but(product=CVM)
    assert cvm.refused("StopInstances", InstanceIds=["ins-00000one", "ins-0denied1"]) == "UnauthorizedOperation"
    cvm.ok("StopInstances", InstanceIds=["ins-00000one"])


def test_accounts_do_not_see_each_other(cloud: TencentCloud) -> None:
    other = {"vendor": "tencent", "account_id": "2", "access_keys": [{"id": "AKIDEXAMPLEother", "secret": "s"}]}
    place = {"provider": "tencent_lighthouse", "region": "ap-guangzhou", "account_id": "2"}
    cloud.emulator.seed({"accounts": [other], "instances": [{**place, "instance_id": "lhins-foreign0"}]})
    found = caller(cloud, "other").ok("DescribeInstances")["InstanceSet"]
    assert [instance["InstanceId"] for instance in found] == ["lhins-foreign0"]
    code = cloud.lighthouse.refused("StopInstances", InstanceIds=["lhins-foreign0"])
    assert code == "ResourceNotFound.InstanceIdNotFound"


def test_log_and_answers_contain_no_secrets(cloud: TencentCloud) -> None:
    caller(cloud, "temporary").but(token="example-token", scheme="HmacSHA256").ok("DescribeInstances")
    cloud.lighthouse.call("ResetInstancesPassword", {"InstanceIds": ["lhins-00000one"], "Password": "Secret-12345"})
    log = str(cloud.emulator.log())
    assert "********" in log
    for secret in ("Secret-12345", KEY["secret"], "example-token", "Signature"):
        assert secret not in log
