# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The plan: what to do on which instance, and the rows that say so. Check mode prints it, a run carries it out."""

from __future__ import annotations

import dataclasses
import typing as t

from .._capabilities import Capabilities
from .._models import Desired, ErrorInfo, KeyPair, Observation
from . import absent, present
from .change import Change, InstancePlan, is_bound
from .rows import Row, in_order
from .validation import validate_resolved


@dataclasses.dataclass(frozen=True)
class Plan:
    """What is to be done. ``changes`` of one instance stand in the order in which they have to happen."""

    rows: tuple[Row, ...]
    changes: tuple[Change, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def instance_ids(self) -> tuple[str, ...]:
        """Return the instances that change."""
        return tuple(dict.fromkeys(change.instance_id for change in self.changes))

    def first_changes(self) -> tuple[Change, ...]:
        """Return the next change of every instance."""
        first: dict[str, Change] = {}
        for change in self.changes:
            first.setdefault(change.instance_id, change)
        return tuple(first.values())

    def errors(self) -> dict[str, ErrorInfo]:
        """Return the error of every instance that cannot be changed."""
        return {row.instance_id: row.error for row in self.rows if row.outcome == "failed" and row.error is not None}


def make_plan(observation: Observation, desired: Desired, capabilities: Capabilities) -> Plan:
    """Return what has to be done to get from what was observed to what is desired.

    Raises InputError when two references name the same key pair.
    """
    validate_resolved(observation.key_pairs, desired)
    missing = [reference for reference in desired.key_pairs if reference not in observation.key_pairs]
    if missing and desired.state == "present":
        return _without_key_pairs(missing, observation, desired)
    plan_instance = present.plan_instance if desired.state == "present" else absent.plan_instance
    plans = [plan_instance(instance_id, observation, desired, capabilities) for instance_id in desired.instance_ids]
    return Plan(
        rows=in_order(row for plan in plans for row in plan.rows),
        changes=tuple(change for plan in plans for change in plan.changes),
        warnings=tuple(_warnings(plans, [name for name in desired.references if name not in observation.key_pairs])),
    )


def _without_key_pairs(missing: t.Sequence[str], observation: Observation, desired: Desired) -> Plan:
    """Fail before anything is written: a mistyped key pair is no reason to change half of what was asked."""
    error = ErrorInfo(
        code="KeyPairNotFound",
        message=f"The key pair {', '.join(missing)} does not exist in this region.",
        hint="Check the name or ID and the region; key pairs belong to one region. Create or import it first.",
    )
    skipped = dataclasses.replace(
        error, code="NotAttempted", message=f"Nothing was done, because {error.message[:1].lower()}{error.message[1:]}"
    )
    rows = []
    for instance_id in desired.instance_ids:
        for reference in desired.key_pairs:
            pair = observation.key_pairs.get(reference, KeyPair(id=reference, name=reference))
            row = Row(instance_id, pair.id, pair.name, action="bind")
            if reference in missing:
                rows.append(row.failed(error))
            elif is_bound(observation, instance_id, pair.id, desired.username):
                rows.append(Row(instance_id, pair.id, pair.name, before="present", after="present"))
            else:
                rows.append(row.failed(skipped, outcome="skipped"))
        rows += [_kept(instance_id, reference, observation, skipped) for reference in desired.unwanted]
    return Plan(rows=in_order(rows))


def _kept(instance_id: str, reference: str, observation: Observation, reason: ErrorInfo) -> Row:
    """Return the row of a key pair that would have gone."""
    pair = observation.key_pairs.get(reference, KeyPair(id=reference, name=reference))
    if not is_bound(observation, instance_id, pair.id):
        return Row(instance_id, pair.id, pair.name)
    return Row(instance_id, pair.id, pair.name, before="present", action="unbind").failed(reason, outcome="skipped")


def _warnings(plans: t.Sequence[InstancePlan], missing: t.Sequence[str]) -> t.Iterator[str]:
    if missing:
        yield (
            f"The key pair {', '.join(missing)} does not exist in this region, so it is bound to nothing. "
            "Check the spelling if you expected it to be bound."
        )
    locked_out = [plan.instance_id for plan in plans if plan.lock_out]
    if locked_out:
        yield (
            f"{len(locked_out)} instance(s) are left without any key pair: {enumerate_some(locked_out)}. "
            "Nobody knows here whether a password exists; without one there is no SSH login. "
            "last_key_policy=refuse prevents this."
        )


def enumerate_some(names: t.Sequence[str], most: int = 10) -> str:
    """Return the names as text, the first few of them when there are many."""
    listed = ", ".join(names[:most])
    return listed if len(names) <= most else f"{listed} and {len(names) - most} more"
