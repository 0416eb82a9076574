# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an instance looks like in DescribeInstances.

Addresses, image and machine type are no part of the emulated world: they are
derived from the instance's number and platform, and always the same.
"""

from __future__ import annotations

from typing import Any

from ..world import Instance
from .formats import resource_time, tag_set
from .resource_groups import DEFAULT_GROUP

VPC_ID = "vpc-bp1emulated00000000"
VSWITCH_ID = "vsw-bp1emulated00000000"
SECURITY_GROUP_ID = "sg-bp1emulated00000000"
INSTANCE_TYPE = "ecs.g7.large"
NETWORK_TYPE = "vpc"

_SYSTEMS = {
    "linux": ("Alibaba Cloud Linux  3.2104 LTS 64位", "Alibaba Cloud Linux  3.2104 LTS 64 bit", "aliyun_3_x64_20G.vhd"),
    "windows": (
        "Windows Server  2022 数据中心版 64位",
        "Windows Server  2022 Datacenter 64 bit",
        "win2022_21H2_x64.vhd",
    ),
}
_NEVER = "2099-12-31T15:59Z"


def private_ip(instance: Instance) -> str:
    """The instance's address in its VPC, unique by number."""
    return f"10.{instance.number >> 16 & 255}.{instance.number >> 8 & 255}.{instance.number & 255}"


def public_ip(instance: Instance) -> str:
    """The instance's public address, from a block reserved for documentation and benchmarks."""
    return f"198.18.{instance.number >> 8 & 255}.{instance.number & 255}"


def image_id(instance: Instance) -> str:
    """The image the instance was made from."""
    return _SYSTEMS[instance.platform][2]


def instance_view(instance: Instance) -> dict[str, Any]:
    """One member of ``Instances.Instance[]``. ``KeyPairName`` is absent from an instance without a key."""
    name, name_en, image = _SYSTEMS[instance.platform]
    view: dict[str, Any] = {
        "InstanceId": instance.instance_id,
        "InstanceName": instance.name,
        "HostName": instance.instance_id.replace("i-", "iZ", 1) + "Z",
        "Description": "",
        "Status": instance.state,
        "RegionId": instance.region,
        "ZoneId": instance.zone,
        "OSType": instance.platform,
        "OSName": name,
        "OSNameEn": name_en,
        "ImageId": image,
        "InstanceType": INSTANCE_TYPE,
        "InstanceTypeFamily": "ecs.g7",
        "Cpu": 2,
        "Memory": 8192,
        "IoOptimized": instance.io_optimized,
        "InstanceNetworkType": NETWORK_TYPE,
        "InstanceChargeType": instance.charge_type,
        "StoppedMode": _stopped_mode(instance),
        "CreationTime": resource_time(instance.created),
        "StartTime": resource_time(instance.start_time),
        "ExpiredTime": _NEVER,
        "DeletionProtection": False,
        "ResourceGroupId": DEFAULT_GROUP,
        "OperationLocks": {"LockReason": [{"LockReason": lock, "LockMsg": ""} for lock in instance.locks]},
        "Tags": tag_set(instance.tags),
        "PublicIpAddress": {"IpAddress": [public_ip(instance)]},
        "InnerIpAddress": {"IpAddress": []},
        "EipAddress": {"IpAddress": "", "AllocationId": "", "InternetChargeType": ""},
        "VpcAttributes": {
            "VpcId": VPC_ID,
            "VSwitchId": VSWITCH_ID,
            "NatIpAddress": "",
            "PrivateIpAddress": {"IpAddress": [private_ip(instance)]},
        },
        "SecurityGroupIds": {"SecurityGroupId": [SECURITY_GROUP_ID]},
        "NetworkInterfaces": {"NetworkInterface": []},
    }
    if instance.key_ids:
        view["KeyPairName"] = instance.key_ids[0]
    return view


def _stopped_mode(instance: Instance) -> str:
    if instance.state != "Stopped":
        return "Not-applicable"
    return "StopCharging" if instance.stop_charging else "KeepCharging"
