# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keypair_binding on an instance of the cloud: credentials and region from its metadata service, renewed in time."""

from __future__ import annotations

from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud, seed
from ansible_collections.keyfleet.cloud.tests.unit.modules.credential_tasks import (
    Patch,
    be_on_an_instance,
    bind_with,
    callers,
)
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import alibaba_only
from ansible_collections.keyfleet.cloud.tests.unit.modules.providers import CVM
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_clock import VirtualClock
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_emulator import VirtualEmulator


def test_the_role_and_the_region_of_the_instance(cloud: Cloud, monkeypatch: Patch) -> None:
    be_on_an_instance(cloud, monkeypatch)

    result = bind_with(cloud, region=None)

    assert result.changed
    assert cloud.provider.access_key_id not in callers(result)


def test_an_instance_without_a_role(cloud: Cloud, monkeypatch: Patch) -> None:
    be_on_an_instance(cloud, monkeypatch, role=None)

    result = bind_with(cloud)

    assert result.data["error"]["code"] == "CredentialsMissing"
    assert f"instance role at {cloud.emulator.url} (HTTP status 404" in result.msg


@alibaba_only
def test_an_instance_that_wants_tokens(cloud: Cloud, monkeypatch: Patch) -> None:
    be_on_an_instance(cloud, monkeypatch)
    cloud.switch(alibaba_metadata_v1="refused")

    assert bind_with(cloud, region=None).changed


@alibaba_only
def test_the_instances_role_can_be_forbidden(cloud: Cloud, monkeypatch: Patch) -> None:
    be_on_an_instance(cloud, monkeypatch)
    monkeypatch.setenv("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")

    assert "ALIBABA_CLOUD_ECS_METADATA_DISABLED is true" in bind_with(cloud).msg


def test_a_metadata_endpoint_that_is_no_url(cloud: Cloud, monkeypatch: Patch) -> None:
    variable = f"KEYFLEET_METADATA_ENDPOINT_{cloud.provider.vendor.upper()}"
    monkeypatch.setenv(variable, "nowhere")

    assert variable in bind_with(cloud).msg


def test_credentials_are_renewed_during_a_long_wait(monkeypatch: Patch) -> None:
    clock = VirtualClock()
    with VirtualEmulator(seed=seed(), settings={"durations": {"bind": 240.0}}, clock=clock) as emulator:
        cloud = Cloud(emulator, clock, CVM)
        be_on_an_instance(cloud, monkeypatch)
        machine = {"vendor": "tencent", "region": CVM.region, "role": "ops", "lifetime": 220}
        emulator.seed({"metadata": [machine]})

        result = bind_with(cloud, wait_timeout=600)

        assert result.changed
        assert not result.failed
        assert len(callers(result)) > 1
        assert not any(entry["code"] for entry in result.log)
