# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The vendor's rules for login passwords."""

from __future__ import annotations

import string

from ..errors import ApiError

_CLASSES = (string.ascii_lowercase, string.ascii_uppercase, string.digits, "()`~!@#$%^&*-+=_|{}[]:;'<>,.?/")
_LENGTHS = {"linux": (8, 30), "windows": (12, 30)}


def check_password(password: str, platform: str, code: str) -> None:
    """Refuse a password of the wrong length, that begins with ``/`` or has fewer than three kinds of characters."""
    shortest, longest = _LENGTHS[platform]
    kinds = sum(any(character in kind for character in password) for kind in _CLASSES)
    if not shortest <= len(password) <= longest or password.startswith("/") or kinds < 3:
        raise ApiError(
            code,
            f"The password must have {shortest} to {longest} characters of at least three kinds and not begin with /.",
        )
