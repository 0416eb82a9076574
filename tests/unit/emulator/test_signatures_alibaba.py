# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Alibaba's signatures against the vendor's and the official clients' vectors."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

import pytest
from ansible_collections.keyfleet.cloud.emulator.signatures import acs3, alibaba_rpc
from ansible_collections.keyfleet.cloud.emulator.signatures.primitives import (
    MalformedAuthorization,
    UnsupportedSignature,
    percent_encode,
)
from ansible_collections.keyfleet.cloud.tests.unit.emulator.signature_vectors import one_character_changed, vectors
from hypothesis import given
from hypothesis import strategies as st

RPC = vectors("alibaba-rpc-v1-hmac-sha1.json")
ACS3 = vectors("alibaba-acs3-hmac-sha256.json")


def rpc_request(given: dict[str, Any]) -> dict[str, Any]:
    """A vector as the keyword arguments of ``alibaba_rpc.compute``."""
    return {"method": given["method"], "params": given["params"], "secret": given["access_key_secret"]}


def acs3_request(given: dict[str, Any], encode: Any = quote) -> dict[str, Any]:
    """A vector as the keyword arguments of ``acs3.compute``, its query as an HTTP library would send it."""
    return {
        "method": given["method"],
        "raw_query": urlencode(given["query"], quote_via=encode),
        "headers": given["headers"],
        "body": given["body"].encode(),
        "secret": given["access_key_secret"],
    }


@pytest.mark.parametrize(("given", "expected"), RPC)
def test_rpc_reproduces_every_published_intermediate_value(given: dict[str, Any], expected: dict[str, Any]) -> None:
    computed = alibaba_rpc.compute(**rpc_request(given))

    assert computed.canonicalized_query_string == expected["canonicalized_query_string"]
    assert computed.string_to_sign == expected["string_to_sign"]
    assert computed.signature == expected["signature"]
    if "signature_urlencoded" in expected:
        assert quote(computed.signature, safe="") == expected["signature_urlencoded"]
    assert alibaba_rpc.matches(expected["signature"], computed)


@pytest.mark.parametrize(("given", "expected"), RPC)
def test_rpc_notices_one_changed_character_anywhere(given: dict[str, Any], expected: dict[str, Any]) -> None:
    sound = rpc_request(given)
    broken = [
        {**sound, "params": {**given["params"], name: changed}}
        for name, value in given["params"].items()
        if name not in ("SignatureMethod", "SignatureVersion")
        for changed in one_character_changed(value)
    ]
    broken += [{**sound, "secret": secret} for secret in one_character_changed(given["access_key_secret"])]
    broken += [{**sound, "method": "GET" if given["method"] == "POST" else "POST"}]
    broken += [{**sound, "params": {**given["params"], "Added": ""}}]

    for request in broken:
        assert not alibaba_rpc.matches(expected["signature"], alibaba_rpc.compute(**request)), request
    for signature in one_character_changed(expected["signature"]):
        assert not alibaba_rpc.matches(signature, alibaba_rpc.compute(**sound))


def test_rpc_signs_an_empty_signature_type() -> None:
    given, expected = next(entry.values for entry in RPC if entry.id == "sdk-old-detach")
    without = {name: value for name, value in given["params"].items() if name != "SignatureType"}
    computed = alibaba_rpc.compute(**{**rpc_request(given), "params": without})
    assert not alibaba_rpc.matches(expected["signature"], computed)


@pytest.mark.parametrize(
    ("name", "value"),
    [("SignatureMethod", "HMAC-SHA256"), ("SignatureMethod", ""), ("SignatureVersion", "2.0")],
)
def test_rpc_refuses_other_methods_and_versions(name: str, value: str) -> None:
    given, _expected = RPC[0].values
    with pytest.raises(UnsupportedSignature, match=name):
        alibaba_rpc.compute(**{**rpc_request(given), "params": {**given["params"], name: value}})


@pytest.mark.parametrize(("given", "expected"), ACS3)
def test_acs3_reproduces_every_published_intermediate_value(given: dict[str, Any], expected: dict[str, Any]) -> None:
    authorization = acs3.parse_authorization(expected["authorization"])
    computed = acs3.compute(authorization, **acs3_request(given))

    assert computed.canonical_query_string == expected["canonical_query_string"]
    assert computed.canonical_request == expected["canonical_request"]
    assert computed.hashed_canonical_request == expected["hashed_canonical_request"]
    assert computed.string_to_sign == expected["string_to_sign"]
    assert computed.hashed_payload == expected["hashed_payload"]
    assert computed.signature == expected["signature"]
    assert ";".join(authorization.signed_headers) == expected["signed_headers"]
    assert authorization.access_key_id == given["access_key_id"]
    assert acs3.matches(authorization, computed, given["headers"])
    assert acs3.unsigned_headers(authorization, given["headers"], b"") == []


