# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Waiting until accepted writes have ended, for many instances with one read, each matched to its own request ID."""

from __future__ import annotations

import dataclasses
import typing as t

from ._clock import Clock, Deadline
from ._models import ErrorInfo, Instance, LatestOperation
from ._providers._protocol import Provider
from ._waiting import poll_until

# An answer that was lost may belong to a request that is only now being processed; and what an operation wrote may
# show late.
GRACE_SECONDS = 3.0
LAG_SECONDS = 10.0
# No asynchronous operation ends within this time, so a read before would be wasted.
FIRST_PAUSE_SECONDS = 0.3


@dataclasses.dataclass(frozen=True)
class Awaited:
    """One instance to wait for.

    ``request_id``: that of our own call, None when its answer was lost. ``before``: the operation seen before the call.
    ``reached``: whether an instance shows what was asked for.
    """

    instance_id: str
    request_id: str | None
    before: LatestOperation | None
    reached: t.Callable[[Instance], bool]


@dataclasses.dataclass(frozen=True)
class Settled:
    """How the wait for one instance ended. ``operation`` is ours as far as anyone can tell."""

    instance: Instance | None
    timed_out: bool = False
    error: ErrorInfo | None = None


class Settler:
    """Polls instances until they settle."""

    def __init__(self, provider: Provider, clock: Clock, *, asynchronous: bool) -> None:
        self._provider = provider
        self._clock = clock
        self._first_pause = FIRST_PAUSE_SECONDS if asynchronous else 0.0

    def settle(self, awaited: t.Sequence[Awaited], deadline: Deadline) -> dict[str, Settled]:
        """Return how it ended for every instance; those that had not settled at the deadline say so."""
        waiting = {one.instance_id: one for one in awaited}
        ended: dict[str, Settled] = {}
        seen: dict[str, Instance | None] = {}
        began = self._clock.now()

        def done() -> bool:
            seen.update(dict.fromkeys(waiting))
            seen.update(self._provider.instances(tuple(waiting)))
            elapsed = self._clock.now() - began
            for instance_id, one in list(waiting.items()):
                settled = _judge(one, seen[instance_id], elapsed)
                if settled is not None:
                    ended[instance_id] = settled
                    del waiting[instance_id]
            return not waiting

        if waiting and self._first_pause:
            self._clock.sleep(self._first_pause)
        if waiting and not poll_until(done, clock=self._clock, deadline=deadline):
            for instance_id, one in waiting.items():
                ended[instance_id] = _timed_out(one, seen[instance_id], deadline)
        return ended


def _judge(one: Awaited, instance: Instance | None, elapsed: float) -> Settled | None:
    """Return how the wait ended, or None when it has not."""
    if instance is None:
        return Settled(None, error=_vanished(one))
    operation = instance.operation
    ours = operation is not None and one.request_id is not None and operation.request_id == one.request_id
    if operation is not None and ours and operation.state == "failed":
        return Settled(instance, error=_failed(one, operation))
    if instance.busy:
        return None
    if one.reached(instance):
        return Settled(instance)
    if operation is not None and ours and operation.state == "success":
        return Settled(instance) if elapsed >= LAG_SECONDS else None
    if operation is not None and _superseded(one, operation):
        return Settled(instance)
    if one.request_id is None and elapsed >= GRACE_SECONDS:
        return Settled(instance)
    return None


def _superseded(one: Awaited, operation: LatestOperation) -> bool:
    """Tell whether a later operation, of somebody else or with a lost answer, has ended; then the bindings alone
    decide.
    """
    known = {one.request_id, one.before.request_id if one.before else None, None}
    return operation.request_id not in known and operation.state in ("success", "failed")


def _failed(one: Awaited, operation: LatestOperation) -> ErrorInfo:
    text = f": {operation.error_message}" if operation.error_message else "; the API gives no reason"
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
        message=f"The instance {one.instance_id} was released while its key pairs were being changed.",
        hint="Take it out of the list.",
        request_id=one.request_id,
    )


def _timed_out(one: Awaited, instance: Instance | None, deadline: Deadline) -> Settled:
    operation = instance.operation if instance else None
    what = f", latest operation {operation.name} {operation.state}" if operation and operation.name else ""
    state = f"in state {instance.state}{what}" if instance else "not described any more"
    return Settled(
        instance,
        timed_out=True,
        error=ErrorInfo(
            code="WaitTimeout",
            message=f"{one.instance_id} was not done after {deadline.seconds:g} seconds; it is {state}.",
            hint="The operation may still end by itself. Run the task again (it reads the bindings first), "
            "or raise wait_timeout.",
            request_id=one.request_id,
            retryable=True,
        ),
    )
