# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulators that the official clients talk to: one on plain HTTP, one on TLS."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from ansible_collections.keyfleet.cloud.emulator import Emulator
from ansible_collections.keyfleet.cloud.tests.conformance.certificates import Certificates, make_certificates
from ansible_collections.keyfleet.cloud.tests.conformance.clouds import SETTINGS, seed

#: the clients read these, and they may be set on a developer's machine
_FOREIGN = ("TENCENTCLOUD_", "ALIBABA_CLOUD_", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")


def pytest_configure(config: pytest.Config) -> None:
    """Forgive the clients what is not ours to mend: sockets that they leave open, and calls that Python deprecates."""
    for forgiven in (
        "ignore:unclosed:ResourceWarning",
        "ignore::pytest.PytestUnraisableExceptionWarning",
        "ignore:ssl:DeprecationWarning",
    ):
        config.addinivalue_line("filterwarnings", forgiven)


@pytest.fixture(autouse=True)
def no_foreign_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the machine's own credentials and proxies away from the clients."""
    for name in list(os.environ):
        if name.startswith(_FOREIGN):
            monkeypatch.delenv(name)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture(scope="session")
def _plain() -> Iterator[Emulator]:
    with Emulator(port=0, seed=seed(), settings=SETTINGS) as emulator:
        yield emulator


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """The files that the TLS emulator and its clients use."""
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def _secure(certificates: Certificates) -> Iterator[Emulator]:
    cert, key = str(certificates.certificate), str(certificates.private_key)
    with Emulator(port=0, seed=seed(), settings=SETTINGS, cert=cert, key=key) as emulator:
        yield emulator


@pytest.fixture
def emulator(_plain: Emulator) -> Emulator:
    """An emulator on plain HTTP in its initial state."""
    _plain.reset()
    return _plain


@pytest.fixture
def tls_emulator(_secure: Emulator) -> Emulator:
    """An emulator on TLS in its initial state."""
    _secure.reset()
    return _secure
