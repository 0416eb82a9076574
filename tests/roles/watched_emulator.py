# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An emulator that tells of each call when it was carried out and before it is answered."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from ansible_collections.keyfleet.cloud.emulator.control import PREFIX
from ansible_collections.keyfleet.cloud.emulator.http_types import Request, Response
from ansible_collections.keyfleet.cloud.tests.unit.modules.meddled_emulator import MeddledEmulator

Listener = Callable[[dict[str, Any]], None]


class WatchedEmulator(MeddledEmulator):
    """A MeddledEmulator that can also be listened to after each call. The arguments are those of Emulator."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._listener: Listener | None = None

    def __enter__(self) -> WatchedEmulator:
        self.start()
        return self

    def after_each(self, listener: Listener | None) -> None:
        """From now on call ``listener`` with the log's entry of each call, while its sender waits for the answer.

        Calls that arrive at the same time are told of at the same time, in different threads. None ends it.
        """
        self._listener = listener

    def mend(self, *instance_ids: str) -> None:
        """Let guests use the keys that the cloud records, which a seed told them not to do (guest_applies_keys)."""
        with self._cloud.lock:
            for instance in (door.instance for door in self._cloud.ssh_doors):
                if instance.instance_id in instance_ids:
                    instance.guest = dataclasses.replace(instance.guest, applies_keys=True)
                    instance.make_effective()

    def respond(self, request: Request) -> Response | None:
        """See Emulator."""
        response = super().respond(request)
        listener = self._listener
        if listener is not None and not request.path.startswith(PREFIX):
            listener(self._entry_of(response))
        return response

    def _entry_of(self, response: Response | None) -> dict[str, Any]:
        """Return the log's entry of the call that was answered like this; of the latest one if there is no answer."""
        entries = self.log()
        body = b"" if response is None else response.body
        return next((entry for entry in reversed(entries) if entry["request_id"].encode() in body), entries[-1])
