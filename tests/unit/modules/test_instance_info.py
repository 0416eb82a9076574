# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""instance_info: one shape for every provider, all pages, all filters, and nothing written."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.modules import instance_info
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import bind, run_module
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import (
    alibaba_only,
    legacy_only,
    lighthouse_only,
    providers,
    tencent_only,
)
from ansible_collections.keyfleet.cloud.tests.unit.modules.result import Result

KEYS = {
    "instance_id",
    "name",
    "provider",
    "region",
    "state",
    "power",
    "platform",
    "zone",
    "instance_type",
    "private_addresses",
    "public_addresses",
    "tags",
    "key_pairs",
    "charge_type",
    "stopped_without_charging",
    "created",
}
with_tags = providers("tencent_lighthouse", "tencent_cvm", "alibaba_ecs")


def info(cloud: Cloud, **options: Any) -> Result:
    """Run the module; it never changes anything."""
    result = run_module(instance_info, cloud, **options)
    assert not result.changed
    assert result.writes == []
    return result


def found(cloud: Cloud, **options: Any) -> list[str]:
    """Return the IDs that the filters leave."""
    result = info(cloud, **options)
    assert not result.failed, result.printed
    return [instance["instance_id"] for instance in result.data["instances"]]


def test_every_provider_answers_in_the_same_shape(cloud: Cloud) -> None:
    web = cloud.add("deploy", power="running", name="web-1", zone=f"{cloud.provider.region}-4")

    (shown,) = info(cloud).data["instances"]

    assert set(shown) == KEYS
    assert (
        shown
        | {
            "instance_id": web,
            "name": "web-1",
            "provider": cloud.provider.name,
            "region": cloud.provider.region,
            "state": cloud.provider.running,
            "power": "running",
            "platform": "linux",
            "zone": f"{cloud.provider.region}-4",
            "key_pairs": [cloud.key_id("deploy")],
            "stopped_without_charging": False,
        }
        == shown
    )
    assert shown["instance_type"]
    assert shown["charge_type"]
    assert all(len(shown[f"{kind}_addresses"]) == 1 for kind in ("private", "public"))
    assert shown["created"].endswith("Z")
    assert len(shown["created"]) == len("2026-05-01T10:00:00Z")


@pytest.mark.parametrize(("check", "diff"), [(True, False), (False, True), (True, True)])
def test_modes_make_no_difference(cloud: Cloud, check: bool, diff: bool) -> None:
    cloud.add("deploy")

    plain, other = info(cloud).data, info(cloud, check=check, diff=diff).data

    assert other | {"diff": None} == plain | {"diff": None}


def test_raw_is_the_vendors_own_object(cloud: Cloud) -> None:
    web = cloud.add()

    (shown,) = info(cloud, include_raw=True).data["instances"]

    assert set(shown) == {*KEYS, "raw"}
    assert shown["raw"]["InstanceId"] == web


@with_tags
def test_tags_are_told(cloud: Cloud) -> None:
    cloud.add(tags={"env": "prod", "empty": ""})

    assert info(cloud).data["instances"][0]["tags"] == {"env": "prod", "empty": ""}


@pytest.mark.parametrize("platform", ["linux", "windows"])
def test_the_platform_is_told(cloud: Cloud, platform: str) -> None:
    cloud.add(platform=platform)

    assert info(cloud).data["instances"][0]["platform"] == platform


@providers("tencent_cvm", "tencent_cvm_legacy", "alibaba_ecs")
def test_a_stop_without_charging_is_told(cloud: Cloud) -> None:
    cloud.add(stop_charging=True)

    assert info(cloud).data["instances"][0]["stopped_without_charging"]


@tencent_only
@pytest.mark.parametrize(
    ("state", "power"),
    [("RUNNING", "running"), ("STOPPED", "stopped"), ("STARTING", "changing"), ("RESCUE_MODE", "unavailable")],
)
def test_power_says_what_the_vendors_word_means(cloud: Cloud, state: str, power: str) -> None:
    cloud.add(state=state)

    (shown,) = info(cloud).data["instances"]

    assert (shown["state"], shown["power"]) == (state, power)


def test_an_empty_region_has_no_instances(cloud: Cloud) -> None:
    assert found(cloud) == []


