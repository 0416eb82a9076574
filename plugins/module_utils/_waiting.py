# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Waiting: a predicate, a clock and a deadline."""

from __future__ import annotations

import typing as t

from ._clock import Clock, Deadline


def intervals(first: float = 0.5, factor: float = 1.5, cap: float = 5.0) -> t.Iterator[float]:
    """Yield the seconds between polls: quick at first, then calmer."""
    pause = first
    while True:
        yield pause
        pause = min(cap, pause * factor)


def poll_until(done: t.Callable[[], bool], *, clock: Clock, deadline: Deadline) -> bool:
    """Call ``done`` until it returns true or the deadline passes; it is called at least once.

    Return whether it became true.
    """
    for pause in intervals():
        if done():
            return True
        if deadline.passed:
            return False
        clock.sleep(min(pause, max(deadline.remaining, 0.01)))
    return False
