# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every published and generated signature vector, with each intermediate text that it pins down."""

from __future__ import annotations

import json
import pathlib
import typing as t
import urllib.parse

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._signing import acs3, alibaba_rpc, tc3, tencent_v1
from ansible_collections.keyfleet.cloud.plugins.module_utils._signing._hash import sha256_hex

VECTORS = pathlib.Path(__file__).parent.parent / "vectors"
Vector = dict[str, t.Any]


def vectors(name: str) -> list[t.Any]:
    return [
        pytest.param(vector, id=vector["id"])
        for vector in json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))["vectors"]
    ]


def sent(encoded: str) -> dict[str, str]:
    """Return the parameters of a request as the vendor's client sent it."""
    return dict(urllib.parse.parse_qsl(encoded.partition("?")[2] or encoded, keep_blank_values=True))


def test_all_vectors_are_there() -> None:
    counts = {
        path.stem: len(json.loads(path.read_text(encoding="utf-8"))["vectors"]) for path in VECTORS.glob("*.json")
    }
    assert counts == {
        "tencent-tc3-hmac-sha256": 14,
        "tencent-signature-v1": 6,
        "tencent-legacy-v2": 9,
        "alibaba-rpc-v1-hmac-sha1": 8,
        "alibaba-acs3-hmac-sha256": 5,
    }


@pytest.mark.parametrize("vector", vectors("tencent-tc3-hmac-sha256"))
def test_tc3(vector: Vector) -> None:
    given, expected = vector["input"], vector["expected"]
    signature = tc3.sign(
        tc3.Tc3Request(
            service=given["service"],
            host=given["host"],
            content_type=given["content_type"],
            body=given["body"].encode(),
            timestamp=given["timestamp"],
            method=given["method"],
            query=given["query_string"],
            extra_headers=tuple((name, value) for name, value in given.get("extra_signed_headers") or ()),
            unsigned_payload=vector["id"] == "sdk-unsigned-payload",
        ),
        given["secret_key"],
    )
    ours = {
        "canonical_request": signature.canonical_request,
        "hashed_canonical_request": sha256_hex(signature.canonical_request.encode()),
        "string_to_sign": signature.string_to_sign,
        "credential_scope": signature.credential_scope,
        "signed_headers": signature.signed_headers,
        "signature": signature.signature,
        "authorization": signature.authorization(given["secret_id"]),
    }
    assert ours == {name: expected[name] for name in ours}


@pytest.mark.parametrize("vector", [*vectors("tencent-signature-v1"), *vectors("tencent-legacy-v2")])
def test_tencent_v1_and_legacy(vector: Vector) -> None:
    given, expected = vector["input"], vector["expected"]
    request = (given["method"], given["host"], given["path"], given["params"])
    assert tencent_v1.string_to_sign(*request) == expected["string_to_sign"]
    assert tencent_v1.sign(*request, given["secret_key"]) == expected["signature"]
    if "encoded_params_as_sent" in expected:
        assert sent(expected["encoded_params_as_sent"])["Signature"] == expected["signature"]


def test_a_signature_for_one_tencent_path_does_not_fit_the_other() -> None:
    params = {"Action": "DescribeInstances", "Nonce": "1"}
    signatures = {
        tencent_v1.sign("POST", "localhost", path, params, "example")
        for path in (tencent_v1.API3_PATH, tencent_v1.LEGACY_PATH)
    }
    assert len(signatures) == 2


@pytest.mark.parametrize("vector", vectors("alibaba-rpc-v1-hmac-sha1"))
def test_alibaba_rpc(vector: Vector) -> None:
    given, expected = vector["input"], vector["expected"]
    assert alibaba_rpc.canonical_query(given["params"]) == expected["canonicalized_query_string"]
    assert alibaba_rpc.string_to_sign(given["method"], given["params"]) == expected["string_to_sign"]
    assert alibaba_rpc.sign(given["method"], given["params"], given["access_key_secret"]) == expected["signature"]


@pytest.mark.parametrize("vector", vectors("alibaba-acs3-hmac-sha256"))
def test_acs3(vector: Vector) -> None:
    given, expected = vector["input"], vector["expected"]
    signature = acs3.sign(
        given["method"], given["query"], given["headers"], given["body"].encode(), given["access_key_secret"]
    )
    ours = {
        "canonical_query_string": acs3.canonical_query(given["query"]),
        "canonical_request": signature.canonical_request,
        "hashed_canonical_request": sha256_hex(signature.canonical_request.encode()),
        "string_to_sign": signature.string_to_sign,
        "signed_headers": signature.signed_headers,
        "signature": signature.signature,
        "authorization": signature.authorization(given["access_key_id"]),
    }
    assert ours == {name: expected[name] for name in ours}
