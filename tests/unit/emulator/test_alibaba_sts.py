# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""STS: who am I, and temporary keys that work and expire."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.emulator.alibaba_client import (
    ACCOUNT,
    ECS,
    STS,
    AlibabaCloud,
    Client,
    alibaba_cloud,
    ids,
)

KEYS: list[dict[str, Any]] = [
    {"id": "LTAIROOT", "secret": "example-secret", "root": True},
    {"id": "LTAIREADONLY", "secret": "example-secret", "read_only": True},
]
ROLES: list[dict[str, Any]] = [
    {"name": "ops", "max_session_duration": 7200},
    {"name": "auditor", "read_only": True},
]
OPS = f"acs:ram::{ACCOUNT}:role/ops"


@pytest.fixture
def cloud() -> Iterator[AlibabaCloud]:
    with alibaba_cloud(
        instances=[{"instance_id": "i-a"}], key_pairs=("deploy",), more_keys=KEYS, roles=ROLES
    ) as running:
        yield running


@pytest.fixture
def sts(cloud: AlibabaCloud) -> Client:
    return cloud.client.but(version=STS)


def assume(sts: Client, **params: str) -> dict[str, Any]:
    return sts.ok("AssumeRole", **{"RoleArn": OPS, "RoleSessionName": "ansible", **params})


def with_credentials(client: Client, credentials: dict[str, str]) -> Client:
    return client.but(
        access_key_id=credentials["AccessKeyId"],
        secret=credentials["AccessKeySecret"],
        token=credentials["SecurityToken"],
    )


def test_a_ram_user(sts: Client) -> None:
    identity = sts.ok("GetCallerIdentity", RegionId=None)
    assert (identity["IdentityType"], identity["AccountId"]) == ("RAMUser", ACCOUNT)
    assert identity["Arn"] == f"acs:ram::{ACCOUNT}:user/{identity['UserId']}"
    assert identity["PrincipalId"] == identity["UserId"]


def test_the_account_itself(sts: Client) -> None:
    identity = sts.but(access_key_id="LTAIROOT").ok("GetCallerIdentity")
    assert (identity["IdentityType"], identity["UserId"]) == ("Account", ACCOUNT)
    assert identity["Arn"] == f"acs:ram::{ACCOUNT}:root"


@pytest.mark.parametrize("signature", ["1.0", "V3"])
def test_a_session_of_a_role(sts: Client, signature: str) -> None:
    answer = assume(sts)
    session = with_credentials(sts, answer["Credentials"]).but(signature=signature)
    identity = session.ok("GetCallerIdentity")
    assert identity["IdentityType"] == "AssumedRoleUser"
    assert identity["Arn"] == answer["AssumedRoleUser"]["Arn"] == f"acs:ram::{ACCOUNT}:role/ops/ansible"
    assert identity["PrincipalId"] == answer["AssumedRoleUser"]["AssumedRoleId"] == f"{identity['RoleId']}:ansible"
    assert "UserId" not in identity


def test_temporary_keys_work_until_they_expire(cloud: AlibabaCloud, sts: Client) -> None:
    credentials = assume(sts, DurationSeconds="900")["Credentials"]
    assert credentials["AccessKeyId"].startswith("STS.")
    assert credentials["Expiration"] == "2023-11-14T22:28:20Z"
    session = with_credentials(sts, credentials).but(version=ECS)
    assert session.ok("AttachKeyPair", KeyPairName="deploy", InstanceIds=ids("i-a"))["FailCount"] == "0"
    cloud.clock.advance(899)
    assert session.call("DescribeInstances").status == 200
    cloud.clock.advance(1)
    assert session.refused("DescribeInstances") == (400, "InvalidSecurityToken.Expired")


def test_an_hour_is_the_default(sts: Client) -> None:
    assert assume(sts)["Credentials"]["Expiration"] == "2023-11-14T23:13:20Z"


def test_a_session_may_do_what_its_role_may(sts: Client) -> None:
    credentials = assume(sts, RoleArn=f"acs:ram::{ACCOUNT}:role/auditor")["Credentials"]
    auditor = with_credentials(sts, credentials).but(version=ECS)
    assert auditor.ok("DescribeInstances")["TotalCount"] == 1
    refused = auditor.refused("AttachKeyPair", KeyPairName="deploy", InstanceIds=ids("i-a"))
    assert refused == (403, "Forbidden.RAM")


def test_a_read_only_user_may_assume_a_role(sts: Client) -> None:
    assert "Credentials" in assume(sts.but(access_key_id="LTAIREADONLY"))


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({"RoleArn": f"acs:ram::{ACCOUNT}:role/nobody"}, 404, "EntityNotExist.Role"),
        ({"RoleArn": "acs:ram::1:role/ops"}, 404, "EntityNotExist.Role"),
        ({"RoleArn": "ops"}, 400, "InvalidParameter.RoleArn"),
        ({"RoleSessionName": "x"}, 400, "InvalidParameter.RoleSessionName"),
        ({"RoleSessionName": "with blank"}, 400, "InvalidParameter.RoleSessionName"),
        ({"DurationSeconds": "899"}, 400, "InvalidParameter.DurationSeconds"),
        ({"DurationSeconds": "7201"}, 400, "InvalidParameter.DurationSeconds"),
        ({"DurationSeconds": "long"}, 400, "InvalidParameter.DurationSeconds"),
        ({"Policy": "{"}, 400, "InvalidParameter.PolicyGrammar"),
        ({"Policy": "[]"}, 400, "InvalidParameter.PolicyGrammar"),
        ({"RoleArn": None}, 400, "MissingParameter"),
        ({"RoleSessionName": None}, 400, "MissingParameter"),
    ],
)
def test_refused_roles(sts: Client, params: dict[str, str | None], status: int, code: str) -> None:
    request: dict[str, str | None] = {"RoleArn": OPS, "RoleSessionName": "ansible", **params}
    assert sts.refused("AssumeRole", **request) == (status, code)


def test_the_account_itself_may_not_assume_roles(sts: Client) -> None:
    refused = sts.but(access_key_id="LTAIROOT").refused("AssumeRole", RoleArn=OPS, RoleSessionName="ansible")
    assert refused == (403, "NoPermission")


def test_errors_name_the_sts_host(sts: Client) -> None:
    assert sts.call("AssumeRole").data["HostId"] == "sts.aliyuncs.com"


def test_a_hundred_calls_a_second(cloud: AlibabaCloud, sts: Client) -> None:
    cloud.emulator.configure({"rates": {"alibaba_sts": {"GetCallerIdentity": 2}}})
    codes = [sts.call("GetCallerIdentity").code for _turn in range(3)]
    assert codes == [None, None, "Throttling.User"]
    cloud.clock.advance(1)
    assert sts.call("GetCallerIdentity").code is None
