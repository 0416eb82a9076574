# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""From the elements of Tencent's answers to key pairs and instances; the same for all three dialects.

Vendor pages: data types KeyPair and Instance of Lighthouse and CVM. Every field is optional: older answers lack some.
"""

from __future__ import annotations

import typing as t

from .._client import Answer
from .._models import ErrorInfo, Holder, Instance, KeyPair, LatestOperation, OperationState, Platform, Power
from ._answers import text_or_none, texts, utc_time
from ._obstacles import STOPPED_WITHOUT_CHARGING, WINDOWS, unsupported_state

# Vendor pages: InstanceState of DescribeInstances. Each product has a few more.
COMMON_STATES = (
    "PENDING",
    "LAUNCH_FAILED",
    "RUNNING",
    "STOPPED",
    "STARTING",
    "STOPPING",
    "REBOOTING",
    "SHUTDOWN",
    "TERMINATING",
    "ENTER_RESCUE_MODE",
    "RESCUE_MODE",
    "EXIT_RESCUE_MODE",
)
# Vendor page: InstanceState of DescribeInstances. A state that is not listed here cannot take a change.
_POWER: t.Mapping[str, Power] = {
    "RUNNING": "running",
    "STOPPED": "stopped",
    **dict.fromkeys(
        (
            "PENDING", "STARTING", "STOPPING", "REBOOTING", "EXIT_RESCUE_MODE",
            "ENTER_SERVICE_LIVE_MIGRATE", "SERVICE_LIVE_MIGRATE", "EXIT_SERVICE_LIVE_MIGRATE",
        ),
        "changing",
    ),
}  # fmt: skip
_OPERATION: t.Mapping[str, OperationState] = {"SUCCESS": "success", "OPERATING": "operating", "FAILED": "failed"}
# Vendor page: Instance of Lighthouse, PlatformType. CVM tells the name of the system only.
_PLATFORM: t.Mapping[str, Platform] = {"LINUX_UNIX": "linux", "WINDOWS": "windows"}


def to_instance(raw: Answer) -> Instance:
    """Return the instance described by an element of InstanceSet."""
    state = str(raw.get("InstanceState", ""))
    platform = _platform(raw)
    return Instance(
        id=str(raw["InstanceId"]),
        name=str(raw.get("InstanceName") or ""),
        state=state,
        power=_POWER.get(state, "unavailable"),
        key_pairs=tuple((raw.get("LoginSettings") or {}).get("KeyIds") or ()),
        operation=_latest_operation(raw),
        obstacle=_obstacle(raw, state, windows=platform == "windows"),
        platform=platform,
        zone=text_or_none(raw.get("Zone") or (raw.get("Placement") or {}).get("Zone")),
        instance_type=text_or_none(raw.get("InstanceType") or raw.get("BundleId")),
        private_addresses=texts(raw.get("PrivateIpAddresses") or raw.get("PrivateAddresses")),
        public_addresses=(
            *texts(raw.get("PublicIpAddresses") or raw.get("PublicAddresses")),
            *texts(raw.get("PublicIpv6Addresses")),
        ),
        charge_type=text_or_none(raw.get("InstanceChargeType")),
        stopping=state == "STOPPING",
        power_obstacle=None if state in _POWER else unsupported_state(state),
        stopped_without_charging=_stopped_without_charging(raw, state),
        created=utc_time(raw.get("CreatedTime") or raw.get("CreateTime")),
        tags=tags(raw),
        raw=raw,
    )


def to_key_pair(raw: Answer) -> KeyPair:
    """Return the key pair described by an element of KeyPairSet; accounts appear where Lighthouse tells them."""
    detailed = raw.get("AssociatedInstanceSet") or ()
    listed = {entry["InstanceId"] for entry in detailed}
    plain = [instance_id for instance_id in raw.get("AssociatedInstanceIds") or () if instance_id not in listed]
    return KeyPair(
        id=str(raw["KeyId"]),
        name=str(raw.get("KeyName") or ""),
        holders=(
            *(Holder(str(entry["InstanceId"]), text_or_none(entry.get("Username"))) for entry in detailed),
            *(Holder(str(instance_id)) for instance_id in plain),
        ),
        public_key=text_or_none(raw.get("PublicKey")),
        # Pages of the legacy API print CreateTime.
        created=utc_time(raw.get("CreatedTime") or raw.get("CreateTime")),
        tags=tags(raw),
        raw={field: value for field, value in raw.items() if field != "PrivateKey"},
    )


def tags(raw: Answer) -> dict[str, str]:
    """Return the tags of an instance or key pair; none where the API does not report them (legacy API)."""
    return {str(tag.get("Key")): str(tag.get("Value") or "") for tag in raw.get("Tags") or ()}


def _latest_operation(raw: Answer) -> LatestOperation | None:
    """Return the latest operation; None where the API does not report any (legacy API)."""
    if "LatestOperationState" not in raw:
        return None
    return LatestOperation(
        name=str(raw.get("LatestOperation") or ""),
        state=_OPERATION.get(str(raw.get("LatestOperationState") or ""), "none"),
        request_id=text_or_none(raw.get("LatestOperationRequestId")),
        error_message=text_or_none(raw.get("LatestOperationErrorMsg")),
    )


def _platform(raw: Answer) -> Platform:
    name = str(raw.get("OsName") or "").lower()
    by_name: Platform = "windows" if "windows" in name else "linux" if name else "unknown"
    return _PLATFORM.get(str(raw.get("PlatformType")), by_name)


def _obstacle(raw: Answer, state: str, *, windows: bool) -> ErrorInfo | None:
    if windows:
        return WINDOWS
    if state not in _POWER:
        return unsupported_state(state)
    if _stopped_without_charging(raw, state):
        return STOPPED_WITHOUT_CHARGING
    return None


def _stopped_without_charging(raw: Answer, state: str) -> bool:
    return state == "STOPPED" and raw.get("StopChargingMode") == "STOP_CHARGING"
