# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs binding_wave in processes of their own, and kills one after a call of the API."""

from __future__ import annotations

import http.client
import os
import signal
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from unittest import mock

from ansible_collections.keyfleet.cloud.emulator.http_types import Request, Response
from ansible_collections.keyfleet.cloud.plugins.module_utils import _module, _parallel
from ansible_collections.keyfleet.cloud.plugins.modules import binding_wave
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import run_here
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_emulator import CLOCK
from ansible_collections.keyfleet.cloud.tests.unit.modules.wave_tasks import task_of

T = TypeVar("T")
R = TypeVar("R")

# Real seconds; nothing here takes a hundredth of it.
_PATIENCE = 300.0


def killed_after(cloud: Cloud, calls: int, *bindings: Any, **options: Any) -> bool:
    """Run a task in another process, and kill that as soon as the cloud has processed so many calls of it.

    Return whether it was killed; otherwise it has ended by itself.
    """
    reader, writer = os.pipe()
    process = start(cloud, reader, *bindings, **options)
    with _deadly(cloud, process, calls):
        os.write(writer, b"!")
        (status,) = wait(cloud, process)
    os.close(reader)
    os.close(writer)
    cloud.emulator.wait_until_quiet()
    return os.WIFSIGNALED(status)


def start(cloud: Cloud, gate: int, *bindings: Any, **options: Any) -> int:
    """Start a task in another process, which begins when something can be read from ``gate``; return its ID."""
    arguments = task_of(cloud, *bindings, **options)
    with warnings.catch_warnings():
        # The emulator's threads stay behind, and the new process uses nothing of theirs.
        warnings.simplefilter("ignore", DeprecationWarning)
        process = os.fork()
    if process == 0:
        try:
            os.read(gate, 1)
            with _remote_time(cloud):
                run_here(binding_wave, arguments)
        finally:
            os._exit(0)
    cloud.clock.enter()
    return process


def wait(cloud: Cloud, *processes: int) -> list[int]:
    """Return the statuses with which processes ended."""
    statuses: dict[int, int] = {}
    until = time.monotonic() + _PATIENCE
    with cloud.clock.away():
        while len(statuses) < len(processes):
            for process in set(processes) - set(statuses):
                ended, status = os.waitpid(process, os.WNOHANG)
                if ended:
                    statuses[process] = status
                    cloud.clock.leave()
            if time.monotonic() > until:
                for process in set(processes) - set(statuses):
                    os.kill(process, signal.SIGKILL)
                raise AssertionError("the task does not come to an end")
            time.sleep(0.002)
    return [statuses[process] for process in processes]


@contextmanager
def _deadly(cloud: Cloud, process: int, calls: int) -> Iterator[None]:
    """Let the cloud kill a process instead of answering its call of that number, which has been processed by then."""
    seen = 0
    respond = cloud.emulator._respond

    def respond_or_kill(request: Request) -> Response | None:
        nonlocal seen
        response = respond(request)
        seen += 1
        if seen == calls:
            os.kill(process, signal.SIGKILL)
        return response

    with mock.patch.object(cloud.emulator, "_respond", respond_or_kill):
        yield


@contextmanager
def _remote_time(cloud: Cloud) -> Iterator[None]:
    """Go by the cloud's clock in another process, in which only one thread is awake at any time."""
    with (
        mock.patch.object(_module, "SystemClock", return_value=_RemoteClock(cloud)),
        mock.patch.object(_parallel, "ThreadPoolExecutor", _OneByOne),
    ):
        yield


class _RemoteClock:
    """The clock of a cloud in another process."""

    def __init__(self, cloud: Cloud) -> None:
        self.now = self.timestamp = cloud.clock.now
        self._emulator = http.client.HTTPConnection("127.0.0.1", cloud.emulator.port, timeout=_PATIENCE)

    def sleep(self, seconds: float) -> None:
        """Let that many seconds pass."""
        self._emulator.request("GET", f"{CLOCK}?{seconds!r}")
        self._emulator.getresponse().read()


class _OneByOne:
    """A ThreadPoolExecutor as far as it is used, without threads."""

    def __init__(self, max_workers: int) -> None:
        self.max_workers = max_workers

    def __enter__(self) -> _OneByOne:
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> list[R]:
        """Return the results."""
        return [function(item) for item in items]
