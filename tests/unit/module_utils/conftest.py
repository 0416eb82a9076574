# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures of the tests of module_utils."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.fakes import FakeClock
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.searching import FakeSts, Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A home directory without any credentials, off the cloud."""
    clock = FakeClock()
    return Place(tmp_path, clock, FakeSts(clock))
