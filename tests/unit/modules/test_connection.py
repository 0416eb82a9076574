# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keypair_binding and the wire: TLS with an authority of one's own, no netrc, dead ends that are named."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils import _module
from ansible_collections.keyfleet.cloud.tests.conformance.certificates import Certificates, make_certificates
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud, seed
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import bind
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import providers
from ansible_collections.keyfleet.cloud.tests.unit.modules.providers import PROVIDERS
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_clock import VirtualClock
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_emulator import VirtualEmulator


def by_tcp(cloud: Cloud) -> Cloud:
    """Let requests take the wire, as this is about the wire."""
    cloud.wire = True
    return cloud


one_of_each_vendor = pytest.mark.parametrize("provider", ["tencent_lighthouse", "alibaba_ecs"])


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """An authority, and what it made for 127.0.0.1."""
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def cloud(cloud: Cloud) -> Cloud:
    """The usual cloud, by the usual way."""
    return by_tcp(cloud)


@pytest.fixture
def secure(provider: str, certificates: Certificates, clock: VirtualClock) -> Iterator[Cloud]:
    """A cloud that speaks TLS only."""
    files = {"cert": str(certificates.certificate), "key": str(certificates.private_key)}
    with VirtualEmulator(seed=seed(), clock=clock, **files) as emulator:
        yield by_tcp(Cloud(emulator, clock, PROVIDERS[provider]))


@one_of_each_vendor
def test_an_authority_of_ones_own(secure: Cloud, certificates: Certificates) -> None:
    assert secure.emulator.url.startswith("https://")
    assert bind(secure, ["deploy"], [secure.add()], ca_path=str(certificates.authority)).changed


@one_of_each_vendor
def test_without_it_nothing_is_sent(secure: Cloud) -> None:
    result = bind(secure, ["deploy"], [secure.add()])

    assert result.failed
    assert result.log == []
    assert result.data["error"]["code"] == "TlsError"
    assert "certificate" in result.msg
    assert "ca_path" in result.msg


@one_of_each_vendor
def test_the_check_can_be_turned_off(secure: Cloud) -> None:
    assert bind(secure, ["deploy"], [secure.add()], validate_certs=False).changed


@one_of_each_vendor
def test_the_authority_may_come_from_the_environment(
    secure: Cloud, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificates.authority))

    assert bind(secure, ["deploy"], [secure.add()]).changed


def test_a_netrc_entry_does_not_replace_the_signature(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password example-password\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))

    assert bind(cloud, ["deploy"], [cloud.add()]).changed


def test_nobody_listens(cloud: Cloud) -> None:
    web = cloud.add()

    result = bind(cloud, ["deploy"], [web], endpoint=f"http://127.0.0.1:{free_port()}", api_retries=1)

    assert result.failed
    assert result.data["error"]["code"] == "ConnectionFailed"
    assert result.data["error"]["retryable"]
    assert "127.0.0.1" in result.msg
    assert result.row(web)["before"] == "unknown"


def test_a_name_that_does_not_exist(cloud: Cloud) -> None:
    result = bind(cloud, ["deploy"], [cloud.add()], endpoint="http://gateway.invalid", api_retries=0)

    assert result.failed
    assert result.data["error"]["code"] == "ConnectionFailed"
    assert "gateway.invalid" in result.msg


@providers("tencent_lighthouse", "alibaba_ecs")
def test_an_endpoint_may_end_in_a_slash(cloud: Cloud) -> None:
    assert bind(cloud, ["deploy"], [cloud.add()], endpoint=cloud.emulator.url + "/").changed


def test_a_missing_library_is_named(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_module, "REQUESTS_IMPORT_ERROR", "ImportError: no requests here")

    result = bind(cloud, ["deploy"], [cloud.add()])

    assert result.failed
    assert "requests" in result.msg
    assert result.log == []


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
