# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Time as a parameter: the code that waits never knows whether the clock is real."""

from __future__ import annotations

import time
import typing as t


class Clock(t.Protocol):
    """A source of time."""

    def now(self) -> float:
        """Return monotonic seconds."""

    def sleep(self, seconds: float) -> None:
        """Wait for so many seconds."""

    def timestamp(self) -> float:
        """Return Unix seconds."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> float:
        """Return monotonic seconds."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait for so many seconds."""
        time.sleep(seconds)

    def timestamp(self) -> float:
        """Return Unix seconds."""
        return time.time()


class Deadline:
    """A point in time after which nobody waits or retries any more."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._end = clock.now() + seconds
        self.seconds = seconds

    @property
    def remaining(self) -> float:
        """Return the seconds left, never below 0."""
        return max(0.0, self._end - self._clock.now())

    @property
    def passed(self) -> bool:
        """Whether no time is left."""
        return self.remaining <= 0.0
