# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writing down the steps of an operation in the order in which they happen."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from .model import Operation, Step


class Timeline:
    """Collects steps; ``at`` is the moment (Unix time) that the next one gets."""

    def __init__(self, start: float) -> None:
        self._start = start
        self.at = start
        self._steps: deque[Step] = deque()

    def enter(self, state: str) -> Timeline:
        """The instance enters a state now."""
        self._steps.append(Step(self.at, state=state))
        return self

    def wait(self, seconds: float) -> Timeline:
        """Time passes."""
        self.at += seconds
        return self

    def do(self, effect: Callable[[], None]) -> Timeline:
        """Something happens now."""
        self._steps.append(Step(self.at, effect=effect))
        return self

    def operation(self, action: str, request_id: str, error: str | None = None) -> Operation:
        """Return the operation that ends now: successfully, or with that error."""
        self._steps.append(Step(self.at, outcome="FAILED" if error else "SUCCESS"))
        return Operation(action, request_id, self._start, self._steps, error=error)
