# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The regions of ECS and their endpoints."""

from __future__ import annotations

#: RegionId -> name; source: the endpoint list of the ECS API reference
REGIONS: dict[str, str] = {
    "ap-northeast-1": "Japan (Tokyo)",
    "ap-northeast-2": "South Korea (Seoul)",
    "ap-south-1": "India (Mumbai)",
    "ap-southeast-1": "Singapore",
    "ap-southeast-2": "Australia (Sydney)",
    "ap-southeast-3": "Malaysia (Kuala Lumpur)",
    "ap-southeast-5": "Indonesia (Jakarta)",
    "ap-southeast-6": "Philippines (Manila)",
    "ap-southeast-7": "Thailand (Bangkok)",
    "ap-southeast-8": "Malaysia (Johor)",
    "cn-beijing": "China (Beijing)",
    "cn-beijing-finance-1": "China North 2 Finance",
    "cn-chengdu": "China (Chengdu)",
    "cn-fuzhou": "China (Fuzhou)",
    "cn-guangzhou": "China (Guangzhou)",
    "cn-hangzhou": "China (Hangzhou)",
    "cn-heyuan": "China (Heyuan)",
    "cn-heyuan-acdr-1": "China (Heyuan ACDR)",
    "cn-hongkong": "China (Hong Kong)",
    "cn-huhehaote": "China (Hohhot)",
    "cn-nanjing": "China (Nanjing)",
    "cn-north-2-gov-1": "China North 2 Ali Gov 1",
    "cn-qingdao": "China (Qingdao)",
    "cn-shanghai": "China (Shanghai)",
    "cn-shanghai-finance-1": "China East 2 Finance",
    "cn-shenzhen": "China (Shenzhen)",
    "cn-shenzhen-finance-1": "China South 1 Finance",
    "cn-wuhan-lr": "China (Wuhan)",
    "cn-wulanchabu": "China (Ulanqab)",
    "cn-zhangjiakou": "China (Zhangjiakou)",
    "cn-zhengzhou-jva": "China (Zhengzhou)",
    "cn-zhongwei": "China (Zhongwei)",
    "eu-central-1": "Germany (Frankfurt)",
    "eu-west-1": "UK (London)",
    "me-central-1": "Saudi Arabia (Riyadh)",
    "me-east-1": "UAE (Dubai)",
    "na-south-1": "Mexico",
    "us-east-1": "US (Virginia)",
    "us-southeast-1": "US (Atlanta)",
    "us-west-1": "US (Silicon Valley)",
}


def endpoint(region: str) -> str:
    """The public host of a region; cn-hangzhou's is spelled with a hyphen."""
    return "ecs-cn-hangzhou.aliyuncs.com" if region == "cn-hangzhou" else f"ecs.{region}.aliyuncs.com"
