# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures for tests of modules: an emulated cloud, and an environment without anybody's credentials."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from ansible_collections.keyfleet.cloud.emulator import rsa_keys
from ansible_collections.keyfleet.cloud.emulator.alibaba import key_pairs as alibaba_key_pairs
from ansible_collections.keyfleet.cloud.emulator.settings import DURATIONS
from ansible_collections.keyfleet.cloud.emulator.tencent import key_pairs as tencent_key_pairs
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud, seed
from ansible_collections.keyfleet.cloud.tests.unit.modules.providers import PROVIDERS
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_clock import VirtualClock
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_emulator import VirtualEmulator

_OTHERS = ("TENCENTCLOUD_", "TCCLI_", "ALIBABA", "ALICLOUD_", "KEYFLEET_")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@pytest.fixture(scope="session")
def clock() -> VirtualClock:
    """The time of all tests."""
    return VirtualClock()


@pytest.fixture(scope="session")
def emulator(clock: VirtualClock) -> Iterator[VirtualEmulator]:
    """The emulator; ``cloud`` brings it back to its beginning for each test."""
    settings = {"durations": dict.fromkeys(DURATIONS, 0.05)}
    with VirtualEmulator(seed=seed(), settings=settings, clock=clock) as running:
        yield running


@pytest.fixture(params=list(PROVIDERS))
def cloud(request: pytest.FixtureRequest, emulator: VirtualEmulator, clock: VirtualClock) -> Cloud:
    """The cloud of one provider; a test runs once for each, unless it names some (see ``marks``)."""
    emulator.reset()
    clock.sleep(-clock.now() % 3600)  # the same time of the hour for every test
    return Cloud(emulator, clock, PROVIDERS[request.param])


@pytest.fixture
def quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the emulator make small RSA keys, as big ones cost more than all the rest of a test."""

    def generate() -> rsa_keys.RsaKey:
        return rsa_keys.generate(1024)

    monkeypatch.setattr(tencent_key_pairs, "generate", generate)
    monkeypatch.setattr(alibaba_key_pairs, "rsa_keys", SimpleNamespace(**{**vars(rsa_keys), "generate": generate}))


@pytest.fixture
def report_path(tmp_path: Path) -> Path:
    """Where drift_report writes."""
    return tmp_path / "report.json"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take away what the machine may have set: credentials, endpoints, proxies, files in the home directory."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in os.environ:
        if name.startswith(_OTHERS) or name.upper() in _PROXIES:
            monkeypatch.delenv(name)
    monkeypatch.setenv("KEYFLEET_METADATA_DISABLED", "true")


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for the disk: processes may die in these tests, but the machine does not."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
