# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Tencent Cloud signature v1 (HmacSHA1, HmacSHA256), for API 3.0 and for the legacy API 2.0.

The two differ in host and path only: ``/`` there, ``/v2/index.php`` here. Vendor pages: "Signature v1" (API 3.0),
"Signature" (API 2.0).
"""

from __future__ import annotations

import typing as t

from ._hash import hmac_base64

API3_PATH = "/"
LEGACY_PATH = "/v2/index.php"

_ALGORITHMS = {"HmacSHA1": "sha1", "HmacSHA256": "sha256"}


def string_to_sign(method: str, host: str, path: str, params: t.Mapping[str, str]) -> str:
    """Return the text that is signed: names sorted by byte with ``_`` read as ``.``, values raw."""
    named = sorted((name.replace("_", "."), value) for name, value in params.items() if name != "Signature")
    return f"{method}{host}{path}?" + "&".join(f"{name}={value}" for name, value in named)


def sign(method: str, host: str, path: str, params: t.Mapping[str, str], secret_key: str) -> str:
    """Return the base64 signature of the parameters; ``SignatureMethod`` among them chooses the hash, HmacSHA1
    without it.
    """
    algorithm = _ALGORITHMS[params.get("SignatureMethod", "HmacSHA1")]
    return hmac_base64(secret_key, string_to_sign(method, host, path, params), algorithm)
