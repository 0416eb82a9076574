# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""instance_info: which instances IDs and filters choose, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import bind
from ansible_collections.keyfleet.cloud.tests.unit.modules.instance_info_tasks import found, info, with_tags
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import legacy_only, lighthouse_only


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["web-1"], ["web-1"]),
        (["web-*"], ["web-1", "web-2", "web-10"]),
        (["web-?"], ["web-1", "web-2"]),
        (["web-[13]", "db-1"], ["web-1", "db-1"]),
        (["*-1"], ["web-1", "db-1", "WEB-1", "a web-1"]),
        (["web"], []),
        (["Web-1"], []),
        ("web-1,db-*", ["web-1", "db-1"]),
        ("web-1\nweb-2", ["web-1", "web-2"]),
        ([], []),
        ("", []),
    ],
)
def test_names_are_globs(cloud: Cloud, names: Any, expected: list[str]) -> None:
    ids = {name: cloud.add(name=name) for name in ("web-1", "web-2", "web-10", "db-1", "WEB-1", "a web-1")}

    assert found(cloud, names=names) == sorted(ids[name] for name in expected)


@pytest.mark.parametrize("states", ["running", ["RUNNING"], "running,running", ["Running"]])
def test_states_are_taken_in_any_case(cloud: Cloud, states: Any) -> None:
    running, _stopped = cloud.add(power="running"), cloud.add()

    assert found(cloud, states=states) == [running]


def test_several_states(cloud: Cloud) -> None:
    instances = [cloud.add(power="running"), cloud.add()]

    assert found(cloud, states=["running", "stopped"]) == instances
    assert found(cloud, states=[]) == []


@with_tags
@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"env": "prod"}, ["a", "b"]),
        ({"env": "prod", "tier": "web"}, ["a"]),
        ({"env": "Prod"}, []),
        ({"env": ""}, []),
        ({"team": "x"}, []),
        ({"number": 1, "flag": True}, ["c"]),
        ({}, ["a", "b", "c"]),
    ],
)
def test_tags_must_all_fit(cloud: Cloud, tags: dict[str, Any], expected: list[str]) -> None:
    ids = {
        "a": cloud.add(tags={"env": "prod", "tier": "web"}),
        "b": cloud.add(tags={"env": "prod"}),
        "c": cloud.add(tags={"number": "1", "flag": "true"}),
    }

    assert found(cloud, tags=tags) == [ids[name] for name in expected]


@pytest.mark.parametrize("by", ["name", "id"])
def test_key_pair_is_an_id_or_a_name(cloud: Cloud, by: str) -> None:
    web, _other, _none = cloud.add("deploy"), cloud.add("backup"), cloud.add()

    assert found(cloud, key_pair="deploy" if by == "name" else cloud.key_id("deploy")) == [web]


def test_who_has_a_key_pair_is_read_from_the_instances(cloud: Cloud) -> None:
    cloud.switch(key_view_lag=600)
    web, _other = cloud.add(), cloud.add()
    assert bind(cloud, ["deploy"], [web]).changed

    assert found(cloud, key_pair="deploy") == [web]


def test_a_key_pair_that_does_not_exist_is_warned_of(cloud: Cloud) -> None:
    cloud.add("deploy")

    result = info(cloud, key_pair="nobody")

    assert result.data["instances"] == []
    assert "nobody" in result.warnings[0]


def test_all_filters_must_hold(cloud: Cloud) -> None:
    web = cloud.add("deploy", power="running", name="web-1")
    for fields in ({"name": "db-1", "power": "running"}, {"name": "web-2"}):
        cloud.add("deploy", **fields)
    cloud.add(name="web-3", power="running")

    assert found(cloud, names="web-*", states="running", key_pair="deploy") == [web]


def test_ids_choose_and_the_other_filters_narrow(cloud: Cloud) -> None:
    running, stopped = cloud.add(power="running"), cloud.add()
    cloud.add(power="running")

    assert found(cloud, instance_ids=[stopped, running]) == sorted([running, stopped])
    assert found(cloud, instance_ids=f"{running}\n{stopped}", states="running") == [running]


def test_ids_that_do_not_exist_are_listed(cloud: Cloud) -> None:
    web, gone = cloud.add(), cloud.provider.instance_id(9999)

    result = info(cloud, instance_ids=[gone, web])

    assert result.data["missing"] == [gone]
    assert [one["instance_id"] for one in result.data["instances"]] == [web]


@pytest.mark.parametrize("empty", [{"instance_ids": []}, {"instance_ids": ""}, {"names": []}, {"states": []}])
def test_an_empty_list_selects_nothing_and_asks_nobody(cloud: Cloud, empty: dict[str, Any]) -> None:
    cloud.add()

    result = info(cloud, access_key_id=None, access_key_secret=None, **empty)

    assert not result.failed
    assert result.data["instances"] == []
    assert result.data["api_calls"] == {}


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"instance_ids": ["web-1"]}, "web-1"),
        ({"instance_ids": ["TWICE", "TWICE"]}, "twice"),
        ({"states": ["RUNING"]}, "RUNING"),
        ({"key_pair": "no/such"}, "no/such"),
        ({"tags": {"env": ["a"]}}, "env"),
    ],
)
def test_bad_input_fails_before_anything_is_sent(cloud: Cloud, options: dict[str, Any], named: str) -> None:
    if options.get("instance_ids") == ["TWICE", "TWICE"]:
        options = {"instance_ids": [cloud.provider.instance_id(1)] * 2}

    result = info(cloud, **options)

    assert result.failed
    assert named in result.msg
    assert result.data["error"]["code"] == "InvalidOption"
    assert "instances" not in result.data
    assert result.log == []


@legacy_only
def test_an_api_without_tags_says_so(cloud: Cloud) -> None:
    result = info(cloud, tags={"env": "prod"})

    assert result.failed
    assert "does not report tags" in result.msg
    assert result.log == []


@lighthouse_only
def test_an_unknown_id_costs_no_other_its_place(cloud: Cloud) -> None:
    cloud.switch(unknown_instance_ids="error")
    web, gone = cloud.add(), cloud.provider.instance_id(9999)

    assert found(cloud, instance_ids=[web, gone]) == [web]
