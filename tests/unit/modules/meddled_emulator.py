# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An emulator in which something can happen between two calls, as in a real cloud that others use as well."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from ansible_collections.keyfleet.cloud.emulator import Emulator
from ansible_collections.keyfleet.cloud.emulator.http_types import Request, Response


class MeddledEmulator(Emulator):
    """An Emulator that can be listened to. The arguments are those of Emulator."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._meddling: tuple[bytes, Callable[[], None]] | None = None
        self._quiet = threading.Condition()
        self._under_way = 0

    def __enter__(self) -> MeddledEmulator:
        self.start()
        return self

    def before(self, action: str, meddle: Callable[[], None]) -> None:
        """Call ``meddle`` once, just before the next call of this action is looked at."""
        self._meddling = (action.encode(), meddle)

    def wait_until_quiet(self) -> None:
        """Return when no request is being answered, not even one that its sender has given up."""
        with self._quiet:
            if not self._quiet.wait_for(lambda: self._under_way == 0, timeout=300):
                raise AssertionError("the emulator does not come to an end")

    def respond(self, request: Request) -> Response | None:
        """See Emulator."""
        with self._quiet:
            self._under_way += 1
        try:
            return self._respond(request)
        finally:
            with self._quiet:
                self._under_way -= 1
                self._quiet.notify_all()

    def _respond(self, request: Request) -> Response | None:
        if self._meddling is not None and self._meddling[0] in _action_of(request):
            meddle, self._meddling = self._meddling[1], None
            meddle()
        return super().respond(request)


def _action_of(request: Request) -> bytes:
    """Return the text in which the action is named: a header, or the form of API 2.0."""
    header = request.header("x-tc-action") or request.header("x-acs-action")
    return header.encode() or request.body
