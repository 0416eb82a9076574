# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Key pair bindings: observe, plan, apply. Takes a provider, knows neither Ansible nor HTTP."""

from __future__ import annotations

import dataclasses
import typing as t

from .._capabilities import Capabilities
from .._clock import Clock, Deadline
from .._models import Desired, ErrorInfo, Observation
from .._plan import rows as rows_
from .._plan.conclusion import conclude
from .._plan.plan import Plan, enumerate_some, make_plan
from .._providers._protocol import Provider
from .binding_apply import Applier
from .binding_observe import observe


@dataclasses.dataclass(frozen=True)
class Bindings:
    """The outcome of a task: rows, and everything else that follows from them."""

    rows: tuple[rows_.Row, ...]
    requested: int
    reboot_required: list[str]
    warnings: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything changed, or in check mode would."""
        return rows_.is_changed(self.rows)

    @property
    def failed(self) -> bool:
        """Whether any row failed."""
        return rows_.is_failed(self.rows)

    @property
    def diff(self) -> list[dict[str, str]]:
        """Return the diff, an entry for every instance that changes."""
        return rows_.diff(self.rows)

    def as_dict(self) -> dict[str, t.Any]:
        """Return the keys of the module's result that are about bindings."""
        return {
            "bindings": [row.as_dict() for row in self.rows],
            "summary": rows_.summary(self.rows, self.requested),
            "reboot_required": self.reboot_required,
        }

    def failure(self) -> str:
        """Return the message of a failed task: how much failed, where, why first, and what to do."""
        failed = [row for row in self.rows if row.outcome == "failed"]
        instances = list(dict.fromkeys(row.instance_id for row in failed))
        first = next((row.error for row in failed if row.error is not None), None)
        reason = f" First error: {first.message} {first.hint}".rstrip() if first else ""
        return (
            f"{len(failed)} of {len(self.rows)} key pair bindings failed, on {len(instances)} instance(s): "
            f"{enumerate_some(instances)}.{reason} Every row of bindings says what became of it."
        )


NOTHING = Bindings(rows=(), requested=0, reboot_required=[])


def not_read(desired: Desired, error: ErrorInfo) -> Bindings:
    """Return the outcome of a task whose reads failed: nothing was written, and nobody knows what is bound."""
    rows = [
        rows_.Row(instance_id, key_pair, before="unknown", after="unknown", outcome="failed", error=error)
        for instance_id in desired.instance_ids
        for key_pair in desired.key_pairs
    ]
    return Bindings(rows=rows_.in_order(rows), requested=len(rows), reboot_required=[])


class BindingService:
    """Brings bindings to what is desired."""

    def __init__(self, provider: Provider, capabilities: Capabilities, clock: Clock) -> None:
        self._provider = provider
        self._capabilities = capabilities
        self._clock = clock

    def ensure(self, desired: Desired, *, check: bool, wait: bool, deadline: Deadline) -> Bindings:
        """Return what was done, or with ``check`` what would be done, after the same reads.

        Raises InputError for an ambiguous key pair, and the errors of the reads; the errors of writes are in the rows.
        """
        observation = observe(self._provider, desired, self._capabilities)
        plan = make_plan(observation, desired, self._capabilities)
        if check or not plan.changes:
            return self._bindings(plan, plan.rows, observation, desired)
        applier = Applier(self._provider, self._capabilities, desired, self._clock, deadline, wait=wait)
        final, results = applier.apply(plan, observation)
        return self._bindings(plan, conclude(plan, final, results, self._capabilities), final, desired)

    def _bindings(
        self, plan: Plan, rows: tuple[rows_.Row, ...], observation: Observation, desired: Desired
    ) -> Bindings:
        running = {
            instance.id for instance in observation.instances.values() if instance and instance.power == "running"
        }
        return Bindings(
            rows=rows,
            requested=len(desired.instance_ids) * len(desired.key_pairs),
            reboot_required=rows_.reboot_required(rows, running),
            warnings=plan.warnings,
        )
