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
from ._waiting import intervals, poll_until
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
        """Start again and again what is stopped: the API may be busy with the instance, or the answer may get lost."""
        causes: dict[str, ErrorInfo] = {}
        latest = self._arrived(deadline)
        for pause in intervals():
            stopped = {name: instance for name, instance in latest.items() if instance.power == "stopped"}
            if not stopped or deadline.passed:
                break
            refused = self._start(stopped, deadline, causes)
            if refused == set(stopped):
                break
            self._clock.sleep(min(pause, deadline.remaining))
            latest = self._arrived(deadline)
        return {
            name: _not_restored(name, latest.get(name), causes.get(name))
            for name in self._watched
            if name not in latest or latest[name].power != "running"
        }

    def _start(self, stopped: t.Mapping[str, Instance], deadline: Deadline, causes: dict[str, ErrorInfo]) -> set[str]:
        """Start instances and wait for them.

        Note errors in ``causes``; return the instances that the API refuses to start.
        """
        calls = [Call("start", tuple(ids)) for ids in chunks(sorted(stopped), self._batch)]
        answers: dict[str, Answer] = {}
        for part in parallel_map(self._writer.write, calls):
            answers.update(part)
        awaited = [
            Awaited(name, answers[name].request_id, instance.operation, lambda found: found.power == "running")
            for name, instance in stopped.items()
            if answers[name].fate in ("accepted", "lost")
        ]
        settled = self._settler.settle(awaited, deadline)
        for name, answer in answers.items():
            end = settled.get(name)
            error = answer.error if end is None else end.error
            if error is not None:
                causes[name] = error
        return {name for name, answer in answers.items() if answer.fate == "refused"}

    def _arrived(self, deadline: Deadline) -> dict[str, Instance]:
        """Return the watched instances after those on their way have arrived."""
        latest: dict[str, Instance] = {}

        def arrived() -> bool:
            latest.update(self._provider.instances(tuple(self._watched)))
            return not any(instance.busy for instance in latest.values())

        poll_until(arrived, clock=self._clock, deadline=deadline)
        return latest


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
