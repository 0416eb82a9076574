# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What binding_wave remembers of runs that came to nothing, and how it keeps out of the way of others."""

from __future__ import annotations

import os
from typing import Any
from unittest import mock

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._journal.claim import claim
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.rollout_model import InstanceRef
from ansible_collections.keyfleet.cloud.plugins.module_utils._services.wave_cycle import PowerCycle
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import alibaba_only, providers, tencent_only
from ansible_collections.keyfleet.cloud.tests.unit.modules.power_tasks import power
from ansible_collections.keyfleet.cloud.tests.unit.modules.providers import ALIBABA, CVM, CVM_LEGACY, SECRET, Provider
from ansible_collections.keyfleet.cloud.tests.unit.modules.rollout_tasks import plan
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_clock import VirtualClock
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_emulator import VirtualEmulator
from ansible_collections.keyfleet.cloud.tests.unit.modules.wave_tasks import (
    absent,
    exchange,
    journal_of_test,
    present,
    unfinished,
    wave,
)

UNREBOOTED = {"kind": "error", "action": "RebootInstances", "times": None, "code": "InvalidParameter", "message": "no"}


def unrebooted(cloud: Cloud) -> str:
    """Return an instance that has a key pair which its guest does not use, as a reboot has failed."""
    up = cloud.add("former", power="running")
    cloud.fault(**UNREBOOTED)
    result = wave(cloud, present([up], "deploy"))
    cloud.emulator.clear_faults()
    assert set(result.why) == {up}
    assert result.data["reboot_required"] == [up]
    assert cloud.logins(up)["key_pairs"] == ["former"]
    assert len(unfinished()) == 1
    return up


@pytest.mark.parametrize("names", [(CVM, CVM_LEGACY), (CVM_LEGACY, CVM)], ids=["3.0 then 2.0", "2.0 then 3.0"])
@pytest.mark.parametrize("named", [True, False], ids=["named", "to be restored"])
@providers("tencent_cvm")
def test_what_one_api_left_the_other_completes(
    cloud: Cloud, emulator: VirtualEmulator, clock: VirtualClock, names: tuple[Provider, Provider], named: bool
) -> None:
    """Both lead to the same instances."""
    first, second = (Cloud(emulator, clock, provider) for provider in names)
    up = cloud.add("former", power="running")
    cloud.fault("error", "StartInstances", times=None, code="InvalidParameter", message="no")
    assert wave(first, present([up], "deploy")).failed
    assert cloud.state_of(up) == cloud.word("stopped")
    cloud.emulator.clear_faults()

    planned = plan(second, present([up], "deploy") if named else present([cloud.add("deploy")], "deploy"),
                   journal_path=str(journal_of_test()))  # fmt: skip
    assert [one["provider"] for one in planned.data["unfinished"]] == [second.provider.name]
    (found,) = planned.data["waves"]
    result = wave(second, *found["bindings"], restore=found["restore"])

    assert (result.failed, result.turns) == (False, ["start"])
    assert result.instance(up)["power_before"] == "running"
    assert {entry["provider"] for entry in result.log} == {second.provider.name}
    assert cloud.state_of(up) == cloud.word("running")
    assert unfinished() == []


@providers("tencent_cvm", "tencent_cvm_legacy")
def test_a_run_by_one_api_waits_for_a_run_by_the_other(cloud: Cloud) -> None:
    up = cloud.add(power="running")
    other = {CVM.name: CVM_LEGACY, CVM_LEGACY.name: CVM}[cloud.provider.name]
    mine = InstanceRef(other.name, other.region, up, other.world)
    with claim(str(journal_of_test()), [mine], role="bind", clock=cloud.clock, timeout=1):
        assert wave(cloud, present([up], "deploy"), lock_timeout=1).data["error"]["code"] == "JournalBusy"


@alibaba_only
def test_a_reboot_that_is_pending_is_made(cloud: Cloud) -> None:
    up = unrebooted(cloud)

    result = wave(cloud, present([up], "deploy"))

    assert result.turns == ["reboot"]
    assert result.changed
    assert cloud.logins(up)["key_pairs"] == ["deploy"]
    assert unfinished() == []


