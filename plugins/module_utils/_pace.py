# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""How fast one task may call one action, and how it yields to others on the same account. No clock, no lock.

The vendors count the calls of an account, and a task knows its own only. So a task keeps to the documented rate until
an answer says that there were too many calls. From then on it looks for its part of the rate: every such answer lowers
its own rate by a factor, and time without one raises it, slowly at first and then ever faster, until the documented
rate is reached again. Tasks that do this on one account settle near what the account is allowed in total.
"""

from __future__ import annotations

import collections
import math
import random
import typing as t

from ._capabilities import Rate

# A tenth of the documented rate is left free: the vendor counts arrivals, and the network bunches what we spaced.
USABLE = 0.9
# The first calls are spread over half a second at most: if others call at the same time, the first refusals come before
# all of them are on their way.
SPREAD = 0.5
# Calls that are refused cost at least a fifth of the rate, and each of them at most two fifths.
MOST_KEPT = 0.8
LEAST_KEPT = 0.6
# Whatever is refused, the next call comes within so many seconds, unless the share itself is smaller than that.
LONGEST_GAP = 8.0
# The gaps between the calls of a task that yields vary by so much, so that tasks do not march in step.
JITTER = 0.4
# After s seconds (in windows longer than 4 s: times 4) the rate has grown by GROWTH × s² × (itself + 5 % of the usable
# rate): by half after 13 of them, and from next to nothing to everything in some 70.
GROWTH = 0.003
LONGEST_TICK = 4.0


class Pace:
    """The pace of one action of one task. All times are seconds of one clock that never goes back.

    ``share``: the part of the documented rate that this task may use, above 0 and up to 1.
    """

    def __init__(self, rate: Rate, share: float = 1.0, rand: t.Callable[[], float] = random.random) -> None:
        self._window = rate.seconds
        self._most = rate.calls * USABLE * share
        # A share of less than one call in the window is kept by a longer gap.
        self._most_calls = max(1, int(self._most))
        self._least = min(self._most, rate.seconds / LONGEST_GAP)
        self._rand = rand
        self._begun: collections.deque[float] = collections.deque()
        self._free_from = -math.inf
        self._yielding = False
        # The last refusal: when the first of those that belong together came, the rate at that time, how many calls had
        # been sent in the window, and how many of them were refused.
        self._cut_at = -math.inf
        self._cut_from = self._most
        self._sent = self._refusals = 0
        # What the rate was lowered to, and when.
        self._lowered = self._most
        self._lowered_at = -math.inf

    def allowed(self, now: float) -> float:
        """Return the calls that are allowed in a window at present."""
        if not self._yielding:
            return self._most
        ticks = (now - self._lowered_at) / min(self._window, LONGEST_TICK)
        return min(self._most, self._lowered + GROWTH * ticks**2 * (self._lowered + 0.05 * self._most))

    def book(self, now: float) -> float:
        """Book a call for this moment and return 0, or return the seconds after which to ask again."""
        allowed = self.allowed(now)
        self._yielding = self._yielding and allowed < self._most
        while self._begun and now - self._begun[0] >= self._window:
            self._begun.popleft()
        pause = self._free_from - now
        if len(self._begun) >= min(self._most_calls, math.ceil(allowed)):
            pause = max(pause, self._begun[0] + self._window - now)
        if pause > 0:
            # The smallest step keeps a clock that rounds from turning this into a busy loop.
            return max(pause, 0.001)
        self._begun.append(now)
        self._free_from = now + self._gap(allowed)
        return 0.0

    def refused(self, now: float, begun: float) -> None:
        """Take note that a call that began at ``begun`` was answered at ``now`` that there were too many calls."""
        if begun >= self._cut_at:
            self._cut_at, self._cut_from, self._refusals = now, self.allowed(now), 0
            self._sent = sum(1 for moment in self._begun if moment > now - self._window)
            self._free_from = max(self._free_from, now + self._rand() * self._window / max(1.0, self._cut_from))
        # Calls that were on their way together tell together how much there was room for: what was sent less what was
        # refused.
        self._refusals += 1
        kept = min(MOST_KEPT * self._cut_from, float(self._sent - self._refusals))
        self._lowered = max(self._least, LEAST_KEPT**self._refusals * self._cut_from, kept)
        self._lowered_at = now
        self._yielding = True

    def _gap(self, allowed: float) -> float:
        if self._yielding:
            return self._window / allowed * (1 + JITTER * (self._rand() - 0.5))
        if self._most < 1:
            return self._window / self._most
        return min(self._window, 1.0) * SPREAD / self._most
