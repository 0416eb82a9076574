# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time for tests: the same clock for the module and for the emulated cloud, and it runs fast."""

from __future__ import annotations

import time


class FastClock:
    """A clock on which ``speed`` seconds pass in every real one, as the module and the emulator each want it.

    Both sides must share it: operations, rates, time stamps and waits then keep their proportions.
    """

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self._real = time.monotonic()
        self._start = time.time()

    def now(self) -> float:
        """Return Unix time, which is monotonic here."""
        return self._start + (time.monotonic() - self._real) * self.speed

    def timestamp(self) -> float:
        """Return Unix time."""
        return self.now()

    def sleep(self, seconds: float) -> None:
        """Let that many seconds pass."""
        time.sleep(seconds / self.speed)
