# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keypair_binding on Alibaba Cloud: what is recorded is not yet what the guest uses, and the task says so."""

from __future__ import annotations

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import bind, run, unbind
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import alibaba_only, tencent_only


@alibaba_only
@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_change_is_effective_after_the_next_reboot_or_start(cloud: Cloud, state: str) -> None:
    keys = [] if state == "present" else ["deploy"]
    running, stopped = cloud.add(*keys, power="running"), cloud.add(*keys)

    result = run(cloud, key_pairs=["deploy"], instance_ids=[running, stopped], state=state)

    assert result.column("effective") == [False, False]
    assert result.data["reboot_required"] == [running]
    assert cloud.logins(running)["key_pairs"] == keys


@alibaba_only
def test_nobody_can_tell_whether_an_older_binding_is_effective(cloud: Cloud) -> None:
    running = cloud.add("deploy", power="running")

    result = bind(cloud, ["deploy"], [running])

    assert result.column("effective") == [None]
    assert result.data["reboot_required"] == []


@alibaba_only
def test_the_displaced_key_pair_is_used_until_then(cloud: Cloud) -> None:
    running = cloud.add("former", power="running")

    result = bind(cloud, ["deploy"], [running])

    assert result.row(running, "former")["action"] == "displace"
    assert result.row(running, "former")["effective"] is False
    assert result.data["reboot_required"] == [running]
    assert cloud.logins(running)["key_pairs"] == ["former"]


@alibaba_only
def test_a_failed_change_needs_no_reboot(cloud: Cloud) -> None:
    running = cloud.add(power="running")
    cloud.fault("partial_failure", "AttachKeyPair", code="InstanceLockedForSecurity", times=None)

    result = bind(cloud, ["deploy"], [running])

    assert result.codes == {running: "InstanceLockedForSecurity"}
    assert result.column("effective") == [None]
    assert result.data["reboot_required"] == []


@tencent_only
def test_on_tencent_a_change_is_effective_at_once(cloud: Cloud) -> None:
    web = cloud.add()

    bound = bind(cloud, ["deploy"], [web])
    effective = cloud.logins(web)["key_pairs"]
    unbound = unbind(cloud, ["deploy"], [web])

    assert bound.column("effective") == unbound.column("effective") == [True]
    assert bound.data["reboot_required"] == unbound.data["reboot_required"] == []
    assert effective == [cloud.key_id("deploy")]