@pytest.mark.parametrize("size", [1, 99, 100, 101, 350])
def test_all_pages_are_read(cloud: Cloud, size: int) -> None:
    fleet = cloud.add_fleet(size)

    result = info(cloud)

    assert [one["instance_id"] for one in result.data["instances"]] == fleet
    assert result.data["api_calls"] == {"DescribeInstances": -(-size // 100)}


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


def test_a_failed_read_returns_no_list_that_looks_empty(cloud: Cloud) -> None:
    cloud.fault("error", "DescribeInstances", code="UnauthorizedOperation", message="no", times=None)

    result = info(cloud)

    assert result.failed
    assert "instances" not in result.data
    assert result.data["error"]["code"] == "UnauthorizedOperation"


@alibaba_only
@pytest.mark.parametrize("answer", ["empty_list", "error"])
def test_alibabas_empty_list_without_permission_is_an_error(cloud: Cloud, answer: str) -> None:
    cloud.switch(alibaba_no_permission=answer)
    cloud.add()
    key = cloud.add_access_key("NOBODY", denied_actions=["DescribeInstances"])

    result = info(cloud, access_key_id=key)

    assert result.failed
    assert result.data["error"]["code"].startswith("Forbidden")


@tencent_only
def test_an_instance_that_may_not_be_described_is_left_out_with_a_warning(cloud: Cloud) -> None:
    web, secret = cloud.add(), cloud.add()
    key = cloud.add_access_key("SOME", denied_instance_ids=[secret])

    result = info(cloud, access_key_id=key, instance_ids=[web, secret])

    assert [one["instance_id"] for one in result.data["instances"]] == [web]
    assert result.data["missing"] == []
    assert secret in result.warnings[0]


def test_passing_faults_are_survived(cloud: Cloud) -> None:
    web = cloud.add()
    for kind in ("throttle", "http_5xx", "cut_after", "html"):
        cloud.fault(kind, "DescribeInstances")

    assert found(cloud) == [web]


def narrowed(result: Result) -> list[dict[str, Any]]:
    """Return what DescribeInstances was asked, without paging and what every call has."""
    common = {"Offset", "Limit", "MaxResults", "NextToken", "RegionId"}
    asked = [entry["params"] for entry in result.log if entry["action"] == "DescribeInstances"]
    return [{name: value for name, value in params.items() if name not in common} for params in asked]


@providers("tencent_lighthouse", "tencent_cvm")
def test_tencent_is_asked_for_states_and_tags(cloud: Cloud) -> None:
    cloud.add(tags={"env": "prod"})

    (asked,) = narrowed(info(cloud, states="stopped", tags={"env": "prod"}))

    assert asked == {
        "Filters": [
            {"Name": "instance-state", "Values": ["STOPPED"]},
            {"Name": "tag:env", "Values": ["prod"]},
        ]
    }


@legacy_only
def test_the_legacy_api_is_not_asked_for_filters_that_it_may_not_know(cloud: Cloud) -> None:
    cloud.add()

    assert narrowed(info(cloud, states="stopped")) == [{}]


@providers("tencent_lighthouse", "tencent_cvm")
def test_more_filters_than_tencent_takes_are_applied_here(cloud: Cloud) -> None:
    many = {f"key{number}": "x" for number in range(12)}
    web, _other = cloud.add(tags=many), cloud.add(tags={**many, "key11": "y"})

    assert found(cloud, tags=many, states=["stopped", "running", "pending", "starting", "stopping", "rebooting"]) == [
        web
    ]


@providers("tencent_lighthouse", "tencent_cvm")
def test_a_tag_that_nobody_has_is_no_error(cloud: Cloud) -> None:
    cloud.add()
    cloud.fault("error", "DescribeInstances", code="InvalidParameterValue.TagKeyNotFound", message="no such key")

    assert found(cloud, tags={"env": "prod"}) == []


@alibaba_only
def test_alibaba_is_asked_for_one_state_one_name_and_tags(cloud: Cloud) -> None:
    web = cloud.add(name="web-1", tags={"env": "prod"})

    result = info(cloud, states="stopped", names="web-[0-9]", tags={"env": "prod"})

    assert [one["instance_id"] for one in result.data["instances"]] == [web]
    assert narrowed(result) == [
        {"Status": "Stopped", "InstanceName": "web-*", "Tag.1.Key": "env", "Tag.1.Value": "prod"}
    ]


@alibaba_only
def test_alibaba_is_not_asked_for_what_it_takes_only_one_of(cloud: Cloud) -> None:
    cloud.add()

    assert narrowed(info(cloud, states="stopped,running", names="a*,b*", key_pair="deploy"))[0] == {}


@alibaba_only
def test_alibabas_limit_of_a_filter_by_tags_hides_nothing(cloud: Cloud) -> None:
    fleet = {"provider": "alibaba_ecs", "region": cloud.provider.region, "count": 1005, "tags": {"env": "prod"}}
    cloud.emulator.seed({"fleets": [fleet]})

    assert len(found(cloud, tags={"env": "prod"})) == 1005


@lighthouse_only
def test_an_unknown_id_costs_no_other_its_place(cloud: Cloud) -> None:
    cloud.switch(unknown_instance_ids="error")
    web, gone = cloud.add(), cloud.provider.instance_id(9999)

    assert found(cloud, instance_ids=[web, gone]) == [web]
