# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Tencent Cloud API 3.0, signature v3 (TC3-HMAC-SHA256). Vendor page: "Signature v3"."""

from __future__ import annotations

import dataclasses
import datetime

from ._hash import hmac_sha256, sha256_hex

ALGORITHM = "TC3-HMAC-SHA256"


@dataclasses.dataclass(frozen=True)
class Tc3Request:
    """What enters the signature.

    ``query`` is the raw query string as sent, ``extra_headers`` are signed besides content-type and host.
    """

    service: str
    host: str
    content_type: str
    body: bytes
    timestamp: int
    method: str = "POST"
    query: str = ""
    extra_headers: tuple[tuple[str, str], ...] = ()
    unsigned_payload: bool = False


@dataclasses.dataclass(frozen=True)
class Tc3Signature:
    """The signature and the texts that it was made from, which golden vectors pin down."""

    canonical_request: str
    string_to_sign: str
    credential_scope: str
    signed_headers: str
    signature: str

    def authorization(self, secret_id: str) -> str:
        """Return the value of the Authorization header."""
        return (
            f"{ALGORITHM} Credential={secret_id}/{self.credential_scope}, "
            f"SignedHeaders={self.signed_headers}, Signature={self.signature}"
        )


def sign(request: Tc3Request, secret_key: str) -> Tc3Signature:
    """Sign a request. The date of the scope is the UTC date of the timestamp, whatever the local zone."""
    headers = sorted([("content-type", request.content_type), ("host", request.host), *request.extra_headers])
    signed_headers = ";".join(name for name, _value in headers)
    payload = b"UNSIGNED-PAYLOAD" if request.unsigned_payload else request.body
    canonical = "\n".join(
        (
            request.method,
            "/",
            request.query,
            "".join(f"{name}:{value.strip()}\n" for name, value in headers),
            signed_headers,
            sha256_hex(payload),
        )
    )
    date = datetime.datetime.fromtimestamp(request.timestamp, tz=datetime.timezone.utc).strftime("%Y-%m-%d")
    scope = f"{date}/{request.service}/tc3_request"
    string_to_sign = "\n".join((ALGORITHM, str(request.timestamp), scope, sha256_hex(canonical.encode())))
    return Tc3Signature(
        canonical_request=canonical,
        string_to_sign=string_to_sign,
        credential_scope=scope,
        signed_headers=signed_headers,
        signature=hmac_sha256(_signing_key(secret_key, date, request.service), string_to_sign).hex(),
    )


def _signing_key(secret_key: str, date: str, service: str) -> bytes:
    key = f"TC3{secret_key}".encode()
    for part in (date, service, "tc3_request"):
        key = hmac_sha256(key, part)
    return key
