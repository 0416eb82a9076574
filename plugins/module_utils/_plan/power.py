# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Planning power states: which instances have to be started, stopped or restarted to be as desired."""

from __future__ import annotations

import dataclasses
import typing as t

from .._capabilities import Capabilities
from .._errors import InputError
from .._models import ErrorInfo, Instance, Power, StopType
from .change import NOT_FOUND
from .plan import enumerate_some
from .power_rows import PowerAction, PowerRow
from .validation import validate_instance_ids


@dataclasses.dataclass(frozen=True)
class DesiredPower:
    """What one task asks for."""

    instance_ids: tuple[str, ...]
    state: t.Literal["running", "stopped", "restarted"]
    stop_type: StopType = "soft_first"
    keep_charging: bool = True

    @property
    def goal(self) -> Power:
        """Return the power state in which the instances end."""
        return "stopped" if self.state == "stopped" else "running"


@dataclasses.dataclass(frozen=True)
class PowerChange:
    """One write on one instance. "none": it is on its way to where it shall be, which is waited for.

    ``insist``: the soft stop had its time, so this is sent although the instance is still on its way.
    """

    instance_id: str
    action: PowerAction
    stop_type: StopType | None = None
    keep_charging: bool = True
    insist: bool = False


@dataclasses.dataclass(frozen=True)
class PowerPlan:
    """What is to be done: a row for every instance, a change for those that are not as desired."""

    rows: tuple[PowerRow, ...]
    changes: tuple[PowerChange, ...] = ()
    warnings: tuple[str, ...] = ()


def validate_power(desired: DesiredPower, capabilities: Capabilities) -> None:
    """Raise InputError for anything that cannot be right, whatever the cloud holds."""
    validate_instance_ids(desired.instance_ids, capabilities)
    if not desired.keep_charging and not capabilities.stops_charging:
        raise InputError(
            f"keep_charging=false is not supported by {capabilities.provider}.",
            "Leave it out; this API has no stop that ends the charging of the instance.",
        )


def plan_power(
    instances: t.Mapping[str, Instance | None], desired: DesiredPower, capabilities: Capabilities, *, wait: bool
) -> PowerPlan:
    """Return what has to be done. ``instances``: every desired ID, with None for one that the API does not know."""
    rows: list[PowerRow] = []
    changes: list[PowerChange] = []
    for instance_id in sorted(desired.instance_ids):
        instance = instances[instance_id]
        row = _row(instance_id, instance, desired)
        rows.append(row)
        if instance is None or row.outcome == "failed":
            continue
        arrives = instance.busy and row.action == "none"
        if row.action != "none" or (arrives and wait):
            changes.append(change_for(instance_id, row.action, desired, capabilities))
    return PowerPlan(
        rows=tuple(rows),
        changes=tuple(changes),
        warnings=tuple(_warnings(instances, changes, desired, capabilities, wait=wait)),
    )


def needed(power: Power, desired: DesiredPower, *, restarted: bool = False) -> PowerAction:
    """Return what an instance that runs or is stopped needs. ``restarted``: it was restarted for this task already.

    A stopped instance that shall be restarted is started, as with services in Ansible.
    """
    if power == "stopped":
        return "none" if desired.state == "stopped" else "start"
    if desired.state == "stopped":
        return "stop"
    return "restart" if desired.state == "restarted" and not restarted else "none"


def change_for(
    instance_id: str,
    action: PowerAction,
    desired: DesiredPower,
    capabilities: Capabilities,
    *,
    soft_ended: bool = False,
) -> PowerChange:
    """Return the change that carries the action out.

    Where the API has no soft_first of its own, that is a soft stop and then, once ``soft_ended``, a hard one.
    """
    if action not in ("stop", "restart"):
        return PowerChange(instance_id, action)
    stop_type = desired.stop_type
    if in_two_steps(desired, capabilities):
        stop_type = "hard" if soft_ended else "soft"
    return PowerChange(instance_id, action, stop_type, desired.keep_charging, insist=soft_ended)


def in_two_steps(desired: DesiredPower, capabilities: Capabilities) -> bool:
    """Tell whether we ourselves have to try softly first and then by force."""
    return desired.stop_type == "soft_first" and not capabilities.soft_first


def obstacle(instance: Instance | None) -> ErrorInfo | None:
    """Return why the power state of the instance cannot be changed, or None. Being on its way is none: that passes."""
    if instance is None:
        return NOT_FOUND
    reason = instance.obstacle if instance.hidden else instance.power_obstacle
    if reason is None:
        return None
    name = f" ({instance.name})" if instance.name else ""
    message = f"The power state of {instance.id}{name} cannot be changed: {reason.message}."
    return dataclasses.replace(reason, message=message)


def _row(instance_id: str, instance: Instance | None, desired: DesiredPower) -> PowerRow:
    """Return the row of one instance; of one on its way, as if it were there already."""
    if instance is None or instance.hidden:
        row = PowerRow(instance_id, action="none", before="unknown", after="unknown")
        return row.failed(obstacle(instance))
    expected = instance.power
    if expected == "changing":
        expected = "stopped" if instance.stopping else "running"
    # An instance that is already as desired need not be fit for a change.
    action = needed(expected, desired) if expected != "unavailable" else "none"
    row = PowerRow(instance_id, instance.name or None, before=instance.power, after=desired.goal, action=action)
    error = obstacle(instance)
    if error is not None and (action != "none" or expected == "unavailable"):
        return row.failed(error)
    return dataclasses.replace(row, outcome="unchanged" if action == "none" else "changed")


def _warnings(
    instances: t.Mapping[str, Instance | None],
    changes: t.Sequence[PowerChange],
    desired: DesiredPower,
    capabilities: Capabilities,
    *,
    wait: bool,
) -> t.Iterator[str]:
    if not wait and in_two_steps(desired, capabilities) and any(change.stop_type for change in changes):
        yield (
            f"stop_type=soft_first on {capabilities.provider} is a soft stop and, if that does not end, a hard one. "
            "With wait=false only the soft one is asked for. Set stop_type=soft or stop_type=hard, or wait=true."
        )
    free = [one.id for one in instances.values() if one is not None and one.stopped_without_charging]
    if free and desired.state == "stopped" and desired.keep_charging:
        yield (
            f"{len(free)} instance(s) are stopped without charging already: {enumerate_some(free)}. They stay so; "
            "the public address may be lost, and key pairs cannot be bound. Start and stop them to keep charging."
        )
