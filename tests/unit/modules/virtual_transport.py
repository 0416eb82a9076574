# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The real transport in tests: its time-out goes by a virtual clock, and usually there is no wire."""

from __future__ import annotations

import http.client
import io
import urllib.parse
from functools import partial
from typing import Any

import requests
import urllib3
from ansible_collections.keyfleet.cloud.emulator.http_types import Headers, Request
from ansible_collections.keyfleet.cloud.plugins.module_utils._transport import RequestsTransport
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_clock import VirtualClock
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_emulator import VirtualEmulator
from requests.adapters import HTTPAdapter

# Real seconds; no answer takes a hundredth of it.
_PATIENCE = 300.0


def over_the_wire(clock: VirtualClock, **options: Any) -> RequestsTransport:
    """Return a transport that connects to wherever a request goes. The options are those of RequestsTransport."""
    return _transport(_Adapter(clock), options)


def without_wire(emulator: VirtualEmulator, clock: VirtualClock, **options: Any) -> RequestsTransport:
    """Return a transport that hands requests to the emulator, which saves most of the work that a test makes."""
    return _transport(_ShortCut(clock, emulator), options)


def _transport(adapter: HTTPAdapter, options: dict[str, Any]) -> RequestsTransport:
    transport = RequestsTransport(**options)
    for scheme in ("https://", "http://"):
        transport._session.mount(scheme, adapter)
    return transport


class _Adapter(HTTPAdapter):
    """Listens for an answer as long as it is told, by the clock."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__(max_retries=0)
        self._clock = clock

    def send(
        self, request: requests.PreparedRequest, stream: bool = False, timeout: Any = None, *options: Any, **more: Any
    ) -> requests.Response:
        """See HTTPAdapter; ``timeout`` is for connecting and for listening, of which only the latter may take long."""
        return self._within(timeout[1], request, partial(super().send, request, stream, _PATIENCE, *options, **more))

    def _within(self, seconds: float, request: requests.PreparedRequest, ask: partial[requests.Response]) -> Any:

        def read() -> requests.Response:
            response = ask()
            len(response.content)  # nobody reads an answer that comes too late; it would keep its connection
            return response

        answer = self._clock.start(read)
        if not answer.wait(seconds):
            raise requests.exceptions.ReadTimeout("Read timed out.", request=request)
        return answer.result()


class _ShortCut(_Adapter):
    """Has requests answered by the emulator, in the same thread where no answer can take long."""

    def __init__(self, clock: VirtualClock, emulator: VirtualEmulator) -> None:
        super().__init__(clock)
        self._emulator = emulator

    def send(
        self, request: requests.PreparedRequest, stream: bool = False, timeout: Any = None, *options: Any, **more: Any
    ) -> requests.Response:
        """See HTTPAdapter."""
        if not (request.url or "").startswith(f"{self._emulator.url}/"):
            return super().send(request, stream, timeout, *options, **more)
        if not self._emulator.may_delay:
            return self._ask(request)
        return self._within(timeout[1], request, partial(self._ask, request))

    def _ask(self, request: requests.PreparedRequest) -> requests.Response:
        headers = {"Host": urllib.parse.urlsplit(request.url or "").netloc, **request.headers}
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        asked = Request(request.method or "", request.path_url, Headers(headers.items()), body)
        response = self._emulator.respond(asked)
        if response is None:
            # As urllib3 puts it.
            cause = http.client.RemoteDisconnected("Remote end closed connection without response")
            error = urllib3.exceptions.ProtocolError("Connection aborted.", cause)
            raise requests.exceptions.ConnectionError(error, request=request)
        answer = urllib3.HTTPResponse(
            io.BytesIO(response.body),
            {"Content-Type": response.content_type, **response.headers},
            response.status,
            preload_content=False,
        )
        return self.build_response(request, answer)
