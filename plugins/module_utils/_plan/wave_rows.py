# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The rows of a wave: as they were planned, refused, came out, or were put back."""

from __future__ import annotations

import dataclasses
import typing as t

from .._capabilities import Capabilities
from .._models import Desired, ErrorInfo, Observation, Outcome
from .change import is_bound
from .conclusion import Result, conclude
from .plan import Plan
from .rows import Row, in_order
from .wave_model import Cost


def joined(plans: t.Sequence[Plan]) -> Plan:
    """Return one plan for several, which are about different instances."""
    return Plan(
        rows=in_order(row for plan in plans for row in plan.rows),
        changes=tuple(change for plan in plans for change in plan.changes),
        warnings=tuple(dict.fromkeys(text for plan in plans for text in plan.warnings)),
    )


def only(wishes: t.Iterable[Desired], instance_ids: t.Container[str]) -> list[Desired]:
    """Return the wishes for these instances."""
    narrowed = (
        dataclasses.replace(wish, instance_ids=tuple(name for name in wish.instance_ids if name in instance_ids))
        for wish in wishes
    )
    return [wish for wish in narrowed if wish.instance_ids]


def not_read(wishes: t.Iterable[Desired], error: ErrorInfo) -> tuple[Row, ...]:
    """Return the rows of instances that could not be read: nothing was written, and nobody knows what is bound."""
    return in_order(
        Row(name, key, before="unknown", after="unknown", outcome="failed", error=error)
        for wish in wishes
        for name in wish.instance_ids
        for key in wish.references
    )


def refused_rows(plan: Plan, errors: t.Mapping[str, ErrorInfo], *, outcome: Outcome = "failed") -> Plan:
    """Return the plan without the instances that have an error here; what would have changed says so."""
    return dataclasses.replace(
        plan,
        rows=tuple(_refused(row, errors.get(row.instance_id), outcome) for row in plan.rows),
        changes=tuple(change for change in plan.changes if change.instance_id not in errors),
    )


def _refused(row: Row, error: ErrorInfo | None, outcome: Outcome) -> Row:
    if error is None or row.action == "none" or row.outcome != "changed":
        return row
    if row.action == "displace":
        return dataclasses.replace(row, action="none", after=row.before, outcome="unchanged", effective=None)
    return row.failed(error, outcome=outcome)


def with_costs(rows: t.Iterable[Row], costs: t.Mapping[str, Cost]) -> tuple[Row, ...]:
    """Return the rows with what their change costs the instance."""
    return tuple(
        dataclasses.replace(
            row, interruption=costs.get(row.instance_id, "none") if row.outcome == "changed" else "none"
        )
        for row in rows
    )


def carried_out(
    plan: Plan,
    final: Observation,
    results: t.Mapping[str, Result],
    capabilities: Capabilities,
    *,
    effective: t.Collection[str],
) -> tuple[Row, ...]:
    """Return the rows as they came out. ``effective``: instances that were restarted since."""
    rows = conclude(plan, final, results, capabilities)
    return tuple(
        dataclasses.replace(row, effective=True) if row.effective is False and row.instance_id in effective else row
        for row in rows
    )


def put_back(
    rows: t.Iterable[Row], final: Observation, errors: t.Mapping[str, ErrorInfo], culprits: t.Collection[str]
) -> tuple[Row, ...]:
    """Return the rows after a roll-back of the instances in ``errors``; the culprits are those that caused it."""
    return tuple(
        row
        if (error := errors.get(row.instance_id)) is None or row.action == "none"
        else dataclasses.replace(
            row,
            after="present" if is_bound(final, row.instance_id, row.key_pair, row.username) else "absent",
            outcome="failed" if row.instance_id in culprits else "skipped",
            effective=None,
            error=error,
        )
        for row in rows
    )
