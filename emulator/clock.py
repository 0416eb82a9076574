# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time as the emulator sees it. Everything takes ``now`` from here, so tests can own the time."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """A source of Unix time in seconds."""

    def now(self) -> float:
        """Return the current Unix time in seconds."""

    def sleep(self, seconds: float) -> None:
        """Let that many seconds pass."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> float:
        """Return the current Unix time in seconds."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Block the calling thread."""
        time.sleep(seconds)


class FakeClock:
    """A clock that moves only when told to."""

    def __init__(self, start: float = 1_700_000_000.0) -> None:
        self._now = start

    def now(self) -> float:
        """Return the time that was set."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Move the time on without waiting."""
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        """Move the time on."""
        self._now += seconds


class ShiftedClock:
    """Another clock plus an offset in seconds: a server whose clock is wrong."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.offset = 0.0

    def now(self) -> float:
        """Return the shifted time."""
        return self._clock.now() + self.offset

    def sleep(self, seconds: float) -> None:
        """Let that many seconds pass."""
        self._clock.sleep(seconds)
