# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Bringing instances that were read already to a power state, and waiting for it."""

from __future__ import annotations

import dataclasses
import typing as t

from .._capabilities import Capabilities
from .._clock import Clock, Deadline
from .._models import ErrorInfo, Instance
from .._plan.power import DesiredPower, plan_power
from .._plan.power_rows import PowerRow, conclude
from .._providers._protocol import Provider
from .power_apply import PowerApplier


@dataclasses.dataclass(frozen=True)
class Brought:
    """How it came out. ``instances``: as they were read last; None for one that nobody knows any more."""

    rows: tuple[PowerRow, ...]
    instances: t.Mapping[str, Instance | None]

    @property
    def errors(self) -> dict[str, ErrorInfo | None]:
        """Return the error of every instance that is not as desired."""
        return {row.instance_id: row.error for row in self.rows if row.outcome == "failed"}

    @property
    def touched(self) -> list[str]:
        """Return the instances that were sent on their way."""
        return [row.instance_id for row in self.rows if row.action != "none" and row.outcome == "changed"]


def bring(
    provider: Provider,
    capabilities: Capabilities,
    clock: Clock,
    desired: DesiredPower,
    instances: t.Mapping[str, Instance | None],
    deadline: Deadline,
) -> Brought:
    """Bring ``instances``, which has an entry for every desired one, to the desired power. Errors are in the rows."""
    plan = plan_power(instances, desired, capabilities, wait=True)
    if not plan.changes:
        return Brought(plan.rows, instances)
    applier = PowerApplier(provider, capabilities, desired, clock, deadline, wait=True)
    results = applier.apply(plan, instances)
    latest = {**instances, **{name: result.instance for name, result in results.items()}}
    return Brought(conclude(plan.rows, results), latest)
