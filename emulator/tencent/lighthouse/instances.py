# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lighthouse's reading actions on instances."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from ...errors import ApiError
from ...world import Instance
from .. import lookup
from ..context import Context
from ..listing import FilterRules, check_page, page, refuse_ids_with_filters, select
from ..regions import LIGHTHOUSE_REGIONS, MAINLAND, NAMES
from ..texts import private_address, public_address
from . import rules
from .views import instance_view

MAXIMUM_NAME = 60
NOT_FOUND = "ResourceNotFound.InstanceIdNotFound"


def _check_ip_address(value: str) -> None:
    try:
        ipaddress.ip_address(value)
    except ValueError as error:
        raise ApiError("InvalidParameterValue.InvalidIpFormat", f"`{value}` is not an IP address.") from error


def _check_zone(value: str) -> None:
    if not re.fullmatch(r"[a-z]+-[a-z-]+-[0-9]+", value):
        raise ApiError("InvalidParameterValue.InvalidZone", f"`{value}` is not a zone.")


def _check_name(value: str) -> None:
    if len(value) > MAXIMUM_NAME:
        raise ApiError("InvalidParameterValue.InstanceNameTooLong", f"Names have up to {MAXIMUM_NAME} characters.")


_FILTERS = FilterRules(
    tests={
        "instance-name": lambda instance, value: value in instance.name,
        "private-ip-address": lambda instance, value: private_address(instance) == value,
        "public-ip-address": lambda instance, value: public_address(instance) == value,
        "zone": lambda instance, value: bool(instance.zone == value),
        "instance-state": lambda instance, value: bool(instance.state == value),
        "bundle-id": lambda instance, value: bool(instance_view(instance)["BundleId"] == value),
    },
    most_values=100,
    not_object="InvalidParameter.InvalidFilterNotDict",
    bad_name="InvalidParameter.InvalidFilterInvalidNameNotStr",
    bad_values="InvalidParameter.InvalidFilterInvalidValuesNotList",
    bad_member="InvalidParameter.InvalidFilterInvalidKey",
    unsupported="InvalidParameter.InvalidFilterNotSupportedName",
    too_many_values="InvalidParameter.FilterValueLimitExceeded",
    checks={
        "instance-name": _check_name,
        "private-ip-address": _check_ip_address,
        "public-ip-address": _check_ip_address,
        "zone": _check_zone,
    },
)


def describe(context: Context) -> dict[str, Any]:
    """DescribeInstances: IDs that do not exist make the call fail (switch ``unknown_instance_ids``)."""
    params = context.params
    refuse_ids_with_filters(context, "InstanceIds")
    check_page(context, negative="InvalidParameterValue.Negative")
    if params["Order"] and not params["OrderField"]:
        raise ApiError("MissingParameter.OrderFieldRequired", "`Order` needs `OrderField`.")
    strict = context.settings.switch("unknown_instance_ids") == "error"
    found = lookup.some_instances(context, NOT_FOUND, strict=strict)
    selected = select(found, params["Filters"], _FILTERS)
    if params["OrderField"]:
        selected = sorted(selected, key=lambda found: found.created, reverse=params["Order"] == "DESC")
    return {"TotalCount": len(selected), "InstanceSet": [instance_view(found) for found in page(context, selected)]}


def denied_actions(context: Context) -> dict[str, Any]:
    """DescribeInstancesDeniedActions: what each instance would refuse now, with code and message."""
    return {
        "InstanceDeniedActionSet": [
            {"InstanceId": instance.instance_id, "DeniedActions": _denied(context, instance)}
            for instance in lookup.instances(context, NOT_FOUND)
        ]
    }


def _denied(context: Context, instance: Instance) -> list[dict[str, str]]:
    denied = []
    for action in rules.STATES:
        error = rules.refusal(context.settings, instance, action)
        if error is not None:
            denied.append({"Action": action, "Code": error.code, "Message": error.message})
    return denied


def regions(_context: Context) -> dict[str, Any]:
    """DescribeRegions."""
    found = [
        {
            "Region": region,
            "RegionName": NAMES[region],
            "RegionState": "AVAILABLE",
            "IsChinaMainland": region in MAINLAND,
        }
        for region in LIGHTHOUSE_REGIONS
    ]
    return {"TotalCount": len(found), "RegionSet": found}