@alibaba_only
def test_a_guest_that_was_started_since_is_not_rebooted(cloud: Cloud) -> None:
    up = unrebooted(cloud)
    cloud.clock.sleep(61)  # start times are to the minute
    power(cloud, "restarted", [up])

    result = wave(cloud, present([up], "deploy"))

    assert result.writes == []
    assert not result.changed
    assert unfinished() == []


@alibaba_only
def test_a_pending_reboot_needs_consent(cloud: Cloud) -> None:
    up = unrebooted(cloud)

    result = wave(cloud, present([up], "deploy"), interruption="none")

    assert result.why == {up: "InterruptionNotAllowed"}
    assert result.writes == []
    assert len(unfinished()) == 1


@alibaba_only
def test_a_pending_reboot_can_be_left_to_somebody_else(cloud: Cloud) -> None:
    up = unrebooted(cloud)

    result = wave(cloud, present([up], "deploy"), interruption="none", make_effective=False)

    assert not result.failed
    assert result.data["reboot_required"] == [up]
    assert unfinished() == []


def test_a_mistake_of_ours_leaves_power_as_found(cloud: Cloud) -> None:
    up, down = cloud.add("former", power="running"), cloud.add("former")

    with mock.patch.object(PowerCycle, "_change", side_effect=RuntimeError("boom")):
        result = wave_that_breaks(cloud, exchange([up, down], "deploy", "former"))

    assert "boom" in result["msg"]
    assert [cloud.state_of(one) for one in (up, down)] == [cloud.word("running"), cloud.word("stopped")]
    assert not wave(cloud, exchange([up, down], "deploy", "former")).failed
    assert unfinished() == []


def wave_that_breaks(cloud: Cloud, *bindings: Any) -> dict[str, Any]:
    """Return the result of a task that ends in an error which nobody foresaw."""
    result = wave(cloud, *bindings)
    assert result.data["error"]["code"] == "Unexpected"
    return result.data


@providers("tencent_cvm")
def test_instances_of_a_run_that_lives_are_waited_for(cloud: Cloud) -> None:
    up, other = cloud.add(power="running"), cloud.add()
    mine = InstanceRef(cloud.provider.name, cloud.provider.region, up, cloud.provider.world)
    with claim(str(journal_of_test()), [mine], role="bind", clock=cloud.clock, timeout=1):
        result = wave(cloud, present([up], "deploy"), lock_timeout=1)
        assert result.data["error"]["code"] == "JournalBusy"
        assert result.actions == []
        assert not wave(cloud, present([other], "deploy")).failed

    assert not wave(cloud, present([up], "deploy")).failed


@providers("tencent_cvm")
def test_a_journal_that_cannot_be_written_is_found_first(cloud: Cloud) -> None:
    up = cloud.add(power="running")
    journal_of_test().write_text("no folder", encoding="utf-8")

    for check in (True, False):
        result = wave(cloud, present([up], "deploy"), check=check)
        assert result.data["error"]["code"] == "JournalNotUsable"
        assert result.actions == []


@providers("tencent_cvm")
def test_check_mode_finds_a_folder_that_may_not_be_written(cloud: Cloud) -> None:
    up, done = cloud.add(power="running"), cloud.add("deploy")
    journal = {"interruption": "soft", "journal_path": str(journal_of_test() / "new")}
    with mock.patch.object(os, "access", return_value=False):  # root may write everywhere
        planned = plan(cloud, present([up], "deploy"), **journal)
        nothing = plan(cloud, present([done], "deploy"), **journal)
        checked = wave(cloud, present([up], "deploy"), check=True)

    assert planned.data["refusal"].startswith(
        f"The journal cannot be kept: {journal_of_test().parent}: permission denied."
    )
    assert nothing.data["refusal"] is None, "there is nothing to keep a journal of"
    assert checked.data["error"]["code"] == "JournalNotUsable"
    assert list(journal_of_test().parent.iterdir()) == []


