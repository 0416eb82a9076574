# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Request rates: fixed windows per account, region, provider and action."""

from __future__ import annotations

from collections.abc import Hashable


class Throttle:
    """Counts calls in fixed windows of time; calls that are refused count as well."""

    def __init__(self) -> None:
        self._windows: dict[Hashable, tuple[int, int]] = {}

    def count(self, key: Hashable, now: float, window: float) -> int:
        """Register a call at ``now``; return how many came in its window of ``window`` seconds, this one included."""
        number = int(now // window)
        last, calls = self._windows.get(key, (number, 0))
        calls = calls + 1 if last == number else 1
        self._windows[key] = (number, calls)
        return calls

    def clear(self) -> None:
        """Forget all calls."""
        self._windows.clear()
