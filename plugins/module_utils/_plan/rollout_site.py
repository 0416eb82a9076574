# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Planning a rollout in one place: what changes on which instance, and what that costs those that run."""

from __future__ import annotations

import dataclasses
import typing as t

from .._capabilities import Capabilities
from .._journal.model import Record
from .._models import Instance, Observation
from .change import Change
from .known_key_pairs import KnownKeyPairs
from .plan import Plan, make_plan
from .rollout_model import InstanceRef, InterruptionPolicy, Place, Unit
from .rows import Row
from .unit_desired import LastKeyPolicy, desired_of
from .wave_cost import still_pending

Cost = t.Literal["stop", "reboot"]

WHY: t.Mapping[Cost, str] = {
    "stop": "its key pairs can be changed only while it is stopped",
    "reboot": "its guest uses the change only after a restart",
}


@dataclasses.dataclass(frozen=True)
class Policy:
    """What a rollout may do. ``expected``: names of key pairs that will exist by then."""

    interruption: InterruptionPolicy = "none"
    make_effective: bool = True
    last_key_policy: LastKeyPolicy = "refuse"
    expected: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Interruption:
    """What would happen to an instance that runs."""

    instance: InstanceRef
    name: str
    power: str
    action: Cost
    why: str
    avoidable: bool = False

    def as_dict(self) -> dict[str, t.Any]:
        """Return the shape that results use."""
        return {
            **self.instance.as_dict(),
            "name": self.name,
            "power": self.power,
            "action": self.action,
            "why": self.why,
        }

    def __str__(self) -> str:
        return f"{self.instance.instance_id} ({self.name})" if self.name else self.instance.instance_id


@dataclasses.dataclass(frozen=True)
class SitePlan:
    """What is to be done in one place. ``changing``: the instances that change; none of their rows fails.

    ``running``: those of them that run. ``known``: what was read of the key pairs.
    """

    place: Place
    units: tuple[Unit, ...]
    rows: tuple[Row, ...] = ()
    changing: frozenset[str] = frozenset()
    failing: frozenset[str] = frozenset()
    interruptions: t.Mapping[str, Interruption] = dataclasses.field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    running: frozenset[str] = frozenset()
    known: KnownKeyPairs | None = None

    def ref(self, instance_id: str) -> InstanceRef:
        """Return what journal and waves call an instance of this place."""
        return self.place.ref(instance_id)


def plan_site(
    place: Place,
    units: tuple[Unit, ...],
    observation: Observation,
    capabilities: Capabilities,
    policy: Policy,
    unfinished: t.Iterable[Record] = (),
) -> SitePlan:
    """Return the plan of one place. Interruptions are planned as if they were allowed; whether they are comes later.

    ``unfinished``: what earlier runs left, wherever that is.
    """
    desired = [desired_of(unit, last_key_policy=policy.last_key_policy, power_off=True) for unit in units]
    plans = [make_plan(observation, one, capabilities) for one in desired]
    rows = tuple(row for plan in plans for row in plan.rows)
    failing = frozenset(row.instance_id for row in rows if row.outcome in ("failed", "skipped"))
    changing = frozenset(name for plan in plans for name in plan.instance_ids) - failing
    found = SitePlan(place, units, rows, changing, failing)
    return dataclasses.replace(
        found,
        interruptions={
            **_pending(found, observation, capabilities, policy, unfinished),
            **_interruptions(found, plans, observation, capabilities, policy),
        },
        running=frozenset(name for name in changing if _runs(observation, name)),
        warnings=tuple(dict.fromkeys(f"{place}: {text}" for plan in plans for text in plan.warnings)),
    )


def _interruptions(
    site: SitePlan, plans: t.Iterable[Plan], observation: Observation, capabilities: Capabilities, policy: Policy
) -> dict[str, Interruption]:
    costs: dict[str, Interruption] = {}
    for change in (change for plan in plans for change in plan.changes):
        instance = observation.instances.get(change.instance_id)
        if instance is None or change.instance_id not in site.changing or not runs(instance):
            continue
        cost = _cost(change, capabilities, policy)
        if cost is not None:
            costs[instance.id] = _interruption(site, instance, cost, capabilities)
    return costs


def _pending(
    site: SitePlan,
    observation: Observation,
    capabilities: Capabilities,
    policy: Policy,
    unfinished: t.Iterable[Record],
) -> dict[str, Interruption]:
    """Return the reboots that earlier runs owe to instances of which nothing else may be wanted."""
    found = {}
    for record in unfinished:
        ref = record.instance
        instance = observation.instances.get(ref.instance_id) if ref == site.ref(ref.instance_id) else None
        if instance is None or instance.id in site.failing or not policy.make_effective:
            continue
        if still_pending(record, instance, moved=False):
            one = _interruption(site, instance, "reboot", capabilities)
            found[instance.id] = dataclasses.replace(one, why=f"{one.why}, which run {record.run} made")
    return found


def _interruption(site: SitePlan, instance: Instance, cost: Cost, capabilities: Capabilities) -> Interruption:
    return Interruption(
        instance=site.ref(instance.id),
        name=instance.name,
        power=instance.power,
        action=cost,
        why=WHY[cost],
        avoidable=capabilities.association_types,
    )


def _runs(observation: Observation, instance_id: str) -> bool:
    instance = observation.instances.get(instance_id)
    return instance is not None and runs(instance)


def runs(instance: Instance) -> bool:
    """Tell whether the instance runs, or will in a moment: its users would notice a stop."""
    return instance.power == "running" or (instance.power == "changing" and not instance.stopping)


def _cost(change: Change, capabilities: Capabilities, policy: Policy) -> Cost | None:
    if capabilities.needs_stop and not change.online:
        return "stop"
    return "reboot" if capabilities.restart_needed and policy.make_effective else None
