# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the reading actions tell: fields of instances, power states, denied actions, regions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.emulator.client import REGIONS, TencentCloud, tencent_cloud
from ansible_collections.keyfleet.cloud.tests.unit.emulator.tencent_instances import INSTANCES

LIGHTHOUSE_FIELDS = [
    "InstanceId",
    "BundleId",
    "BlueprintId",
    "CPU",
    "Memory",
    "InstanceName",
    "InstanceChargeType",
    "SystemDisk",
    "PrivateAddresses",
    "PublicAddresses",
    "InternetAccessible",
    "RenewFlag",
    "LoginSettings",
    "InstanceState",
    "Uuid",
    "LatestOperation",
    "LatestOperationState",
    "LatestOperationRequestId",
    "LatestOperationStartedTime",
    "IsolatedTime",
    "CreatedTime",
    "ExpiredTime",
    "PlatformType",
    "Platform",
    "OsName",
    "Zone",
    "Tags",
    "InstanceRestrictState",
    "SupportIpv6Detail",
    "PublicIpv6Addresses",
    "InitInvocationId",
    "InstanceViolationDetail",
]
CVM_FIELDS = [
    "Placement",
    "InstanceId",
    "InstanceType",
    "CPU",
    "Memory",
    "RestrictState",
    "InstanceName",
    "InstanceChargeType",
    "SystemDisk",
    "DataDisks",
    "PrivateIpAddresses",
    "PublicIpAddresses",
    "InternetAccessible",
    "VirtualPrivateCloud",
    "ImageId",
    "RenewFlag",
    "CreatedTime",
    "ExpiredTime",
    "OsName",
    "SecurityGroupIds",
    "LoginSettings",
    "InstanceState",
    "Tags",
    "StopChargingMode",
    "Uuid",
    "LatestOperation",
    "LatestOperationState",
    "LatestOperationRequestId",
    "LatestOperationErrorMsg",
    "DisasterRecoverGroupId",
    "IPv6Addresses",
    "CamRoleName",
    "HpcClusterId",
    "RdmaIpAddresses",
    "DedicatedClusterId",
    "IsolatedSource",
    "LicenseType",
    "DisableApiTermination",
    "HostName",
    "DefaultLoginUser",
    "DefaultLoginPort",
]


@pytest.fixture
def cloud() -> Iterator[TencentCloud]:
    with tencent_cloud(instances=INSTANCES) as found:
        yield found


def test_lighthouse_shows_every_field_of_an_instance(cloud: TencentCloud) -> None:
    found = cloud.lighthouse.ok("DescribeInstances", InstanceIds=["lhins-0000web1"])["InstanceSet"][0]
    assert sorted(found) == sorted(LIGHTHOUSE_FIELDS)
    assert (found["PlatformType"], found["InstanceState"], found["Zone"]) == ("LINUX_UNIX", "RUNNING", "ap-guangzhou-3")
    assert (found["LatestOperation"], found["LatestOperationStartedTime"]) == ("", None)
    assert found["CreatedTime"] == "2023-11-14T22:13:20Z"
    assert found["Tags"] == [{"Key": "env", "Value": "prod"}, {"Key": "tier", "Value": "web"}]


def test_cvm_shows_every_field_of_an_instance_and_no_platform_type(cloud: TencentCloud) -> None:
    found = cloud.cvm.ok("DescribeInstances", InstanceIds=["ins-00000db1"])["InstanceSet"][0]
    assert sorted(found) == sorted(CVM_FIELDS)
    assert found["OsName"].startswith("Windows")
    assert (found["Placement"]["Zone"], found["ExpiredTime"]) == ("ap-guangzhou-6", None)


def test_cvm_status_shows_the_power_state_only(cloud: TencentCloud) -> None:
    answer = cloud.cvm.ok("DescribeInstancesStatus", InstanceIds=["ins-0000web2"])
    assert answer["InstanceStatusSet"] == [{"InstanceId": "ins-0000web2", "InstanceState": "STOPPED"}]
    assert answer["TotalCount"] == 1


def test_lighthouse_tells_which_actions_each_instance_would_refuse(cloud: TencentCloud) -> None:
    ids = ["lhins-0000web2", "lhins-00000db1"]
    answer = cloud.lighthouse.ok("DescribeInstancesDeniedActions", InstanceIds=ids)
    denied = {
        found["InstanceId"]: {action["Action"]: action["Code"] for action in found["DeniedActions"]}
        for found in answer["InstanceDeniedActionSet"]
    }
    assert denied == {
        "lhins-0000web2": {
            "StopInstances": "UnsupportedOperation.InvalidInstanceState",
            "RebootInstances": "UnsupportedOperation.InvalidInstanceState",
        },
        "lhins-00000db1": {
            "AssociateInstancesKeyPairs": "UnsupportedOperation.WindowsNotAllowToAssociateKeyPair",
            "StartInstances": "UnsupportedOperation.InvalidInstanceState",
        },
    }


def test_lighthouse_renames_at_once(cloud: TencentCloud) -> None:
    cloud.lighthouse.ok("ModifyInstancesAttribute", InstanceIds=["lhins-0000web1"], InstanceName="new")
    assert cloud.instance("lhins-0000web1")["name"] == "new"
    code = cloud.lighthouse.refused("ModifyInstancesAttribute", InstanceIds=["lhins-0000web1"], InstanceName="x" * 61)
    assert code == "InvalidParameterValue.InstanceNameTooLong"


def test_regions(cloud: TencentCloud) -> None:
    lighthouse, cvm = cloud.lighthouse.ok("DescribeRegions"), cloud.cvm.ok("DescribeRegions")
    assert (lighthouse["TotalCount"], cvm["TotalCount"]) == (15, 18)
    assert lighthouse["RegionSet"][0] == {
        "Region": "ap-bangkok",
        "RegionName": "Southeast Asia (Bangkok)",
        "RegionState": "AVAILABLE",
        "IsChinaMainland": False,
    }
    assert sorted(cvm["RegionSet"][0]) == ["Region", "RegionName", "RegionState"]


def test_the_region_product_needs_no_region(cloud: TencentCloud) -> None:
    client = cloud.lighthouse.but(product=REGIONS, region=None)
    answer = client.ok("DescribeRegions", Product="cvm")
    assert answer["TotalCount"] == len(answer["RegionSet"]) == 18
    assert client.refused("DescribeRegions", Product="toaster") == "ResourceNotFound"
    assert client.refused("DescribeRegions") == "MissingParameter"
