# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cloud in a few lines for property tests of the service: asynchronous, all-or-nothing, unreliable on demand.

It is a model of the documented behaviour of the Tencent APIs, on a clock that only sleeping moves.
"""

from __future__ import annotations

import collections
import dataclasses
import typing as t

from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import AnswerLostError
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import (
    Call,
    ErrorInfo,
    Holder,
    Instance,
    KeyPair,
    LatestOperation,
    Power,
    Receipt,
)
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.fakes import FakeClock, api_error

# What may happen to one write: nothing bad; the answer is lost before or after the request was processed; the
# instance is
# busy; the accepted operation fails.
Mishap = t.Literal["none", "lost_before", "lost_after", "busy", "fails"]
DURATION = 4.0
# What a power action needs. An operation that fails leaves it so.
NEEDS: dict[str, Power] = {"start": "stopped", "stop": "running", "reboot": "running"}


@dataclasses.dataclass
class Server:
    """One instance: what it holds now, and what an operation in progress will make of it.

    ``boots`` counts how often it came up.
    """

    keys: set[str]
    power: Power
    operation: LatestOperation | None = None
    ends: float = 0.0
    finish: t.Callable[[], None] | None = None
    boots: int = 0


@dataclasses.dataclass
class Simulation:
    """See Provider.

    ``replaces``: a bind takes away the rest; ``restarts``: a forced-off instance comes back by itself.
    """

    servers: dict[str, Server]
    clock: FakeClock
    mishaps: collections.deque[Mishap]
    replaces: bool = False
    restarts: bool = True
    reports_operations: bool = True
    log: list[str] = dataclasses.field(default_factory=list)
    requests: int = 0

    def key_pairs(self, references: t.Sequence[str]) -> dict[str, KeyPair]:
        self._advance()
        return {
            key: KeyPair(key, key, tuple(Holder(name) for name, server in self.servers.items() if key in server.keys))
            for key in references
        }

    def few_key_pairs(self) -> list[KeyPair] | None:
        return None

    def instances(self, instance_ids: t.Sequence[str]) -> dict[str, Instance]:
        self._advance()
        self.log.append("read")
        return {name: self._view(name) for name in instance_ids if name in self.servers}

    def write(self, call: Call) -> Receipt:
        self._advance()
        mishap = self.mishaps.popleft() if self.mishaps else "none"
        if mishap == "lost_before":
            self.log.append("lost")
            raise AnswerLostError(ErrorInfo("AnswerLost", "cut"))
        if mishap == "busy" or any(self.servers[name].finish for name in call.instance_ids):
            raise api_error("OperationDenied.InstanceOperationInProgress", "busy")
        self._refuse(call)
        self.log.append(call.action)
        self.requests += 1
        request_id = f"req-{self.requests}"
        for name in call.instance_ids:
            self._begin(name, call, request_id, fails=mishap == "fails")
        if mishap == "lost_after":
            self.log.append("lost")
            raise AnswerLostError(ErrorInfo("AnswerLost", "cut"))
        return Receipt(request_id)

    def _refuse(self, call: Call) -> None:
        for name in call.instance_ids:
            server, keys = self.servers[name], set(call.key_pairs)
            if call.action in NEEDS:
                if server.power != NEEDS[call.action]:
                    raise api_error("UnsupportedOperation.InvalidInstanceState", "instance")
            elif server.power == "running" and not call.force:
                raise api_error("UnsupportedOperation.InstanceStateRunning", "instance")
            elif (call.action == "bind") == bool(keys & server.keys):
                raise api_error("UnsupportedOperation.KeyPairBindDuplicate", "done")

    def _begin(self, name: str, call: Call, request_id: str, *, fails: bool) -> None:
        server = self.servers[name]
        was_running = server.power == "running"

        def finish() -> None:
            state: t.Any = "failed" if fails else "success"
            server.operation = LatestOperation(call.action, state, request_id)
            if call.action in NEEDS:
                server.power = NEEDS[call.action] if fails else "stopped" if call.action == "stop" else "running"
                server.boots += server.power == "running" and not fails
                return
            server.power = "running" if was_running and self.restarts and not fails else "stopped"
            if fails:
                return
            if call.action == "unbind":
                server.keys -= set(call.key_pairs)
            else:
                server.keys = set(call.key_pairs) | (set() if self.replaces else server.keys)

        server.operation = LatestOperation(call.action, "operating", request_id)
        server.power = "changing" if was_running or call.action == "start" else server.power
        server.ends, server.finish = self.clock.now() + DURATION, finish

    def _advance(self) -> None:
        for server in self.servers.values():
            if server.finish and self.clock.now() >= server.ends:
                server.finish()
                server.finish = None

    def _view(self, name: str) -> Instance:
        server = self.servers[name]
        operation = server.operation or LatestOperation("", "none")
        return Instance(
            name,
            "",
            server.power.upper(),
            server.power,
            tuple(sorted(server.keys)),
            operation if self.reports_operations else None,
        )
