# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""DescribeRegions."""

from __future__ import annotations

from typing import Any

from .context import Context
from .errors import refusal
from .region_list import REGIONS, endpoint

_LANGUAGES = ("zh-CN", "en-US", "ja")
_RESOURCE_TYPES = ("instance", "disk", "reservedInstance", "volume")
_CHARGE_TYPES = ("PrePaid", "PostPaid", "SpotWithPriceLimit", "SpotAsPriceGo")


def describe_regions(context: Context) -> dict[str, Any]:
    """``DescribeRegions``: all regions, whatever kind of resource is asked about."""
    parameters = context.parameters
    parameters.choice("AcceptLanguage", _LANGUAGES, code="InvalidAcceptLanguage.NotFound")
    resource_type = parameters.text("ResourceType")
    if resource_type is not None and resource_type.lower() not in {name.lower() for name in _RESOURCE_TYPES}:
        raise refusal("InvalidResourceType.NotFound")
    parameters.choice("InstanceChargeType", _CHARGE_TYPES, code="InvalidInstanceChargeType.NotFound")
    region = [
        {"RegionId": name, "RegionEndpoint": endpoint(name), "LocalName": local_name, "Status": "available"}
        for name, local_name in REGIONS.items()
    ]
    return {"Regions": {"Region": region}}
