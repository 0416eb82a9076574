# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""instance_info: which filters the APIs are asked for, and which are applied here, so that nothing gets lost."""

from __future__ import annotations

from typing import Any

from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.instance_info_tasks import found, info
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import alibaba_only, legacy_only, providers
from ansible_collections.keyfleet.cloud.tests.unit.modules.result import Result


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
