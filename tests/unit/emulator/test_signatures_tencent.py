# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tencent's signatures against the vendor's and the official clients' vectors."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from ansible_collections.keyfleet.cloud.emulator.signatures import tc3, tencent_v1
from ansible_collections.keyfleet.cloud.emulator.signatures.primitives import (
    MalformedAuthorization,
    UnsupportedSignature,
)
from ansible_collections.keyfleet.cloud.tests.unit.emulator.signature_vectors import one_character_changed, vectors

TC3 = vectors("tencent-tc3-hmac-sha256.json")
V1 = vectors("tencent-signature-v1.json")
LEGACY = vectors("tencent-legacy-v2.json")


def tc3_request(given: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    """A vector as the keyword arguments of ``tc3.compute``."""
    headers = {"Content-Type": given["content_type"], "Host": given["host"], "X-TC-Action": given["action"]}
    headers.update(expected.get("headers", {}))
    return {
        "method": given["method"],
        "raw_query": given["query_string"],
        "headers": headers,
        "body": given["body"].encode(),
        "timestamp": given["timestamp"],
        "secret_key": given["secret_key"],
    }


@pytest.mark.parametrize(("given", "expected"), TC3)
def test_tc3_reproduces_every_published_intermediate_value(given: dict[str, Any], expected: dict[str, Any]) -> None:
    authorization = tc3.parse_authorization(expected["authorization"])
    computed = tc3.compute(authorization, **tc3_request(given, expected))

    assert computed.canonical_request == expected["canonical_request"]
    assert computed.hashed_canonical_request == expected["hashed_canonical_request"]
    assert computed.string_to_sign == expected["string_to_sign"]
    assert computed.credential_scope == expected["credential_scope"]
    assert computed.secret_date.hex() == expected["secret_date_hex"]
    assert computed.secret_service.hex() == expected["secret_service_hex"]
    assert computed.secret_signing.hex() == expected["secret_signing_hex"]
    assert computed.hashed_payload == expected["hashed_payload"]
    assert computed.signature == expected["signature"]
    assert ";".join(authorization.signed_headers) == expected["signed_headers"]
    assert authorization.access_key_id == given["secret_id"]
    assert authorization.service == given["service"]
    assert tc3.matches(authorization, computed)


@pytest.mark.parametrize(("given", "expected"), TC3)
def test_tc3_notices_one_changed_character_anywhere(given: dict[str, Any], expected: dict[str, Any]) -> None:
    authorization = tc3.parse_authorization(expected["authorization"])
    sound = tc3_request(given, expected)
    broken = [{**sound, "raw_query": query} for query in one_character_changed(given["query_string"])]
    broken += [
        {**sound, "headers": {**sound["headers"], "Host": host}} for host in one_character_changed(given["host"])
    ]
    broken += [{**sound, "headers": {**sound["headers"], "Content-Type": "text/plain"}}]
    broken += [{**sound, "secret_key": key} for key in one_character_changed(given["secret_key"])]
    broken += [{**sound, "timestamp": given["timestamp"] + 1}, {**sound, "method": "PUT"}]
    if "X-TC-Content-SHA256" not in sound["headers"]:
        broken += [{**sound, "body": body.encode()} for body in one_character_changed(given["body"])]

    for request in broken:
        assert not tc3.matches(authorization, tc3.compute(authorization, **request)), request

    computed = tc3.compute(authorization, **sound)
    for signature in one_character_changed(authorization.signature):
        forged = tc3.parse_authorization(expected["authorization"].replace(authorization.signature, signature))
        assert not tc3.matches(forged, computed)


def test_tc3_signs_the_raw_query_and_does_not_accept_another_spelling_of_it() -> None:
    given, expected = next(entry.values for entry in TC3 if entry.id == "sdk-get-list-space")
    authorization = tc3.parse_authorization(expected["authorization"])
    request = tc3_request(given, expected)
    request["raw_query"] = given["query_string"].replace("+", "%20")
    assert not tc3.matches(authorization, tc3.compute(authorization, **request))


def test_tc3_refuses_a_scope_whose_date_is_not_the_utc_date_of_the_timestamp() -> None:
    """A client that signs with its local date is right only until its midnight and UTC's differ."""
    given, expected = next(entry.values for entry in TC3 if entry.id == "sdk-utc-date-edge")
    authorization = tc3.parse_authorization(expected["authorization"].replace("2023-12-31", "2024-01-01"))
    assert not tc3.matches(authorization, tc3.compute(authorization, **tc3_request(given, expected)))


def test_tc3_does_not_hash_a_payload_that_is_announced_as_unsigned() -> None:
    given, expected = next(entry.values for entry in TC3 if entry.id == "sdk-unsigned-payload")
    authorization = tc3.parse_authorization(expected["authorization"])
    request = {**tc3_request(given, expected), "body": b"something else"}
    assert tc3.matches(authorization, tc3.compute(authorization, **request))


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("", id="empty"),
        pytest.param("Bearer abc", id="another scheme"),
        pytest.param("TC3-HMAC-SHA256 Credential=A/2023-11-14/cvm/tc3_request", id="no signature"),
        pytest.param(
            "TC3-HMAC-SHA256 Credential=A/2023-11-14/cvm, SignedHeaders=content-type;host, Signature=00",
            id="scope without tc3_request",
        ),
        pytest.param(
            "TC3-HMAC-SHA256 Credential=A/20231114/cvm/tc3_request, SignedHeaders=content-type;host, Signature=00",
            id="date without hyphens",
        ),
        pytest.param(
            "TC3-HMAC-SHA256 Credential=A/2023-11-14/cvm/tc3_request, SignedHeaders=content-type;host, Signature=xyz",
            id="signature not hexadecimal",
        ),
        pytest.param(
            "TC3-HMAC-SHA256 Credential=A/2023-11-14/cvm/tc3_request, SignedHeaders=content-type, Signature=00",
            id="host not signed",
        ),
    ],
)
def test_tc3_refuses_a_malformed_authorization(header: str) -> None:
    with pytest.raises(MalformedAuthorization):
        tc3.parse_authorization(header)


