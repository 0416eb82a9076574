# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keypair_binding_info: who has which key, from both sides, with orphans and duplicates."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.modules import keypair_binding_info
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import KEY_PAIRS, Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import bind, read
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import lighthouse_only, tencent_only
from ansible_collections.keyfleet.cloud.tests.unit.modules.result import Result


def info(cloud: Cloud, **options: Any) -> Result:
    """Run the module; it never changes anything."""
    return read(keypair_binding_info, cloud, **options)


def by_instance(result: Result) -> dict[str, list[str]]:
    """Return the names of the key pairs of each instance."""
    return {row["instance_id"]: [pair["name"] for pair in row["key_pairs"]] for row in result.data["instances"]}


def by_key_pair(result: Result) -> dict[str, list[str]]:
    """Return the instances of each key pair, by its name."""
    return {row["name"]: [one["instance_id"] for one in row["instances"]] for row in result.data["key_pairs"]}


def same_key(cloud: Cloud, name: str, line: str) -> None:
    """Add a key pair with this public key."""
    place = {"provider": cloud.provider.world, "region": cloud.provider.region}
    cloud.emulator.seed({"key_pairs": [{**place, "name": name, "public_key": line}]})


def test_a_region_from_both_sides(cloud: Cloud) -> None:
    web, other, none = cloud.add("deploy"), cloud.add("deploy"), cloud.add()

    result = info(cloud)

    assert by_instance(result) == {web: ["deploy"], other: ["deploy"], none: []}
    assert by_key_pair(result) == {"backup": [], "deploy": [web, other], "former": [], "leaver": []}
    assert [row["has_key_pair"] for row in result.data["instances"]] == [True, True, False]
    assert [row["bound"] for row in result.data["key_pairs"]] == [False, True, False, False]
    assert result.data["orphans"] == {
        "key_pairs": [cloud.key_id(name) for name in ("backup", "former", "leaver")],
        "instances": [none],
    }
    assert result.data["duplicates"] == []
    assert result.data["missing"] == {"key_pairs": [], "instance_ids": []}


def test_rows_have_one_shape(cloud: Cloud) -> None:
    web = cloud.add("deploy", power="running", name="web-1")

    result = info(cloud, instance_ids=[web])

    assert result.data["instances"] == [
        {
            "instance_id": web,
            "name": "web-1",
            "state": cloud.provider.running,
            "power": "running",
            "platform": "linux",
            "has_key_pair": True,
            "key_pairs": [{"id": cloud.key_id("deploy"), "name": "deploy", "usernames": []}],
        }
    ]
    (pair,) = result.data["key_pairs"]
    assert bool(pair.pop("fingerprint")) == (not cloud.provider.tencent)
    assert pair == {
        "id": cloud.key_id("deploy"),
        "name": "deploy",
        "bound": True,
        "instances": [{"instance_id": web, "name": "web-1", "usernames": []}],
    }


@pytest.mark.parametrize("by", ["name", "id"])
def test_by_key_pairs(cloud: Cloud, by: str) -> None:
    web, _other, _none = cloud.add("deploy"), cloud.add("leaver"), cloud.add()
    wanted = ["deploy", "former"] if by == "name" else [cloud.key_id("deploy"), cloud.key_id("former")]

    result = info(cloud, key_pairs=wanted)

    assert by_instance(result) == {web: ["deploy"]}
    assert by_key_pair(result) == {"deploy": [web], "former": []}
    assert result.data["orphans"] == {"key_pairs": [cloud.key_id("former")], "instances": []}


def test_by_instances(cloud: Cloud) -> None:
    web, _other, none = cloud.add("deploy"), cloud.add("deploy"), cloud.add()

    result = info(cloud, instance_ids=[none, web])

    assert by_instance(result) == {web: ["deploy"], none: []}
    assert by_key_pair(result) == {"deploy": [web]}
    assert result.data["orphans"] == {"key_pairs": [], "instances": [none]}
    assert result.data["api_calls"]["DescribeInstances"] == 1


def test_by_both_a_key_pair_that_only_others_have_is_no_orphan(cloud: Cloud) -> None:
    web, _other = cloud.add(), cloud.add("deploy")

    result = info(cloud, key_pairs=["deploy", "former"], instance_ids=[web])

    assert by_instance(result) == {web: []}
    assert by_key_pair(result) == {"deploy": [], "former": []}
    assert result.data["orphans"] == {"key_pairs": [cloud.key_id("former")], "instances": [web]}


@tencent_only
def test_all_key_pairs_of_an_instance_are_shown_whichever_is_asked_for(cloud: Cloud) -> None:
    web = cloud.add("deploy", "backup")

    assert by_instance(info(cloud, key_pairs="deploy")) == {web: ["backup", "deploy"]}


