# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulated clouds without their network: everything a dialect works on."""

from __future__ import annotations

import threading

from .accounts import Accounts
from .calllog import CallLog
from .clock import Clock, ShiftedClock
from .faults import Faults
from .metadata.machine import Machines
from .nonces import Nonces
from .settings import Settings
from .ssh.doors import Doors
from .throttle import Throttle
from .world import World


class Cloud:
    """Accounts, machines, world, SSH doors, settings, faults, throttle, nonces and log behind one lock.

    ``time`` is what the servers' clocks show (``clock_offset`` included): compare it with the clients' timestamps.
    ``now`` is the time in which operations and rates are measured.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._server_clock = ShiftedClock(clock)
        self.lock = threading.RLock()
        self.ssh_doors = Doors()
        self.clear()

    def clear(self) -> None:
        """Make everything empty and every setting its default."""
        self.accounts = Accounts()
        self.machines = Machines()
        self.ssh_doors.release()
        self.world = World()
        self.settings = Settings()
        self.throttle = Throttle()
        self.nonces = Nonces()
        self.faults = Faults()
        self.log = CallLog()

    @property
    def now(self) -> float:
        """The true time, Unix seconds."""
        return self.clock.now()

    @property
    def time(self) -> float:
        """The servers' idea of the time, Unix seconds."""
        self._server_clock.offset = self.settings.clock_offset
        return self._server_clock.now()
