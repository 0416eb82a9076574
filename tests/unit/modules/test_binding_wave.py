# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""binding_wave changes key pairs in one power cycle, and leaves every instance in the power state it was found in."""

from __future__ import annotations

from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import (
    alibaba_only,
    cvm_only,
    lighthouse_only,
    tencent_only,
)
from ansible_collections.keyfleet.cloud.tests.unit.modules.wave_tasks import (
    absent,
    exchange,
    journal_of_test,
    present,
    unfinished,
    wave,
)


def test_bind_stops_and_starts_only_what_runs(cloud: Cloud) -> None:
    up, down = cloud.add(power="running"), cloud.add()

    result = wave(cloud, present([up, down], "deploy"))

    assert not result.failed
    assert result.turns == (["stop", "bind", "start"] if cloud.provider.tencent else ["bind", "reboot"])
    assert [cloud.keys_of(one) for one in (up, down)] == [["deploy"], ["deploy"]]
    assert [cloud.state_of(one) for one in (up, down)] == [cloud.word("running"), cloud.word("stopped")]
    assert cloud.logins(up)["key_pairs"] == [cloud.key_id("deploy")]
    cost = "stop" if cloud.provider.tencent else "reboot"
    assert [result.instance(one)["interruption"] for one in (up, down)] == [cost, "none"]
    assert [result.instance(one)["power_before"] for one in (up, down)] == ["running", "stopped"]
    assert [result.instance(one)["power_after"] for one in (up, down)] == ["running", "stopped"]
    assert result.summary["interrupted"] == 1
    assert result.data["reboot_required"] == []
    assert unfinished() == []


def test_unbind(cloud: Cloud) -> None:
    up, down = cloud.add("former", power="running"), cloud.add("former")

    result = wave(cloud, absent([up, down], "former"), last_key_policy="allow")

    assert result.turns == (["stop", "unbind", "start"] if cloud.provider.tencent else ["unbind", "reboot"])
    assert [cloud.keys_of(one) for one in (up, down)] == [[], []]
    assert [cloud.state_of(one) for one in (up, down)] == [cloud.word("running"), cloud.word("stopped")]
    assert cloud.logins(up)["key_pairs"] == []


def test_an_exchange_costs_one_power_cycle(cloud: Cloud) -> None:
    up, down = cloud.add("former", power="running"), cloud.add("former")

    result = wave(cloud, exchange([up, down], "deploy", "former"))

    assert not result.failed
    assert [cloud.keys_of(one) for one in (up, down)] == [["deploy"], ["deploy"]]
    assert result.turns in (["stop", "bind", "unbind", "start"], ["stop", "bind", "start"], ["bind", "reboot"])
    assert {(row["key_pair_name"], row["after"]) for row in result.rows} == {
        ("deploy", "present"),
        ("former", "absent"),
    }
    assert cloud.logins(up)["key_pairs"] == [cloud.key_id("deploy")]


@cvm_only
def test_the_new_key_pair_comes_before_the_old_one_goes(cloud: Cloud) -> None:
    up = cloud.add("former", power="running")

    result = wave(cloud, exchange([up], "deploy", "former"))

    assert result.turns == ["stop", "bind", "unbind", "start"]


@tencent_only
def test_exclusive_costs_one_power_cycle_as_well(cloud: Cloud) -> None:
    up = cloud.add("former", "leaver", power="running")

    result = wave(cloud, present([up], "deploy", exclusive=True))

    assert cloud.keys_of(up) == ["deploy"]
    assert (result.turns.count("stop"), result.turns.count("start")) == (1, 1)


def test_a_second_run_changes_nothing(cloud: Cloud) -> None:
    instances = [cloud.add("former", power="running"), cloud.add("former")]
    wave(cloud, exchange(instances, "deploy", "former"))

    again = wave(cloud, exchange(instances, "deploy", "former"))

    assert not again.changed
    assert again.writes == []
    assert set(again.column("outcome")) == {"unchanged"}


def test_check_mode_tells_what_the_run_does(cloud: Cloud) -> None:
    up, down = cloud.add("former", power="running"), cloud.add("former")

    planned = wave(cloud, exchange([up, down], "deploy", "former"), check=True, diff=True)

    assert planned.writes == []
    assert not journal_of_test().exists()
    done = wave(cloud, exchange([up, down], "deploy", "former"), diff=True)
    assert planned.changed
    for one in (up, down):
        assert planned.instance(one) == done.instance(one)
    assert planned.summary == done.summary
    assert planned.data["diff"] == done.data["diff"]


@alibaba_only
def test_a_reboot_can_be_left_to_somebody_else(cloud: Cloud) -> None:
    up = cloud.add(power="running")

    result = wave(cloud, present([up], "deploy"), interruption="none", make_effective=False)

    assert not result.failed
    assert result.turns == ["bind"]
    assert result.data["reboot_required"] == [up]
    assert result.row(up)["effective"] is False
    assert unfinished() == []


@lighthouse_only
def test_online_needs_no_stop(cloud: Cloud) -> None:
    up = cloud.add(power="running")

    result = wave(cloud, present([up], "deploy", association_type="online"), interruption="none")

    assert not result.failed
    assert result.turns == ["bind"]
    assert cloud.keys_of(up) == ["deploy"]


@tencent_only
def test_force_is_soft_first(cloud: Cloud) -> None:
    cloud.switch(soft_stop="ignored")
    up = cloud.add(power="running")

    result = wave(cloud, present([up], "deploy"), interruption="force")

    assert not result.failed
    assert cloud.keys_of(up) == ["deploy"]
    assert cloud.state_of(up) == cloud.word("running")
    assert cloud.logins(up)["key_pairs"] == [cloud.key_id("deploy")]


def test_instances_go_on_being_charged(cloud: Cloud) -> None:
    up = cloud.add(power="running")

    result = wave(cloud, present([up], "deploy"))

    for entry in result.log:
        if entry["action"] == "StopInstances" and cloud.provider.name == "tencent_cvm":
            assert entry["params"]["StoppedMode"] == "KEEP_CHARGING"
            assert entry["params"]["StopType"] == "SOFT"


def test_nothing_to_do_needs_no_credentials(cloud: Cloud) -> None:
    result = wave(cloud, access_key_id=None, access_key_secret=None)

    assert not result.failed
    assert result.actions == []
    assert result.data["instances"] == []
