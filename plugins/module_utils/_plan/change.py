# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The change of one instance, and what is common to planning a bind and an unbind."""

from __future__ import annotations

import dataclasses
import typing as t

from .._capabilities import Capabilities
from .._models import Desired, ErrorInfo, Instance, Observation
from .rows import Row


@dataclasses.dataclass(frozen=True)
class Change:
    """One write on one instance. ``force``: the instance runs and may be powered off for it."""

    instance_id: str
    action: t.Literal["bind", "unbind"]
    key_pairs: tuple[str, ...]
    force: bool = False
    online: bool | None = None
    username: str | None = None


@dataclasses.dataclass(frozen=True)
class InstancePlan:
    """Rows and changes of one instance. ``lock_out``: no key pair will be left."""

    instance_id: str
    rows: tuple[Row, ...]
    changes: tuple[Change, ...] = ()
    lock_out: bool = False


NOT_FOUND = ErrorInfo(
    code="InstanceNotFound",
    message="The instance does not exist in this region, or these credentials may not see it.",
    hint="Check the instance ID, the region and the account.",
)


def is_bound(observation: Observation, instance_id: str, key_pair: str, username: str | None = None) -> bool:
    """Tell whether the key pair is bound to the instance; with ``username``, for that guest account.

    An instance that was looked at decides. A binding for an account is known from the key pair's own list only.
    """
    accounts = observation.usernames(instance_id, key_pair)
    if username:
        return username in accounts
    instance = observation.instances.get(instance_id)
    if instance is None:
        return bool(accounts) and instance_id not in observation.instances
    if instance.hidden:
        return bool(accounts)
    return key_pair in instance.key_pairs or any(accounts)


def bound_for_another(observation: Observation, change: Change) -> ErrorInfo | None:
    """Return the error for a bind that does not come about because the key pair is bound for another guest account."""
    if change.action != "bind" or not change.username:
        return None
    for key in change.key_pairs:
        accounts = [account for account in observation.usernames(change.instance_id, key) if account]
        if accounts and change.username not in accounts:
            others = ", ".join(accounts)
            return ErrorInfo(
                code="BoundForUser",
                message=f"{key} is bound to {change.instance_id} for the user {others}; "
                f"the API does not bind it for {change.username} as well.",
                hint=f"Unbind it for {others} first (state=absent, username={others}), or leave it there.",
            )
    return None


def obstacle(
    observation: Observation, instance_id: str, desired: Desired, capabilities: Capabilities, *, online: bool
) -> ErrorInfo | None:
    """Return why the instance cannot be changed now, or None.

    An instance that is merely busy is no obstacle: that passes.
    """
    instance = observation.instances.get(instance_id)
    if instance is None:
        return NOT_FOUND
    if instance.obstacle is not None:
        return named(instance, instance.obstacle)
    if instance.power == "running" and capabilities.needs_stop and not online and not desired.force_stop:
        return named(instance, running_error(capabilities))
    return None


def named(instance: Instance, error: ErrorInfo) -> ErrorInfo:
    """Return a reason ("it runs Windows") as a sentence that names the instance and what was wanted."""
    name = f" ({instance.name})" if instance.name else ""
    return dataclasses.replace(
        error, message=f"The key pairs of {instance.id}{name} cannot be changed: {error.message}."
    )


def running_error(capabilities: Capabilities) -> ErrorInfo:
    """Return the refusal to power a running instance off unasked."""
    instead = ", or set association_type=online" if capabilities.association_types else ""
    return ErrorInfo(
        code="InstanceRunning",
        message="it is running, and the change would need it powered off",
        hint=f"Stop it first, or set force_stop=true to let the API power it off for the change{instead}.",
    )


def forced(observation: Observation, instance_id: str, capabilities: Capabilities, *, online: bool) -> bool:
    """Tell whether a change powers the instance off."""
    instance = observation.instances.get(instance_id)
    return instance is not None and instance.power == "running" and capabilities.needs_stop and not online


def with_interruptions(rows: t.Iterable[Row], changes: t.Iterable[Change]) -> tuple[Row, ...]:
    """Return the rows with what their changes cost."""
    cost = {(change.action, key) for change in changes if change.force for key in change.key_pairs}
    return tuple(
        dataclasses.replace(row, interruption="forced_stop") if (row.action, row.key_pair) in cost else row
        for row in rows
    )
