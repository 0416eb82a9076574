# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""From the elements of ECS's answers to key pairs and instances.

Vendor pages: DescribeInstances, DescribeKeyPairs.
"""

from __future__ import annotations

import typing as t

from .._client import Answer
from .._models import ErrorInfo, Instance, KeyPair, Platform, Power
from ._answers import text_or_none, texts, utc_time
from ._obstacles import LOCKED, WINDOWS, unsupported_state

# Vendor page: instance life cycle.
_POWER: t.Mapping[str, Power] = {
    "Running": "running",
    "Stopped": "stopped",
    "Pending": "changing",
    "Starting": "changing",
    "Stopping": "changing",
}

_PLATFORM: t.Mapping[str, Platform] = {"linux": "linux", "windows": "windows"}


def to_instance(raw: Answer) -> Instance:
    """Return the instance described by an element of Instances."""
    name = text_or_none(raw.get("KeyPairName"))
    status = str(raw.get("Status", ""))
    return Instance(
        id=str(raw["InstanceId"]),
        name=str(raw.get("InstanceName") or ""),
        state=status,
        power=_POWER.get(status, "unavailable"),
        key_pairs=(name,) if name else (),
        obstacle=_obstacle(raw, status),
        platform=_PLATFORM.get(str(raw.get("OSType", "")).lower(), "unknown"),
        zone=text_or_none(raw.get("ZoneId")),
        instance_type=text_or_none(raw.get("InstanceType")),
        private_addresses=(
            *_addresses(raw.get("VpcAttributes"), "PrivateIpAddress"),
            *_addresses(raw, "InnerIpAddress"),
        ),
        public_addresses=(
            *_addresses(raw, "PublicIpAddress"),
            *texts([(raw.get("EipAddress") or {}).get("IpAddress")]),
        ),
        charge_type=text_or_none(raw.get("InstanceChargeType")),
        stopped_without_charging=status == "Stopped" and raw.get("StoppedMode") == "StopCharging",
        created=utc_time(raw.get("CreationTime")),
        started=utc_time(raw.get("StartTime")),
        stopping=status == "Stopping",
        power_obstacle=_lock_or_state(raw, status),
        tags=_tags(raw),
        raw=raw,
    )


def _addresses(raw: Answer | None, field: str) -> tuple[str, ...]:
    return texts(((raw or {}).get(field) or {}).get("IpAddress"))


def _tags(raw: Answer) -> dict[str, str]:
    """Return the tags of an instance or key pair."""
    found = (raw.get("Tags") or {}).get("Tag") or ()
    return {str(tag.get("TagKey")): str(tag.get("TagValue") or "") for tag in found}


def to_key_pair(raw: Answer) -> KeyPair:
    """Return the key pair described by an element of KeyPairs; the API does not tell its instances."""
    name = str(raw.get("KeyPairName"))
    return KeyPair(
        id=name,
        name=name,
        public_key=text_or_none(raw.get("PublicKey")),
        fingerprint=text_or_none(raw.get("KeyPairFingerPrint")),
        created=utc_time(raw.get("CreationTime")),
        tags=_tags(raw),
        raw=raw,
    )


def _obstacle(raw: Answer, status: str) -> ErrorInfo | None:
    if _PLATFORM.get(str(raw.get("OSType", "")).lower()) == "windows":
        return WINDOWS
    return _lock_or_state(raw, status)


def _lock_or_state(raw: Answer, status: str) -> ErrorInfo | None:
    """Return what stands in the way of any operation."""
    locks = (raw.get("OperationLocks") or {}).get("LockReason") or ()
    if any(lock.get("LockReason") == "security" for lock in locks):
        return LOCKED
    if status not in _POWER:
        return unsupported_state(status)
    return None
