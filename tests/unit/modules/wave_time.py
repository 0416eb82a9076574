# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""For tests that mostly wait for instances: time runs faster there than anywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from ansible_collections.keyfleet.cloud.emulator.settings import DURATIONS
from ansible_collections.keyfleet.cloud.plugins.module_utils._transport import RequestsTransport
from ansible_collections.keyfleet.cloud.tests.unit.modules import harness
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import seed
from ansible_collections.keyfleet.cloud.tests.unit.modules.fast_clock import FastClock
from ansible_collections.keyfleet.cloud.tests.unit.modules.meddled_emulator import MeddledEmulator


def hurried_clock() -> FastClock:
    """Return the time of such tests."""
    return FastClock(speed=150)


@contextmanager
def hurried_emulator(clock: FastClock) -> Iterator[MeddledEmulator]:
    """An emulator that goes by that time."""
    settings = {"durations": dict.fromkeys(DURATIONS, 0.05)}
    with MeddledEmulator(seed=seed(), settings=settings, clock=clock) as running, unhurried():
        yield running


@contextmanager
def unhurried() -> Iterator[None]:
    """Let requests take as long as they do on a machine that has other work, however fast the clock runs."""
    with mock.patch.object(harness, "_transport", _transport):
        yield


def _transport(_clock: object, *, timeout: float, **options: Any) -> RequestsTransport:
    return RequestsTransport(timeout=timeout, **options)
