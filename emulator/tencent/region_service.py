# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The product ``region``, version 2022-06-27: which regions a product has."""

from __future__ import annotations

from typing import Any

from ..errors import ApiError
from .context import Context
from .regions import CVM_REGIONS, LIGHTHOUSE_REGIONS, NAMES
from .schema import INTEGER, Action, Codes, Param, Product

_REGIONS_OF = {"cvm": CVM_REGIONS, "lighthouse": LIGHTHOUSE_REGIONS}


def _regions(context: Context) -> dict[str, Any]:
    """DescribeRegions."""
    product = context.params["Product"]
    if product not in _REGIONS_OF:
        raise ApiError("ResourceNotFound", f"There is no product `{product}`.")
    found = [
        {
            "Region": region,
            "RegionName": NAMES[region],
            "RegionState": "AVAILABLE",
            "RegionTypeMC": None,
            "LocationMC": None,
            "RegionNameMC": None,
            "RegionIdMC": None,
        }
        for region in _REGIONS_OF[product]
    ]
    return {"TotalCount": len(found), "RegionSet": found}


PRODUCT = Product(
    service="region",
    version="2022-06-27",
    provider="tencent_region",
    regions=(),
    codes=Codes(),
    actions={
        "DescribeRegions": Action(
            "DescribeRegions", 20, (Param("Product", required=True), Param("Scene", INTEGER)), _regions
        )
    },
    region_optional=True,
)
