# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The two primitives that every scheme is made of."""

from __future__ import annotations

import base64
import hashlib
import hmac
import urllib.parse


def sha256_hex(data: bytes) -> str:
    """Return the lower-case hexadecimal SHA-256 digest."""
    return hashlib.sha256(data).hexdigest()


def hmac_sha256(key: bytes, text: str) -> bytes:
    """Return the HMAC-SHA256 of the text."""
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def hmac_base64(key: str, text: str, algorithm: str) -> str:
    """Return the base64 HMAC of the text; ``algorithm`` is a name that hashlib knows, such as sha1."""
    return base64.b64encode(hmac.new(key.encode(), text.encode(), algorithm).digest()).decode()


def percent_encode(text: str) -> str:
    """Encode as RFC 3986 wants it: only letters, digits and ``-_.~`` stay, a blank becomes ``%20``."""
    return urllib.parse.quote(text, safe="-_.~")
