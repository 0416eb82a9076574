# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Keeps each API action within its documented rate, across all threads of one task."""

from __future__ import annotations

import collections
import threading
import typing as t

from ._capabilities import Rate
from ._clock import Clock


class Pacer:
    """Lets at most ``rate.calls`` calls of one action begin in any window of ``rate.seconds``.

    A tenth of the documented rate is left free: the vendor counts arrivals, and the network bunches what we spaced.
    """

    def __init__(self, rates: t.Mapping[str, Rate], default: Rate, clock: Clock) -> None:
        self._rates = rates
        self._default = default
        self._clock = clock
        self._lock = threading.Lock()
        self._begun: dict[str, collections.deque[float]] = {}

    def wait(self, action: str) -> None:
        """Return when a call of this action may begin."""
        while True:
            with self._lock:
                pause = self._reserve(action)
            if pause <= 0:
                return
            self._clock.sleep(pause)

    def _reserve(self, action: str) -> float:
        """Book a call now and return 0, or return the seconds until a place is free."""
        rate = self._rates.get(action, self._default)
        limit = max(1, int(rate.calls * 0.9))
        begun = self._begun.setdefault(action, collections.deque())
        now = self._clock.now()
        while begun and now - begun[0] >= rate.seconds:
            begun.popleft()
        if len(begun) < limit:
            begun.append(now)
            return 0.0
        # The smallest step keeps a clock that rounds from turning this into a busy loop.
        return max(rate.seconds - (now - begun[0]), 0.001)
