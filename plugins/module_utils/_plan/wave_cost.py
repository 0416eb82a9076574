# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What a change costs an instance that runs, and whether that is allowed."""

from __future__ import annotations

import dataclasses
import typing as t

from .._capabilities import Capabilities
from .._journal.model import Record
from .._models import ErrorInfo, Instance, Observation
from .plan import Plan
from .wave_model import Cost, WavePolicy


def costs_of(
    plan: Plan,
    observation: Observation,
    capabilities: Capabilities,
    *,
    make_effective: bool,
) -> dict[str, Cost]:
    """Return what each instance that changes has to go through.

    A plan that may power running instances off has ``force`` in the changes that need it.
    """
    costs: dict[str, Cost] = dict.fromkeys(plan.instance_ids, "none")
    for change in plan.changes:
        instance = observation.instances.get(change.instance_id)
        if change.force:
            costs[change.instance_id] = "stop"
        elif capabilities.restart_needed and make_effective and instance is not None and instance.power == "running":
            costs[change.instance_id] = "reboot"
    return costs


def still_pending(record: Record | None, instance: Instance | None, *, moved: bool) -> bool:
    """Tell whether a reboot that an earlier run was about to make is still needed.

    The API cannot tell which key pair a guest uses. One with another start time, or that was seen on its way
    (``moved``), has been started since; one that is stopped will use the change when it is started.
    """
    if record is None or instance is None or not record.reboot_pending or instance.power != "running":
        return False
    return not moved and (instance.started is None or instance.started == record.started)


def keys_changed(before: Instance | None, after: Instance) -> bool:
    """Tell whether the key pairs of an instance are others than before."""
    return before is None or set(before.key_pairs) != set(after.key_pairs)


def needs_start(record: Record | None, instance: Instance | None) -> bool:
    """Tell whether an instance is stopped that ran before an earlier run touched it."""
    if instance is None or record is None:
        return False
    return instance.power == "stopped" and record.power == "running"


def settled(record: Record, instance: Instance | None) -> bool:
    """Tell whether an instance is seen to have the power state in which an earlier run found it."""
    if instance is None or instance.hidden:
        return False
    return record.power != "running" or instance.power == "running"


def unsettled_text(record: Record, instance: Instance | None, folder: str) -> str:
    """Return what a user should know of an instance that the journal does not forget."""
    known = (
        f"it is in state {instance.state} now" if instance else "the API does not know it, or not for these credentials"
    )
    return (
        f"{record.instance} was left unfinished by run {record.run}, which found it {record.power}; {known}. "
        f"It stays in the journal in {folder}. Run this again with the right credentials, or once it runs; "
        "if it does not exist any more, take it out of the file there that names it."
    )


def with_way_out(error: ErrorInfo, policy: WavePolicy) -> ErrorInfo:
    """Return the error of a stop or reboot, with what to do about a guest that does not obey."""
    if policy.interruption == "force" or error.code not in ("OperationFailed", "WaitTimeout", "NotApplied"):
        return error
    hint = "A soft stop or reboot is up to the guest. Set interruption=force to end it by force."
    return dataclasses.replace(error, hint=hint)


def refusals(
    costs: t.Mapping[str, Cost], instances: t.Mapping[str, Instance | None], policy: WavePolicy
) -> dict[str, ErrorInfo]:
    """Return an error for every instance that would be interrupted without consent."""
    if policy.interruption != "none":
        return {}
    return {name: _not_allowed(name, instances.get(name), cost) for name, cost in costs.items() if cost != "none"}


def _not_allowed(instance_id: str, instance: Instance | None, cost: Cost) -> ErrorInfo:
    name = f" ({instance.name})" if instance and instance.name else ""
    needed = "to be stopped and started for" if cost == "stop" else "a reboot to use"
    instead = "" if cost == "stop" else ", or set make_effective=false to leave the reboot to somebody else"
    return ErrorInfo(
        code="InterruptionNotAllowed",
        message=f"{instance_id}{name} runs and would need {needed} its new key pairs, but interruption is none.",
        hint=f"Set interruption=soft (or force) when it may be interrupted{instead}.",
    )
