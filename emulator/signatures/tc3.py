# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""TC3-HMAC-SHA256, the signature of Tencent Cloud API 3.0 ("Signature v3")."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone

from .primitives import MalformedAuthorization, hmac_sha256, same_signature, sha256_hex

ALGORITHM = "TC3-HMAC-SHA256"
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"

_AUTHORIZATION = re.compile(
    r"TC3-HMAC-SHA256\s+"
    r"Credential=(?P<access_key_id>[^/,\s]+)/(?P<date>\d{4}-\d{2}-\d{2})/(?P<service>[^/,\s]+)/tc3_request,\s*"
    r"SignedHeaders=(?P<signed_headers>[^,\s]+),\s*"
    r"Signature=(?P<signature>[0-9A-Fa-f]+)"
)


@dataclass(frozen=True)
class Authorization:
    """The parts of the header ``Authorization: TC3-HMAC-SHA256 …``."""

    access_key_id: str
    date: str
    service: str
    signed_headers: tuple[str, ...]
    signature: str


@dataclass(frozen=True)
class Computed:
    """The expected signature and every string on the way to it."""

    hashed_payload: str
    canonical_request: str
    hashed_canonical_request: str
    credential_scope: str
    string_to_sign: str
    secret_date: bytes
    secret_service: bytes
    secret_signing: bytes
    signature: str


def parse_authorization(header: str) -> Authorization:
    """Take an ``Authorization`` header apart.

    :raises MalformedAuthorization: the header is not of the documented shape,
        or does not sign ``content-type`` and ``host``, the required minimum.
    """
    match = _AUTHORIZATION.fullmatch(header.strip())
    if match is None:
        raise MalformedAuthorization("the Authorization header is not of the form of TC3-HMAC-SHA256")
    signed_headers = tuple(match["signed_headers"].split(";"))
    missing = {"content-type", "host"} - set(signed_headers)
    if missing:
        raise MalformedAuthorization(f"SignedHeaders lacks {', '.join(sorted(missing))}")
    return Authorization(match["access_key_id"], match["date"], match["service"], signed_headers, match["signature"])


def compute(
    authorization: Authorization,
    *,
    method: str,
    raw_query: str,
    headers: Mapping[str, str],
    body: bytes,
    timestamp: int,
    secret_key: str,
) -> Computed:
    """Recompute the signature of a request.

    ``raw_query`` is the text after the ``?`` exactly as received: unlike
    Alibaba, Tencent signs it neither decoded nor sorted. ``headers`` as
    received, names in any case; a signed header that is absent counts as
    empty. ``timestamp`` is ``X-TC-Timestamp``, Unix seconds; the date in the
    scope is its UTC date whatever the header claims.
    """
    received = {name.lower(): value for name, value in headers.items()}
    hashed_payload = sha256_hex(_payload(received, body))
    canonical_headers = "".join(
        f"{name}:{_canonical_value(name, received)}\n" for name in sorted(authorization.signed_headers)
    )
    canonical_request = "\n".join(
        (method.upper(), "/", raw_query, canonical_headers, ";".join(authorization.signed_headers), hashed_payload)
    )
    date = utc_date(timestamp)
    scope = f"{date}/{authorization.service}/tc3_request"
    hashed_request = sha256_hex(canonical_request.encode())
    string_to_sign = f"{ALGORITHM}\n{timestamp}\n{scope}\n{hashed_request}"
    secret_date = hmac_sha256(f"TC3{secret_key}".encode(), date)
    secret_service = hmac_sha256(secret_date, authorization.service)
    secret_signing = hmac_sha256(secret_service, "tc3_request")
    return Computed(
        hashed_payload=hashed_payload,
        canonical_request=canonical_request,
        hashed_canonical_request=hashed_request,
        credential_scope=scope,
        string_to_sign=string_to_sign,
        secret_date=secret_date,
        secret_service=secret_service,
        secret_signing=secret_signing,
        signature=hmac_sha256(secret_signing, string_to_sign).hex(),
    )


def matches(authorization: Authorization, computed: Computed) -> bool:
    """Is the request signed as it should be? A scope with another day than the timestamp's is not."""
    claimed_scope = f"{authorization.date}/{authorization.service}/tc3_request"
    return claimed_scope == computed.credential_scope and same_signature(computed.signature, authorization.signature)


def utc_date(timestamp: int) -> str:
    """``YYYY-MM-DD`` in UTC of Unix seconds.

    :raises ValueError: the timestamp is outside what a date can express.
    """
    try:
        return datetime.fromtimestamp(timestamp, tz=timezone.utc).strftime("%Y-%m-%d")
    except (OverflowError, OSError) as error:
        raise ValueError(f"{timestamp} is not a point in time") from error


def _payload(received: Mapping[str, str], body: bytes) -> bytes:
    if received.get("x-tc-content-sha256", "").strip() == UNSIGNED_PAYLOAD:
        return UNSIGNED_PAYLOAD.encode()
    return body


def _canonical_value(name: str, received: Mapping[str, str]) -> str:
    value = received.get(name, "").strip()
    # The vendor's newer example signs the action in lower case; no other header is changed.
    return value.lower() if name == "x-tc-action" else value
