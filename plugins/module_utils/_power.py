# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Giving instances back the power state in which they were found, also when something failed in the middle."""

from __future__ import annotations

import typing as t

from ._capabilities import Capabilities
from ._clock import Clock, Deadline
from ._errors import KeyfleetError
from ._models import Call, ErrorInfo, Instance
from ._parallel import chunks, parallel_map
from ._providers._protocol import Provider
from ._settle import Awaited, Settler
from ._waiting import poll_until
from ._write import Answer, Writer


class PowerKeeper:
    """Remembers running instances that a change may power off, and starts those that it left stopped.

    It has a deadline of its own, ``timeout`` seconds: an instance must not stay down because the change took long.
    """

    def __init__(
        self,
        provider: Provider,
        capabilities: Capabilities,
        writer: Writer,
        settler: Settler,
        clock: Clock,
        timeout: float,
    ) -> None:
        self._provider = provider
        self._batch = capabilities.bind_batch
        self._writer = writer
        self._settler = settler
        self._clock = clock
        self._timeout = timeout
        self._watched: dict[str, Instance] = {}

    def watch(self, instances: t.Iterable[Instance | None]) -> None:
        """Remember these instances, which run and may be powered off now."""
        for instance in instances:
            if instance is not None:
                self._watched.setdefault(instance.id, instance)

    def restore(self) -> dict[str, ErrorInfo]:
        """Start what was powered off and did not come back.

        Return an error for every instance that does not run again.
        """
        if not self._watched:
            return {}
        deadline = Deadline(self._clock, self._timeout)
        try:
            return self._restored(deadline)
        except KeyfleetError as error:
            return {instance_id: _not_restored(instance_id, None, error.info) for instance_id in self._watched}

    def _restored(self, deadline: Deadline) -> dict[str, ErrorInfo]:
        stopped = self._stopped(deadline)
        calls = [Call("start", tuple(ids)) for ids in chunks(sorted(stopped), self._batch)]
        answers: dict[str, Answer] = {}
        for part in parallel_map(self._writer.write, calls):
            answers.update(part)
        awaited = [
            Awaited(
                instance_id, answers[instance_id].request_id, instance.operation, lambda found: found.power == "running"
            )
            for instance_id, instance in stopped.items()
            if answers[instance_id].fate != "refused"
        ]
        settled = self._settler.settle(awaited, deadline)
        latest = self._provider.instances(tuple(self._watched))
        errors = {}
        for instance_id in self._watched:
            found = latest.get(instance_id)
            if found is None or found.power != "running":
                answer, end = answers.get(instance_id), settled.get(instance_id)
                cause = (end.error if end else None) or (answer.error if answer else None)
                errors[instance_id] = _not_restored(instance_id, found, cause)
        return errors

    def _stopped(self, deadline: Deadline) -> dict[str, Instance]:
        """Return the watched instances that are stopped, after those on their way have arrived."""
        latest: dict[str, Instance] = {}

        def arrived() -> bool:
            latest.update(self._provider.instances(tuple(self._watched)))
            return not any(instance.busy for instance in latest.values())

        poll_until(arrived, clock=self._clock, deadline=deadline)
        return {instance_id: instance for instance_id, instance in latest.items() if instance.power == "stopped"}


def _not_restored(instance_id: str, instance: Instance | None, cause: ErrorInfo | None) -> ErrorInfo:
    state = f"is in state {instance.state}" if instance else "could not be described"
    why = f" Cause: {cause.message}" if cause else ""
    return ErrorInfo(
        code="PowerNotRestored",
        message=f"{instance_id} was running before its key pairs were changed, and now it {state}.{why}",
        hint="Start it by hand or in the vendor's console.",
        request_id=cause.request_id if cause else None,
        retryable=True,
    )
