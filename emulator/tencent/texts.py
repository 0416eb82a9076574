# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Small pieces of the vendor's answers: expiry, tags, addresses, UUIDs."""

from __future__ import annotations

import uuid
from typing import Any

from ..times import iso_time
from ..world import Instance

_UUIDS = uuid.UUID("6f6b6579-666c-4565-8000-000000000000")
_YEAR = 365 * 86_400


def expiry(instance: Instance) -> str | None:
    """Return when a prepaid instance expires: a year after its creation."""
    return iso_time(instance.created + _YEAR) if instance.charge_type == "PREPAID" else None


def tag_list(tags: dict[str, str]) -> list[dict[str, str]]:
    """Return tags as the API shows them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def tags_from(items: list[dict[str, Any]] | None) -> dict[str, str]:
    """Return tags as the API takes them, as a dictionary."""
    return {item["Key"]: item["Value"] for item in items or ()}


def instance_uuid(instance: Instance) -> str:
    """Return the same UUID for an instance every time."""
    return str(uuid.uuid5(_UUIDS, instance.instance_id))


def private_address(instance: Instance) -> str:
    """Return an address of 10.0.0.0/8 that belongs to the instance."""
    return _address(10 << 24, instance)


def public_address(instance: Instance) -> str:
    """Return an address of the benchmarking network 198.18.0.0/15 that belongs to the instance."""
    return _address(198 << 24 | 18 << 16, instance)


def _address(network: int, instance: Instance) -> str:
    number = network + instance.number
    return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
