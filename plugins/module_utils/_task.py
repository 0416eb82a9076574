# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What a module's body gets and gives, without Ansible: so the same body can be run by a module and by a test."""

from __future__ import annotations

import dataclasses
import typing as t

from ._argspec import ArgumentSpec
from ._client import CallCounter
from ._clock import Clock, Deadline
from ._connection import Connection, ConnectionOptions, connect
from ._errors import InputError, KeyfleetError
from ._plan.rollout_model import Place


class Report(t.Protocol):
    """What a service that changes something tells of what it did, or in check mode would do."""

    @property
    def changed(self) -> bool:
        """Whether anything changed."""

    @property
    def failed(self) -> bool:
        """Whether any row failed."""

    @property
    def diff(self) -> list[dict[str, str]]:
        """Return the diff."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return what a user should notice."""

    def as_dict(self) -> dict[str, t.Any]:
        """Return the keys of the module's result."""

    def failure(self) -> str:
        """Return the message of a failed task."""


@dataclasses.dataclass(frozen=True)
class Outcome:
    """How a task ended. ``failure`` is the message of a failed task, None for a successful one."""

    result: t.Mapping[str, t.Any]
    changed: bool = False
    failure: str | None = None
    diff: t.Sequence[t.Mapping[str, str]] = ()
    warnings: tuple[str, ...] = ()

    @classmethod
    def of(cls, report: Report) -> Outcome:
        """Return the outcome that a report amounts to."""
        return cls(
            result=report.as_dict(),
            changed=report.changed,
            failure=report.failure() if report.failed else None,
            diff=report.diff,
            warnings=report.warnings,
        )


class Task:
    """One run of a module: its options, the mode, and the connection once it is open.

    ``keep_secret`` is told every secret that was found, so that nothing prints it.
    """

    def __init__(
        self,
        params: t.Mapping[str, t.Any],
        environ: t.Mapping[str, str],
        clock: Clock,
        *,
        check_mode: bool,
        keep_secret: t.Callable[[t.Iterable[str]], None],
    ) -> None:
        self.params = params
        self.clock = clock
        self.check_mode = check_mode
        self._environ = environ
        self._keep_secret = keep_secret
        self._connections: list[Connection] = []
        self._counter = CallCounter()

    @property
    def options(self) -> ConnectionOptions:
        """Return the connection options."""
        return ConnectionOptions.from_options(self.params.get)

    @property
    def environ(self) -> t.Mapping[str, str]:
        """Return the environment of the task."""
        return self._environ

    @property
    def api_calls(self) -> dict[str, int]:
        """Return how many requests of each action were sent so far."""
        return self._counter.calls

    def deadline(self) -> Deadline:
        """Return the end of ``wait_timeout``, counted from now. Raises InputError when it is no positive number."""
        seconds = self.params["wait_timeout"]
        if seconds < 1:
            raise InputError(f"wait_timeout must be at least 1 second, not {seconds}.")
        return Deadline(self.clock, seconds)

    def keep_secret(self, secrets: t.Iterable[str]) -> None:
        """Let nothing print these, wherever they came from."""
        self._keep_secret(secrets)

    def connect(self, deadline: Deadline) -> Connection:
        """Open the connection that the options lead to; see connect."""
        return self._connect(self.options, deadline)

    def connect_to(self, place: Place, deadline: Deadline) -> Connection:
        """Open the connection to a place; see connect. Several may be opened side by side, and share the counter."""
        return self._connect(ConnectionOptions.from_options(self._options_of(place).get), deadline)

    def close(self) -> None:
        """Close the connections that are open."""
        for connection in self._connections:
            connection.close()

    def _connect(self, options: ConnectionOptions, deadline: Deadline) -> Connection:
        connection = connect(
            options,
            self._environ,
            self.clock,
            deadline,
            keep_secret=self._keep_secret,
            counter=self._counter,
        )
        self._connections.append(connection)
        return connection

    def _options_of(self, place: Place) -> dict[str, t.Any]:
        """Return the task's options with what the place has of its own; its own profile rules out the task's key."""
        own = {**dict(place.connection), "provider": place.provider, "region": place.region}
        without = dict.fromkeys(("access_key_id", "access_key_secret", "security_token")) if "profile" in own else {}
        return {**self.params, **without, **own}


class Body(t.Protocol):
    """The body of one module."""

    def arguments(self) -> ArgumentSpec:
        """Return the options of the module, those of the connection included."""

    def run(self, task: Task) -> Outcome:
        """Do the work. Raises KeyfleetError for what concerns the task as a whole."""

    def failed(self, task: Task, error: KeyfleetError) -> t.Mapping[str, t.Any]:
        """Return the result's usual keys for a task that ended in this error before anything was written."""