@providers("tencent_cvm")
def test_what_was_done_is_told_when_the_journal_breaks_in_the_end(cloud: Cloud) -> None:
    up = cloud.add(power="running")
    folder = journal_of_test()

    def spoil() -> None:
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()

    cloud.emulator.before("StartInstances", spoil)
    result = wave(cloud, present([up], "deploy"))

    assert not result.failed
    assert result.row(up)["outcome"] == "changed"
    assert any("journal" in warning for warning in result.warnings)


@tencent_only
def test_an_id_and_a_name_of_one_key_pair_are_one_wish(cloud: Cloud) -> None:
    up = cloud.add(power="running")

    result = wave(cloud, present([up], "deploy"), present([up], cloud.key_id("deploy")))

    assert not result.failed
    assert result.turns == ["stop", "bind", "start"]


@providers("tencent_cvm")
def test_a_place_that_cannot_be_read_does_not_stop_the_others(
    cloud: Cloud, emulator: VirtualEmulator, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "TENCENTCLOUD_SECRET_ID": CVM.access_key_id,
        "TENCENTCLOUD_SECRET_KEY": SECRET,
        "ALIBABA_CLOUD_ACCESS_KEY_ID": ALIBABA.access_key_id,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": SECRET,
    }.items():
        monkeypatch.setenv(name, value)
    ecs = Cloud(emulator, clock, ALIBABA)
    up, hidden = cloud.add(power="running"), ecs.add(power="running")
    emulator.add_faults(
        [{"kind": "error", "provider": "alibaba_ecs", "times": None, "code": "Forbidden.RAM", "message": "no"}]
    )
    entries = [
        {**present([one], "deploy"), "provider": place.provider.name, "region": place.provider.region}
        for place, one in ((cloud, up), (ecs, hidden))
    ]

    nowhere = {"provider": None, "region": None, "access_key_id": None, "access_key_secret": None}
    result = wave(cloud, entries, **nowhere)

    assert set(result.why) == {hidden}
    assert result.row(hidden)["before"] == "unknown"
    assert cloud.keys_of(up) == ["deploy"]
    assert unfinished() == []


@tencent_only
@pytest.mark.parametrize("named", [True, False], ids=["named", "to be restored"])
def test_what_these_credentials_do_not_see_stays_in_the_journal(cloud: Cloud, named: bool) -> None:
    up = cloud.add(power="running")
    cloud.fault("error", "StartInstances", times=None, code="InvalidParameter", message="no")
    wave(cloud, present([up], "deploy"))
    cloud.emulator.clear_faults()
    place = {"provider": cloud.provider.name, "region": cloud.provider.region}
    stranger = {"access_key_id": _stranger(cloud), "access_key_secret": SECRET}

    if named:
        result = wave(cloud, absent([up], "deploy"), **stranger)
    else:
        result = wave(cloud, restore=[{**place, "instance_id": up}], **stranger)

    assert result.writes == []
    assert len(unfinished()) == 1
    assert any(up in warning and str(journal_of_test()) in warning for warning in result.warnings) or result.failed
    assert wave(cloud, restore=[{**place, "instance_id": up}]).turns == ["start"]
    assert unfinished() == []


def _stranger(cloud: Cloud) -> str:
    """Return an access key of another account, which sees nothing of this one."""
    access_key = {"id": "AKIDSTRANGER", "secret": SECRET}
    account = {"vendor": cloud.provider.vendor, "account_id": "100000000002", "access_keys": [access_key]}
    cloud.emulator.seed({"accounts": [account]})
    return access_key["id"]


@providers("tencent_cvm")
def test_a_place_without_credentials_is_not_in_the_way(cloud: Cloud) -> None:
    up = cloud.add(power="running")
    elsewhere = {"provider": "alibaba_ecs", "region": "cn-hangzhou", "instance_id": "i-bp1examplez0000001"}

    result = wave(cloud, present([up], "deploy"), restore=[{**elsewhere, "profile": "nobody"}])

    assert set(result.why) == {"i-bp1examplez0000001"}
    assert cloud.keys_of(up) == ["deploy"]
    assert cloud.state_of(up) == cloud.word("running")
