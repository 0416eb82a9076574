# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""One row for every instance whose power state a task is about, and the rows as they come out."""

from __future__ import annotations

import dataclasses
import typing as t

from .._models import ErrorInfo, Instance, Outcome, Power

PowerAction = t.Literal["none", "start", "stop", "restart"]


@dataclasses.dataclass(frozen=True)
class PowerRow:
    """What becomes, or would become, of one instance. The fields are those of the module's results."""

    instance_id: str
    name: str | None = None
    before: Power | t.Literal["unknown"] = "unknown"
    after: Power | t.Literal["unknown"] = "unknown"
    action: PowerAction = "none"
    outcome: Outcome = "unchanged"
    request_id: str | None = None
    error: ErrorInfo | None = None

    def as_dict(self) -> dict[str, t.Any]:
        """Return the row as results show it."""
        return dataclasses.asdict(self)

    def failed(self, error: ErrorInfo | None) -> PowerRow:
        """Return this row as one for which nothing could be done."""
        return dataclasses.replace(self, after=self.before, outcome="failed", error=error)


@dataclasses.dataclass(frozen=True)
class PowerResult:
    """What happened to one instance of the plan.

    ``action``: the first write that the API accepted, None when there was none. ``instance``: as it was read last; None
    when nobody knows its power state now. ``left``: the write was accepted and not waited for, as asked.
    """

    instance: Instance | None
    action: PowerAction | None = None
    request_id: str | None = None
    left: bool = False
    error: ErrorInfo | None = None


def conclude(rows: t.Iterable[PowerRow], results: t.Mapping[str, PowerResult]) -> tuple[PowerRow, ...]:
    """Return the plan's rows as they came out. Instances without a result were not touched."""
    return tuple(row if (result := results.get(row.instance_id)) is None else _concluded(row, result) for row in rows)


def _concluded(row: PowerRow, result: PowerResult) -> PowerRow:
    row = dataclasses.replace(
        row,
        after="unknown" if result.left or result.instance is None else result.instance.power,
        request_id=result.request_id,
    )
    if result.action is not None:
        row = dataclasses.replace(row, action=result.action)
    if result.error is not None:
        return dataclasses.replace(row, outcome="failed", error=result.error)
    if result.action is not None:
        return dataclasses.replace(row, outcome="changed")
    # It was on its way already, or somebody else was quicker.
    return dataclasses.replace(row, action="none", outcome="unchanged")


def diff(rows: t.Iterable[PowerRow]) -> list[dict[str, str]]:
    """Return a diff entry for every instance that changes: its power state before and after."""
    entries = []
    for row in rows:
        before, after = f"{row.before}\n", f"{row.after}\n"
        if row.action == "restart" and row.outcome == "changed":
            after = f"{row.after} (restarted)\n"
        if before != after and row.action != "none":
            entries.append(
                {"before_header": row.instance_id, "after_header": row.instance_id, "before": before, "after": after}
            )
    return entries
