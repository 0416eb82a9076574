# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""DescribeInstances and DescribeInstanceStatus: fields, filters, pages."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.emulator.alibaba_client import (
    AlibabaCloud,
    alibaba_cloud,
    ids,
    numbered,
)

INSTANCES: list[dict[str, Any]] = [
    {"instance_id": "i-web1", "name": "web-1", "key_pairs": ["deploy"], "tags": {"env": "prod", "tier": "web"}},
    {"instance_id": "i-web2", "name": "web-2", "state": "Stopped", "tags": {"env": "test"}, "charge_type": "PrePaid"},
    {"instance_id": "i-db", "name": "db", "zone": "cn-hangzhou-k", "locks": ["financial"], "platform": "windows"},
    {"instance_id": "i-idle", "name": "idle", "state": "Stopped", "stop_charging": True, "io_optimized": False},
]


@pytest.fixture
def cloud() -> Iterator[AlibabaCloud]:
    with alibaba_cloud(instances=INSTANCES, key_pairs=("deploy", "unused")) as running:
        yield running


def found(cloud: AlibabaCloud, **params: str) -> list[str]:
    answer = cloud.client.ok("DescribeInstances", **params)
    return [instance["InstanceId"] for instance in answer["Instances"]["Instance"]]


def described(cloud: AlibabaCloud, instance_id: str) -> dict[str, Any]:
    answer = cloud.client.ok("DescribeInstances", InstanceIds=ids(instance_id))
    instance: dict[str, Any] = answer["Instances"]["Instance"][0]
    return instance


def test_what_matters_about_an_instance(cloud: AlibabaCloud) -> None:
    instance = described(cloud, "i-web1")
    expected = {
        "InstanceId": "i-web1",
        "InstanceName": "web-1",
        "Status": "Running",
        "KeyPairName": "deploy",
        "OSType": "linux",
        "IoOptimized": True,
        "RegionId": "cn-hangzhou",
        "InstanceChargeType": "PostPaid",
        "InstanceNetworkType": "vpc",
        "StoppedMode": "Not-applicable",
        "CreationTime": "2023-11-14T22:13Z",
        "StartTime": "2023-11-14T22:13Z",
        "DeletionProtection": False,
        "OperationLocks": {"LockReason": []},
        "Tags": {"Tag": [{"TagKey": "env", "TagValue": "prod"}, {"TagKey": "tier", "TagValue": "web"}]},
    }
    assert {name: instance[name] for name in expected} == expected
    assert isinstance(instance["Cpu"], int)
    assert isinstance(instance["Memory"], int)
    assert len(instance["VpcAttributes"]["PrivateIpAddress"]["IpAddress"]) == 1


def test_an_instance_without_a_key_has_no_key_pair_name(cloud: AlibabaCloud) -> None:
    assert "KeyPairName" not in described(cloud, "i-web2")


def test_stopped_instances_tell_whether_they_are_charged(cloud: AlibabaCloud) -> None:
    assert described(cloud, "i-web2")["StoppedMode"] == "KeepCharging"
    assert described(cloud, "i-idle")["StoppedMode"] == "StopCharging"


def test_locks_and_systems(cloud: AlibabaCloud) -> None:
    instance = described(cloud, "i-db")
    assert instance["OperationLocks"] == {"LockReason": [{"LockReason": "financial", "LockMsg": ""}]}
    assert instance["OSType"] == "windows"
    assert described(cloud, "i-idle")["IoOptimized"] is False


