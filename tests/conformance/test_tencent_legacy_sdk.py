# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""qcloudapi-sdk-python, unmodified over TLS and with its connection class replaced over plain HTTP: API 2.0."""

from __future__ import annotations

import http.client
import json
import re
from typing import Any

import pytest
import QcloudApi.common.request as qcloud_request
from ansible_collections.keyfleet.cloud.emulator import Emulator
from ansible_collections.keyfleet.cloud.tests.conformance.certificates import Certificates
from ansible_collections.keyfleet.cloud.tests.conformance.clouds import (
    KEY_ID,
    SECRET,
    TENCENT_REGION,
    address,
    bindings,
)
from QcloudApi.qcloudapi import QcloudApi

GENERATION_A = {"Version": "2017-03-12"}
BOUND = {"InstanceIds": ["ins-1e4r6y8i"], "KeyIds": ["skey-4e5ty7i8"]}
UPPER_CASE_ID = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")


class PlainConnection(http.client.HTTPConnection):
    """What the client expects of its connection, without TLS."""

    def __init__(self, host: str, port: int | None = None) -> None:
        super().__init__(host, port)
        self.request_length = 0
        self.has_proxy = False


class Sdk:
    """The client; ``call`` returns the decoded body, which the client itself never looks at."""

    def __init__(self, emulator: Emulator, **config: str) -> None:
        self.emulator = emulator
        given = {"Region": TENCENT_REGION, "secretId": KEY_ID["tencent"], "secretKey": SECRET, "method": "GET"}
        # Only with a module name that the client does not know does it honour "endpoint".
        self.api = QcloudApi("anyname", {**given, "endpoint": address(emulator), **config})

    def call(self, action: str, **members: Any) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.api.call(action, members))
        return answer

    def ok(self, action: str, **members: Any) -> dict[str, Any]:
        response: dict[str, Any] = self.call(action, **GENERATION_A, **members)["Response"]
        assert "Error" not in response
        return response

    def refused(self, action: str, **members: Any) -> str:
        response = self.call(action, **GENERATION_A, **members)["Response"]
        assert UPPER_CASE_ID.fullmatch(response["RequestId"])
        code: str = response["Error"]["Code"]
        return code


@pytest.fixture(params=["HmacSHA1", "HmacSHA256"])
def sign(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["GET", "POST"])
def method(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def sdk(emulator: Emulator, sign: str, method: str, monkeypatch: pytest.MonkeyPatch) -> Sdk:
    monkeypatch.setattr(qcloud_request, "MyHTTPSConnection", PlainConnection)
    return Sdk(emulator, method=method, SignatureMethod=sign)


@pytest.fixture
def secure(tls_emulator: Emulator, certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> Sdk:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))
    return Sdk(tls_emulator)


def test_bind_look_unbind(sdk: Sdk) -> None:
    answer = sdk.ok("AssociateInstancesKeyPairs", **BOUND)
    assert UPPER_CASE_ID.fullmatch(answer["RequestId"])
    instance = sdk.ok("DescribeInstances", InstanceIds=["ins-1e4r6y8i"])["InstanceSet"][0]
    assert instance["LoginSettings"]["KeyIds"] == ["skey-4e5ty7i8"]
    sdk.ok("DisassociateInstancesKeyPairs", **BOUND)
    assert bindings(sdk.emulator, "ins-1e4r6y8i") == []
    assert {entry["provider"] for entry in sdk.emulator.log()} == {"tencent_cvm_legacy"}


def test_lists_may_begin_with_1(sdk: Sdk) -> None:
    numbered = {"InstanceIds.1": "ins-1e4r6y8i", "KeyIds.1": "skey-4e5ty7i8"}
    sdk.ok("AssociateInstancesKeyPairs", **numbered)
    assert bindings(sdk.emulator, "ins-1e4r6y8i") == ["skey-4e5ty7i8"]


def test_an_underscore_in_a_name_is_signed_as_a_dot(sdk: Sdk) -> None:
    """The signature is right, so what is refused is the parameter, which keeps its underscore on the wire."""
    assert sdk.refused("DescribeInstances", InstanceIds_0="ins-1e4r6y8i") == "UnknownParameter"


def test_blanks_and_other_alphabets(sdk: Sdk) -> None:
    filters = [{"Name": "key-name", "Values": ["a b~*+/=&%", "中"]}]
    assert sdk.ok("DescribeKeyPairs", Filters=filters)["TotalCount"] == 0


def test_power(sdk: Sdk) -> None:
    sdk.ok("StartInstances", InstanceIds=["ins-1e4r6y8i"])
    sdk.ok("StopInstances", InstanceIds=["ins-1e4r6y8i"], ForceStop="TRUE")
    answer = sdk.ok("DescribeInstancesStatus", InstanceIds=["ins-1e4r6y8i"])
    assert answer["InstanceStatusSet"] == [{"InstanceId": "ins-1e4r6y8i", "InstanceState": "STOPPED"}]


def test_the_older_generation_answers_with_numbers(sdk: Sdk) -> None:
    old = {"instanceIds": ["ins-1e4r6y8i"], "keyId": "skey-4e5ty7i8"}
    assert sdk.call("BindInstanceKey", **old)["code"] == 0
    assert bindings(sdk.emulator, "ins-1e4r6y8i") == ["skey-4e5ty7i8"]
    assert sdk.call("unBindInstanceKey", **old)["code"] == 0
    assert bindings(sdk.emulator, "ins-1e4r6y8i") == []
    assert sdk.call("BindInstanceKey", **{**old, "keyId": "skey-00000zzz"})["code"] == 5000


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"KeyIds": ["skey-00000zzz"]}, "InvalidKeyPairId.NotFound"),
        ({"KeyIds": ["skey-1122"]}, "InvalidKeyPairId.Malformed"),
        ({"InstanceIds": ["ins-00000zzz"]}, "InvalidInstanceId.NotFound"),
        ({"InstanceIds": ["ins-1122"]}, "InvalidInstanceId.Malformed"),
        ({"InstanceIds": []}, "MissingParameter"),
    ],
)
@pytest.mark.parametrize("action", ["AssociateInstancesKeyPairs", "DisassociateInstancesKeyPairs"])
def test_errors(sdk: Sdk, action: str, members: dict[str, Any], code: str) -> None:
    assert sdk.refused(action, **{**BOUND, **members}) == code


def test_a_wrong_secret(sdk: Sdk, method: str) -> None:
    assert Sdk(sdk.emulator, method=method, secretKey="wrong").refused("DescribeKeyPairs").startswith("AuthFailure")


def test_over_tls(secure: Sdk) -> None:
    secure.ok("AssociateInstancesKeyPairs", **BOUND)
    assert bindings(secure.emulator, "ins-1e4r6y8i") == ["skey-4e5ty7i8"]


def test_over_tls_with_a_wrong_secret(secure: Sdk) -> None:
    assert Sdk(secure.emulator, secretKey="wrong").refused("DescribeKeyPairs").startswith("AuthFailure")
