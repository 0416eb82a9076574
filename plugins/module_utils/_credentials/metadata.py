# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The metadata service that an instance finds in its own network: tells the region and lends the instance's role.

Off the cloud nobody answers, and nobody may have to wait for that: one attempt, one second, no proxies.
"""

from __future__ import annotations

import queue
import threading
import typing as t

from .._errors import CredentialsError, KeyfleetError
from .._models import ErrorInfo
from .._transport import HttpRequest, HttpResponse, RequestsTransport

TIMEOUT = 1.0
# Name resolution has no time-out of its own and comes on top.
LIMIT = 2.0


Send = t.Callable[[HttpRequest], HttpResponse]


def send_directly(request: HttpRequest) -> HttpResponse:
    """Send by the shortest way, on a connection of its own; see Transport."""
    transport = RequestsTransport(verify=True, timeout=TIMEOUT, direct=True)
    try:
        return transport.send(request)
    finally:
        transport.close()


class MetadataError(CredentialsError):
    """The metadata service did not give what it was asked for. ``problem`` says why in a few words."""

    def __init__(self, base: str, problem: str) -> None:
        super().__init__(
            ErrorInfo(
                code="MetadataUnavailable",
                message=f"The metadata service {base} is of no use: {problem}.",
                hint="Credentials of the instance's role can be had on an instance with a role only.",
            )
        )
        self.problem = problem


class MetadataService:
    """Asks one metadata service. ``base``: scheme and host; ``disabled``: why it must not be asked, if so."""

    def __init__(self, base: str, disabled: str | None = None, send: Send = send_directly) -> None:
        self.base = base
        self._send = send
        self._useless = disabled

    def ask(self, path: str, *, method: str = "GET", headers: t.Mapping[str, str] | None = None) -> str:
        """Return the answer's text. Raises MetadataError; after silence nobody is asked again."""
        response = self._answer(HttpRequest(method, f"{self.base}{path}", headers or {}))
        if response.status != 200:
            raise MetadataError(self.base, f"HTTP status {response.status} for {path.partition('?')[0]}")
        return response.body.decode("utf-8", "replace").strip()

    def at(self, base: str) -> MetadataService:
        """Return a service of the same kind at another place."""
        return MetadataService(base, send=self._send)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if self._useless is not None:
            raise MetadataError(self.base, self._useless)
        outcome = _within(LIMIT, lambda: self._send(request))
        if isinstance(outcome, HttpResponse):
            return outcome
        self._useless = "no answer"
        raise MetadataError(self.base, self._useless)


def _within(seconds: float, function: t.Callable[[], HttpResponse]) -> HttpResponse | None:
    """Return the function's result, or None when it has none in time or fails to reach anybody."""
    outcomes: queue.SimpleQueue[HttpResponse | None] = queue.SimpleQueue()

    def work() -> None:
        try:
            outcomes.put(function())
        except KeyfleetError:
            outcomes.put(None)

    threading.Thread(target=work, daemon=True).start()
    try:
        return outcomes.get(timeout=seconds)
    except queue.Empty:
        return None
