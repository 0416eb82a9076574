# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Instances to describe: the same three on Lighthouse and on CVM."""

from __future__ import annotations

from typing import Any

_FIELDS: dict[str, dict[str, Any]] = {
    "0000web1": {"name": "web-1", "tags": {"env": "prod", "tier": "web"}},
    "0000web2": {"name": "web-2", "state": "STOPPED", "tags": {"env": "test"}},
    "00000db1": {"name": "db-1", "zone": "ap-guangzhou-6", "platform": "windows"},
}
INSTANCES: list[dict[str, Any]] = [
    {"instance_id": f"{prefix}-{ending}", **fields} for prefix in ("lhins", "ins") for ending, fields in _FIELDS.items()
]
