# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks of keypair_binding with other credentials than a key in the options, and who it was that the cloud saw."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials import metadata
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import bind
from ansible_collections.keyfleet.cloud.tests.unit.modules.result import Result

Patch = pytest.MonkeyPatch


def bind_with(cloud: Cloud, *, check: bool = False, **options: Any) -> Result:
    """Bind with these credentials among the options, and with no others there."""
    without = {"access_key_id": None, "access_key_secret": None}
    return bind(cloud, ["deploy"], [cloud.add()], check=check, **{**without, **options})


def be_on_an_instance(cloud: Cloud, monkeypatch: Patch, role: str | None = "ops") -> None:
    """Let the emulator's metadata service be the one that the machine finds."""
    variable = f"KEYFLEET_METADATA_ENDPOINT_{cloud.provider.vendor.upper()}"
    monkeypatch.setenv(variable, cloud.emulator.url)
    monkeypatch.delenv("KEYFLEET_METADATA_DISABLED")
    monkeypatch.setattr(metadata, "TIMEOUT", 60)  # it does answer
    monkeypatch.setattr(metadata, "LIMIT", 120)
    machine = {"vendor": cloud.provider.vendor, "region": cloud.provider.region, "role": role}
    cloud.emulator.seed({"metadata": [machine]})


def callers(result: Result) -> set[str]:
    """Return the key IDs that were used, but for STS."""
    return {entry["access_key_id"] for entry in result.log if not entry["provider"].endswith("_sts")}
