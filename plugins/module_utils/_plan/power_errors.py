# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Why an instance is not in the power state that was asked for, and what to do next."""

from __future__ import annotations

import dataclasses

from .._models import ErrorInfo, Instance
from .power import PowerChange


def with_next_step(error: ErrorInfo, change: PowerChange, *, timed_out: bool) -> ErrorInfo:
    """Return the error of a wait, with what to do about a guest that does not obey."""
    if change.stop_type != "soft":
        return error
    instead = "It may still end by itself. " if timed_out else ""
    return dataclasses.replace(
        error,
        hint=f"A soft {change.action} is up to the guest. {instead}"
        "Set stop_type=soft_first or stop_type=hard to end it by force.",
    )


def came_back(instance: Instance, change: PowerChange, request_id: str | None) -> ErrorInfo:
    """Return the error for an instance that was on its way and is back where it was."""
    return ErrorInfo(
        code="OperationFailed",
        message=f"The API accepted to {change.action} {instance.id}, but it is in state {instance.state} again.",
        hint="Look at the instance in the vendor's console, then run the task again.",
        request_id=request_id,
        retryable=True,
    )


def no_effect(instance: Instance, change: PowerChange, request_id: str | None) -> ErrorInfo:
    """Return the error for accepted writes that change nothing."""
    return ErrorInfo(
        code="NotApplied",
        message=f"The API accepted to {change.action} {instance.id}, but it stays in state {instance.state}.",
        hint="Run the task again; if this stays, look at the instance in the vendor's console.",
        request_id=request_id,
        retryable=True,
    )


def insisted_in_vain(
    instance: Instance, change: PowerChange, refusal: ErrorInfo | None, waited: tuple[float, float]
) -> ErrorInfo:
    """Return the error for an instance that is still on its way, although its soft stop was to be ended by force.

    ``refusal``: what the API said to that; ``waited``: how many seconds for the soft stop, and altogether.
    """
    soft, altogether = waited
    said = f"; the API refuses a hard one meanwhile ({refusal.message.rstrip('.')})" if refusal else ""
    return ErrorInfo(
        code="WaitTimeout",
        message=f"{instance.id} was not done after {altogether:g} seconds; it is in state {instance.state}. "
        f"The soft {change.action} had not ended after {soft:g} seconds{said}.",
        hint="It may still end by itself. Run the task again (it looks first), or raise wait_timeout.",
        request_id=refusal.request_id if refusal else None,
        retryable=True,
    )


def restart_unknown(instance: Instance, cause: ErrorInfo | None) -> ErrorInfo:
    """Return the error for a restart of which nobody can tell whether it took place."""
    why = f" ({cause.message.rstrip('.')})" if cause else ""
    return ErrorInfo(
        code="RestartUnknown",
        message=f"Whether {instance.id} was restarted is unknown: the answer was lost{why}, and the API does not tell. "
        f"It is in state {instance.state}. It was not restarted again.",
        hint="Look at its uptime, and run the task again if it was not restarted.",
    )
