# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Telling dialects apart, and never falling over whatever arrives."""

from __future__ import annotations

import json

import pytest
from ansible_collections.keyfleet.cloud.emulator import Emulator
from ansible_collections.keyfleet.cloud.emulator.clock import FakeClock
from ansible_collections.keyfleet.cloud.emulator.http_types import Headers, Request
from ansible_collections.keyfleet.cloud.emulator.routing import dialect_of
from hypothesis import given, settings
from hypothesis import strategies as st

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("target", "headers", "body", "dialect"),
    [
        ("/_emulator/health", {}, b"", "control"),
        ("/v2/index.php?Action=DescribeInstances", {}, b"", "legacy"),
        ("/", {"Authorization": "TC3-HMAC-SHA256 …"}, b"{}", "tencent"),
        ("/", {"X-TC-Action": "DescribeInstances"}, b"{}", "tencent"),
        ("/?Action=DescribeInstances&SecretId=a&Version=2017-03-12", {}, b"", "tencent"),
        ("/", FORM, b"Action=DescribeInstances&SecretId=a", "tencent"),
        ("/", {"Authorization": "ACS3-HMAC-SHA256 …"}, b"", "alibaba"),
        ("/?KeyPairName=a", {"x-acs-action": "AttachKeyPair"}, b"", "alibaba"),
        ("/?Action=DescribeInstances&AccessKeyId=a&Signature=b", {}, b"", "alibaba"),
        ("/?SignatureVersion=1.0", {}, b"", "alibaba"),
        ("/", FORM, b"AccessKeyId=a", "alibaba"),
        ("/", {}, b"AccessKeyId=a", "tencent"),
        ("http://127.0.0.1:1/?AccessKeyId=a", {}, b"", "alibaba"),
        ("/other", {}, b"", None),
    ],
)
def test_dialects(target: str, headers: dict[str, str], body: bytes, dialect: str | None) -> None:
    assert dialect_of(Request("POST", target, Headers(headers.items()), body)) == dialect


@pytest.fixture(scope="module")
def emulator() -> Emulator:
    found = Emulator(clock=FakeClock())
    found.stop()
    return found


NAMES = st.sampled_from(
    [
        "Authorization",
        "Content-Type",
        "Host",
        "X-TC-Action",
        "X-TC-Region",
        "X-TC-Timestamp",
        "X-TC-Token",
        "X-TC-Version",
    ]
)
TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=20)
VALUES = TEXT | st.sampled_from(["2017-03-12", "application/json", "DescribeInstances", FORM["Content-Type"], "1"])
QUERIES = st.lists(
    st.tuples(st.sampled_from(["Action", "Version", "SecretId", "InstanceIds", "InstanceIds.0", "Filters.0"]), VALUES)
).map(lambda items: "&".join(f"{name}={value}" for name, value in items))
BODIES = st.binary(max_size=40) | QUERIES.map(str.encode) | st.dictionaries(TEXT, TEXT).map(json.dumps).map(str.encode)


@given(
    method=st.sampled_from(["GET", "POST", "PUT", ""]),
    path=st.sampled_from(["/", "/v2/index.php"]),
    query=QUERIES | TEXT,
    headers=st.dictionaries(NAMES, VALUES),
    body=BODIES,
)
@settings(max_examples=100)
def test_whatever_arrives_is_answered_with_an_envelope(
    emulator: Emulator, method: str, path: str, query: str, headers: dict[str, str], body: bytes
) -> None:
    response = emulator.respond(Request(method, f"{path}?{query}", Headers(headers.items()), body))
    assert response is not None
    assert (response.status, response.content_type) == (200, "application/json")
    answer = json.loads(response.body)
    assert "Response" in answer or answer["code"] != 0
