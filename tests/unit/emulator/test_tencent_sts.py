# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tencent's STS: who am I, and temporary keys that work until they expire."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.emulator.client import (
    ACCOUNT,
    KEY,
    LIGHTHOUSE,
    Client,
    tencent_cloud,
)

ROLE = f"qcs::cam::uin/{ACCOUNT}:roleName/ops"


def assumed(client: Client, **params: Any) -> tuple[Client, dict[str, Any]]:
    """The client of the role, and the answer that made it."""
    answer = client.ok("AssumeRole", **{"RoleArn": ROLE, "RoleSessionName": "me", **params})
    credentials = answer["Credentials"]
    changes = {"secret_id": credentials["TmpSecretId"], "secret": credentials["TmpSecretKey"]}
    return client.but(**changes, token=credentials["Token"]), answer


def test_the_identity_of_users_and_of_the_account() -> None:
    access_keys = [KEY, {"id": "AKIDEXAMPLEroot", "secret": "s", "root": True}]
    with tencent_cloud(access_keys=access_keys) as cloud:
        user = cloud.sts.ok("GetCallerIdentity")
        root = cloud.sts.but(secret_id="AKIDEXAMPLEroot", secret="s").ok("GetCallerIdentity")
    del user["RequestId"], root["RequestId"]
    sub_user = user["UserId"]
    assert sub_user != ACCOUNT
    assert user == {
        "Arn": f"qcs::cam:{ACCOUNT}:uin/{sub_user}",
        "AccountId": ACCOUNT,
        "UserId": sub_user,
        "PrincipalId": sub_user,
        "Type": "CAMUser",
    }
    assert (root["Arn"], root["UserId"]) == (f"qcs::cam:{ACCOUNT}:uin/{ACCOUNT}", ACCOUNT)


def test_a_temporary_key_works_until_it_expires() -> None:
    with tencent_cloud(instances=[{"instance_id": "lhins-00000one"}]) as cloud:
        role, answer = assumed(cloud.sts, DurationSeconds=900)
        assert answer["ExpiredTime"] == int(cloud.clock.now()) + 900
        assert answer["Expiration"] == "2023-11-14T22:28:20Z"
        lighthouse = role.but(product=LIGHTHOUSE)
        assert lighthouse.ok("DescribeInstances")["TotalCount"] == 1
        lighthouse.but(scheme="HmacSHA256").ok("StopInstances", InstanceIds=["lhins-00000one"])
        assert lighthouse.but(token=None).refused("DescribeInstances") == "AuthFailure.TokenFailure"
        cloud.clock.advance(900)
        assert lighthouse.refused("DescribeInstances") == "AuthFailure.TokenFailure"


def test_the_identity_of_a_role() -> None:
    with tencent_cloud() as cloud:
        role, _answer = assumed(cloud.sts)
        found = role.ok("GetCallerIdentity")
        assert found["Type"] == "CAMRole"
        assert found["Arn"] == f"qcs::sts:{ACCOUNT}:assumed-role/{found['PrincipalId']}"
        assert found["UserId"] == f"{found['PrincipalId']}:me"


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"RoleArn": f"qcs::cam::uin/{ACCOUNT}:role/4611686018427397919"}, None),
        ({"RoleArn": "acs:ram::1:role/ops"}, "InvalidParameter.ParamError"),
        ({"RoleArn": "qcs::cam::uin/999:roleName/ops"}, "ResourceNotFound.RoleNotFound"),
        ({"RoleSessionName": "x"}, "InvalidParameter.ParamError"),
        ({"RoleSessionName": "a b"}, "InvalidParameter.ParamError"),
        ({"DurationSeconds": 43200}, None),
        ({"DurationSeconds": 43201}, "InvalidParameter.OverTimeError"),
        ({"DurationSeconds": 0}, "InvalidParameter.OverTimeError"),
        ({"Policy": quote(json.dumps({"version": "2.0", "statement": []}))}, None),
        ({"Policy": "{"}, "InvalidParameter.StrategyFormatError"),
        ({"Tags": [{"Key": "a", "Value": "b"}], "ExternalId": "abc", "SourceIdentity": "me"}, None),
        ({"Bogus": 1}, "UnknownParameter"),
    ],
)
def test_parameters(params: dict[str, Any], code: str | None) -> None:
    with tencent_cloud() as cloud:
        answer = cloud.sts.call("AssumeRole", {"RoleArn": ROLE, "RoleSessionName": "me", **params})
        assert answer.code == code


def test_roles_of_the_seed_are_the_only_ones_and_limit_what_may_be_done() -> None:
    role = {"name": "ops", "max_session_duration": 3600, "read_only": True, "denied_actions": ["DescribeKeyPairs"]}
    with tencent_cloud(instances=[{"instance_id": "lhins-00000one"}]) as cloud:
        account = {"vendor": "tencent", "account_id": ACCOUNT, "roles": [role]}
        cloud.emulator.seed({"accounts": [account]})
        other = {"RoleArn": ROLE.replace("ops", "dev"), "RoleSessionName": "me"}
        assert cloud.sts.call("AssumeRole", other).code == "ResourceNotFound.RoleNotFound"
        too_long = {"RoleArn": ROLE, "RoleSessionName": "me", "DurationSeconds": 3601}
        assert cloud.sts.call("AssumeRole", too_long).code == "InvalidParameter.OverTimeError"
        client, _answer = assumed(cloud.sts, DurationSeconds=3600)
        lighthouse = client.but(product=LIGHTHOUSE)
        lighthouse.ok("DescribeInstances")
        denied = "UnauthorizedOperation.NoPermission"
        assert lighthouse.refused("DescribeKeyPairs") == denied
        assert lighthouse.refused("StopInstances", InstanceIds=["lhins-00000one"]) == denied


def test_assuming_a_role_has_a_throttling_code_of_its_own() -> None:
    with tencent_cloud(settings={"rates": {"tencent_sts": {"AssumeRole": 1}}}) as cloud:
        params = {"RoleArn": ROLE, "RoleSessionName": "me"}
        assert cloud.sts.call("AssumeRole", params).code is None
        assert cloud.sts.call("AssumeRole", params).code == "InvalidParameter.OverLimit"
