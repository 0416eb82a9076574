# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How STS is asked, what is made of its answers, and that its errors are not taken for those of other requests."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._capabilities import Rate
from ansible_collections.keyfleet.cloud.plugins.module_utils._client import Client, Dialect
from ansible_collections.keyfleet.cloud.plugins.module_utils._clock import Deadline
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.alibaba import ALIBABA
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.model import Credentials, Role, WebIdentity
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.sts import Sts
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.tencent import TENCENT
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.vendor import Vendor
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import CredentialsError, InputError, NotSentError
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import ErrorInfo
from ansible_collections.keyfleet.cloud.plugins.module_utils._pacing import Pacer
from ansible_collections.keyfleet.cloud.plugins.module_utils._transport import HttpRequest, HttpResponse
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.fakes import FakeClock, FakeTransport

BASE = Credentials("id", "key", "base-token")
ROLE = Role("arn", "me", 900, '{"a": "b"}', "x")
IDENTITY = WebIdentity("cluster", "/token", Role("arn", "pod"))

TENCENT_SESSION = {
    "Credentials": {"TmpSecretId": "t-id", "TmpSecretKey": "t-key", "Token": "t"},
    "ExpiredTime": 1_700_010_000,
}
ALIBABA_SESSION = {
    "Credentials": {
        "AccessKeyId": "t-id",
        "AccessKeySecret": "t-key",
        "SecurityToken": "t",
        "Expiration": "2023-11-15T01:00:00Z",
    }
}
SESSION = Credentials("t-id", "t-key", "t", 1_700_010_000)


def tencent_answer(fields: dict[str, Any]) -> HttpResponse:
    return HttpResponse(200, {}, json.dumps({"Response": {**fields, "RequestId": "r"}}).encode())


def alibaba_answer(fields: dict[str, Any], status: int = 200) -> HttpResponse:
    return HttpResponse(status, {}, json.dumps({**fields, "RequestId": "r"}).encode())


def tencent_error(code: str) -> HttpResponse:
    return tencent_answer({"Error": {"Code": code, "Message": "no"}})


def alibaba_error(code: str) -> HttpResponse:
    return alibaba_answer({"Code": code, "Message": "no"}, 400)


def sts_with(vendor: Vendor, *answers: HttpResponse | Exception) -> tuple[Sts, FakeTransport]:
    """A vendor's STS that answers so."""
    clock, transport = FakeClock(), FakeTransport(*answers)

    def client(dialect: Dialect) -> Client:
        pacer = Pacer({}, Rate(20), clock)
        return Client(dialect, transport, pacer, clock, Deadline(clock, 60), retries=1, throttle_pause=0.5)

    return vendor.sts("http://sts", client), transport


def query(request: HttpRequest) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}


def test_assuming_a_role_at_tencent() -> None:
    sts, transport = sts_with(TENCENT, tencent_answer(TENCENT_SESSION))
    assert sts.assume_role(lambda: BASE, ROLE) == SESSION
    (request,) = transport.sent
    sent = json.loads(request.body)
    assert unquote(sent.pop("Policy")) == ROLE.policy
    assert sent == {"RoleArn": "arn", "RoleSessionName": "me", "DurationSeconds": 900, "ExternalId": "x"}
    assert (request.headers["X-TC-Action"], request.headers["X-TC-Version"]) == ("AssumeRole", "2018-08-13")
    assert request.headers["X-TC-Token"] == "base-token"
    assert "/sts/tc3_request" in request.headers["Authorization"]


def test_assuming_a_role_at_alibaba() -> None:
    sts, transport = sts_with(ALIBABA, alibaba_answer(ALIBABA_SESSION))
    assert sts.assume_role(lambda: BASE, ROLE) == SESSION
    (request,) = transport.sent
    expected = {"RoleArn": "arn", "RoleSessionName": "me", "DurationSeconds": "900"}
    assert query(request) == {**expected, "Policy": ROLE.policy, "ExternalId": "x"}
    assert (request.headers["x-acs-action"], request.headers["x-acs-version"]) == ("AssumeRole", "2015-04-01")
    assert request.headers["x-acs-security-token"] == "base-token"


def test_what_is_not_given_is_not_sent() -> None:
    sts, transport = sts_with(TENCENT, tencent_answer(TENCENT_SESSION))
    sts.assume_role(lambda: BASE, Role("arn", "me"))
    assert json.loads(transport.sent[0].body) == {"RoleArn": "arn", "RoleSessionName": "me"}


def test_a_web_identity_at_tencent_is_not_signed() -> None:
    sts, transport = sts_with(TENCENT, tencent_answer(TENCENT_SESSION))
    assert sts.assume_role_for(IDENTITY, "jwt") == SESSION
    (request,) = transport.sent
    assert request.headers["Authorization"] == "SKIP"
    sent = json.loads(request.body)
    assert sent == {"ProviderId": "cluster", "WebIdentityToken": "jwt", "RoleArn": "arn", "RoleSessionName": "pod"}


