# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Keeps each API action within its rate, across all threads of one task."""

from __future__ import annotations

import random
import threading
import typing as t

from ._capabilities import Rate
from ._clock import Clock
from ._pace import Pace


class Pacer:
    """Lets calls begin no faster than ``share`` of the documented rate, and slower while others use the account as
    well; see Pace. Safe to use from several threads.
    """

    def __init__(
        self,
        rates: t.Mapping[str, Rate],
        default: Rate,
        clock: Clock,
        *,
        share: float = 1.0,
        rand: t.Callable[[], float] = random.random,
    ) -> None:
        self._rates = rates
        self._default = default
        self._clock = clock
        self._share = share
        self._rand = rand
        self._lock = threading.Lock()
        self._paces: dict[str, Pace] = {}

    def wait(self, action: str) -> float:
        """Return when a call of this action may begin: the moment, for ``refused``."""
        while True:
            with self._lock:
                now = self._clock.now()
                pause = self._pace(action).book(now)
            if pause <= 0:
                return now
            self._clock.sleep(pause)

    def refused(self, action: str, begun: float) -> None:
        """Slow this action down, as the call that began then was refused for exceeding the rate."""
        with self._lock:
            self._pace(action).refused(self._clock.now(), begun)

    def window(self, action: str) -> float:
        """Return the seconds after which the vendor counts the calls of this action anew."""
        return self._rates.get(action, self._default).seconds

    def _pace(self, action: str) -> Pace:
        if action not in self._paces:
            self._paces[action] = Pace(self._rates.get(action, self._default), self._share, self._rand)
        return self._paces[action]