def test_tc3_says_so_when_the_timestamp_is_no_date() -> None:
    with pytest.raises(ValueError, match="point in time"):
        tc3.utc_date(10**30)


@pytest.mark.parametrize(("given", "expected"), V1 + LEGACY)
def test_parameter_signature_reproduces_every_published_value(given: dict[str, Any], expected: dict[str, Any]) -> None:
    computed = tencent_v1.compute(**parameter_request(given))

    assert computed.string_to_sign == expected["string_to_sign"]
    assert computed.signature == expected["signature"]
    if "signature_urlencoded" in expected:
        assert quote(computed.signature, safe="") == expected["signature_urlencoded"]
    assert tencent_v1.matches(expected["signature"], computed)


@pytest.mark.parametrize(("given", "expected"), V1 + LEGACY)
def test_parameter_signature_notices_one_changed_character(given: dict[str, Any], expected: dict[str, Any]) -> None:
    sound = parameter_request(given)
    broken = [
        {**sound, "params": {**given["params"], name: changed}}
        for name, value in given["params"].items()
        if name != "SignatureMethod"
        for changed in one_character_changed(value)
    ]
    broken += [{**sound, "host": host} for host in one_character_changed(given["host"])]
    broken += [{**sound, "secret_key": key} for key in one_character_changed(given["secret_key"])]
    broken += [{**sound, "method": "GET" if given["method"] == "POST" else "POST"}]
    broken += [{**sound, "params": {**given["params"], "Added": ""}}]

    for request in broken:
        assert not tencent_v1.matches(expected["signature"], tencent_v1.compute(**request)), request
    for signature in one_character_changed(expected["signature"]):
        assert not tencent_v1.matches(signature, tencent_v1.compute(**sound))


@pytest.mark.parametrize(("given", "expected"), V1 + LEGACY)
def test_a_signature_for_one_path_is_wrong_for_the_other(given: dict[str, Any], expected: dict[str, Any]) -> None:
    other = tencent_v1.LEGACY_PATH if given["path"] == tencent_v1.API3_PATH else tencent_v1.API3_PATH
    computed = tencent_v1.compute(**{**parameter_request(given), "path": other})
    assert not tencent_v1.matches(expected["signature"], computed)


def test_the_signature_parameter_itself_is_not_signed() -> None:
    given, expected = V1[0].values
    signed = {**given["params"], "Signature": expected["signature"]}
    assert tencent_v1.compute(**{**parameter_request(given), "params": signed}).signature == expected["signature"]


@pytest.mark.parametrize(
    ("method", "path", "signed"),
    [
        ("POST", tencent_v1.LEGACY_PATH, False),
        ("GET", tencent_v1.LEGACY_PATH, True),
        ("POST", tencent_v1.API3_PATH, True),
    ],
)
def test_only_a_legacy_post_leaves_file_markers_unsigned(method: str, path: str, signed: bool) -> None:
    params = {"Action": "A", "File": "@key.pub"}
    computed = tencent_v1.compute(method=method, host="h", path=path, params=params, secret_key="example-secret-key")
    assert ("File=@key.pub" in computed.string_to_sign) is signed


def test_names_are_sorted_as_they_are_signed() -> None:
    """``a_b`` is signed as ``a.b`` and so precedes ``a0``."""
    params = {"a0": "1", "a_b": "2"}
    computed = tencent_v1.compute(method="GET", host="h", path="/", params=params, secret_key="example-secret-key")
    assert computed.string_to_sign == "GETh/?a.b=2&a0=1"


def test_an_unknown_parameter_signature_method_is_refused() -> None:
    given, _expected = V1[0].values
    params = {**given["params"], "SignatureMethod": "HmacMD5"}
    with pytest.raises(UnsupportedSignature):
        tencent_v1.compute(**{**parameter_request(given), "params": params})


def parameter_request(given: dict[str, Any]) -> dict[str, Any]:
    """A vector as the keyword arguments of ``tencent_v1.compute``."""
    return {name: given[name] for name in ("method", "host", "path", "params", "secret_key")}
