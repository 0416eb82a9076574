# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HmacSHA1 / HmacSHA256 over all parameters: Tencent "Signature v1" and the legacy API 2.0.

The construction is the same; only the path differs (``/`` for API 3.0,
``/v2/index.php`` for API 2.0), so a signature for one is wrong for the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .primitives import UnsupportedSignature, hmac_base64, same_signature

API3_PATH = "/"
LEGACY_PATH = "/v2/index.php"

_DIGESTS = {"HmacSHA1": "sha1", "HmacSHA256": "sha256"}


@dataclass(frozen=True)
class Computed:
    """The expected signature and the string it was made from."""

    string_to_sign: str
    signature: str


def compute(*, method: str, host: str, path: str, params: Mapping[str, str], secret_key: str) -> Computed:
    """Recompute the signature of a request.

    ``params`` are all decoded parameters (query or form), common ones
    included; ``Signature`` is left out here. ``host`` is the ``Host`` header as
    received, with its port. ``SignatureMethod`` is read from ``params``;
    absent means HmacSHA1.

    :raises UnsupportedSignature: another ``SignatureMethod``.
    """
    signature_method = params.get("SignatureMethod") or "HmacSHA1"
    if signature_method not in _DIGESTS:
        raise UnsupportedSignature(f"SignatureMethod {signature_method} is not HmacSHA1 or HmacSHA256")
    # Only names change their underscores, and only here: on the wire they stay. Values are signed unencoded.
    signed = {
        name.replace("_", "."): value
        for name, value in params.items()
        if name != "Signature" and not _is_file_marker(method, path, value)
    }
    joined = "&".join(f"{name}={signed[name]}" for name in sorted(signed))
    string_to_sign = f"{method.upper()}{host}{path}?{joined}"
    return Computed(string_to_sign, hmac_base64(secret_key, string_to_sign, _DIGESTS[signature_method]))


def matches(given: str, computed: Computed) -> bool:
    """Is ``given`` (the decoded parameter ``Signature``) the expected signature?"""
    return same_signature(computed.signature, given)


def _is_file_marker(method: str, path: str, value: str) -> bool:
    """The legacy API leaves form values that begin with ``@`` (an uploaded file's name) unsigned."""
    return path == LEGACY_PATH and method.upper() == "POST" and value.startswith("@")
