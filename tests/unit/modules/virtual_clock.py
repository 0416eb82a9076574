# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time for tests: the same clock for the module and for the emulated cloud, and it does not go by itself.

Time passes only when everybody who takes part waits: it jumps to the moment at which the first of them wants to go on.
How long the machine takes to compute anything is therefore no matter, and nobody really waits.

Whoever takes part is either awake or waiting. The thread that makes the clock takes part, and so does the work that
``VirtualClock.start`` begins. A server's thread that answers a request acts for its client, who is awake meanwhile: if
such a thread sleeps, that counts as the client's sleep.
"""

from __future__ import annotations

import heapq
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from multiprocessing.sharedctypes import RawValue
from types import TracebackType
from typing import Generic, TypeVar

R = TypeVar("R")

#: 2026-01-01T00:00:00Z
START = 1_767_225_600.0
# Real seconds. Nothing takes so long, unless someone who is awake waits for someone who sleeps.
_PATIENCE = 300.0


class _Waiter:
    """Somebody who waits. ``woken`` is guarded by the clock."""

    def __init__(self) -> None:
        self.woken = False
        self._gate = threading.Event()

    def open(self) -> None:
        """Let the waiting thread go on."""
        self.woken = True
        self._gate.set()

    def wait(self) -> None:
        """Return once somebody has let us go on."""
        if not self._gate.wait(_PATIENCE):
            raise AssertionError("virtual time stands still: somebody who is awake waits for somebody who sleeps")


class VirtualClock:
    """The clock, as the module and the emulator each want it. Of those whose time has come, one at a time goes on."""

    def __init__(self, start: float = START) -> None:
        self._time = RawValue("d", start)  # processes that are forked can read it
        self._guard = threading.Lock()
        self._awake = 1
        self._sleepers: list[tuple[float, int, _Waiter]] = []
        self._numbers = count()

    def now(self) -> float:
        """Return Unix time, which is monotonic here."""
        return float(self._time.value)

    def timestamp(self) -> float:
        """Return Unix time."""
        return float(self._time.value)

    def sleep(self, seconds: float) -> None:
        """Let that many seconds pass."""
        waiter = _Waiter()
        with self._guard:
            self._wake_at(self.now() + max(seconds, 0.0), waiter)
            self._fall_asleep()
        waiter.wait()

    def start(self, work: Callable[[], R]) -> Task[R]:
        """Begin this in a thread of its own, as soon as the caller waits for anything."""
        waiter = _Waiter()
        task = Task(self, work)
        with self._guard:
            self._wake_at(self.now(), waiter)

        def run() -> None:
            waiter.wait()
            task.run()

        threading.Thread(target=run, daemon=True).start()
        return task

    def enter(self) -> None:
        """Somebody more takes part, and is awake: a process, for example."""
        with self._guard:
            self._awake += 1

    def leave(self) -> None:
        """Somebody who is awake takes part no more."""
        with self._guard:
            self._fall_asleep()

    @contextmanager
    def away(self) -> Iterator[None]:
        """The calling thread waits for something that this clock knows nothing of."""
        self.leave()
        try:
            yield
        finally:
            self.enter()

    # The rest is for Task and VirtualLock, which are part of the clock. It needs the guard.

    def _wake_at(self, moment: float, waiter: _Waiter) -> None:
        heapq.heappush(self._sleepers, (moment, next(self._numbers), waiter))

    def _wake(self, waiter: _Waiter) -> None:
        if not waiter.woken:
            self._awake += 1
            waiter.open()

    def _fall_asleep(self) -> None:
        self._awake -= 1
        while self._awake <= 0 and self._sleepers:
            moment, _number, waiter = heapq.heappop(self._sleepers)
            if not waiter.woken:
                self._time.value = max(self.now(), moment)
                self._wake(waiter)


class Task(Generic[R]):
    """Work that somebody else does meanwhile."""

    def __init__(self, clock: VirtualClock, work: Callable[[], R]) -> None:
        self._clock = clock
        self._work = work
        self._waiters: list[_Waiter] = []
        self._outcome: Callable[[], R] | None = None

    def run(self) -> None:
        """Do the work; for the clock only."""
        outcome = outcome_of(self._work)
        with self._clock._guard:
            self._outcome = outcome
            for waiter in self._waiters:
                self._clock._wake(waiter)
            self._clock._fall_asleep()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the end of the work, but no longer than that. Return whether it has ended."""
        waiter = _Waiter()
        with self._clock._guard:
            if self._outcome is not None:
                return True
            self._waiters.append(waiter)
            if seconds is not None:
                self._clock._wake_at(self._clock.now() + seconds, waiter)
            self._clock._fall_asleep()
        waiter.wait()
        return self._outcome is not None

    def result(self) -> R:
        """Wait for the end of the work, and return or raise what it has."""
        self.wait()
        if self._outcome is None:
            raise AssertionError("a wait without a limit ends with the work")
        return self._outcome()


def outcome_of(work: Callable[[], R]) -> Callable[[], R]:
    """Do the work; return what returns its result, or raises what it has raised."""
    try:
        result = work()
    except BaseException as error:  # noqa: BLE001 - whoever waits for the work gets it
        caught = error

        def fail() -> R:
            raise caught

        return fail
    return lambda: result


class VirtualLock:
    """A lock that may be held while time passes; waiting for a common one, a thread would count as awake."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._held = False
        self._waiters: deque[_Waiter] = deque()

    def __enter__(self) -> VirtualLock:
        waiter = _Waiter()
        with self._clock._guard:
            if not self._held:
                self._held = True
                return self
            self._waiters.append(waiter)
            self._clock._fall_asleep()
        waiter.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._clock._guard:
            if self._waiters:
                self._clock._wake(self._waiters.popleft())
            else:
                self._held = False
