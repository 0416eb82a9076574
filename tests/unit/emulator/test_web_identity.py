# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""STS for whoever has an OIDC token instead of a key: the calls are not signed, and the token decides."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from ansible_collections.keyfleet.cloud.emulator import Emulator
from ansible_collections.keyfleet.cloud.emulator.clock import FakeClock

TENCENT_ACCOUNT, ALIBABA_ACCOUNT = "100000000001", "1000000000000001"
TENCENT: dict[str, Any] = {
    "ProviderId": "cluster",
    "WebIdentityToken": "example-web-identity-token",
    "RoleArn": f"qcs::cam::uin/{TENCENT_ACCOUNT}:roleName/ops",
    "RoleSessionName": "pod",
}
ALIBABA: dict[str, str] = {
    "OIDCProviderArn": f"acs:ram::{ALIBABA_ACCOUNT}:oidc-provider/cluster",
    "OIDCToken": "example-web-identity-token",
    "RoleArn": f"acs:ram::{ALIBABA_ACCOUNT}:role/ops",
    "RoleSessionName": "pod",
}


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    provider = {"name": "cluster", "tokens": ["example-web-identity-token"]}
    account = {"roles": [{"name": "ops", "max_session_duration": 7200}], "identity_providers": [provider]}
    seed = {
        "accounts": [
            {"vendor": "tencent", "account_id": TENCENT_ACCOUNT, **account},
            {"vendor": "alibaba", "account_id": ALIBABA_ACCOUNT, **account},
            {"vendor": "alibaba", "account_id": "2", "identity_providers": [provider]},
        ]
    }
    with Emulator(seed=seed, clock=FakeClock()) as running:
        yield running


def send(emulator: Emulator, target: str, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection("127.0.0.1", emulator.port, timeout=120)
    try:
        connection.request("POST", target, body, headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def tencent(emulator: Emulator, action: str = "AssumeRoleWithWebIdentity", **params: Any) -> dict[str, Any]:
    headers = {
        "Content-Type": "application/json",
        "X-TC-Action": action,
        "X-TC-Version": "2018-08-13",
        "X-TC-Region": "ap-guangzhou",
        "X-TC-Timestamp": "1700000000",
        "Authorization": "SKIP",
    }
    _status, answer = send(emulator, "/", json.dumps(params).encode(), headers)
    found: dict[str, Any] = answer["Response"]
    return found


def alibaba(emulator: Emulator, action: str = "AssumeRoleWithOIDC", **params: str) -> tuple[int, dict[str, Any]]:
    headers = {"x-acs-action": action, "x-acs-version": "2015-04-01", "accept": "application/json"}
    return send(emulator, f"/?{urlencode(params)}", b"", headers)


def test_tencent_lends_the_role(emulator: Emulator) -> None:
    answer = tencent(emulator, **TENCENT)
    assert set(answer["Credentials"]) == {"Token", "TmpSecretId", "TmpSecretKey"}
    assert answer["ExpiredTime"] == 1_700_000_000 + 7200


def test_alibaba_lends_the_role(emulator: Emulator) -> None:
    status, answer = alibaba(emulator, **ALIBABA)
    assert status == 200
    assert set(answer["Credentials"]) == {"AccessKeyId", "AccessKeySecret", "SecurityToken", "Expiration"}
    assert answer["AssumedRoleUser"]["Arn"] == f"acs:ram::{ALIBABA_ACCOUNT}:role/ops/pod"


def test_alibabas_older_client_sends_everything_in_the_query(emulator: Emulator) -> None:
    query = {**ALIBABA, "Action": "AssumeRoleWithOIDC", "Version": "2015-04-01", "Format": "JSON"}
    assert send(emulator, f"/?{urlencode(query)}", b"", {})[0] == 200


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"WebIdentityToken": "stolen"}, "InvalidParameter.WebIdentityTokenError"),
        ({"ProviderId": "other"}, "InvalidParameter.WebIdentityTokenError"),
        ({"RoleArn": "ops"}, "InvalidParameter.ParamError"),
        ({"RoleArn": f"qcs::cam::uin/{TENCENT_ACCOUNT}:roleName/dev"}, "InternalError.GetRoleError"),
        ({"RoleSessionName": "a b"}, "InvalidParameter.ParamError"),
        ({"DurationSeconds": 7201}, "InvalidParameter.ParamError"),
        ({"Bogus": "x"}, "UnknownParameter"),
    ],
)
def test_what_tencent_refuses(emulator: Emulator, changes: dict[str, Any], code: str) -> None:
    assert tencent(emulator, **{**TENCENT, **changes})["Error"]["Code"] == code


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"OIDCToken": "stolen"}, (403, "AuthenticationFail.OIDCToken.Invalid")),
        ({"OIDCProviderArn": "cluster"}, (400, "InvalidParameter.OIDCProviderArn")),
        ({"OIDCProviderArn": f"acs:ram::{ALIBABA_ACCOUNT}:oidc-provider/x"}, (404, "EntityNotExist.OIDCProvider")),
        ({"OIDCProviderArn": "acs:ram::2:oidc-provider/cluster"}, (403, "AuthenticationFail.NoPermission")),
        ({"RoleArn": f"acs:ram::{ALIBABA_ACCOUNT}:role/dev"}, (404, "EntityNotExist.Role")),
        ({"RoleArn": "ops"}, (400, "InvalidParameter.RoleArn")),
        ({"DurationSeconds": "899"}, (400, "InvalidParameter.DurationSeconds")),
        ({"OIDCToken": ""}, (400, "MissingParameter")),
    ],
)
def test_what_alibaba_refuses(emulator: Emulator, changes: dict[str, str], expected: tuple[int, str]) -> None:
    status, answer = alibaba(emulator, **{**ALIBABA, **changes})
    assert (status, answer["Code"]) == expected


def test_other_actions_of_tencent_need_a_signature(emulator: Emulator) -> None:
    assert tencent(emulator, "GetCallerIdentity")["Error"]["Code"] == "AuthFailure.InvalidAuthorization"


def test_other_actions_of_alibaba_need_a_signature(emulator: Emulator) -> None:
    status, answer = alibaba(emulator, "GetCallerIdentity")
    assert (status, answer["Code"]) == (400, "IncompleteSignature")


def test_tokens_are_not_in_the_log(emulator: Emulator) -> None:
    tencent(emulator, **TENCENT)
    alibaba(emulator, **ALIBABA)
    assert [entry["action"] for entry in emulator.log()] == ["AssumeRoleWithWebIdentity", "AssumeRoleWithOIDC"]
    assert "example-web-identity-token" not in json.dumps(emulator.log())


def test_the_rate_of_tencents_action(emulator: Emulator) -> None:
    emulator.configure({"rates": {"tencent_sts": {"AssumeRoleWithWebIdentity": 1}}})
    assert "Error" not in tencent(emulator, **TENCENT)
    assert tencent(emulator, **TENCENT)["Error"]["Code"] == "RequestLimitExceeded"


@pytest.mark.parametrize(
    ("provider", "field"),
    [
        ({"tokens": []}, r"identity_providers\[0\]\.name"),
        ({"name": "x", "tokens": [1]}, r"identity_providers\[0\]\.tokens\[0\]"),
        ({"name": "x", "url": "y"}, r"identity_providers\[0\]\.url"),
    ],
)
def test_a_provider_that_cannot_be(emulator: Emulator, provider: dict[str, Any], field: str) -> None:
    account = {"vendor": "tencent", "account_id": "3", "identity_providers": [provider]}
    with pytest.raises(ValueError, match=field):
        emulator.seed({"accounts": [account]})
