# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Planning one instance that shall not have key pairs: unbind those that are bound, and mind the last one."""

from __future__ import annotations

from .._capabilities import Capabilities
from .._models import Desired, ErrorInfo, Observation
from .change import InstancePlan, is_bound, named, obstacle, with_interruptions
from .rows import Row
from .unbinding import online_for, unbind_changes, unbind_rows

LAST_KEY_PAIR = ErrorInfo(
    code="LastKeyPair",
    message="it would be left without any key pair, and nobody knows here whether a password exists",
    hint="Bind another key pair first, or set last_key_policy to warn or allow.",
)


def plan_instance(
    instance_id: str, observation: Observation, desired: Desired, capabilities: Capabilities
) -> InstancePlan:
    """Return rows and changes of one instance for ``state=absent``. One without these key pairs need not even exist."""
    rows = [
        row
        for reference in desired.key_pairs
        for row in _rows(instance_id, reference, observation, desired, capabilities)
    ]
    going = [row for row in rows if row.action == "unbind"]
    instance = observation.instances.get(instance_id)
    lock_out = bool(going) and instance is not None and not set(instance.key_pairs) - {row.key_pair for row in going}
    errors = {row: _error(row, observation, desired, capabilities, lock_out=lock_out) for row in rows if row in going}
    changes = unbind_changes((row for row in going if errors[row] is None), observation, desired, capabilities)
    final = [row.failed(error) if (error := errors.get(row)) is not None else row for row in rows]
    return InstancePlan(
        instance_id,
        with_interruptions(final, changes),
        changes,
        lock_out=lock_out and bool(changes) and desired.last_key_policy == "warn",
    )


def _rows(
    instance_id: str, reference: str, observation: Observation, desired: Desired, capabilities: Capabilities
) -> list[Row]:
    """Return the rows of one reference; a key pair that does not exist is bound to nothing."""
    pair = observation.key_pairs.get(reference)
    if pair is None:
        return [Row(instance_id, reference, username=desired.username)]
    if is_bound(observation, instance_id, pair.id, desired.username):
        return unbind_rows(instance_id, pair.id, observation, desired, capabilities)
    effective = None if capabilities.restart_needed else True
    return [Row(instance_id, pair.id, pair.name, username=desired.username, effective=effective)]


def _error(
    row: Row, observation: Observation, desired: Desired, capabilities: Capabilities, *, lock_out: bool
) -> ErrorInfo | None:
    if row.username and desired.association_type == "offline":
        return ErrorInfo(
            code="BoundForUser",
            message=f"{row.key_pair} is bound to {row.instance_id} for the user {row.username}; "
            "an offline unbind cannot name a user.",
            hint=f"Set association_type=online and username={row.username}, or leave both out.",
        )
    error = obstacle(observation, row.instance_id, desired, capabilities, online=bool(online_for(row, desired)))
    if error is not None:
        return error
    instance = observation.instances.get(row.instance_id)
    if lock_out and desired.last_key_policy == "refuse" and instance is not None:
        return named(instance, LAST_KEY_PAIR)
    return None