def test_a_web_identity_at_alibaba_is_not_signed() -> None:
    sts, transport = sts_with(ALIBABA, alibaba_answer(ALIBABA_SESSION))
    assert sts.assume_role_for(IDENTITY, "jwt") == SESSION
    (request,) = transport.sent
    assert "Authorization" not in request.headers
    sent = {"OIDCProviderArn": "cluster", "OIDCToken": "jwt", "RoleArn": "arn", "RoleSessionName": "pod"}
    assert query(request) == sent


@pytest.mark.parametrize(("vendor", "answer"), [(TENCENT, tencent_answer), (ALIBABA, alibaba_answer)])
def test_whose_credentials(vendor: Vendor, answer: Callable[[dict[str, Any]], HttpResponse]) -> None:
    sts, _transport = sts_with(vendor, answer({"AccountId": "100000000001"}))
    assert sts.account_id(lambda: BASE) == "100000000001"


@pytest.mark.parametrize(
    ("vendor", "answers", "code", "hint"),
    [
        (TENCENT, [tencent_error("UnauthorizedOperation")], "UnauthorizedOperation", "CAM"),
        (TENCENT, [tencent_error("ResourceNotFound.RoleNotFound")], "ResourceNotFound.RoleNotFound", "role_arn"),
        (ALIBABA, [alibaba_error("NoPermission")], "NoPermission", "RAM"),
        (ALIBABA, [alibaba_error("EntityNotExist.Role")], "EntityNotExist.Role", "role_arn"),
        (TENCENT, [NotSentError(ErrorInfo("ConnectionFailed", "no", "firewall"))] * 2, "ConnectionFailed", "firewall"),
        (ALIBABA, [HttpResponse(502, {}, b"<html>")] * 2, "UnreadableAnswer", "gateway"),
    ],
)
def test_errors_keep_code_and_hint_and_name_the_role(
    vendor: Vendor, answers: list[HttpResponse | Exception], code: str, hint: str
) -> None:
    sts, _transport = sts_with(vendor, *answers)
    with pytest.raises(CredentialsError, match="The role arn could not be assumed: ") as caught:
        sts.assume_role(lambda: BASE, ROLE)
    assert caught.value.info.code == code
    assert hint in caught.value.info.hint


@pytest.mark.parametrize(
    ("vendor", "answers"),
    [
        (TENCENT, [tencent_error("InvalidParameter.OverLimit"), tencent_answer(TENCENT_SESSION)]),
        (TENCENT, [tencent_error("InternalError.DbError"), tencent_answer(TENCENT_SESSION)]),
        (ALIBABA, [alibaba_error("Throttling.User"), alibaba_answer(ALIBABA_SESSION)]),
    ],
)
def test_what_passes_is_tried_again(vendor: Vendor, answers: list[HttpResponse | Exception]) -> None:
    sts, _transport = sts_with(vendor, *answers)
    assert sts.assume_role(lambda: BASE, ROLE) == SESSION


@pytest.mark.parametrize(
    ("vendor", "answer"),
    [
        (TENCENT, tencent_answer({})),
        (TENCENT, tencent_answer({"Credentials": None, "ExpiredTime": 1})),
        (TENCENT, tencent_answer({**TENCENT_SESSION, "ExpiredTime": "x"})),
        (ALIBABA, alibaba_answer({})),
        (ALIBABA, alibaba_answer({"Credentials": {**ALIBABA_SESSION["Credentials"], "Expiration": "tomorrow"}})),
    ],
)
def test_an_answer_without_credentials(vendor: Vendor, answer: HttpResponse) -> None:
    sts, _transport = sts_with(vendor, answer)
    with pytest.raises(CredentialsError, match="holds no credentials"):
        sts.assume_role(lambda: BASE, ROLE)


@pytest.mark.parametrize(
    ("environ", "host"),
    [
        ({}, "sts.aliyuncs.com"),
        ({"ALIBABA_CLOUD_STS_REGION": "cn-beijing"}, "sts.cn-beijing.aliyuncs.com"),
        (
            {"ALIBABA_CLOUD_STS_REGION": "cn-beijing", "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED": "true"},
            "sts-vpc.cn-beijing.aliyuncs.com",
        ),
        ({"ALIBABA_CLOUD_STS_REGION": ""}, "sts.aliyuncs.com"),
    ],
)
def test_alibabas_public_host(environ: dict[str, str], host: str) -> None:
    assert ALIBABA.sts_host(environ) == host


def test_the_region_of_sts_cannot_redirect_requests() -> None:
    with pytest.raises(InputError, match="malformed"):
        ALIBABA.sts_host({"ALIBABA_CLOUD_STS_REGION": "evil.example/"})


def test_tencents_public_host() -> None:
    assert TENCENT.sts_host({}) == "sts.tencentcloudapi.com"
