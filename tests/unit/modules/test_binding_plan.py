# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Specifies what binding_plan says of one place: what changes, what it costs, in which waves."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.modules import harness
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import alibaba_only, lighthouse_only, tencent_only
from ansible_collections.keyfleet.cloud.tests.unit.modules.rollout_tasks import (
    bind,
    interrupted,
    outcomes,
    plan,
    unbind,
    waves,
)

COUNTS = ("requested", "unchanged", "changed", "failed", "skipped", "interrupted")


def _counts(**some: int) -> dict[str, int]:
    return {**dict.fromkeys(COUNTS, 0), **some}


def test_only_what_differs_is_planned(cloud: Cloud) -> None:
    web, done = cloud.add(), cloud.add("deploy")
    result = plan(cloud, bind("deploy", [web, done]))
    assert result.changed
    assert not result.failed
    assert outcomes(result) == {(web, "deploy"): "bind changed"}
    assert waves(result) == [[web]]
    assert result.data["summary"] == _counts(requested=2, unchanged=1, changed=1)
    assert result.data["refusal"] is None


def test_what_is_as_desired_needs_no_wave(cloud: Cloud) -> None:
    done = cloud.add("deploy", power="running")
    result = plan(cloud, bind("deploy", [done]), unbind("leaver", [done]))
    assert not result.changed
    assert (waves(result), result.data["rows"], interrupted(result)) == ([], [], {})
    assert result.data["text"][-1] == "There is nothing to change."


def test_without_instances_nothing_is_sent(cloud: Cloud) -> None:
    result = plan(cloud, bind("deploy", []), bind("backup", ""), access_key_secret=None, access_key_id=None)
    assert (result.log, result.changed, result.failed) == ([], False, False)
    assert result.data["summary"] == _counts()


@tencent_only
def test_what_runs_would_be_stopped(cloud: Cloud) -> None:
    running, stopped, done = cloud.add(power="running", name="web-1"), cloud.add(), cloud.add("deploy", power="running")
    result = plan(cloud, bind("deploy", [running, stopped, done]))
    assert result.data["interruptions"] == [
        {
            "provider": cloud.provider.name,
            "region": cloud.provider.region,
            "instance_id": running,
            "name": "web-1",
            "power": "running",
            "action": "stop",
            "why": "its key pairs can be changed only while it is stopped",
        }
    ]
    assert [row["interruption"] for row in result.data["rows"]] == ["stop", "none"]
    assert result.data["refusal"].startswith(
        "interruption is none, but 1 running instance(s) would have to be stopped and started again: "
        f"{running} (web-1). Allow it with interruption=soft"
    )


@alibaba_only
def test_an_entry_that_is_no_dictionary_is_named(cloud: Cloud) -> None:
    result = plan(cloud, bind("deploy", [cloud.add()]), "deploy everywhere")
    assert (result.failed, result.log) == (True, [])
    assert result.msg == "Entry 2: it is no dictionary, but a text. Write it as name: value."


@alibaba_only
def test_what_runs_would_be_rebooted(cloud: Cloud) -> None:
    running, stopped = cloud.add("leaver", power="running"), cloud.add()
    result = plan(cloud, bind("deploy", [running, stopped]))
    assert interrupted(result) == {running: "reboot"}
    assert "would have to be rebooted" in result.data["refusal"]
    later = plan(cloud, bind("deploy", [running, stopped]), make_effective=False)
    assert (interrupted(later), later.data["refusal"], waves(later)) == ({}, None, [[running, stopped]])


@pytest.mark.parametrize("interruption", ["soft", "force"])
def test_consent_is_no_refusal(interruption: str, cloud: Cloud) -> None:
    running = cloud.add(power="running")
    result = plan(cloud, bind("deploy", [running]), interruption=interruption)
    assert len(result.data["interruptions"]) == 1
    assert result.data["refusal"] is None


