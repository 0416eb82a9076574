# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the vendors' IDs look like, and new ones in a reproducible order."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from itertools import count

from ..providers import CVM, ECS, LIGHTHOUSE

_DIGITS = string.digits + string.ascii_lowercase


@dataclass(frozen=True)
class IdFormat:
    """The shape of an ID: ``prefix`` plus ``length`` of ``[a-z0-9]``; ``strict``: no other length is well-formed."""

    prefix: str
    length: int
    strict: bool = True

    def valid(self, text: str) -> bool:
        """Is the text well-formed?"""
        return bool(
            re.fullmatch(
                re.escape(self.prefix) + f"[a-z0-9]{{{self.length}}}" if self.strict else self.prefix + "[a-z0-9]+",
                text,
            )
        )

    def number(self, value: int) -> str:
        """Return the ID with that number, in base 36."""
        digits = ""
        while value:
            value, rest = divmod(value, 36)
            digits = _DIGITS[rest] + digits
        return self.prefix + digits.rjust(self.length, "0")


INSTANCE_IDS = {
    LIGHTHOUSE: IdFormat("lhins-", 8),
    CVM: IdFormat("ins-", 8),
    ECS: IdFormat("i-", 20, strict=False),
}
#: Alibaba Cloud addresses key pairs by name; the ID is decoration there
KEY_IDS = {
    LIGHTHOUSE: IdFormat("lhkp-", 8),
    CVM: IdFormat("skey-", 8),
    ECS: IdFormat("ssh-", 20, strict=False),
}


class IdSource:
    """Hands out numbered IDs, each format from 0."""

    def __init__(self) -> None:
        self._counters: dict[IdFormat, count[int]] = {}

    def next(self, shape: IdFormat) -> str:
        """Return the next ID of that shape."""
        return shape.number(next(self._counters.setdefault(shape, count())))
