# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Alibaba Cloud RPC signature version 1.0 (HMAC-SHA1).

Vendor page: "Request syntax and signature method V1 for RPC APIs".

Neither host nor path enter it, so it also passes gateways that rewrite them.
"""

from __future__ import annotations

import typing as t

from ._hash import hmac_base64, percent_encode


def canonical_query(params: t.Mapping[str, str]) -> str:
    """Return the parameters sorted by name and percent-encoded, without ``Signature``."""
    return "&".join(
        f"{percent_encode(name)}={percent_encode(value)}"
        for name, value in sorted(params.items())
        if name != "Signature"
    )


def string_to_sign(method: str, params: t.Mapping[str, str]) -> str:
    """Return the text that is signed."""
    return f"{method}&%2F&{percent_encode(canonical_query(params))}"


def sign(method: str, params: t.Mapping[str, str], access_key_secret: str) -> str:
    """Return the base64 signature of the parameters (those of the query and of the form together)."""
    return hmac_base64(f"{access_key_secret}&", string_to_sign(method, params), "sha1")