@lighthouse_only
def test_an_online_bind_interrupts_nothing(cloud: Cloud) -> None:
    running = cloud.add(power="running")
    result = plan(cloud, bind("deploy", [running], association_type="online"))
    assert (interrupted(result), waves(result)) == ({}, [[running]])
    (wave,) = result.data["waves"]
    assert wave["bindings"][0]["association_type"] == "online"


@tencent_only
def test_what_is_being_started_counts_as_running(cloud: Cloud) -> None:
    starting = cloud.add(state="STARTING")
    assert interrupted(plan(cloud, bind("deploy", [starting]))) == {starting: "stop"}


def test_adding_and_removing_is_one_unit(cloud: Cloud) -> None:
    first, second = cloud.add("leaver"), cloud.add("leaver")
    result = plan(cloud, bind("deploy", [first, second]), unbind("leaver", [first, second]))
    expected = "displace changed" if cloud.provider.name == "alibaba_ecs" else "unbind changed"
    assert outcomes(result) == {
        (name, key): what
        for name in (first, second)
        for key, what in (("deploy", "bind changed"), ("leaver", expected))
    }
    (wave,) = result.data["waves"]
    assert [(one["state"], one["key_pairs"], one["instance_ids"]) for one in wave["bindings"]] == [
        ("present", ["deploy"], [first, second]),
        ("absent", ["leaver"], [first, second]),
    ]


def test_exclusive_takes_the_others_away(cloud: Cloud) -> None:
    web = cloud.add("former", "leaver") if cloud.provider.tencent else cloud.add("leaver")
    result = plan(cloud, bind("deploy", [web], exclusive=True))
    leaving = "unbind changed" if cloud.provider.tencent else "displace changed"
    held = ("former", "leaver") if cloud.provider.tencent else ("leaver",)
    assert outcomes(result) == {(web, "deploy"): "bind changed", **{(web, key): leaving for key in held}}
    assert result.data["waves"][0]["bindings"][0]["exclusive"] is True


def test_the_last_key_pair_is_kept_by_default(cloud: Cloud) -> None:
    web, other = cloud.add("leaver"), cloud.add("leaver", "deploy") if cloud.provider.tencent else cloud.add()
    refused = plan(cloud, unbind("leaver", [web, other]))
    assert outcomes(refused)[web, "leaver"] == "unbind failed"
    assert all(web not in wave for wave in waves(refused))
    assert not refused.failed
    assert any("Cannot be done" in line for line in refused.data["text"])
    allowed = plan(cloud, unbind("leaver", [web]), last_key_policy="warn")
    assert waves(allowed) == [[web]]
    assert "left without any key pair" in allowed.warnings[0]


def test_what_fails_is_in_no_wave(cloud: Cloud) -> None:
    good, windows = cloud.add(), cloud.add(platform="windows")
    gone = cloud.provider.instance_id(9999)
    result = plan(cloud, bind("deploy", [good, windows, gone]))
    assert waves(result) == [[good]]
    assert not result.failed
    assert {row["instance_id"]: row["error"]["code"] for row in result.data["rows"] if row["error"]} == {
        windows: "WindowsInstance",
        gone: "InstanceNotFound",
    }
    assert result.data["summary"]["failed"] == 2


def test_a_key_pair_that_does_not_exist_fails(cloud: Cloud) -> None:
    web = cloud.add("leaver")
    result = plan(cloud, bind("missing", [web]), unbind("leaver", [web]))
    assert outcomes(result) == {(web, "missing"): "bind failed", (web, "leaver"): "unbind skipped"}
    assert waves(result) == []


def test_a_key_pair_that_will_exist_counts_as_there(cloud: Cloud) -> None:
    web = cloud.add("leaver")
    result = plan(cloud, bind("fresh", [web]), unbind("leaver", [web]), expected_key_pairs="fresh,deploy")
    assert outcomes(result)[web, "fresh"] == "bind changed"
    assert waves(result) == [[web]]


