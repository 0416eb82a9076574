# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Module binding_wave: what a plan has read of the key pairs is not read again, unless that was long ago."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan import known_key_pairs
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import alibaba_only, providers, tencent_only
from ansible_collections.keyfleet.cloud.tests.unit.modules.rollout_tasks import outcomes, plan
from ansible_collections.keyfleet.cloud.tests.unit.modules.wave_guests import KEY_PAIR, Guests
from ansible_collections.keyfleet.cloud.tests.unit.modules.wave_tasks import (
    WaveResult,
    absent,
    present,
    unfinished,
    wave,
)


def told(cloud: Cloud, *entries: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a plan of these entries tells of the key pairs."""
    found = plan(cloud, *entries, interruption="soft", last_key_policy="allow").data["key_pairs"]
    return [dict(one) for one in found]


def soon(cloud: Cloud, *entries: dict[str, Any], **options: Any) -> WaveResult:
    """Plan, and carry the plan out at once, as a role does in one wave."""
    return wave(cloud, *entries, known_key_pairs=told(cloud, *entries), last_key_policy="allow", **options)


def reads(result: WaveResult) -> int:
    """Return how often key pairs were read."""
    return result.actions.count("DescribeKeyPairs")


@pytest.mark.parametrize("by", ["name", "id"])
def test_a_plan_and_its_wave_read_the_key_pairs_once(cloud: Cloud, by: str) -> None:
    fleet = cloud.add_fleet(3, "former", power="running")
    reference = "deploy" if by == "name" else cloud.key_id("deploy")
    planned = plan(cloud, present(fleet, reference), interruption="soft")
    assert planned.actions.count("DescribeKeyPairs") == 1

    result = wave(cloud, present(fleet, reference), known_key_pairs=planned.data["key_pairs"])

    assert not result.failed
    assert reads(result) == 0
    assert {row["key_pair_name"] for row in result.rows} == {"deploy", "former"}


@pytest.mark.parametrize("state", ["present", "absent"])
def test_slices_cost_no_more_than_one_read_each(cloud: Cloud, state: str) -> None:
    """As many instances for each slice as a request takes, so that reading those costs slices no more."""
    held = ["former"] if state == "present" else ["deploy", "former"]
    counts: dict[int, Counter[str]] = {}
    for slices in (1, 2):
        fleet = cloud.add_fleet(200, *held[: 1 if cloud.provider.name == "alibaba_ecs" else 2])
        counts[slices] = Counter()
        for number in range(slices):
            entry = {"instance_ids": fleet[number::slices], "key_pairs": ["deploy"], "state": state}
            planned = plan(cloud, entry, last_key_policy="allow")
            done = wave(cloud, entry, known_key_pairs=planned.data["key_pairs"], last_key_policy="allow")
            assert not done.failed
            counts[slices] += Counter(planned.data["api_calls"]) + Counter(done.data["api_calls"])
    writes = {cloud.provider.bind, cloud.provider.unbind}
    assert {action: counts[2][action] for action in writes} == {action: counts[1][action] for action in writes}
    assert sum(counts[2].values()) - sum(counts[1].values()) <= 2, counts


def test_what_was_read_a_minute_ago_is_read_again(cloud: Cloud) -> None:
    web = cloud.add()
    known = told(cloud, present([web], "deploy"))
    known[0]["read"] -= known_key_pairs.FRESH_SECONDS + 1

    assert reads(wave(cloud, present([web], "deploy"), known_key_pairs=known)) == 1


def test_what_another_clock_calls_tomorrow_is_read_again(cloud: Cloud) -> None:
    web = cloud.add()
    known = told(cloud, present([web], "deploy"))
    known[0]["read"] += 86_400

    assert reads(wave(cloud, present([web], "deploy"), known_key_pairs=known)) == 1


def test_what_was_told_of_another_place_is_not_taken(cloud: Cloud) -> None:
    web = cloud.add()
    known = told(cloud, present([web], "deploy"))
    known[0]["role_arn"] = "acs:ram::1000000000000001:role/other"

    assert reads(wave(cloud, present([web], "deploy"), known_key_pairs=known)) == 1


def test_a_key_pair_that_is_not_among_them_is_read(cloud: Cloud) -> None:
    web = cloud.add()
    result = wave(cloud, present([web], "backup"), known_key_pairs=told(cloud, present([web], "deploy")))

    assert (result.failed, reads(result), cloud.keys_of(web)) == (False, 1, ["backup"])


@providers("tencent_lighthouse")
def test_who_holds_a_key_pair_for_an_account_is_always_read(cloud: Cloud) -> None:
    web = cloud.add(("deploy", "ubuntu"), power="running")
    online = {"association_type": "online", "username": "ubuntu"}

    assert told(cloud, absent([web], "deploy", **online)) == []

    idle = cloud.add(power="running")
    result = soon(cloud, present([idle], "backup", **online))
    assert (result.failed, reads(result) > 0) == (False, True)


@pytest.mark.parametrize("power", ["running", "stopped"])
def test_a_key_pair_that_has_gone_since_leaves_the_machines_as_they_were(cloud: Cloud, power: str) -> None:
    fleet = [cloud.add("former", power=power) for _number in range(2)]
    entry = present(fleet, "leaver")
    known = told(cloud, entry)
    cloud.delete_key_pair("leaver")

    result = wave(cloud, entry, known_key_pairs=known)

    assert result.failed
    assert [cloud.keys_of(one) for one in fleet] == [["former"], ["former"]]
    assert {cloud.state_of(one) for one in fleet} == {cloud.word(power)}
    errors = [row["error"] for row in result.rows if row["key_pair_name"] == "leaver"]
    assert len(errors) == 2
    assert all("NotFound" in error["code"] and "key pair" in error["hint"] for error in errors), errors
    assert result.writes.count(cloud.provider.bind) == 1, "the whole batch is refused, which says it of all"
    assert unfinished() == []


def test_the_private_key_is_compared_with_what_the_plan_has_read(cloud: Cloud, tmp_path: Path) -> None:
    guests = Guests.of(cloud, tmp_path)
    web = cloud.add(power="running")

    other = soon(cloud, present([web], "deploy"), login=guests.login)
    assert (other.failed, other.writes) == (True, []), "that key pair has another private key"

    right = soon(cloud, present([web], KEY_PAIR, logins=guests.logins(web)), login=guests.login)
    assert (right.failed, right.instance(web)["login"]) == (False, "proved")


@alibaba_only
def test_a_key_pair_that_goes_exists_where_an_instance_holds_it(cloud: Cloud) -> None:
    web = cloud.add("former")

    assert reads(wave(cloud, absent([web], "former"), last_key_policy="allow")) == 0


@tencent_only
def test_where_there_are_many_key_pairs_only_those_that_matter_are_read(cloud: Cloud) -> None:
    for number in range(101):
        cloud.add_key_pair(f"k{number}")
    web = cloud.add("former")

    result = plan(cloud, present([web], "deploy"))

    assert (web, "former") in outcomes(result)
    assert result.actions.count("DescribeKeyPairs") == 3


@tencent_only
def test_credentials_that_may_not_list_all_key_pairs(cloud: Cloud) -> None:
    web = cloud.add("former")
    cloud.fault("error", "DescribeKeyPairs", code="UnauthorizedOperation", message="denied")

    result = plan(cloud, present([web], "deploy"))

    assert not result.failed
    assert (web, "former") in outcomes(result)


WRONG: dict[str, tuple[Any, str]] = {
    "no time": ({"provider": "tencent_cvm", "region": "r", "key_pairs": []}, "not what binding_plan returns"),
    "no list": ({"provider": "tencent_cvm", "region": "r", "read": 1.0}, "not what binding_plan returns"),
    "no name": (
        {"provider": "tencent_cvm", "region": "r", "read": 1.0, "key_pairs": [{"id": "skey-1"}]},
        "id or name is missing",
    ),
    "more": ({"provider": "tencent_cvm", "read": 1.0, "key_pairs": [], "secret": "x"}, "unknown member secret"),
}


@providers("tencent_cvm")
@pytest.mark.parametrize(("known", "complaint"), WRONG.values(), ids=WRONG)
def test_what_no_plan_tells_is_refused(cloud: Cloud, known: Any, complaint: str) -> None:
    result = wave(cloud, present([cloud.add()], "deploy"), known_key_pairs=[known])

    assert (result.failed, result.log) == (True, [])
    assert complaint in result.data["msg"]
