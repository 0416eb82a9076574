# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""When to send again, and how long to wait before: a check, a back-off and a budget."""

from __future__ import annotations

import random
import typing as t

from ._errors import AnswerLostError, ApiError, KeyfleetError, NotSentError


class Backoff:
    """Exponential back-off with jitter. ``base`` and ``cap`` are seconds."""

    def __init__(self, base: float = 0.5, cap: float = 30.0, rand: t.Callable[[], float] = random.random) -> None:
        self._base = base
        self._cap = cap
        self._rand = rand

    def delay(self, attempt: int) -> float:
        """Return the seconds to wait before repetition number ``attempt``, from 1, after a passing fault: at least half
        of the nominal delay, so that a server in trouble is left alone for a while.
        """
        return self._nominal(self._base, attempt) * (0.5 + 0.5 * self._rand())

    def throttled_delay(self, attempt: int, base: float, patience: float) -> float:
        """Return the seconds to wait before repetition number ``attempt``, from 1, after too many calls.

        It is anything up to the nominal delay, which begins at ``base`` seconds: tasks that were refused together must
        not come back together. ``patience``: the seconds to wait at least.
        """
        return max(patience, self._nominal(base, attempt) * self._rand())

    def _nominal(self, base: float, attempt: int) -> float:
        return min(self._cap, base * 2.0 ** (attempt - 1))


def may_repeat(error: KeyfleetError, *, write: bool) -> bool:
    """Tell whether the same request may be sent again without looking first.

    A read may always be repeated after a passing fault. A write only when the server surely did not process it.
    """
    if isinstance(error, NotSentError):
        return True
    if isinstance(error, AnswerLostError):
        return not write
    if isinstance(error, ApiError):
        return error.kind == "throttled" or (error.kind == "transient" and not write)
    return False


def answer_unknown(error: KeyfleetError) -> bool:
    """Tell whether a write that ended in this error may nevertheless have been processed."""
    return isinstance(error, AnswerLostError) or (isinstance(error, ApiError) and error.kind == "transient")
