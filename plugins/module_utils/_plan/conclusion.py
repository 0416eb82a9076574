# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""From the plan and what the run found afterwards to the final rows. Every row says what became of it."""

from __future__ import annotations

import dataclasses
import typing as t

from .._capabilities import Capabilities
from .._models import ErrorInfo, Observation, Presence
from .change import is_bound
from .plan import Plan
from .rows import Row, in_order


@dataclasses.dataclass(frozen=True)
class Result:
    """What happened to one instance of the plan.

    ``requests``: (action, key pair) → request ID of the accepted call. ``settled``: the bindings were read after the
    last write had ended. ``accepted``: the last write was accepted and not waited for, as asked. ``failed_action``:
    what ``error`` ended. ``power_error``: the instance could not be brought back to the power state in which it was
    found.
    """

    requests: t.Mapping[tuple[str, str], str | None] = dataclasses.field(default_factory=dict)
    settled: bool = True
    accepted: bool = False
    forced: bool = False
    error: ErrorInfo | None = None
    failed_action: str | None = None
    power_error: ErrorInfo | None = None


def conclude(
    plan: Plan, final: Observation, results: t.Mapping[str, Result], capabilities: Capabilities
) -> tuple[Row, ...]:
    """Return the plan's rows as they came out. Instances without a result were not touched."""
    rows = []
    for row in plan.rows:
        result = results.get(row.instance_id)
        if result is None or row.outcome in ("failed", "skipped"):
            rows.append(row)
            continue
        after: Presence = "unknown"
        if result.settled:
            after = "present" if is_bound(final, row.instance_id, row.key_pair, row.username) else "absent"
        done = _concluded(dataclasses.replace(row, after=after), row.after, result)
        rows.append(_with_cost(done, result, capabilities))
    return in_order(rows)


def _concluded(row: Row, planned: Presence, result: Result) -> Row:
    """Return the row with outcome and error; ``row.after`` is what is there now."""
    if row.action == "none":
        return _undisturbed(row, result)
    if row.action == "displace":
        return _displaced(row, result)
    sent = (row.action, row.key_pair) in result.requests
    row = dataclasses.replace(row, request_id=result.requests.get((row.action, row.key_pair)))
    if row.after == planned:
        if sent:
            return row
        if row.action == "unbind" and any(action == "bind" for action, _key in result.requests):
            # The bind took it away, so that no unbind was needed.
            return dataclasses.replace(row, action="displace", request_id=_any_bind(result))
        return dataclasses.replace(row, action="none", outcome="unchanged")  # somebody else was quicker
    if row.after == "unknown" and result.accepted and result.error is None:
        return dataclasses.replace(row, effective=None)
    error = result.error or _not_applied(row)
    if row.action == "unbind" and result.failed_action == "bind":
        return row.failed(_not_attempted(error), outcome="skipped")
    return dataclasses.replace(row, outcome="failed", error=error, effective=None)


def _undisturbed(row: Row, result: Result) -> Row:
    if row.before == "present" and row.after == "absent":
        error = ErrorInfo(
            code="KeyPairDisplaced",
            message=f"Binding another key pair to {row.instance_id} took {row.key_pair} away; both were asked for.",
            hint="This API keeps the key pairs of the latest bind only. Unbind them all (state=absent), then bind "
            "all of them in one task; or ask for one key pair per instance.",
            request_id=_any_bind(result),
        )
        return dataclasses.replace(row, action="displace", outcome="failed", effective=None, error=error)
    return dataclasses.replace(row, after=row.before) if row.after == "unknown" else row


def _displaced(row: Row, result: Result) -> Row:
    if row.after == "present":
        return dataclasses.replace(row, action="none", outcome="unchanged", request_id=None, effective=None)
    if row.after == "absent":
        return dataclasses.replace(row, request_id=_any_bind(result))
    return dataclasses.replace(row, effective=None, outcome="failed" if result.error else "changed", error=result.error)


def _with_cost(row: Row, result: Result, capabilities: Capabilities) -> Row:
    """Return the row with what it really cost, and with the failure to undo that cost."""
    if row.action not in ("bind", "unbind") or not result.forced:
        row = dataclasses.replace(row, interruption="none")
    if row.action == "displace" and row.after == "absent" and row.outcome == "changed":
        row = dataclasses.replace(row, effective=not capabilities.restart_needed)
    if result.power_error is not None and row.action != "none":
        return dataclasses.replace(row, outcome="failed", error=result.power_error)
    return row


def _any_bind(result: Result) -> str | None:
    return next((request_id for (action, _key), request_id in result.requests.items() if action == "bind"), None)


def _not_attempted(cause: ErrorInfo) -> ErrorInfo:
    return dataclasses.replace(
        cause,
        code="NotAttempted",
        message=f"It was kept, because the key pair that is to take its place is not there: {cause.message}",
    )


def _not_applied(row: Row) -> ErrorInfo:
    return ErrorInfo(
        code="NotApplied",
        message=f"The API accepted to {row.action} {row.key_pair} on {row.instance_id}, but bindings do not show it.",
        hint="Run the task again; if this stays, look at the instance's latest operation in the vendor's console.",
        request_id=row.request_id,
        retryable=True,
    )
