# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the products exist, with the names that the DescribeRegions actions print."""

from __future__ import annotations

#: region -> English name
NAMES = {
    "ap-bangkok": "Southeast Asia (Bangkok)",
    "ap-beijing": "North China (Beijing)",
    "ap-chengdu": "Southwest China (Chengdu)",
    "ap-chongqing": "Southwest China (Chongqing)",
    "ap-guangzhou": "South China (Guangzhou)",
    "ap-hongkong": "Hong Kong, Macao and Taiwan (Hong Kong)",
    "ap-jakarta": "Southeast Asia (Jakarta)",
    "ap-nanjing": "East China (Nanjing)",
    "ap-seoul": "Northeast Asia (Seoul)",
    "ap-shanghai": "East China (Shanghai)",
    "ap-shanghai-fsi": "East China (Shanghai Finance)",
    "ap-shenzhen-fsi": "South China (Shenzhen Finance)",
    "ap-singapore": "Southeast Asia (Singapore)",
    "ap-tokyo": "Northeast Asia (Tokyo)",
    "eu-frankfurt": "Europe (Frankfurt)",
    "na-ashburn": "US East (Virginia)",
    "na-siliconvalley": "US West (Silicon Valley)",
    "sa-saopaulo": "South America (São Paulo)",
}

CVM_REGIONS = tuple(NAMES)
LIGHTHOUSE_REGIONS = tuple(name for name in NAMES if name not in ("ap-chongqing", "ap-shanghai-fsi", "ap-shenzhen-fsi"))
MAINLAND = frozenset(
    {
        "ap-beijing",
        "ap-chengdu",
        "ap-chongqing",
        "ap-guangzhou",
        "ap-nanjing",
        "ap-shanghai",
        "ap-shanghai-fsi",
        "ap-shenzhen-fsi",
    }
)
#: used where a call without region is let through
DEFAULT_REGION = "ap-guangzhou"
#: names in very old documents of API 2.0
SHORT_NAMES = {"gz": "ap-guangzhou", "sh": "ap-shanghai", "bj": "ap-beijing", "hk": "ap-hongkong"}
