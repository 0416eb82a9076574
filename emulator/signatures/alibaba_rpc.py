# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Alibaba Cloud RPC signature version 1.0 (HMAC-SHA1 over all parameters).

Neither the host nor the path varies the signature.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .primitives import UnsupportedSignature, hmac_base64, percent_encode, same_signature


@dataclass(frozen=True)
class Computed:
    """The expected signature and every string on the way to it."""

    canonicalized_query_string: str
    string_to_sign: str
    signature: str


def compute(*, method: str, params: Mapping[str, str], secret: str) -> Computed:
    """Recompute the signature of a request.

    ``params`` are the decoded parameters of the query **and** of a form body,
    merged; ``Signature`` is left out here, an empty ``SignatureType`` is not.

    :raises UnsupportedSignature: ``SignatureMethod`` is not ``HMAC-SHA1`` or
        ``SignatureVersion`` is not ``1.0``.
    """
    if params.get("SignatureMethod") != "HMAC-SHA1":
        raise UnsupportedSignature("SignatureMethod must be HMAC-SHA1")
    if params.get("SignatureVersion") != "1.0":
        raise UnsupportedSignature("SignatureVersion must be 1.0")
    query = "&".join(
        f"{percent_encode(name)}={percent_encode(params[name])}"
        for name in sorted(params, key=str.encode)
        if name != "Signature"
    )
    string_to_sign = f"{method.upper()}&%2F&{percent_encode(query)}"
    return Computed(query, string_to_sign, hmac_base64(f"{secret}&", string_to_sign, "sha1"))


def matches(given: str, computed: Computed) -> bool:
    """Is ``given`` (the decoded parameter ``Signature``) the expected signature?"""
    return same_signature(computed.signature, given)
