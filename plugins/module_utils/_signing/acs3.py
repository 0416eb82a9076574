# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Alibaba Cloud signature V3 (ACS3-HMAC-SHA256). Vendor page: "Request syntax and signature method V3"."""

from __future__ import annotations

import dataclasses
import typing as t

from ._hash import hmac_sha256, percent_encode, sha256_hex

ALGORITHM = "ACS3-HMAC-SHA256"


@dataclasses.dataclass(frozen=True)
class Acs3Signature:
    """The signature and the texts that it was made from, which golden vectors pin down."""

    canonical_request: str
    string_to_sign: str
    signed_headers: str
    signature: str

    def authorization(self, access_key_id: str) -> str:
        """Return the value of the Authorization header (commas without blanks)."""
        return f"{ALGORITHM} Credential={access_key_id},SignedHeaders={self.signed_headers},Signature={self.signature}"


def canonical_query(params: t.Mapping[str, str]) -> str:
    """Return the query sorted by name and percent-encoded; an empty text for no parameters."""
    return "&".join(f"{percent_encode(name)}={percent_encode(value)}" for name, value in sorted(params.items()))


def sign(
    method: str, params: t.Mapping[str, str], headers: t.Mapping[str, str], body: bytes, access_key_secret: str
) -> Acs3Signature:
    """Sign a request to the path ``/``. All given headers are signed; their names are lower-cased."""
    ordered = sorted((name.lower(), value.strip()) for name, value in headers.items())
    signed_headers = ";".join(name for name, _value in ordered)
    canonical = "\n".join(
        (
            method,
            "/",
            canonical_query(params),
            "".join(f"{name}:{value}\n" for name, value in ordered),
            signed_headers,
            sha256_hex(body),
        )
    )
    string_to_sign = f"{ALGORITHM}\n{sha256_hex(canonical.encode())}"
    return Acs3Signature(
        canonical_request=canonical,
        string_to_sign=string_to_sign,
        signed_headers=signed_headers,
        signature=hmac_sha256(access_key_secret.encode(), string_to_sign).hex(),
    )
