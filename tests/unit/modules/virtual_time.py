# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lets the collection's code go by the clock of a test: what it waits for, its threads, and how long it listens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from types import SimpleNamespace, TracebackType
from typing import TypeVar
from unittest import mock

from ansible_collections.keyfleet.cloud.plugins.module_utils import _connection, _module, _parallel
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials import renewal
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_clock import VirtualClock, VirtualLock, outcome_of
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_emulator import VirtualEmulator
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_transport import over_the_wire, without_wire

T = TypeVar("T")
R = TypeVar("R")


@contextmanager
def virtual_time(clock: VirtualClock, emulator: VirtualEmulator | None = None) -> Iterator[None]:
    """In the block the collection's code goes by this clock, which is the emulator's as well.

    Requests to ``emulator`` need no wire.
    """
    transport = partial(over_the_wire, clock) if emulator is None else partial(without_wire, emulator, clock)
    with (
        mock.patch.object(_module, "SystemClock", return_value=clock),
        mock.patch.object(_connection, "RequestsTransport", transport),
        mock.patch.object(_parallel, "ThreadPoolExecutor", partial(_Pool, clock)),
        mock.patch.object(renewal, "threading", SimpleNamespace(Lock=partial(VirtualLock, clock))),
    ):
        yield


class _Pool:
    """A ThreadPoolExecutor as far as it is used; its threads take part in the clock."""

    def __init__(self, clock: VirtualClock, max_workers: int) -> None:
        self._clock = clock
        self._workers = max_workers

    def __enter__(self) -> _Pool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> list[R]:
        """Return the results in the order of the items, or raise the first error in that order."""
        left = list(enumerate(items))
        outcomes: dict[int, Callable[[], R]] = {}
        left.reverse()

        def work() -> None:
            while left:
                number, item = left.pop()
                outcomes[number] = outcome_of(partial(function, item))

        for worker in [self._clock.start(work) for _number in range(self._workers)]:
            worker.result()
        return [outcomes[number]() for number in sorted(outcomes)]