@pytest.mark.parametrize(("given", "expected"), ACS3)
def test_acs3_does_not_mind_how_the_query_was_spelled_on_the_wire(
    given: dict[str, Any], expected: dict[str, Any]
) -> None:
    """HTTP libraries may send ``+`` for a blank and parameters in any order; the signature is the same."""
    authorization = acs3.parse_authorization(expected["authorization"])
    plus_for_blank = {**acs3_request(given), "raw_query": urlencode(list(reversed(given["query"].items())))}
    assert acs3.matches(authorization, acs3.compute(authorization, **plus_for_blank), given["headers"])


@pytest.mark.parametrize(("given", "expected"), ACS3)
def test_acs3_notices_one_changed_character_anywhere(given: dict[str, Any], expected: dict[str, Any]) -> None:
    authorization = acs3.parse_authorization(expected["authorization"])
    sound = acs3_request(given)
    broken = [
        {**sound, "headers": {**given["headers"], name: changed}}
        for name, value in given["headers"].items()
        for changed in one_character_changed(value)
    ]
    broken += [
        {**sound, "raw_query": urlencode({**given["query"], name: changed})}
        for name, value in given["query"].items()
        for changed in one_character_changed(value)
    ]
    broken += [{**sound, "secret": secret} for secret in one_character_changed(given["access_key_secret"])]
    broken += [{**sound, "method": "GET"}, {**sound, "body": b"Added=1"}]

    for request in broken:
        computed = acs3.compute(authorization, **request)
        assert not acs3.matches(authorization, computed, request["headers"]), request

    computed = acs3.compute(authorization, **sound)
    for signature in one_character_changed(authorization.signature):
        forged = acs3.parse_authorization(expected["authorization"].replace(authorization.signature, signature))
        assert not acs3.matches(forged, computed, given["headers"])


PAIRS = st.lists(st.tuples(st.text(min_size=1), st.text()), unique_by=lambda pair: pair[0])


@given(pairs=PAIRS)
def test_acs3_canonical_queries_do_not_depend_on_order_or_spelling(pairs: list[tuple[str, str]]) -> None:
    canonical = acs3.canonical_query(urlencode(pairs))
    assert acs3.canonical_query(urlencode(pairs[::-1], quote_via=quote)) == canonical
    assert acs3.canonical_query(canonical) == canonical
    assert sorted(parse_qsl(canonical, keep_blank_values=True)) == sorted(pairs)


@given(text=st.text())
def test_percent_encoding_leaves_only_unreserved_characters_and_can_be_undone(text: str) -> None:
    encoded = percent_encode(text)
    assert re.fullmatch(r"([A-Za-z0-9._~-]|%[0-9A-F]{2})*", encoded)
    assert unquote(encoded) == text


def test_acs3_names_the_headers_that_should_have_been_signed() -> None:
    authorization = acs3.Authorization("LTAIEXAMPLE", ("x-acs-action", "x-acs-date"), "00")
    headers = {"Host": "ecs.example", "X-Acs-Action": "A", "x-acs-date": "D", "x-acs-version": "V", "accept": "*/*"}
    assert acs3.unsigned_headers(authorization, headers, b"") == ["host", "x-acs-version"]
    assert acs3.unsigned_headers(authorization, headers, b"{}") == ["content-type", "host", "x-acs-version"]


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("", id="empty"),
        pytest.param("ACS3-HMAC-SHA256 Credential=A,SignedHeaders=host", id="no signature"),
        pytest.param("ACS3-HMAC-SM3 Credential=A,SignedHeaders=host,Signature=00", id="another algorithm"),
        pytest.param("ACS3-HMAC-SHA256 Credential=A,SignedHeaders=host,Signature=xyz", id="not hexadecimal"),
        pytest.param("ACS3-HMAC-SHA256 SignedHeaders=host,Credential=A,Signature=00", id="another order"),
    ],
)
def test_acs3_refuses_a_malformed_authorization(header: str) -> None:
    with pytest.raises(MalformedAuthorization):
        acs3.parse_authorization(header)
