# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""One power cycle for everything that changes in one place: stop, bind, unbind, start; or bind, then reboot."""

from __future__ import annotations

import dataclasses
import typing as t

from .._clock import Deadline
from .._models import Desired, ErrorInfo, Instance, Observation
from .._parallel import parallel_map
from .._plan.conclusion import Result
from .._plan.plan import make_plan
from .._plan.power import DesiredPower
from .._plan.wave_cost import with_way_out
from .._plan.wave_model import WavePolicy
from .binding_apply import Applier
from .power_bring import Brought, bring
from .power_keeper import PowerKeeper
from .wave_part import Reach


@dataclasses.dataclass
class Cycle:
    """How it went.

    ``results``: instance ID → what became of its key pairs. ``stopped`` and ``rebooted``: the instances that were
    interrupted. ``down``: those that could not be brought back up; ``not_rebooted``: those that could not be rebooted.
    """

    observation: Observation
    results: dict[str, Result] = dataclasses.field(default_factory=dict)
    stopped: set[str] = dataclasses.field(default_factory=set)
    rebooted: set[str] = dataclasses.field(default_factory=set)
    down: dict[str, ErrorInfo] = dataclasses.field(default_factory=dict)
    not_rebooted: dict[str, ErrorInfo] = dataclasses.field(default_factory=dict)


class PowerCycle:
    """Carries the changes of one place out, within what the policy allows.

    The reads of one step serve the next one. ``keep_up``: instances that are stopped, and are to run in the end.
    """

    def __init__(self, reach: Reach, policy: WavePolicy) -> None:
        self._reach = reach
        self._policy = policy

    def run(
        self,
        wishes: t.Sequence[Desired],
        observation: Observation,
        *,
        stop: t.Sequence[str],
        keep_up: t.Sequence[str] = (),
    ) -> Cycle:
        """Bring the wishes about. Whatever happens in between, what was stopped is started again.

        Raises nothing of the API's; that is in the result.
        """
        cycle = Cycle(observation)
        reach, policy = self._reach, self._policy
        keeper = PowerKeeper(reach.provider, reach.capabilities, reach.clock, policy.wait_timeout)
        keeper.watch(observation.instances.get(name) for name in (*stop, *keep_up))
        known: t.Mapping[str, Instance | None] | None = None
        try:
            deadline = Deadline(reach.clock, policy.wait_timeout)
            unfit = self._stop(cycle, stop, deadline)
            self._change(cycle, wishes, unfit, deadline)
            # What is not known for sure is read again.
            known = None if unfit else cycle.observation.instances
        finally:
            cycle.down = keeper.restore(known)
        self._see(cycle, keeper.latest)
        return cycle

    def reboot(self, cycle: Cycle, instance_ids: t.Sequence[str]) -> None:
        """Reboot running instances, and note in the cycle what became of it."""
        if not instance_ids:
            return
        reach, policy = self._reach, self._policy
        brought = bring(
            reach.provider,
            reach.capabilities,
            reach.clock,
            DesiredPower(tuple(instance_ids), "restarted", policy.stop_type),
            {name: cycle.observation.instances.get(name) for name in instance_ids},
            Deadline(reach.clock, policy.wait_timeout),
        )
        self._see(cycle, brought.instances)
        cycle.not_rebooted = self._errors(brought)
        cycle.rebooted = {name for name in instance_ids if name not in cycle.not_rebooted}

    def _stop(self, cycle: Cycle, instance_ids: t.Sequence[str], deadline: Deadline) -> dict[str, ErrorInfo]:
        """Stop instances, keeping their charging; return an error for each that does not stop.

        One guest that does not obey must not keep the others down, so that stopping has half of the time.
        """
        if not instance_ids:
            return {}
        reach = self._reach
        brought = bring(
            reach.provider,
            reach.capabilities,
            reach.clock,
            DesiredPower(tuple(instance_ids), "stopped", self._policy.stop_type),
            {name: cycle.observation.instances.get(name) for name in instance_ids},
            Deadline(reach.clock, deadline.remaining / 2),
        )
        self._see(cycle, brought.instances)
        cycle.stopped = {row.instance_id for row in brought.rows if row.outcome == "changed" or row.after != "running"}
        return self._errors(brought)

    def _change(
        self, cycle: Cycle, wishes: t.Sequence[Desired], unfit: t.Mapping[str, ErrorInfo], deadline: Deadline
    ) -> None:
        """Bind and unbind on all instances that are fit for it now."""
        before = cycle.observation
        parts = parallel_map(lambda wish: self._apply(wish, before, unfit, deadline), wishes)
        for wish, (after, results) in zip(wishes, parts, strict=True):
            cycle.results.update(results)
            own = {name: after.instances[name] for name in wish.instance_ids if name in after.instances}
            merged = cycle.observation
            cycle.observation = Observation({**merged.key_pairs, **after.key_pairs}, {**merged.instances, **own})

    def _apply(
        self, wish: Desired, before: Observation, unfit: t.Mapping[str, ErrorInfo], deadline: Deadline
    ) -> tuple[Observation, dict[str, Result]]:
        """Return what was read last, and a result for every instance of the wish."""
        reach = self._reach
        results = {name: Result(error=unfit.get(name)) for name in wish.instance_ids}
        fit = tuple(name for name in wish.instance_ids if name not in unfit)
        # What runs although it was to be stopped has been started by somebody else: then it is left alone.
        desired = dataclasses.replace(wish, instance_ids=fit, force_stop=False)
        plan = make_plan(before, desired, reach.capabilities)
        results.update({name: Result(error=error) for name, error in plan.errors().items()})
        if not plan.changes:
            return before, results
        applier = Applier(reach.provider, reach.capabilities, desired, reach.clock, deadline, wait=True)
        after, applied = applier.apply(plan, before)
        return after, {**results, **applied}

    def _errors(self, brought: Brought) -> dict[str, ErrorInfo]:
        return {name: with_way_out(error or _UNKNOWN, self._policy) for name, error in brought.errors.items()}

    @staticmethod
    def _see(cycle: Cycle, latest: t.Mapping[str, Instance | None]) -> None:
        """Take over what was read last of some instances."""
        known = cycle.observation
        cycle.observation = Observation(known.key_pairs, {**known.instances, **latest})


_UNKNOWN = ErrorInfo(code="Unknown", message="it is not known why", hint="Look at it in the vendor's console.")
