# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ACS3-HMAC-SHA256, Alibaba Cloud's signature V3."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from .primitives import MalformedAuthorization, hmac_sha256, percent_encode, same_signature, sha256_hex

ALGORITHM = "ACS3-HMAC-SHA256"

_AUTHORIZATION = re.compile(
    r"ACS3-HMAC-SHA256\s+"
    r"Credential=(?P<access_key_id>[^,\s]+),\s*"
    r"SignedHeaders=(?P<signed_headers>[^,\s]+),\s*"
    r"Signature=(?P<signature>[0-9A-Fa-f]+)"
)


@dataclass(frozen=True)
class Authorization:
    """The parts of the header ``Authorization: ACS3-HMAC-SHA256 …``."""

    access_key_id: str
    signed_headers: tuple[str, ...]
    signature: str


@dataclass(frozen=True)
class Computed:
    """The expected signature and every string on the way to it."""

    hashed_payload: str
    canonical_query_string: str
    canonical_request: str
    hashed_canonical_request: str
    string_to_sign: str
    signature: str


def parse_authorization(header: str) -> Authorization:
    """Take an ``Authorization`` header apart.

    :raises MalformedAuthorization: the header is not of the documented shape.
    """
    match = _AUTHORIZATION.fullmatch(header.strip())
    if match is None:
        raise MalformedAuthorization("the Authorization header is not of the form of ACS3-HMAC-SHA256")
    return Authorization(match["access_key_id"], tuple(match["signed_headers"].split(";")), match["signature"])


def unsigned_headers(authorization: Authorization, headers: Mapping[str, str], body: bytes) -> list[str]:
    """The headers that have to be signed but are not: ``host``, every ``x-acs-*``, ``content-type`` beside a body."""
    required = {"host"} | {name.lower() for name in headers if name.lower().startswith("x-acs-")}
    if body:
        required.add("content-type")
    return sorted(required - set(authorization.signed_headers))


def compute(
    authorization: Authorization,
    *,
    method: str,
    raw_query: str,
    headers: Mapping[str, str],
    body: bytes,
    secret: str,
) -> Computed:
    """Recompute the signature of a request.

    The query is decoded and encoded again, because HTTP libraries send a
    blank as ``+`` although ``%20`` was signed. Exactly the headers that
    ``SignedHeaders`` names take part, with the values received; one that is
    absent counts as empty.
    """
    received = {name.lower(): value for name, value in headers.items()}
    hashed_payload = sha256_hex(body)
    query = canonical_query(raw_query)
    canonical_headers = "".join(
        f"{name}:{received.get(name, '').strip()}\n" for name in sorted(authorization.signed_headers)
    )
    canonical_request = "\n".join(
        (method.upper(), "/", query, canonical_headers, ";".join(authorization.signed_headers), hashed_payload)
    )
    hashed_request = sha256_hex(canonical_request.encode())
    string_to_sign = f"{ALGORITHM}\n{hashed_request}"
    return Computed(
        hashed_payload=hashed_payload,
        canonical_query_string=query,
        canonical_request=canonical_request,
        hashed_canonical_request=hashed_request,
        string_to_sign=string_to_sign,
        signature=hmac_sha256(secret.encode(), string_to_sign).hex(),
    )


def matches(authorization: Authorization, computed: Computed, headers: Mapping[str, str]) -> bool:
    """Is the request signed as it should be, and is ``x-acs-content-sha256`` the hash of what was sent?"""
    received = {name.lower(): value for name, value in headers.items()}
    announced = received.get("x-acs-content-sha256", "").strip()
    return announced == computed.hashed_payload and same_signature(computed.signature, authorization.signature)


def canonical_query(raw_query: str) -> str:
    """Decode a raw query, sort it by name and encode it as RFC 3986 asks; empty if there is none."""
    pairs = sorted((name.encode(), value) for name, value in parse_qsl(raw_query, keep_blank_values=True))
    return "&".join(f"{percent_encode(name.decode())}={percent_encode(value)}" for name, value in pairs)
