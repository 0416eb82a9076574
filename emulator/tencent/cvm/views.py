# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CVM's response objects: KeyPair and Instance, every field of the vendor's data types that a plain instance has."""

from __future__ import annotations

from typing import Any

from ...times import iso_time
from ...world import Instance, KeyPair
from ..context import Context
from ..texts import expiry, instance_uuid, private_address, public_address, tag_list


def key_pair_view(context: Context, key_pair: KeyPair) -> dict[str, Any]:
    """Return a KeyPair as DescribeKeyPairs shows it."""
    return {
        "KeyId": key_pair.key_id,
        "KeyName": key_pair.name,
        "ProjectId": key_pair.project_id,
        "Description": key_pair.description,
        "PublicKey": key_pair.public_key,
        "PrivateKey": None,
        "AssociatedInstanceIds": list(key_pair.view(context.now, context.settings.key_view_lag)),
        "CreatedTime": iso_time(key_pair.created),
        "Tags": tag_list(key_pair.tags),
    }


def new_key_pair_view(key_pair: KeyPair, private_key: str) -> dict[str, Any]:
    """Return a KeyPair as CreateKeyPair shows it: the vendor's example has these fields only."""
    return {
        "KeyId": key_pair.key_id,
        "KeyName": key_pair.name,
        "ProjectId": key_pair.project_id,
        "PublicKey": key_pair.public_key,
        "PrivateKey": private_key,
    }


def instance_view(instance: Instance) -> dict[str, Any]:
    """Return an Instance."""
    return {**_hardware(instance), **_network(instance), **_state(instance), **_operation(instance)}


def _hardware(instance: Instance) -> dict[str, Any]:
    windows = instance.platform == "windows"
    return {
        "Placement": {"Zone": instance.zone, "ProjectId": 0, "HostIds": None, "HostId": None},
        "InstanceId": instance.instance_id,
        "InstanceType": "S5.MEDIUM4",
        "CPU": 2,
        "Memory": 4,
        "InstanceName": instance.name,
        "InstanceChargeType": instance.charge_type,
        "SystemDisk": {"DiskType": "CLOUD_BSSD", "DiskId": f"disk-{instance.instance_id[-8:]}", "DiskSize": 50},
        "DataDisks": [],
        "ImageId": "img-9xc3n0n5" if windows else "img-487zeit5",
        "OsName": "Windows Server 2022 Datacenter 64bit" if windows else "Ubuntu Server 22.04 LTS 64bit",
        "Uuid": instance_uuid(instance),
        "DisasterRecoverGroupId": "",
        "HpcClusterId": "",
        "DedicatedClusterId": "",
        "LicenseType": "TencentCloud",
        "HostName": instance.name,
        "DefaultLoginUser": "Administrator" if windows else "ubuntu",
        "DefaultLoginPort": 3389 if windows else 22,
    }


def _network(instance: Instance) -> dict[str, Any]:
    return {
        "PrivateIpAddresses": [private_address(instance)],
        "PublicIpAddresses": [public_address(instance)],
        "IPv6Addresses": None,
        "InternetAccessible": {
            "InternetChargeType": "TRAFFIC_POSTPAID_BY_HOUR",
            "InternetMaxBandwidthOut": 5,
            "PublicIpAssigned": True,
        },
        "VirtualPrivateCloud": {"VpcId": "vpc-00000000", "SubnetId": "subnet-00000000", "AsVpcGateway": False},
        "SecurityGroupIds": ["sg-00000000"],
        "RdmaIpAddresses": None,
    }


def _state(instance: Instance) -> dict[str, Any]:
    stopped = instance.state == "STOPPED"
    return {
        "RestrictState": instance.restrict_state,
        "LoginSettings": {"KeyIds": instance.key_ids or None},
        "InstanceState": instance.state,
        "StopChargingMode": ("STOP_CHARGING" if instance.stop_charging else "KEEP_CHARGING")
        if stopped
        else "NOT_APPLICABLE",
        "IsolatedSource": "NOTISOLATED",
        "RenewFlag": "NOTIFY_AND_MANUAL_RENEW" if instance.charge_type == "PREPAID" else None,
        "CreatedTime": iso_time(instance.created),
        "ExpiredTime": expiry(instance),
        "Tags": tag_list(instance.tags),
        "CamRoleName": "",
        "DisableApiTermination": False,
    }


def _operation(instance: Instance) -> dict[str, Any]:
    operation = instance.operation
    failed = operation is not None and operation.status == "FAILED"
    return {
        "LatestOperation": operation.action if operation else None,
        "LatestOperationState": operation.status if operation else None,
        "LatestOperationRequestId": operation.request_id if operation else None,
        "LatestOperationErrorMsg": operation.error if operation and failed else None,
    }
