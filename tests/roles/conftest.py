# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures for tests of roles: emulated clouds with SSH servers, and a machine that runs the real ansible-playbook."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import stage
from ansible_collections.keyfleet.cloud.emulator.settings import DURATIONS
from ansible_collections.keyfleet.cloud.tests.in_process.shadow import shadow
from ansible_collections.keyfleet.cloud.tests.roles.controller import Controller
from ansible_collections.keyfleet.cloud.tests.roles.guests import KEY_PAIRS, Guests, seed
from ansible_collections.keyfleet.cloud.tests.roles.watched_emulator import WatchedEmulator
from ansible_collections.keyfleet.cloud.tests.unit.emulator.ssh_client import program
from ansible_collections.keyfleet.cloud.tests.unit.modules.providers import PROVIDERS

#: A reboot lasts long enough to be seen, which is how one learns on Alibaba Cloud that it is over.
SETTINGS = {"durations": {**dict.fromkeys(DURATIONS, 0.05), "reboot": 0.7}, "rates": {"*": None}}


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The private keys of KEY_PAIRS; the public ones are beside them. RSA, which every provider takes."""
    folder = tmp_path_factory.mktemp("keys")
    for name in KEY_PAIRS:
        command = [program("ssh-keygen"), "-q", "-t", "rsa", "-b", "2048", "-N", "", "-C", "", "-f", str(folder / name)]
        subprocess.run(command, check=True)
    return {name: folder / name for name in KEY_PAIRS}


@pytest.fixture(scope="session")
def public_keys(keys: dict[str, Path]) -> dict[str, str]:
    """The public keys of KEY_PAIRS."""
    return {name: path.with_suffix(".pub").read_text(encoding="utf-8") for name, path in keys.items()}


@pytest.fixture
def emulator(public_keys: dict[str, str]) -> Iterator[WatchedEmulator]:
    """The emulated clouds; there are key pairs and no instances."""
    with WatchedEmulator(seed=seed(public_keys), settings=SETTINGS) as running:
        yield running


@pytest.fixture
def clouds(emulator: WatchedEmulator, keys: dict[str, Path], tmp_path: Path) -> dict[str, Guests]:
    """Every provider's cloud, by provider."""
    return {name: Guests(emulator, provider, keys, tmp_path) for name, provider in PROVIDERS.items()}


@pytest.fixture(params=list(PROVIDERS))
def cloud(request: pytest.FixtureRequest, clouds: dict[str, Guests]) -> Guests:
    """The cloud of one provider; a test runs once for each."""
    return clouds[request.param]


@pytest.fixture(scope="session")
def in_process(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collections path with this collection, whose modules run within Ansible's workers."""
    return shadow(stage.collections_path() / stage.IN_TREE, tmp_path_factory.mktemp("collections"))


@pytest.fixture
def controller(
    request: pytest.FixtureRequest, tmp_path: Path, emulator: WatchedEmulator, in_process: Path
) -> Controller:
    """The machine that runs Ansible. Modules run in processes of their own for a test marked ``module_processes``."""
    ordinary = request.node.get_closest_marker("module_processes")
    return Controller.make(tmp_path, emulator, stage.collections_path() if ordinary else in_process)
