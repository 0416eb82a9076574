# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lighthouse's mutating instance actions. One unsuitable instance makes the whole call fail, and nothing is changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...errors import ApiError
from ...world import Instance, KeyPair
from .. import lookup, operations
from ..context import Context
from ..passwords import check_password
from . import rules
from .instances import NOT_FOUND


def associate(context: Context) -> dict[str, Any]:
    """AssociateInstancesKeyPairs: a running instance is powered off first, unless the type is ONLINE."""
    online, username = _online(context, "AssociateType")
    _check_ids(context)
    found = _instances(context)
    key_pairs = _key_pairs(context)
    _permitted(context, found, online)
    for instance in found:
        for key_pair in key_pairs:
            if key_pair.key_id in instance.key_ids:
                raise ApiError(
                    "UnsupportedOperation.KeyPairBindDuplicate",
                    f"The key pair `{key_pair.key_id}` is bound to the instance `{instance.instance_id}` already.",
                )
    for instance in found:
        operations.bind(
            context,
            instance,
            key_pairs,
            replace=context.settings.switch("lighthouse_bind") == "replace",
            forced=not online,
            restart=_restart(context),
            username=username,
        )
    return {}


def disassociate(context: Context) -> dict[str, Any]:
    """DisassociateInstancesKeyPairs: like associating as far as the power state is concerned."""
    online, username = _online(context, "DisassociateType")
    _check_ids(context)
    found = _instances(context)
    key_pairs = _key_pairs(context)
    _permitted(context, found, online)
    for instance in found:
        for key_pair in key_pairs:
            _check_bound(instance, key_pair, username)
    for instance in found:
        operations.unbind(context, instance, context.params["KeyIds"], forced=not online, restart=_restart(context))
    return {}


def stop(context: Context) -> dict[str, Any]:
    """StopInstances. SOFT, SOFT_FIRST and HARD end alike here."""
    return _each(context, operations.stop)


def start(context: Context) -> dict[str, Any]:
    """StartInstances."""
    return _each(context, operations.start)


def reboot(context: Context) -> dict[str, Any]:
    """RebootInstances."""
    return _each(context, operations.reboot)


def reset_password(context: Context) -> dict[str, Any]:
    """ResetInstancesPassword: a running instance is shut down first."""
    found = _instances(context)
    for instance in found:
        check_password(context.params["Password"], instance.platform, "InvalidParameterValue.InvalidPassword")
    _permitted(context, found, online=False)
    for instance in found:
        operations.reset_password(context, instance, restart=_restart(context))
    return {}


def rename(context: Context) -> dict[str, Any]:
    """ModifyInstancesAttribute: the name, at once."""
    found = _instances(context)
    for instance in found:
        if instance.busy:
            raise rules.busy(context.settings, instance)
    for instance in found:
        instance.name = context.params["InstanceName"] or instance.name
    return {}


def _each(context: Context, operation: Callable[[Context, Instance], None]) -> dict[str, Any]:
    found = _instances(context)
    _permitted(context, found, online=False)
    for instance in found:
        operation(context, instance)
    return {}


def _check_ids(context: Context) -> None:
    lookup.check_instance_ids(context, context.params["InstanceIds"])
    lookup.check_key_ids(context, context.params["KeyIds"])


def _instances(context: Context) -> list[Instance]:
    return lookup.instances(context, NOT_FOUND)


def _key_pairs(context: Context) -> list[KeyPair]:
    return lookup.key_pairs(context, context.params["KeyIds"], "ResourceNotFound.KeyIdNotFound")


def _permitted(context: Context, found: list[Instance], online: bool) -> None:
    for instance in found:
        error = rules.refusal(context.settings, instance, context.action.name, online)
        if error is not None:
            raise error


def _online(context: Context, parameter: str) -> tuple[bool, str | None]:
    """Return whether the change happens in the running guest, and for which of its accounts."""
    online, username = context.params.get(parameter) == "ONLINE", context.params.get("Username") or None
    if username is not None and not online:
        raise ApiError("InvalidParameter", f"`Username` needs `{parameter}` ONLINE.")
    return online, username


def _check_bound(instance: Instance, key_pair: KeyPair, username: str | None) -> None:
    for binding in instance.bindings:
        if binding.key_id == key_pair.key_id:
            if binding.username != username:
                raise ApiError(
                    "UnsupportedOperation.KeyPairUnbindUsernameMismatch",
                    f"The key pair `{key_pair.key_id}` is bound to another account of `{instance.instance_id}`.",
                )
            return
    raise ApiError(
        "UnsupportedOperation.KeyPairNotBoundToInstance",
        f"The key pair `{key_pair.key_id}` is not bound to the instance `{instance.instance_id}`.",
    )


def _restart(context: Context) -> bool:
    """The page does not say whether an instance that was forced off is started again: switch."""
    return context.settings.switch("lighthouse_after_forced_stop") == "as_before"
