# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which operations CVM permits on an instance right now, in the order in which it checks.

The states listed are those for which the actions' pages document a code ``UnsupportedOperation.InstanceState<State>``.
"""

from __future__ import annotations

from ...errors import ApiError
from ...world import Instance

NOT_SUPPORTED = "InvalidInstance.NotSupported"
BUSY_CODE = "OperationDenied.InstanceOperationInProgress"
_RESCUE = ("EnterRescueMode", "ExitRescueMode", "RescueMode")
_MIGRATE = ("EnterServiceLiveMigrate", "ExitServiceLiveMigrate", "ServiceLiveMigrate")
_COMMON = ("Freezing", "Pending", "Rebooting", "Shutdown", "Starting", "Stopping", "Terminating")

#: action -> states that have a code of their own
DOCUMENTED = {
    "AssociateInstancesKeyPairs": frozenset(
        {*_COMMON, "EnterServiceLiveMigrate", "ExitRescueMode", "Isolating", "RescueMode", "Running"}
    ),
    "DisassociateInstancesKeyPairs": frozenset({*_COMMON, "Banning", "EnterRescueMode", "RescueMode", "Running"}),
    "ResetInstancesPassword": frozenset({*_COMMON, *_RESCUE, "Isolating", "Running", "ServiceLiveMigrate"}),
    "StopInstances": frozenset(
        {*_COMMON, *_RESCUE, *_MIGRATE, "Banning", "Corrupted", "Isolating", "Stopped", "Terminated"}
    ),
    "StartInstances": frozenset(
        {*_COMMON, *_RESCUE, "Corrupted", "Isolating", "Running", "ServiceLiveMigrate", "Stopped", "Terminated"}
    ),
    "RebootInstances": frozenset(
        {*_COMMON, *_MIGRATE, "EnterRescueMode", "ExitRescueMode", "Corrupted", "Isolating", "Stopped"}
    ),
}
_POWER = {"StopInstances": "RUNNING", "StartInstances": "STOPPED", "RebootInstances": "RUNNING"}
_LINUX_ONLY = ("AssociateInstancesKeyPairs", "DisassociateInstancesKeyPairs")


def check(instance: Instance, action: str, forced: bool = False) -> None:
    """Raise ApiError if the action is refused on this instance; ``forced``: it may power a running one off."""
    name = instance.instance_id
    if action in _LINUX_ONLY and instance.platform == "windows":
        raise ApiError("UnsupportedOperation.InstanceOsWindows", f"The instance `{name}` runs Windows.")
    if instance.restrict_state != "NORMAL":
        raise ApiError(NOT_SUPPORTED, f"The instance `{name}` is {instance.restrict_state}.")
    if instance.busy:
        raise ApiError(
            BUSY_CODE, f"The instance `['{name}']` already has an operation in progress. Please try again later."
        )
    permitted = (_POWER[action],) if action in _POWER else ("STOPPED", "RUNNING") if forced else ("STOPPED",)
    if instance.state not in permitted:
        raise ApiError(_state_code(instance.state, action), f"The instance `{name}` is in state {instance.state}.")
    if instance.stop_charging and instance.state == "STOPPED" and action not in _POWER:
        raise ApiError(
            "UnsupportedOperation.StoppedModeStopCharging",
            f"The instance `{name}` was stopped without charging and does not support this operation.",
        )


def _state_code(state: str, action: str) -> str:
    word = "".join(part.capitalize() for part in state.split("_"))
    return f"UnsupportedOperation.InstanceState{word}" if word in DOCUMENTED[action] else NOT_SUPPORTED