@lighthouse_only
def test_accounts_are_told(cloud: Cloud) -> None:
    web = cloud.add(("deploy", "ubuntu"), "backup")

    result = info(cloud)

    (row,) = result.data["instances"]
    assert {pair["name"]: pair["usernames"] for pair in row["key_pairs"]} == {"backup": [], "deploy": ["ubuntu"]}
    assert [row["instances"] for row in result.data["key_pairs"] if row["name"] == "deploy"] == [
        [{"instance_id": web, "name": web, "usernames": ["ubuntu"]}]
    ]


def test_a_binding_shows_at_once_although_the_key_pairs_list_lags_behind(cloud: Cloud) -> None:
    cloud.switch(key_view_lag=600)
    web = cloud.add()
    assert bind(cloud, ["deploy"], [web]).changed

    result = info(cloud, key_pairs=["deploy"])

    assert by_instance(result) == {web: ["deploy"]}
    assert result.data["orphans"]["key_pairs"] == []


def test_what_does_not_exist_is_listed(cloud: Cloud) -> None:
    web, gone = cloud.add(), cloud.provider.instance_id(9999)

    result = info(cloud, key_pairs=["deploy", "nobody"], instance_ids=[web, gone])

    assert result.data["missing"] == {"key_pairs": ["nobody"], "instance_ids": [gone]}


def test_a_public_key_under_several_names_is_found_whatever_its_comment(cloud: Cloud) -> None:
    (original,) = (pair["public_key"] for pair in cloud.emulator.state()["key_pairs"] if _is(cloud, pair, "deploy"))
    key_type, data, _comment = original.split()
    same_key(cloud, "twin", f"{key_type}   {data} somebody@else")
    cloud.add("deploy")

    duplicates = info(cloud).data["duplicates"]

    assert [[pair["name"] for pair in one["key_pairs"]] for one in duplicates] in (
        [["deploy", "twin"]],
        [["twin", "deploy"]],
    )
    assert duplicates[0]["public_key"] == f"{key_type} {data}"
    assert info(cloud, key_pairs=["twin"]).data["duplicates"] == duplicates
    assert info(cloud, key_pairs=["backup"]).data["duplicates"] == []


def _is(cloud: Cloud, pair: dict[str, Any], name: str) -> bool:
    return bool(pair["provider"] == cloud.provider.world and pair["name"] == name)


def test_a_public_key_that_cannot_be_read_is_no_duplicate(cloud: Cloud) -> None:
    for name in ("one", "other"):
        same_key(cloud, name, "no key at all")

    assert info(cloud).data["duplicates"] == []


@pytest.mark.parametrize("empty", [{"key_pairs": []}, {"key_ids": ""}, {"instance_ids": []}])
def test_an_empty_list_selects_nothing_and_asks_nobody(cloud: Cloud, empty: dict[str, Any]) -> None:
    cloud.add("deploy")

    result = info(cloud, access_key_id=None, access_key_secret=None, **empty)

    assert not result.failed
    assert (result.data["instances"], result.data["key_pairs"], result.log) == ([], [], [])


@pytest.mark.parametrize(
    ("options", "named"), [({"key_pairs": ["no/such"]}, "no/such"), ({"instance_ids": ["web-1"]}, "web-1")]
)
def test_bad_input_fails_before_anything_is_sent(cloud: Cloud, options: dict[str, Any], named: str) -> None:
    result = info(cloud, **options)

    assert result.failed
    assert named in result.msg
    assert result.log == []


def test_a_large_region_costs_a_call_for_each_page(cloud: Cloud) -> None:
    cloud.add_fleet(350, "deploy")

    result = info(cloud)

    assert len(by_key_pair(result)["deploy"]) == 350
    assert result.data["api_calls"] == {"DescribeInstances": 4, "DescribeKeyPairs": 1}


@pytest.mark.parametrize(("check", "diff"), [(True, False), (True, True)])
def test_modes_make_no_difference(cloud: Cloud, check: bool, diff: bool) -> None:
    cloud.add("deploy")
    keys = ("instances", "key_pairs", "orphans", "duplicates")

    plain, other = info(cloud).data, info(cloud, check=check, diff=diff).data

    assert {key: other[key] for key in keys} == {key: plain[key] for key in keys}
    assert len(plain["key_pairs"]) == len(KEY_PAIRS)


def test_a_failed_read_returns_no_list_that_looks_empty(cloud: Cloud) -> None:
    key = cloud.add_access_key("NOBODY", denied_actions=["DescribeKeyPairs"])

    result = info(cloud, access_key_id=key)

    assert result.failed
    assert not {"instances", "key_pairs", "orphans"} & set(result.data)
