# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures of the tests of module_utils."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.emulator.client import TencentCloud, tencent_cloud
from ansible_collections.keyfleet.cloud.tests.unit.emulator.ssh_client import SshClient
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.fakes import FakeClock
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.login_guest import KEY, WEB, Guest, Keys
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.searching import FakeSts, Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A home directory without any credentials, off the cloud."""
    clock = FakeClock()
    return Place(tmp_path, clock, FakeSts(clock))


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    """A key that opens the guest, and one that does not."""
    return Keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def cloud(keys: Keys) -> Iterator[TencentCloud]:
    """A running instance to which the right key is bound."""
    instance = {"instance_id": WEB.instance_id, "key_pairs": [KEY], "ssh": {"users": ["root", "ubuntu"]}}
    with tencent_cloud(key_pairs=[{"key_id": KEY, "public_key": keys.line}], instances=[instance]) as found:
        yield found


@pytest.fixture
def guest(cloud: TencentCloud, tmp_path: Path) -> Guest:
    """The guest of that instance."""
    return Guest(SshClient.of(tmp_path, cloud.instance(WEB.instance_id)), tmp_path)
