# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What a wave does in one place: look, and change in one power cycle. Takes a provider."""

from __future__ import annotations

import dataclasses
import typing as t

from .._errors import InputError, KeyfleetError
from .._journal.claim import Claim
from .._journal.model import Intention, Record
from .._models import Desired, ErrorInfo, Instance, Observation
from .._plan.plan import Plan, make_plan
from .._plan.rollout_model import InstanceRef
from .._plan.rows import Row
from .._plan.unit_desired import desired_of
from .._plan.wave_cost import costs_of, keys_changed, needs_start, refusals, settled, still_pending
from .._plan.wave_intentions import intention_of
from .._plan.wave_model import Cost, LoginState, WavePolicy
from .._plan.wave_rows import carried_out, joined, not_read, only, refused_rows, with_costs
from .binding_observe import observe_all
from .wave_cycle import Cycle, PowerCycle
from .wave_part import Part, Reach
from .wave_rest import on_their_way, too_late, wait_for_rest


class PlaceWave:
    """One place: what was read there, what is to be done, and what has become of it.

    ``errors``: why an instance is not as it should be. ``kept``: instances that the journal must not forget.
    ``not_effective``: those that still need a reboot because of an earlier run, but are not to get it.
    """

    def __init__(self, part: Part, reach: Reach, policy: WavePolicy) -> None:
        self.part = part
        self.reach = reach
        self.policy = policy
        self.observation = Observation({}, {})
        self.found: t.Mapping[str, Instance | None] = {}
        self.plan = Plan(())
        self.costs: dict[str, Cost] = {}
        self.rows: tuple[Row, ...] = ()
        self.errors: dict[str, ErrorInfo] = {}
        self.logins: dict[str, LoginState] = {}
        self.interrupted: dict[str, Cost] = {}
        self.started: set[str] = set()
        self.rolled_back: set[str] = set()
        self.kept: set[str] = set()
        self.not_effective: list[str] = []
        self.warnings: list[str] = []
        self._records: dict[str, Record] = {}

    def look(self, records: t.Mapping[InstanceRef, Record]) -> None:
        """Read and plan; ``records`` is what the journal knows. Raises InputError; other errors of reads are noted."""
        self.remember(records)
        try:
            moved = self._observe()
        except InputError:
            raise
        except KeyfleetError as error:
            self.errors = dict.fromkeys(self.part.instance_ids, error.info)
            self.rows = not_read(self._wishes(), error.info)
            self.kept = set(self._records)
            return
        self.found, capabilities = self.observation.instances, self.reach.capabilities
        self.costs = costs_of(self.plan, self.observation, capabilities, make_effective=self.policy.make_effective)
        for name, record in self._records.items():
            if not still_pending(record, self.instance(name), moved=name in moved):
                continue
            if self.policy.make_effective:
                self.costs[name] = "reboot"
            else:
                self.not_effective.append(name)
        self.errors.update(self.plan.errors())
        late = on_their_way(self.observation, {*self.costs, *self._records})
        self.refuse(too_late(self.reach, self.observation, late, self.policy.wait_timeout), keep=True)
        self.refuse(refusals(self.costs, self.observation.instances, self.policy), keep=True)

    def _observe(self) -> frozenset[str]:
        """Read and plan, at rest where it matters; return the instances that were on their way before."""
        reach, part = self.reach, self.part
        self.observation = observe_all(
            reach.provider,
            self._wishes(),
            part.instance_ids,
            reach.capabilities,
            told=part.told_by(reach.clock.timestamp()),
        )
        self.part = part.known(self.observation.key_pairs, reach.capabilities)
        self.plan = self._plan()
        moved = on_their_way(self.observation, {*self.plan.instance_ids, *self._records})
        if moved:
            self.observation = wait_for_rest(reach, self.observation, moved, self.policy.wait_timeout)
            self.plan = self._plan()
        return moved

    def _plan(self) -> Plan:
        return joined([make_plan(self.observation, wish, self.reach.capabilities) for wish in self._wishes()])

    def instance(self, instance_id: str) -> Instance | None:
        """Return the instance as it was read last."""
        return self.observation.instances.get(instance_id)

    def remember(self, records: t.Mapping[InstanceRef, Record]) -> None:
        """Take over what the journal knows now."""
        refs = {name: self.part.ref(name) for name in self.part.instance_ids}
        self._records = {name: records[ref] for name, ref in refs.items() if ref in records}

    def record(self, instance_id: str) -> Record | None:
        """Return what an earlier run left of the instance."""
        return self._records.get(instance_id)

    def has_lost(self, instance_id: str, records: t.Mapping[InstanceRef, Record]) -> bool:
        """Tell whether an instance has not all of the key pairs any more that it had at the very start."""
        record, now = records.get(self.part.ref(instance_id)), self.instance(instance_id)
        return record is not None and now is not None and not set(record.key_pairs) <= set(now.key_pairs)

    @property
    def to_be_started(self) -> list[str]:
        """Return the instances that an earlier run has stopped."""
        return [name for name in self.part.instance_ids if needs_start(self.record(name), self.instance(name))]

    def unsettled(self) -> dict[str, Record]:
        """Return what earlier runs left of instances that are not seen, or that ran then and do not run now."""
        return {name: one for name, one in self._records.items() if not settled(one, self.instance(name))}

    def refuse(
        self, errors: t.Mapping[str, ErrorInfo], *, keep: bool, outcome: t.Literal["failed", "skipped"] = "failed"
    ) -> None:
        """Leave these instances untouched, apart from starting what an earlier run has stopped.

        ``keep``: what an earlier run left of them stays in the journal. A reboot that is pending does in any case.
        """
        self.errors.update(errors)
        pending = {name for name, cost in self.costs.items() if cost == "reboot"}
        self.kept |= {name for name in errors if name in self._records and (keep or name in pending)}
        self.plan = refused_rows(self.plan, errors, outcome=outcome)
        self.costs = {name: cost for name, cost in self.costs.items() if name not in errors}
        self.rows = with_costs(self.plan.rows, self.costs)

    def intentions(self) -> list[Intention]:
        """Return what the journal has to know before the first write."""
        return [self.intention(name, self.plan.rows, cost) for name, cost in self.costs.items()]

    def intention(self, instance_id: str, rows: t.Iterable[Row], cost: Cost) -> Intention:
        """Return what the journal has to know of an instance that is about to change."""
        instance = self.observation.instances[instance_id]
        if instance is None:
            raise ValueError(f"{instance_id} does not exist, so that nothing can change")
        connection = self.part.place.connection
        return intention_of(self.part.ref(instance_id), instance, rows, cost, self.record(instance_id), connection)

    def carry_out(self, held: Claim) -> None:
        """Bring the plan about, in one power cycle. Where nothing is to be done, the rows stay as they were planned."""
        if not self.costs and not self.to_be_started:
            return
        cycle = self.turn(held, only(self._wishes(), set(self.plan.instance_ids)), self.costs)
        results = {
            name: dataclasses.replace(result, power_error=cycle.down.get(name))
            for name, result in cycle.results.items()
        }
        rows = carried_out(self.plan, self.observation, results, self.reach.capabilities, effective=cycle.rebooted)
        self.rows = with_costs(rows, self.interrupted)
        for row in self.rows:
            if row.outcome == "failed" and row.error is not None:
                self.errors.setdefault(row.instance_id, row.error)

    def turn(self, held: Claim, wishes: t.Sequence[Desired], costs: t.Mapping[str, Cost]) -> Cycle:
        """Make one power cycle, in which the wishes come about, and take over what was read in it."""
        before, power = self.observation, PowerCycle(self.reach, self.policy)
        stop = [name for name, cost in costs.items() if cost == "stop"]
        down = self.to_be_started
        cycle = power.run(wishes, before, stop=stop, keep_up=down)
        self.started.update(name for name in down if name not in cycle.down)
        waiting = [name for name, cost in costs.items() if cost == "reboot"]
        due = [name for name in waiting if self._is_due(name, before, cycle)]
        power.reboot(cycle, due)
        owed = {*cycle.not_rebooted, *(name for name in waiting if name not in due and _unknown(cycle, name))}
        self._note(held, [self.part.ref(name) for name in waiting if name not in owed])
        self.observation = cycle.observation
        self.interrupted.update(dict.fromkeys(cycle.stopped, "stop"))
        self.interrupted.update(dict.fromkeys(cycle.rebooted, "reboot"))
        self.errors.update({**cycle.not_rebooted, **cycle.down})
        self.kept |= {*owed, *cycle.down}
        return cycle

    def _note(self, held: Claim, rebooted: t.Sequence[InstanceRef]) -> None:
        """Let the journal forget pending reboots. What has been done must not get lost because that fails."""
        try:
            held.reboot_pending(rebooted, pending=False)
        except KeyfleetError as error:
            self.warnings.append(f"{error.info.message} {error.info.hint}".rstrip())

    def _is_due(self, instance_id: str, before: Observation, cycle: Cycle) -> bool:
        """Tell whether an instance that may need a reboot does: its key pairs have changed, or an earlier run's did."""
        record, now = self.record(instance_id), cycle.observation.instances.get(instance_id)
        if now is None or now.power != "running":
            return False
        result = cycle.results.get(instance_id)
        changed = keys_changed(before.instances.get(instance_id), now) or (result is not None and bool(result.requests))
        return changed or still_pending(record, now, moved=False)

    def _wishes(self) -> list[Desired]:
        policy = self.policy.last_key_policy
        return [desired_of(unit, last_key_policy=policy, power_off=True) for unit in self.part.units]


def _unknown(cycle: Cycle, instance_id: str) -> bool:
    """Tell whether nobody knows what became of the key pairs of an instance."""
    result = cycle.results.get(instance_id)
    return result is not None and not result.settled
