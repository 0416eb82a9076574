# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which operations Lighthouse permits on an instance right now, in the order in which it checks."""

from __future__ import annotations

from ...errors import ApiError
from ...settings import Settings
from ...world import Instance

#: action -> states in which it is permitted (vendor pages of the actions)
STATES = {
    "AssociateInstancesKeyPairs": ("RUNNING", "STOPPED"),
    "DisassociateInstancesKeyPairs": ("RUNNING", "STOPPED"),
    "ResetInstancesPassword": ("RUNNING", "STOPPED"),
    "StopInstances": ("RUNNING",),
    "StartInstances": ("STOPPED",),
    "RebootInstances": ("RUNNING",),
}
#: states of an instance that the API no longer wants to know
GONE = ("TERMINATING", "DELETING")


def refusal(settings: Settings, instance: Instance, action: str, online: bool = False) -> ApiError | None:
    """Return why the action is refused on this instance, None if it is permitted."""
    name, states = instance.instance_id, STATES[action]
    if instance.state in GONE:
        return ApiError("ResourceNotFound.InstanceNotFound", f"The instance `{name}` does not exist any more.")
    if action == "AssociateInstancesKeyPairs" and instance.platform == "windows":
        code = "WindowsNotSupportKeyPair" if online else "WindowsNotAllowToAssociateKeyPair"
        return ApiError(f"UnsupportedOperation.{code}", f"The instance `{name}` runs Windows.")
    if action == "AssociateInstancesKeyPairs" and not instance.display_area_supported:
        return ApiError(
            "UnsupportedOperation.InstanceDisplayAreaNotSupportOperation",
            f"The display area of the instance `{name}` does not support this operation.",
        )
    if instance.state == "PENDING":
        return ApiError("OperationDenied.InstanceCreating", f"The instance `{name}` is being created.")
    if instance.busy:
        return busy(settings, instance)
    if online and settings.switch("lighthouse_online_stopped") == "refuse":
        states = ("RUNNING",)
    if instance.state not in states:
        return ApiError(
            "UnsupportedOperation.InvalidInstanceState",
            f"The instance `{name}` is in state {instance.state}; permitted are {', '.join(states)}.",
        )
    return None


def busy(settings: Settings, instance: Instance) -> ApiError:
    """Return the error for an instance with an operation under way (two codes exist: switch ``busy_code``)."""
    return ApiError(
        busy_code(settings), f"The latest operation of the instance `{instance.instance_id}` is unfinished."
    )


def busy_code(settings: Settings) -> str:
    """Return the code for a busy instance."""
    if settings.switch("busy_code") == "in_progress":
        return "OperationDenied.InstanceOperationInProgress"
    return "UnsupportedOperation.LatestOperationUnfinished"
