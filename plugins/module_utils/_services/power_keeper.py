# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Giving instances back the power state in which they were found, also when something failed in the middle."""

from __future__ import annotations

import typing as t

from .._capabilities import Capabilities
from .._clock import Clock, Deadline
from .._errors import KeyfleetError
from .._models import ErrorInfo, Instance
from .._plan.power import DesiredPower
from .._providers._protocol import Provider
from .._waiting import intervals
from .power_bring import bring


class PowerKeeper:
    """Remembers running instances that a change may power off, and starts those that it left stopped.

    It has a deadline of its own, ``timeout`` seconds: an instance must not stay down because the change took long.
    """

    def __init__(self, provider: Provider, capabilities: Capabilities, clock: Clock, timeout: float) -> None:
        self._provider = provider
        self._capabilities = capabilities
        self._clock = clock
        self._timeout = timeout
        self._watched: dict[str, Instance | None] = {}

    def watch(self, instances: t.Iterable[Instance | None]) -> None:
        """Remember these instances, which run and may be powered off now."""
        for instance in instances:
            if instance is not None:
                self._watched.setdefault(instance.id, instance)

    def restore(self, known: t.Mapping[str, Instance | None] | None = None) -> dict[str, ErrorInfo]:
        """Start what was powered off and did not come back.

        ``known``: the watched instances as they were read just now, which saves reading them again. Return an error for
        every instance that does not run again.
        """
        if not self._watched:
            return {}
        deadline = Deadline(self._clock, self._timeout)
        down: dict[str, ErrorInfo] = {}
        for pause in intervals():
            try:
                causes = self._start(deadline, known)
            except KeyfleetError as error:
                causes = dict.fromkeys(self._watched, error.info)
                self._watched = dict.fromkeys(self._watched)
            known = None
            down = {name: _not_restored(name, self._watched[name], cause) for name, cause in causes.items()}
            if deadline.passed or not any(cause is not None and cause.retryable for cause in causes.values()):
                break
            self._clock.sleep(min(pause, deadline.remaining))
        return down

    @property
    def latest(self) -> t.Mapping[str, Instance | None]:
        """Return the watched instances as they were read last."""
        return self._watched

    def _start(self, deadline: Deadline, known: t.Mapping[str, Instance | None] | None) -> dict[str, ErrorInfo | None]:
        """Start what is stopped; return the causes for those that do not run. Raises the errors of the read."""
        desired = DesiredPower(tuple(self._watched), "running")
        found = self._provider.instances(desired.instance_ids) if known is None else known
        latest = {name: found.get(name) for name in desired.instance_ids}
        brought = bring(self._provider, self._capabilities, self._clock, desired, latest, deadline)
        self._watched.update(brought.instances)
        return brought.errors


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
