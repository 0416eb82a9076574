# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials that expire: fetched again in time, once for all threads, and not given up while the old ones work."""

from __future__ import annotations

import concurrent.futures
import threading

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.model import Credentials
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.renewal import MARGIN, PAUSE, Renewed
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import CredentialsError
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import ErrorInfo
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.fakes import FakeClock
from hypothesis import given
from hypothesis import strategies as st

LIFETIME = 3600.0


class Source:
    """Credentials that live for LIFETIME from when they were fetched; ``broken`` lets a fetch fail."""

    def __init__(self, clock: FakeClock, lifetime: float | None = LIFETIME) -> None:
        self.clock = clock
        self.lifetime = lifetime
        self.fetched = 0
        self.broken = False

    def __call__(self) -> Credentials:
        self.fetched += 1
        if self.broken:
            raise CredentialsError(ErrorInfo("Down", "STS is down."))
        expires_at = None if self.lifetime is None else self.clock.timestamp() + self.lifetime
        return Credentials("id", f"secret-{self.fetched}", f"token-{self.fetched}", expires_at)


def renewed(source: Source, secrets: set[str] | None = None) -> Renewed:
    return Renewed(source, source.clock, (secrets if secrets is not None else set()).update)


def test_they_are_fetched_when_first_asked_for_and_then_kept() -> None:
    source = Source(FakeClock())
    provider = renewed(source)
    assert source.fetched == 0
    assert provider() is provider()
    assert source.fetched == 1


def test_they_are_fetched_again_five_minutes_before_they_expire() -> None:
    source = Source(FakeClock())
    provider = renewed(source)
    provider()
    source.clock.sleep(LIFETIME - MARGIN - 1)
    assert provider().access_key_secret == "secret-1"
    source.clock.sleep(1)
    assert provider().access_key_secret == "secret-2"


def test_what_does_not_expire_is_not_fetched_again() -> None:
    source = Source(FakeClock(), lifetime=None)
    provider = renewed(source)
    provider()
    source.clock.sleep(1_000_000)
    provider()
    assert source.fetched == 1


def test_every_secret_is_told() -> None:
    secrets: set[str] = set()
    source = Source(FakeClock())
    provider = renewed(source, secrets)
    provider()
    source.clock.sleep(LIFETIME)
    provider()
    assert secrets == {"secret-1", "token-1", "secret-2", "token-2"}


def test_a_failed_renewal_is_no_matter_while_the_old_ones_work() -> None:
    source = Source(FakeClock())
    provider = renewed(source)
    provider()
    source.broken = True
    source.clock.sleep(LIFETIME - MARGIN)
    assert provider().access_key_secret == "secret-1"
    assert provider().access_key_secret == "secret-1"
    assert source.fetched == 2, "it is not tried again for each request"
    source.clock.sleep(PAUSE)
    source.broken = False
    assert provider().access_key_secret == "secret-3"


def test_once_they_have_expired_a_failure_is_one() -> None:
    source = Source(FakeClock())
    provider = renewed(source)
    provider()
    source.broken = True
    source.clock.sleep(LIFETIME)
    for _attempt in range(2):
        with pytest.raises(CredentialsError):
            provider()
    assert source.fetched == 3


def test_a_first_failure_is_one() -> None:
    source = Source(FakeClock())
    source.broken = True
    with pytest.raises(CredentialsError):
        renewed(source)()


def test_a_lifetime_below_the_margin_does_not_mean_a_fetch_for_each_request() -> None:
    source = Source(FakeClock(), lifetime=MARGIN / 2)
    provider = renewed(source)
    for _request in range(10):
        provider()
    assert source.fetched == 1


def test_many_threads_fetch_once() -> None:
    source = Source(FakeClock())
    provider = renewed(source)
    barrier = threading.Barrier(8)

    def ask(_number: int) -> Credentials:
        barrier.wait()
        return provider()

    with concurrent.futures.ThreadPoolExecutor(max_workers=8) as pool:
        found = list(pool.map(ask, range(8)))
    assert source.fetched == 1
    assert len(set(map(id, found))) == 1


@given(
    st.lists(st.floats(min_value=0, max_value=2 * LIFETIME), max_size=20), st.floats(min_value=1, max_value=LIFETIME)
)
def test_nobody_ever_gets_expired_ones(pauses: list[float], lifetime: float) -> None:
    source = Source(FakeClock(), lifetime=lifetime)
    provider = renewed(source)
    for pause in pauses:
        source.clock.sleep(pause)
        expires_at = provider().expires_at
        assert expires_at is not None
        assert expires_at > source.clock.timestamp()