def address_of(cloud: AlibabaCloud, instance_id: str) -> str:
    address: str = described(cloud, instance_id)["VpcAttributes"]["PrivateIpAddress"]["IpAddress"][0]
    return address


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, ["i-web1", "i-web2", "i-db", "i-idle"]),
        ({"InstanceIds": ids("i-db", "i-web1")}, ["i-db", "i-web1"]),
        ({"InstanceIds": ids("i-db", "i-nobody", "i-db")}, ["i-db"]),
        ({"InstanceIds": "[]"}, []),
        ({"KeyPairName": "deploy"}, ["i-web1"]),
        ({"KeyPairName": "unused"}, []),
        ({"KeyPairName": "nobody"}, []),
        ({"KeyPairName": "deploy", "InstanceIds": ids("i-web1", "i-db")}, ["i-web1"]),
        ({"Status": "Stopped"}, ["i-web2", "i-idle"]),
        ({"InstanceName": "web-*"}, ["i-web1", "i-web2"]),
        ({"InstanceName": "*"}, ["i-web1", "i-web2", "i-db", "i-idle"]),
        ({"InstanceName": "web"}, []),
        ({"ZoneId": "cn-hangzhou-k"}, ["i-db"]),
        ({"InstanceChargeType": "PrePaid"}, ["i-web2"]),
        ({"InstanceNetworkType": "vpc"}, ["i-web1", "i-web2", "i-db", "i-idle"]),
        ({"InstanceNetworkType": "classic"}, []),
        ({"LockReason": "financial"}, ["i-db"]),
        ({"VpcId": "vpc-other"}, []),
        ({"ResourceGroupId": "rg-other"}, []),
        ({"EipAddresses": ids("203.0.113.1")}, []),
        ({"Tag.1.Key": "env"}, ["i-web1", "i-web2"]),
        ({"Tag.1.Key": "env", "Tag.1.Value": "prod"}, ["i-web1"]),
        ({"Tag.1.Key": "env", "Tag.2.Key": "tier", "Tag.2.Value": "web"}, ["i-web1"]),
        ({"Status": "Stopped", "InstanceName": "web-*"}, ["i-web2"]),
        ({"RegionId": "cn-beijing"}, []),
    ],
)
def test_filters(cloud: AlibabaCloud, params: dict[str, str], expected: list[str]) -> None:
    assert found(cloud, **params) == expected


def test_instances_are_found_by_what_their_description_says(cloud: AlibabaCloud) -> None:
    instance = described(cloud, "i-db")
    assert found(cloud, PrivateIpAddresses=ids(address_of(cloud, "i-db"), "10.255.255.255")) == ["i-db"]
    assert found(cloud, PublicIpAddresses=ids(instance["PublicIpAddress"]["IpAddress"][0])) == ["i-db"]
    assert found(cloud, ImageId=instance["ImageId"]) == ["i-db"]
    assert len(found(cloud, VpcId=instance["VpcAttributes"]["VpcId"])) == 4
    assert len(found(cloud, VSwitchId=instance["VpcAttributes"]["VSwitchId"])) == 4
    assert len(found(cloud, InstanceType=instance["InstanceType"])) == 4
    assert len(found(cloud, ResourceGroupId=instance["ResourceGroupId"])) == 4
    assert len(found(cloud, SecurityGroupId=instance["SecurityGroupIds"]["SecurityGroupId"][0])) == 4


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({"Status": "Tired"}, 404, "InvalidStatus.NotFound"),
        ({"InstanceChargeType": "Free"}, 404, "InvalidInstanceChargeType.NotFound"),
        ({"LockReason": "mood"}, 404, "InvalidLockReason.NotFound"),
        ({"InstanceNetworkType": "tin cans"}, 404, "InvalidNetworkType.NotFound"),
        ({"Filter.1.Key": "mood"}, 404, "InvalidFilterKey.NotFound"),
        ({"Tag.1.Value": "prod"}, 400, "InvalidTag.Mismatch"),
        ({f"Tag.{number}.Key": "k" for number in range(1, 22)}, 400, "InvalidTagCount"),
        ({"InstanceIds": ids(*(f"i-{number}" for number in range(101)))}, 400, "InvalidParameter"),
        ({"InstanceIds": "i-web1"}, 400, "InvalidParameter"),
        ({"PrivateIpAddresses": ids(*(str(number) for number in range(101)))}, 400, "InvalidParameter"),
        ({"MaxResults": "101"}, 400, "InvalidParameter"),
        ({"PageSize": "101"}, 400, "InvalidParameter"),
        ({"NextToken": "bm9uc2Vuc2U="}, 400, "InvalidParameter"),
        ({"NextToken": "*"}, 400, "InvalidParameter"),
        ({"DryRun": "maybe"}, 400, "InvalidParameter"),
        ({"DryRun": "true"}, 400, "DryRunOperation"),
        ({"RegionId": None}, 400, "MissingParameter"),
        ({"RegionId": "cn-nowhere"}, 404, "InvalidRegionId.NotFound"),
    ],
)
def test_refused_filters(cloud: AlibabaCloud, params: dict[str, str | None], status: int, code: str) -> None:
    assert cloud.client.refused("DescribeInstances", **params) == (status, code)


