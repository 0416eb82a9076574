# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""binding_wave where something stands in the way: it says so, and power stays, or comes back, as it was found."""

from __future__ import annotations

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import providers, tencent_only
from ansible_collections.keyfleet.cloud.tests.unit.modules.wave_tasks import absent, exchange, present, unfinished, wave


def test_without_consent_nothing_happens_to_what_runs(cloud: Cloud) -> None:
    up, down = cloud.add(power="running"), cloud.add()

    result = wave(cloud, present([up, down], "deploy"), interruption="none")

    assert result.failed
    assert result.why == {up: "InterruptionNotAllowed"}
    assert "interruption=soft" in result.msg
    assert result.turns == ["bind"]
    assert (cloud.keys_of(up), cloud.keys_of(down)) == ([], ["deploy"])
    assert cloud.state_of(up) == cloud.word("running")
    assert unfinished() == []


@tencent_only
def test_a_guest_that_ignores_a_soft_stop_is_left_running(cloud: Cloud) -> None:
    cloud.switch(soft_stop="ignored")
    up, down = cloud.add(power="running"), cloud.add()

    result = wave(cloud, present([up, down], "deploy"))

    assert set(result.why) == {up}
    assert "interruption=force" in result.msg
    assert cloud.state_of(up) == cloud.word("running")
    assert cloud.keys_of(up) == []
    assert result.instance(up)["interruption"] == "none"
    assert cloud.keys_of(down) == ["deploy"]
    assert unfinished() == []


@pytest.mark.parametrize("kind", ["error", "operation_failed"])
@tencent_only
def test_what_goes_wrong_in_the_middle_leaves_power_as_found(cloud: Cloud, kind: str) -> None:
    up, down = cloud.add("former", power="running"), cloud.add("former")
    cloud.fault(kind, cloud.provider.bind, times=None, code="InvalidParameter", message="no")

    result = wave(cloud, exchange([up, down], "deploy", "former"), wait_timeout=60)

    assert result.failed
    assert set(result.why) == {up, down}
    assert [cloud.state_of(one) for one in (up, down)] == [cloud.word("running"), cloud.word("stopped")]
    assert [cloud.keys_of(one) for one in (up, down)] == [["former"], ["former"]]
    assert unfinished() == []


@tencent_only
def test_what_cannot_be_started_stays_in_the_journal(cloud: Cloud) -> None:
    up = cloud.add(power="running")
    cloud.fault("error", "StartInstances", times=None, code="InvalidParameter", message="no")

    result = wave(cloud, present([up], "deploy"))

    assert result.why == {up: "PowerNotRestored"}
    assert result.instance(up)["power_after"] == "stopped"
    assert len(unfinished()) == 1

    cloud.emulator.clear_faults()
    again = wave(cloud, present([up], "deploy"))

    assert not again.failed
    assert again.changed
    assert again.turns == ["start"]
    assert again.instance(up)["started"]
    assert again.instance(up)["power_before"] == "running"
    assert cloud.state_of(up) == cloud.word("running")
    assert unfinished() == []


@tencent_only
def test_restore_gives_back_the_power_and_nothing_else(cloud: Cloud) -> None:
    up = cloud.add(power="running")
    cloud.fault("error", "StartInstances", times=None, code="InvalidParameter", message="no")
    wave(cloud, present([up], "deploy"))
    cloud.emulator.clear_faults()
    place = {"provider": cloud.provider.name, "region": cloud.provider.region}

    planned = wave(cloud, restore=[{**place, "instance_id": up}], check=True)
    assert planned.changed
    assert planned.instance(up)["power_after"] == "running"
    result = wave(cloud, restore=[{**place, "instance_id": up}])

    assert result.turns == ["start"]
    assert result.rows == []
    assert cloud.state_of(up) == cloud.word("running")
    assert unfinished() == []
    assert not wave(cloud, restore=[{**place, "instance_id": up}]).changed


def test_one_bad_instance_does_not_stop_the_others(cloud: Cloud) -> None:
    up, gone = cloud.add(power="running"), cloud.provider.instance_id(99)

    result = wave(cloud, present([up, gone], "deploy"))

    assert result.why == {gone: "InstanceNotFound"}
    assert cloud.keys_of(up) == ["deploy"]
    assert cloud.state_of(up) == cloud.word("running")


def test_a_key_pair_that_does_not_exist_stops_nothing(cloud: Cloud) -> None:
    up = cloud.add("former", power="running")

    result = wave(cloud, exchange([up], "missing", "former"))

    assert result.why == {up: "KeyPairNotFound"}
    assert result.writes == []
    assert cloud.keys_of(up) == ["former"]


def test_the_last_key_pair_is_kept(cloud: Cloud) -> None:
    up = cloud.add("former", power="running")

    result = wave(cloud, absent([up], "former"))

    assert result.why == {up: "LastKeyPair"}
    assert result.writes == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"rollback": "failed"}, "rollback needs a login"),
        ({"prove_first": True}, "prove_first needs a login"),
        ({"wait_timeout": 0}, "wait_timeout must be"),
        ({"lock_timeout": -1}, "lock_timeout must not"),
        ({"restore": [{"instance_id": "x"}]}, "malformed"),
        ({"restore": [{"region": "x"}]}, "Restore 1: instance_id is missing"),
    ],
)
@providers("tencent_cvm")
def test_bad_input_is_found_before_anything_is_sent(cloud: Cloud, options: dict[str, object], words: str) -> None:
    result = wave(cloud, present([cloud.add()], "deploy"), **options)

    assert result.failed
    assert words in result.msg
    assert result.actions == []
