# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several tasks on one account whose calls a vendor counts, event by event: hours pass in milliseconds."""

from __future__ import annotations

import dataclasses
import heapq
import math
import random
import typing as t

from ansible_collections.keyfleet.cloud.plugins.module_utils._capabilities import Rate
from ansible_collections.keyfleet.cloud.plugins.module_utils._pace import Pace
from ansible_collections.keyfleet.cloud.plugins.module_utils._retry import Backoff

#: side by side, as _parallel.WORKERS
THREADS = 10
#: seconds that a request takes to arrive, and its answer to come back
LATENCY = 0.03


class Account(t.Protocol):
    """How the vendor counts."""

    def admits(self, now: float) -> bool:
        """Count a call; tell whether it was within the rate."""


class FixedWindows:
    """Every window allows so many calls; refused ones count as well."""

    def __init__(self, rate: Rate, phase: float) -> None:
        self._rate, self._phase = rate, phase
        self._counts: dict[int, int] = {}

    def admits(self, now: float) -> bool:
        window = int((now + self._phase) // self._rate.seconds)
        self._counts[window] = self._counts.get(window, 0) + 1
        return self._counts[window] <= self._rate.calls


class TokenBucket:
    """A bucket that fills evenly and holds the calls of one window."""

    def __init__(self, rate: Rate, phase: float) -> None:
        self._rate, self._tokens, self._filled = rate, float(rate.calls), -phase

    def admits(self, now: float) -> bool:
        gained = (now - self._filled) * self._rate.calls / self._rate.seconds
        self._tokens, self._filled = min(float(self._rate.calls), self._tokens + gained), now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


@dataclasses.dataclass
class Outcome:
    """What became of all tasks together. ``seconds``: until the last answer; ``attempts``: the most of any call."""

    answered: int = 0
    refused: int = 0
    given_up: int = 0
    seconds: float = 0.0
    attempts: int = 0

    def times_the_floor(self, rate: Rate) -> float:
        """Return how many times as long it took as the rate makes it take."""
        return self.seconds / max(rate.seconds, (math.ceil(self.answered / rate.calls) - 1) * rate.seconds)

    @property
    def refused_share(self) -> float:
        """Return the refused calls as a share of the answered ones."""
        return self.refused / self.answered


class _Event(t.NamedTuple):
    """Events are sorted by time, then by number. ``first_refused``: when the call was refused for the first time."""

    at: float
    number: int
    task: int
    step: str
    begun: float = 0.0
    attempt: int = 0
    first_refused: float | None = None


class Simulation:
    """Tasks that start within moments of each other, each with so many calls to make and ten threads to make them."""

    def __init__(
        self,
        tasks: int,
        calls: int,
        rate: Rate,
        account: type[FixedWindows] | type[TokenBucket],
        *,
        seed: int,
        throttle_pause: float,
        share: float = 1.0,
        retries: int = 5,
    ) -> None:
        self._random = random.Random(seed)
        self._rate, self._retries, self._pause = rate, retries, throttle_pause
        self._account: Account = account(rate, self._random.random() * rate.seconds)
        self._paces = [Pace(rate, share, self._random.random) for _task in range(tasks)]
        self._todo = [calls] * tasks
        self._backoff = Backoff(rand=self._random.random)
        self._events: list[_Event] = []
        self._numbers = 0
        for task in range(tasks):
            start = self._random.random() * 0.2
            for _thread in range(min(THREADS, calls)):
                self._next_call(start, task)

    def run(self) -> Outcome:
        """Return what happened."""
        outcome = Outcome()
        while self._events:
            event = heapq.heappop(self._events)
            if event.step == "book":
                self._book(event)
            elif self._account.admits(event.at):
                outcome.answered += 1
                outcome.seconds = event.at
                self._next_call(event.at + self._latency(), event.task)
            else:
                outcome.refused += 1
                outcome.attempts = max(outcome.attempts, event.attempt + 1)
                outcome.given_up += not self._repeat(event)
        return outcome

    def _latency(self) -> float:
        return LATENCY / 2 * (0.5 + self._random.random())

    def _add(self, at: float, task: int, step: str, **more: t.Any) -> None:
        self._numbers += 1
        heapq.heappush(self._events, _Event(at, self._numbers, task, step, **more))

    def _next_call(self, at: float, task: int) -> None:
        if self._todo[task]:
            self._todo[task] -= 1
            self._add(at, task, "book")

    def _book(self, event: _Event) -> None:
        pause = self._paces[event.task].book(event.at)
        more = {"attempt": event.attempt, "first_refused": event.first_refused}
        if pause:
            self._add(event.at + pause, event.task, "book", **more)
        else:
            self._add(event.at + self._latency(), event.task, "arrive", begun=event.at, **more)

    def _repeat(self, event: _Event) -> bool:
        """Do what Client.call does with a refusal; tell whether it tries again."""
        now = event.at + self._latency()
        self._paces[event.task].refused(now, event.begun)
        attempt = event.attempt + 1
        first = event.begun if event.first_refused is None else event.first_refused
        if attempt > self._retries:
            self._next_call(now, event.task)
            return False
        patience = first + self._rate.seconds - now if attempt == self._retries else 0.0
        pause = self._backoff.throttled_delay(attempt, self._pause, patience)
        self._add(now + pause, event.task, "book", attempt=attempt, first_refused=first)
        return True
