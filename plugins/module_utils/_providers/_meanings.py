# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""From a vendor's error code to what it means: tables of code prefixes, of which the longest that fits decides.

Only codes are looked at, never messages, which come in several languages.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._errors import Kind
from .._models import ErrorInfo


@dataclasses.dataclass(frozen=True)
class Meaning:
    """What a code means for the caller. ``hint`` is the next step for a user."""

    kind: Kind
    hint: str = ""

    def error_info(self, code: str, message: str, request_id: str | None) -> ErrorInfo:
        """Return the vendor's error as a user sees it."""
        return ErrorInfo(
            code=code,
            message=message,
            hint=self.hint,
            request_id=request_id,
            retryable=self.kind in ("throttled", "transient", "busy"),
        )


def meaning_of(meanings: t.Mapping[str, Meaning], code: str) -> Meaning:
    """Return the meaning of the longest known prefix of the code; an unknown code is taken to concern one of the
    instances.
    """
    prefixes = (code[:length] for length in range(len(code), 0, -1))
    return next((meanings[prefix] for prefix in prefixes if prefix in meanings), Meaning("instance"))
