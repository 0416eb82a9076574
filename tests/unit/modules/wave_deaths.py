# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs binding_wave in a process of its own, and kills it after a call of the API."""

from __future__ import annotations

import os
import signal
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from ansible_collections.keyfleet.cloud.emulator.http_types import Request, Response
from ansible_collections.keyfleet.cloud.plugins.modules import binding_wave
from ansible_collections.keyfleet.cloud.tests.unit.modules import harness
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.wave_tasks import task_of
from ansible_collections.keyfleet.cloud.tests.unit.modules.wave_time import unhurried

# Real seconds; nothing here takes a hundredth of it.
_PATIENCE = 30.0


def killed_after(cloud: Cloud, calls: int, *bindings: Any, **options: Any) -> bool:
    """Run a task in another process, and kill that as soon as the cloud has processed so many calls of it.

    Return whether it was killed; otherwise it has ended by itself.
    """
    reader, writer = os.pipe()
    process = start(cloud, reader, *bindings, **options)
    with _deadly(cloud, process, calls):
        os.write(writer, b"!")
        status = wait(process)
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
            with unhurried():
                harness._run(binding_wave, arguments, cloud.clock)
        finally:
            os._exit(0)
    return process


def wait(process: int) -> int:
    """Return the status with which a process ended."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            return status
        time.sleep(0.002)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    raise AssertionError("the task does not come to an end")


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
