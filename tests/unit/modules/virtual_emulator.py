# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An emulator that goes by a virtual clock, on which its answers take a moment."""

from __future__ import annotations

from typing import Any

from ansible_collections.keyfleet.cloud.emulator.http_types import Request, Response
from ansible_collections.keyfleet.cloud.tests.unit.modules.meddled_emulator import MeddledEmulator
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_clock import VirtualClock

#: how long a request is on its way, seconds
LATENCY = 0.03
#: where other processes let time pass: ``?`` and the seconds
CLOCK = "/clock"


class VirtualEmulator(MeddledEmulator):
    """A MeddledEmulator on a virtual clock. The other arguments are those of Emulator."""

    def __init__(self, clock: VirtualClock, **arguments: Any) -> None:
        super().__init__(clock=clock, **arguments)
        self._virtual = clock
        self._may_delay = False

    def __enter__(self) -> VirtualEmulator:
        self.start()
        return self

    @property
    def may_delay(self) -> bool:
        """Whether there are faults that delay answers, perhaps for longer than anybody listens."""
        return self._may_delay

    def add_faults(self, value: Any) -> None:
        """See Emulator."""
        super().add_faults(value)
        self._may_delay = any(fault["kind"] == "delay" for fault in self.faults())

    def clear_faults(self) -> None:
        """See Emulator."""
        super().clear_faults()
        self._may_delay = False

    def reset(self) -> None:
        """See Emulator."""
        super().reset()
        self._may_delay = False

    def wait_until_quiet(self) -> None:
        """See MeddledEmulator. Time passes for those whose sender has given up."""
        with self._virtual.away():
            super().wait_until_quiet()

    def respond(self, request: Request) -> Response | None:
        """See Emulator."""
        if request.path == CLOCK:
            self._virtual.sleep(float(request.query))
            return Response(200, "text/plain", b"")
        return super().respond(request)

    def _respond(self, request: Request) -> Response | None:
        self._virtual.sleep(LATENCY)
        return super()._respond(request)
