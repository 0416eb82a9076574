# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Telling whether an accepted write has ended, by the request ID of its own operation where the API reports one."""

from __future__ import annotations

import dataclasses
import typing as t

from .._clock import Deadline
from .._models import ErrorInfo, Instance, LatestOperation

# An answer that was lost may belong to a request that is only now being processed; and what an operation wrote may
# show late.
GRACE_SECONDS = 5.0
LAG_SECONDS = 10.0
# No asynchronous operation ends within this time, so a read before would be wasted.
FIRST_PAUSE_SECONDS = 0.3


@dataclasses.dataclass(frozen=True)
class Awaited:
    """One instance to wait for.

    ``request_id``: that of our own call, None when its answer was lost. ``before``: the operation seen before the call.
    ``reached``: whether an instance shows what was asked for. ``ended``: where the API does not report operations,
    whether ours is over, whatever it brought; takes the instance, the seconds since the answer and whether it was seen
    on its way. ``grace``: seconds after which a write with a lost answer that does not show is taken not to have
    happened. ``lasts``: seconds after which nobody waits any more for an instance that is still on its way.
    """

    instance_id: str
    request_id: str | None
    before: LatestOperation | None
    reached: t.Callable[[Instance], bool]
    ended: t.Callable[[Instance, float, bool], bool] | None = None
    grace: float = GRACE_SECONDS
    lasts: float | None = None


@dataclasses.dataclass(frozen=True)
class Settled:
    """How the wait for one instance ended. ``operation`` is ours as far as anyone can tell."""

    instance: Instance | None
    timed_out: bool = False
    error: ErrorInfo | None = None


def judge(one: Awaited, instance: Instance | None, elapsed: float, *, moved: bool) -> Settled | None:
    """Return how the wait ended, or None when it has not.

    ``elapsed``: seconds since the answer. ``moved``: the instance was seen on its way since.
    """
    if instance is None:
        return Settled(None, error=_vanished(one))
    operation = instance.operation
    ours = operation is not None and one.request_id is not None and operation.request_id == one.request_id
    if operation is not None and ours and operation.state == "failed":
        return Settled(instance, error=_failed(one, operation))
    if instance.busy:
        overdue = one.lasts is not None and elapsed >= one.lasts
        return Settled(instance, timed_out=True) if overdue else None
    if one.reached(instance):
        return Settled(instance)
    if operation is None and one.ended is not None:
        return Settled(instance) if one.ended(instance, elapsed, moved) else None
    if operation is not None and ours and operation.state == "success":
        return Settled(instance) if elapsed >= LAG_SECONDS else None
    if operation is not None and _superseded(one, operation):
        return Settled(instance)
    if one.request_id is None and elapsed >= one.grace:
        return Settled(instance)
    return None


def _superseded(one: Awaited, operation: LatestOperation) -> bool:
    """Tell whether a later operation, of somebody else or with a lost answer, has ended; then what it shows
    alone decides.
    """
    known = {one.request_id, one.before.request_id if one.before else None, None}
    return operation.request_id not in known and operation.state in ("success", "failed")


def _failed(one: Awaited, operation: LatestOperation) -> ErrorInfo:
    text = f": {operation.error_message.rstrip(' .')}" if operation.error_message else "; the API gives no reason"
    return ErrorInfo(
        code="OperationFailed",
        message=f"The API accepted {operation.name} for {one.instance_id}, but the operation failed{text}.",
        hint="Look at the instance in the vendor's console, then run the task again.",
        request_id=one.request_id,
        retryable=True,
    )


def _vanished(one: Awaited) -> ErrorInfo:
    return ErrorInfo(
        code="InstanceNotFound",
        message=f"The instance {one.instance_id} was released while it was being changed.",
        hint="Take it out of the list.",
        request_id=one.request_id,
    )


def timed_out(one: Awaited, instance: Instance | None, deadline: Deadline) -> Settled:
    """Return the end of a wait whose time is over."""
    operation = instance.operation if instance else None
    what = f", latest operation {operation.name} {operation.state}" if operation and operation.name else ""
    state = f"in state {instance.state}{what}" if instance else "not described any more"
    return Settled(
        instance,
        timed_out=True,
        error=ErrorInfo(
            code="WaitTimeout",
            message=f"{one.instance_id} was not done after {deadline.seconds:g} seconds; it is {state}.",
            hint="The operation may still end by itself. Run the task again (it looks first), or raise wait_timeout.",
            request_id=one.request_id,
            retryable=True,
        ),
    )
