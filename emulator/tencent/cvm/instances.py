# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CVM's reading actions on instances."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from typing import Any

from ...errors import ApiError
from ...times import iso_time
from ...world import Instance
from .. import lookup
from ..context import Context
from ..listing import check_page, filter_rules, page, refuse_ids_with_filters, select
from ..regions import CVM_REGIONS, NAMES
from ..texts import instance_uuid, private_address, public_address
from .views import instance_view


def _check_ip_address(value: str) -> None:
    try:
        ipaddress.ip_address(value)
    except ValueError as error:
        raise ApiError("InvalidParameterValue.IPAddressMalformed", f"`{value}` is not an IP address.") from error


def _field(*path: str) -> Callable[[Any, str], bool]:
    """Compare a member of the instance's view as text."""

    def test(instance: Any, value: str) -> bool:
        found: Any = instance_view(instance)
        for name in path:
            found = found[name]
        return value in found if isinstance(found, list) else str(found or "") == value

    return test


_FILTERS = filter_rules(
    {
        "zone": lambda instance, value: bool(instance.zone == value),
        "project-id": _field("Placement", "ProjectId"),
        "host-id": _field("Placement", "HostId"),
        "dedicated-cluster-id": _field("DedicatedClusterId"),
        "vpc-id": _field("VirtualPrivateCloud", "VpcId"),
        "subnet-id": _field("VirtualPrivateCloud", "SubnetId"),
        "instance-id": lambda instance, value: bool(instance.instance_id == value),
        "uuid": lambda instance, value: instance_uuid(instance) == value,
        "security-group-id": _field("SecurityGroupIds"),
        "instance-name": lambda instance, value: value in instance.name,
        "instance-charge-type": lambda instance, value: bool(instance.charge_type == value),
        "instance-state": lambda instance, value: bool(instance.state == value),
        "private-ip-address": lambda instance, value: private_address(instance) == value,
        "public-ip-address": lambda instance, value: public_address(instance) == value,
        "ipv6-address": lambda _instance, _value: False,
        "creation-start-time": lambda instance, value: iso_time(instance.created) >= value,
        "creation-end-time": lambda instance, value: iso_time(instance.created) <= value,
    },
    5,
    "InvalidFilter",
    "InvalidFilterValue.LimitExceeded",
    {"private-ip-address": _check_ip_address, "public-ip-address": _check_ip_address},
)


def describe(context: Context) -> dict[str, Any]:
    """DescribeInstances: IDs that do not exist are just missing from the set (switch ``cvm_unknown_instance_ids``)."""
    refuse_ids_with_filters(context, "InstanceIds")
    check_page(context)
    selected = select(_named(context), context.params["Filters"], _FILTERS)
    return {"TotalCount": len(selected), "InstanceSet": [instance_view(found) for found in page(context, selected)]}


def describe_status(context: Context) -> dict[str, Any]:
    """DescribeInstancesStatus: power states only."""
    check_page(context)
    found = _named(context)
    return {
        "TotalCount": len(found),
        "InstanceStatusSet": [
            {"InstanceId": instance.instance_id, "InstanceState": instance.state} for instance in page(context, found)
        ],
    }


def _named(context: Context) -> Sequence[Instance]:
    strict = context.settings.switch("cvm_unknown_instance_ids") == "error"
    return lookup.some_instances(context, "InvalidInstanceId.NotFound", strict=strict)


def regions(_context: Context) -> dict[str, Any]:
    """DescribeRegions (no longer kept up to date by the vendor)."""
    found = [{"Region": name, "RegionName": NAMES[name], "RegionState": "AVAILABLE"} for name in CVM_REGIONS]
    return {"TotalCount": len(found), "RegionSet": found}
