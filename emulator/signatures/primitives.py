# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What more than one signature scheme needs: hashing, encoding, comparing."""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import quote


class MalformedAuthorization(ValueError):
    """An ``Authorization`` header that does not have the scheme's documented shape."""


class UnsupportedSignature(ValueError):
    """A signature method or version that the vendor's endpoint would refuse."""


def sha256_hex(data: bytes) -> str:
    """Lower-case hexadecimal SHA-256 of ``data``."""
    return hashlib.sha256(data).hexdigest()


def hmac_sha256(key: bytes, text: str) -> bytes:
    """HMAC-SHA256 of ``text`` (as UTF-8), 32 bytes."""
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def hmac_base64(key: str, text: str, digest: str) -> str:
    """Standard base64 of the HMAC of ``text`` with the hash called ``digest`` (``sha1``, ``sha256``)."""
    return base64.b64encode(hmac.new(key.encode(), text.encode(), digest).digest()).decode()


def percent_encode(text: str) -> str:
    """RFC 3986 encoding: only ``A-Z a-z 0-9 - _ . ~`` stay, a blank becomes ``%20``."""
    return quote(text, safe="~")


def same_signature(expected: str, given: str) -> bool:
    """Compare in a time that does not depend on where the two differ."""
    return hmac.compare_digest(expected.encode(), given.encode())
