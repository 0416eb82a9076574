# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""One API client per task: signs, paces, sends, retries, counts."""

from __future__ import annotations

import threading
import typing as t

from ._clock import Clock, Deadline
from ._errors import ApiError, KeyfleetError
from ._pacing import Pacer
from ._retry import Backoff, may_repeat
from ._transport import HttpRequest, HttpResponse, Transport

Params = t.Mapping[str, t.Any]
Answer = t.Mapping[str, t.Any]


class Dialect(t.Protocol):
    """How one API writes requests and answers."""

    def prepare(self, action: str, params: Params, timestamp: float) -> HttpRequest:
        """Return the signed request; ``timestamp`` is in Unix seconds."""

    def parse(self, action: str, response: HttpResponse) -> Answer:
        """Return the answer's fields. Raises ApiError, or AnswerLostError when it cannot be read."""


class CallCounter:
    """Counts the requests of each action, repetitions included. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: dict[str, int] = {}

    def add(self, action: str) -> None:
        """Count one request."""
        with self._lock:
            self._calls[action] = self._calls.get(action, 0) + 1

    @property
    def calls(self) -> dict[str, int]:
        """Return how many requests of each action were sent."""
        with self._lock:
            return dict(sorted(self._calls.items()))


class Client:
    """Calls API actions. Safe to use from several threads."""

    def __init__(
        self,
        dialect: Dialect,
        transport: Transport,
        pacer: Pacer,
        clock: Clock,
        deadline: Deadline,
        *,
        retries: int,
        throttle_pause: float,
        backoff: Backoff | None = None,
        counter: CallCounter | None = None,
    ) -> None:
        self._dialect = dialect
        self._transport = transport
        self._pacer = pacer
        self._clock = clock
        self._deadline = deadline
        self._retries = retries
        self._throttle_pause = throttle_pause
        self._backoff = backoff or Backoff()
        self._counter = counter or CallCounter()

    @property
    def calls(self) -> dict[str, int]:
        """Return how many requests of each action were sent, repetitions included."""
        return self._counter.calls

    def call(self, action: str, params: Params, *, write: bool = False) -> Answer:
        """Return the answer's fields.

        A read is repeated after every passing fault, a write only when it surely was not processed.
        Raises the last ApiError, NotSentError or AnswerLostError when the retries or the deadline are used up.
        """
        attempt, first_refused = 0, None
        while True:
            begun = self._pacer.wait(action)
            try:
                return self._once(action, params)
            except KeyfleetError as error:
                attempt += 1
                throttled = isinstance(error, ApiError) and error.kind == "throttled"
                if throttled:
                    self._pacer.refused(action, begun)
                    first_refused = begun if first_refused is None else first_refused
                if attempt > self._retries or not may_repeat(error, write=write):
                    raise
                pause = self._pause(action, attempt, first_refused if throttled else None)
                if pause > self._deadline.remaining:
                    raise
                self._clock.sleep(pause)

    def _once(self, action: str, params: Params) -> Answer:
        request = self._dialect.prepare(action, params, self._clock.timestamp())
        self._counter.add(action)
        return self._dialect.parse(action, self._transport.send(request))

    def _pause(self, action: str, attempt: int, first_refused: float | None) -> float:
        """Return the seconds to wait before the next attempt; ``first_refused``: after too many calls.

        The last attempt comes when the vendor counts anew: jitter alone might use up all of them within one minute.
        """
        if first_refused is None:
            return self._backoff.delay(attempt)
        patience = 0.0
        if attempt == self._retries:
            patience = first_refused + self._pacer.window(action) - self._clock.now()
        return self._backoff.throttled_delay(attempt, self._throttle_pause, patience)
