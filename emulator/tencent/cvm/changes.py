# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CVM's mutating instance actions. One unsuitable instance makes the whole call fail, and nothing is changed."""

from __future__ import annotations

from typing import Any

from ...errors import ApiError
from ...world import Instance, KeyPair
from .. import lookup, operations
from ..context import Context
from ..passwords import check_password
from . import rules
from .key_pairs import NOT_FOUND


def associate(context: Context) -> dict[str, Any]:
    """AssociateInstancesKeyPairs: STOPPED instances; with ForceStop running ones too: off, changed, started again."""
    found, key_pairs = _instances_and_key_pairs(context)
    if context.settings.switch("cvm_bind_duplicate") == "error":
        for instance in found:
            _refuse_bound(instance, key_pairs)
    for instance in found:
        operations.bind(
            context,
            instance,
            key_pairs,
            replace=context.settings.switch("cvm_bind") == "replace",
            forced=True,
            restart=_restart(context),
        )
    return {}


def disassociate(context: Context) -> dict[str, Any]:
    """DisassociateInstancesKeyPairs: like associating as far as the power state is concerned."""
    found, key_pairs = _instances_and_key_pairs(context)
    if context.settings.switch("cvm_unbind_unbound") == "error":
        for instance in found:
            _refuse_unbound(instance, key_pairs)
    for instance in found:
        operations.unbind(context, instance, context.params["KeyIds"], forced=True, restart=_restart(context))
    return {}


def stop(context: Context) -> dict[str, Any]:
    """StopInstances. STOP_CHARGING has an effect on pay-as-you-go instances only."""
    _refuse_combination(context, "ForceStop")
    wanted = context.params.get("StoppedMode") == "STOP_CHARGING"
    for instance in _suitable(context):
        operations.stop(context, instance, stop_charging=wanted and instance.charge_type == "POSTPAID_BY_HOUR")
    return {}


def start(context: Context) -> dict[str, Any]:
    """StartInstances."""
    for instance in _suitable(context):
        operations.start(context, instance)
    return {}


def reboot(context: Context) -> dict[str, Any]:
    """RebootInstances."""
    _refuse_combination(context, "ForceReboot")
    for instance in _suitable(context):
        operations.reboot(context, instance)
    return {}


def reset_password(context: Context) -> dict[str, Any]:
    """ResetInstancesPassword: STOPPED instances, with ForceStop running ones too."""
    found = _instances(context)
    for instance in found:
        check_password(context.params["Password"], instance.platform, "InvalidParameterValue.InvalidPassword")
    _permitted(context, found)
    for instance in found:
        operations.reset_password(context, instance, restart=_restart(context))
    return {}


def _suitable(context: Context) -> list[Instance]:
    found = _instances(context)
    _permitted(context, found)
    return found


def _instances_and_key_pairs(context: Context) -> tuple[list[Instance], list[KeyPair]]:
    lookup.check_instance_ids(context, context.params["InstanceIds"])
    lookup.check_key_ids(context, context.params["KeyIds"])
    found = _instances(context)
    key_pairs = lookup.key_pairs(context, context.params["KeyIds"], NOT_FOUND)
    _permitted(context, found)
    return found, key_pairs


def _instances(context: Context) -> list[Instance]:
    return lookup.instances(context, "InvalidInstanceId.NotFound")


def _permitted(context: Context, found: list[Instance]) -> None:
    forced = bool(context.params.get("ForceStop")) and not context.product.force_ignored(context.settings)
    for instance in found:
        rules.check(instance, context.action.name, forced)


def _refuse_bound(instance: Instance, key_pairs: list[KeyPair]) -> None:
    for key_pair in key_pairs:
        if key_pair.key_id in instance.key_ids:
            raise ApiError(
                "InvalidParameterValue.KeyPairNotSupported",
                f"The key pair `{key_pair.key_id}` is bound to the instance `{instance.instance_id}` already.",
            )


def _refuse_unbound(instance: Instance, key_pairs: list[KeyPair]) -> None:
    for key_pair in key_pairs:
        if key_pair.key_id not in instance.key_ids:
            raise ApiError(
                "FailedOperation.DisassociateKeyPairFailed",
                f"The key pair `{key_pair.key_id}` is not bound to the instance `{instance.instance_id}`.",
            )


def _refuse_combination(context: Context, deprecated: str) -> None:
    """The deprecated flag and its successor StopType exclude each other, whatever their values."""
    if context.params.get(deprecated) is not None and context.params.get("StopType") is not None:
        raise ApiError("InvalidParameterCombination", f"`{deprecated}` and `StopType` must not be given together.")


def _restart(context: Context) -> bool:
    return context.settings.switch("cvm_force_restart") == "restart"
