# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lighthouse's response objects: KeyPair and Instance, every field of the vendor's data types."""

from __future__ import annotations

from typing import Any

from ...times import iso_time
from ...world import Instance, KeyPair
from ..context import Context
from ..texts import expiry, instance_uuid, private_address, public_address, tag_list


def key_pair_view(context: Context, key_pair: KeyPair, private_key: str | None = None) -> dict[str, Any]:
    """Return a KeyPair; with ``private_key`` as CreateKeyPair answers, where there is no time of creation yet."""
    bound = key_pair.view(context.now, context.settings.key_view_lag)
    view = {
        "KeyId": key_pair.key_id,
        "KeyName": key_pair.name,
        "PublicKey": key_pair.public_key,
        "AssociatedInstanceIds": list(bound),
        "AssociatedInstanceSet": [{"InstanceId": found, "Username": name or ""} for found, name in bound.items()],
        "CreatedTime": None if private_key else iso_time(key_pair.created),
        "PrivateKey": private_key,
        "Tags": tag_list(key_pair.tags),
    }
    if context.settings.switch("lighthouse_online") == "unknown_parameter":
        del view["AssociatedInstanceSet"]
    return view


def instance_view(instance: Instance) -> dict[str, Any]:
    """Return an Instance."""
    return {**_hardware(instance), **_state(instance), **_operation(instance)}


def _hardware(instance: Instance) -> dict[str, Any]:
    windows = instance.platform == "windows"
    return {
        "InstanceId": instance.instance_id,
        "BundleId": "bundle_bw_small1_1",
        "BlueprintId": "lhbp-4ti0vne9" if windows else "lhbp-f1lkcd41",
        "CPU": 2,
        "Memory": 2,
        "InstanceName": instance.name,
        "InstanceChargeType": instance.charge_type,
        "SystemDisk": {"DiskType": "CLOUD_PREMIUM", "DiskSize": 50, "DiskId": f"lhdisk-{instance.instance_id[-8:]}"},
        "PrivateAddresses": [private_address(instance)],
        "PublicAddresses": [public_address(instance)],
        "PublicIpv6Addresses": [],
        "InternetAccessible": {
            "InternetChargeType": "TRAFFIC_POSTPAID_BY_HOUR",
            "InternetMaxBandwidthOut": 5,
            "PublicIpAssigned": True,
        },
        "RenewFlag": "NOTIFY_AND_MANUAL_RENEW",
        "Uuid": instance_uuid(instance),
        "PlatformType": "WINDOWS" if windows else "LINUX_UNIX",
        "Platform": "WINDOWS" if windows else "UBUNTU",
        "OsName": "Windows Server 2022 Datacenter" if windows else "Ubuntu Server 22.04 LTS 64bit",
        "Zone": instance.zone,
        "SupportIpv6Detail": {"IsSupport": False, "Detail": "NOT_SUPPORTED", "Message": ""},
        "InitInvocationId": "",
        "InstanceViolationDetail": None,
    }


def _state(instance: Instance) -> dict[str, Any]:
    return {
        "LoginSettings": {"KeyIds": instance.key_ids},
        "InstanceState": instance.state,
        "InstanceRestrictState": instance.restrict_state,
        "IsolatedTime": None,
        "CreatedTime": iso_time(instance.created),
        "ExpiredTime": expiry(instance),
        "Tags": tag_list(instance.tags),
    }


def _operation(instance: Instance) -> dict[str, Any]:
    operation = instance.operation
    return {
        "LatestOperation": operation.action if operation else "",
        "LatestOperationState": operation.status if operation else "",
        "LatestOperationRequestId": operation.request_id if operation else "",
        "LatestOperationStartedTime": iso_time(operation.started) if operation else None,
    }