@tencent_only
def test_an_id_and_a_name_of_the_same_key_pair_are_one(cloud: Cloud) -> None:
    web = cloud.add()
    both = plan(cloud, bind(cloud.key_id("deploy"), [web]), bind("deploy", [web]))
    assert outcomes(both) == {(web, "deploy"): "bind changed"}
    wrong = plan(cloud, bind(cloud.key_id("deploy"), [web], name="one"), unbind("deploy", [web]))
    assert wrong.failed
    assert wrong.msg.startswith(f"Entry 1 (one) and entry 2 contradict each other about {web}: ")


def test_waves_of_any_size(cloud: Cloud) -> None:
    ids = [cloud.add() for _number in range(9)]
    assert [len(wave) for wave in waves(plan(cloud, bind("deploy", ids), waves=["1", "25%"]))] == [1, 2, 2, 2, 2]
    assert waves(plan(cloud, bind("deploy", ids), waves="4"))[0] == ids[:4]
    assert len(waves(plan(cloud, bind("deploy", ids)))) == 1


def test_waves_keep_the_order_of_the_entries(cloud: Cloud) -> None:
    ids = [cloud.add() for _number in range(4)]
    canary = bind("deploy", [ids[2]])
    result = plan(cloud, canary, bind("deploy", ids), unbind("leaver", ids[:2]), waves="1,100%")
    assert waves(result) == [[ids[2]], [ids[0], ids[1], ids[3]]]


def test_a_wave_can_be_planned_again(cloud: Cloud) -> None:
    ids = [cloud.add("leaver") for _number in range(3)]
    logins = {ids[0]: {"host": "203.0.113.7", "port": 2222}}
    whole = plan(cloud, bind("deploy", ids, logins=logins), unbind("leaver", ids), waves="1,2")
    again = [plan(cloud, *wave["bindings"]) for wave in whole.data["waves"]]
    assert [row for one in again for row in one.data["rows"]] == whole.data["rows"]
    assert [one.data["waves"][0]["bindings"] for one in again] == [wave["bindings"] for wave in whole.data["waves"]]


def test_the_diff_says_what_would_change(cloud: Cloud) -> None:
    web = cloud.add()
    result = plan(cloud, bind("deploy", [web]), diff=True)
    (entry,) = result.data["diff"]
    place = f"{cloud.provider.name} {cloud.provider.region}"
    assert entry["before_header"] == entry["after_header"] == f"{web} ({place})"
    assert (entry["before"], entry["after"].splitlines()[0].startswith(cloud.key_id("deploy"))) == ("", True)


def test_entries_of_another_state_are_left_alone(cloud: Cloud) -> None:
    web = cloud.add("leaver", "deploy") if cloud.provider.tencent else cloud.add("leaver")
    entries: list[Any] = [{"key_pairs": "leaver", "instance_ids": web}, bind("backup", [web], name="stays")]
    result = plan(cloud, *entries, default_state="absent", only_state="absent", last_key_policy="allow")
    assert outcomes(result) == {(web, "leaver"): "unbind changed"}
    assert result.data["left_alone"] == ["entry 2 (stays)"]


@pytest.mark.parametrize("check", [True, False])
def test_a_reader_may_plan(check: bool, cloud: Cloud) -> None:
    web = cloud.add()
    reader = cloud.provider.access_key_id + "READER"
    assert plan(cloud, bind("deploy", [web]), check=check, access_key_id=reader).changed


def test_it_agrees_with_the_check_mode_of_keypair_binding(cloud: Cloud) -> None:
    ids = [*cloud.add_fleet(130), cloud.add("deploy"), cloud.add("leaver"), cloud.add(power="running")]
    checked = harness.bind(cloud, ["deploy"], ids, check=True, force_stop=True)
    planned = plan(cloud, bind("deploy", ids), interruption="force")
    assert planned.data["api_calls"] == checked.data["api_calls"]
    common = ("instance_id", "key_pair", "before", "after", "action", "outcome", "effective")
    assert [[row[name] for name in common] for row in planned.data["rows"]] == [
        [row[name] for name in common] for row in checked.rows if row["outcome"] != "unchanged"
    ]