def test_pages_by_number_count_everything() -> None:
    with alibaba_cloud(fleets=[{"count": 25}]) as cloud:
        everything = [instance["instance_id"] for instance in cloud.emulator.state()["instances"]]
        first = cloud.client.ok("DescribeInstances")
        assert (first["TotalCount"], first["PageNumber"], first["PageSize"]) == (25, 1, 10)
        pages = [found(cloud, PageNumber=str(number), PageSize="10") for number in (1, 2, 3, 4)]
        assert [len(page) for page in pages] == [10, 10, 5, 0]
        assert [instance_id for page in pages for instance_id in page] == everything


def test_pages_by_token_end_with_an_empty_one() -> None:
    with alibaba_cloud(fleets=[{"count": 25}]) as cloud:
        everything = [instance["instance_id"] for instance in cloud.emulator.state()["instances"]]
        seen, token = [], None
        for _turn in range(3):
            answer = cloud.client.ok("DescribeInstances", MaxResults="10", NextToken=token)
            seen += [instance["InstanceId"] for instance in answer["Instances"]["Instance"]]
            token = answer["NextToken"]
        assert seen == everything
        assert token == ""


def test_a_filter_by_tag_finds_at_most_a_thousand() -> None:
    with alibaba_cloud(fleets=[{"count": 1005, "tags": {"env": "prod"}}]) as cloud:
        assert cloud.client.ok("DescribeInstances", **{"Tag.1.Key": "env"})["TotalCount"] == 1000
        assert cloud.client.ok("DescribeInstances", Status="Running")["TotalCount"] == 1005


def quickest(cloud: AlibabaCloud, **params: str) -> float:
    """The shortest time that the processor spends on one of several calls, so that a busy machine does not matter."""

    def once() -> float:
        started = time.process_time()
        cloud.client.ok("DescribeInstances", **params)
        return time.process_time() - started

    return min(once() for _turn in range(7))


def test_a_page_of_twenty_thousand_instances_costs_what_a_page_of_twenty_costs() -> None:
    few, many = {"count": 20}, {"count": 20_000, "name_prefix": "other-"}
    with alibaba_cloud(fleets=[few]) as small, alibaba_cloud(fleets=[many]) as large:
        assert quickest(large, PageSize="20") < 5 * quickest(small, PageSize="20")
        assert quickest(large, MaxResults="20") < 5 * quickest(small, MaxResults="20")


def test_the_view_by_key_may_lag_behind_the_instances(cloud: AlibabaCloud) -> None:
    cloud.emulator.configure({"switches": {"key_view_lag": 5}})
    cloud.client.ok("DetachKeyPair", KeyPairName="deploy", InstanceIds=ids("i-web1"))
    assert found(cloud, KeyPairName="deploy") == ["i-web1"]
    assert "KeyPairName" not in described(cloud, "i-web1")
    cloud.clock.advance(6)
    assert found(cloud, KeyPairName="deploy") == []


def status_of(cloud: AlibabaCloud, **params: str) -> dict[str, str]:
    answer = cloud.client.ok("DescribeInstanceStatus", **params)
    return {row["InstanceId"]: row["Status"] for row in answer["InstanceStatuses"]["InstanceStatus"]}


def test_the_status_of_instances(cloud: AlibabaCloud) -> None:
    assert status_of(cloud) == {"i-web1": "Running", "i-web2": "Stopped", "i-db": "Running", "i-idle": "Stopped"}
    assert status_of(cloud, **numbered("InstanceId", "i-db", "i-nobody")) == {"i-db": "Running"}
    assert status_of(cloud, ZoneId="cn-hangzhou-k") == {"i-db": "Running"}
    assert status_of(cloud, PageSize="3", PageNumber="2") == {"i-idle": "Stopped"}


@pytest.mark.parametrize(
    "params", [{"PageSize": "51"}, numbered("InstanceId", *(f"i-{number}" for number in range(101)))]
)
def test_limits_of_the_status_query(cloud: AlibabaCloud, params: dict[str, str]) -> None:
    assert cloud.client.refused("DescribeInstanceStatus", **params) == (400, "InvalidParameter")
