# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Power states: observe, plan, apply. Takes a provider, knows neither Ansible nor HTTP."""

from __future__ import annotations

import dataclasses
import typing as t

from .._capabilities import Capabilities
from .._clock import Clock, Deadline
from .._models import ErrorInfo
from .._plan import power_rows as rows_
from .._plan.plan import enumerate_some
from .._plan.power import DesiredPower, plan_power
from .._plan.rows import is_changed, is_failed, summary
from .._providers._protocol import Provider
from .power_apply import PowerApplier


@dataclasses.dataclass(frozen=True)
class PowerStates:
    """The outcome of a task: rows, and everything else that follows from them."""

    rows: tuple[rows_.PowerRow, ...]
    warnings: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything changed, or in check mode would."""
        return is_changed(self.rows)

    @property
    def failed(self) -> bool:
        """Whether any row failed."""
        return is_failed(self.rows)

    @property
    def diff(self) -> list[dict[str, str]]:
        """Return the diff, an entry for every instance that changes."""
        return rows_.diff(self.rows)

    def as_dict(self) -> dict[str, t.Any]:
        """Return the keys of the module's result that are about power states."""
        return {
            "instances": [row.as_dict() for row in self.rows],
            "summary": summary(self.rows, len(self.rows)),
        }

    def failure(self) -> str:
        """Return the message of a failed task: how much failed, where, why first, and what to do."""
        failed = [row for row in self.rows if row.outcome == "failed"]
        first = next((row.error for row in failed if row.error is not None), None)
        reason = f" First error: {first.message} {first.hint}".rstrip() if first else ""
        return (
            f"{len(failed)} of {len(self.rows)} instance(s) failed: "
            f"{enumerate_some([row.instance_id for row in failed])}.{reason} "
            "Every row of instances says what became of it."
        )


NOTHING = PowerStates(rows=())


def not_read(desired: DesiredPower, error: ErrorInfo) -> PowerStates:
    """Return the outcome of a task whose reads failed: nothing was written, and nobody knows any power state."""
    return PowerStates(tuple(rows_.PowerRow(name).failed(error) for name in sorted(desired.instance_ids)))


class PowerService:
    """Brings instances to the power state that is desired."""

    def __init__(self, provider: Provider, capabilities: Capabilities, clock: Clock) -> None:
        self._provider = provider
        self._capabilities = capabilities
        self._clock = clock

    def ensure(self, desired: DesiredPower, *, check: bool, wait: bool, deadline: Deadline) -> PowerStates:
        """Return what was done, or with ``check`` what would be done, after the same reads.

        Raises the errors of the first read; what goes wrong later is in the rows.
        """
        found = self._provider.instances(desired.instance_ids)
        instances = {name: found.get(name) for name in desired.instance_ids}
        plan = plan_power(instances, desired, self._capabilities, wait=wait)
        if check or not plan.changes:
            return PowerStates(plan.rows, plan.warnings)
        applier = PowerApplier(self._provider, self._capabilities, desired, self._clock, deadline, wait=wait)
        return PowerStates(rows_.conclude(plan.rows, applier.apply(plan, instances)), plan.warnings)
