# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Bringing instances to a power state, in batches and side by side; see Rounds."""

from __future__ import annotations

import dataclasses
import typing as t

from .._capabilities import Capabilities
from .._clock import Clock, Deadline
from .._errors import KeyfleetError
from .._models import Call, ErrorInfo, Instance
from .._parallel import chunks
from .._plan import power_errors
from .._plan.power import DesiredPower, PowerChange, PowerPlan, change_for, in_two_steps, needed, obstacle
from .._plan.power_evidence import has_restarted
from .._plan.power_rows import PowerAction, PowerResult
from .._providers._protocol import Provider
from .rounds import ATTEMPTS, Rounds, Underway, still_busy
from .settle import FIRST_PAUSE_SECONDS, Awaited, Settled
from .write import Answer

# Where the API cannot do soft_first by itself: how long the guest has to obey before it is forced.
SOFT_SECONDS = 120.0
# How long to wait before it is tried again by force, when the API refuses that while the soft stop is on its way.
INSIST_SECONDS = 15.0
# Where the API reports no operations: an instance that was not seen on its way within this time has either been very
# quick or has not done anything.
PATIENCE_SECONDS = 10.0


@dataclasses.dataclass
class _Progress:
    """How far one instance has come. ``restarted``: it was restarted, or started, for this task."""

    attempts: int = 0
    action: PowerAction | None = None
    request_id: str | None = None
    restarted: bool = False
    soft_ended: bool = False
    insists_from: float = 0.0  # monotonic seconds
    left: bool = False
    trouble: ErrorInfo | None = None  # becomes the error if it does not pass
    hindered: bool = False  # that trouble is only that the instance is on its way
    refused: Instance | None = None  # as it was when the API refused it
    error: ErrorInfo | None = None


class PowerApplier(Rounds[PowerChange]):
    """Applies one plan. ``wait``: whether to wait for what was accepted."""

    def __init__(
        self,
        provider: Provider,
        capabilities: Capabilities,
        desired: DesiredPower,
        clock: Clock,
        deadline: Deadline,
        *,
        wait: bool,
    ) -> None:
        super().__init__(provider, clock, deadline, first_pause=FIRST_PAUSE_SECONDS)
        self._capabilities = capabilities
        self._desired = desired
        self._wait = wait
        self._two_steps = in_two_steps(desired, capabilities)
        self._soft_seconds = min(SOFT_SECONDS, deadline.seconds / 2)
        self._instances: dict[str, Instance | None] = {}
        self._progress: dict[str, _Progress] = {}

    def apply(self, plan: PowerPlan, instances: t.Mapping[str, Instance | None]) -> dict[str, PowerResult]:
        """Carry the plan out. Return a result for every instance of the plan; raises nothing of the API's."""
        self._instances = dict(instances)
        pending = {change.instance_id: change for change in plan.changes}
        self._progress = {name: _Progress() for name in pending}
        try:
            self.work_off(pending)
        except KeyfleetError as error:
            for name in pending:
                self._instances[name] = None
                self._progress[name].error = self._progress[name].error or error.info
        return {
            name: PowerResult(self.view(name), progress.action, progress.request_id, progress.left, progress.error)
            for name, progress in self._progress.items()
        }

    def is_ready(self, change: PowerChange) -> bool:
        """See Rounds. What was soft for long enough is forced although the instance is on its way."""
        if not self.is_busy(change.instance_id):
            return change.action != "none"
        return change.insist and self._clock.now() >= self._progress[change.instance_id].insists_from

    def calls(self, changes: t.Sequence[PowerChange]) -> list[Call]:
        """See Rounds."""
        groups: dict[Call, list[str]] = {}
        for change in changes:
            groups.setdefault(_call(change), []).append(change.instance_id)
        return [
            dataclasses.replace(like, instance_ids=tuple(ids))
            for like, names in groups.items()
            for ids in chunks(names, self._capabilities.power_batch)
        ]

    def note(self, change: PowerChange, answer: Answer) -> None:
        """See Rounds."""
        progress = self._progress[change.instance_id]
        progress.trouble, progress.hindered = answer.error, answer.fate == "busy"
        progress.refused = self.view(change.instance_id) if answer.fate == "refused" else None
        progress.attempts += answer.fate in ("accepted", "lost", "refused")
        if change.insist:
            progress.insists_from = self._clock.now() + INSIST_SECONDS
        if answer.fate == "accepted":
            self._credit(change, answer.request_id)
            progress.left = not self._wait

    def awaited(self, change: PowerChange, answer: Answer) -> Awaited | None:
        """See Rounds. What may have been lost is looked after in any case."""
        if answer.fate == "accepted" and not self._wait:
            return None
        before = self.view(change.instance_id)
        return Awaited(
            change.instance_id,
            answer.request_id,
            before.operation if before else None,
            _reached(change, answer),
            ended=lambda instance, elapsed, moved: (
                moved or elapsed >= PATIENCE_SECONDS or (before is not None and instance.started != before.started)
            ),
            grace=PATIENCE_SECONDS,
            lasts=self._soft_seconds if answer.fate == "accepted" and self._is_first_step(change) else None,
        )

    def is_left(self, instance_id: str) -> bool:
        """See Rounds."""
        return self._progress[instance_id].left

    def look(self, instance_ids: t.Sequence[str]) -> None:
        """See Rounds."""
        if instance_ids:
            found = self._provider.instances(instance_ids)
            self._instances.update({name: found.get(name) for name in instance_ids})

    def view(self, instance_id: str) -> Instance | None:
        """See Rounds."""
        return self._instances[instance_id]

    def settled(self, one: Underway[PowerChange], end: Settled) -> None:
        """See Rounds."""
        progress = self._progress[one.change.instance_id]
        if end.timed_out and end.error is None:
            progress.soft_ended = True
            return
        if end.error is not None or end.instance is None:
            progress.error = end.error and power_errors.with_next_step(end.error, one.change, timed_out=end.timed_out)
            return
        if one.answer.fate == "lost":
            self._settle_lost(one, end.instance)
            return
        if end.instance.power == _target(one.change):
            progress.restarted = True
        # A guest may have refused a soft stop too quickly to be seen on its way.
        elif (one.moved or self._is_first_step(one.change)) and one.before and end.instance.power == one.before.power:
            self._came_back(one, end.instance)

    def _settle_lost(self, one: Underway[PowerChange], instance: Instance) -> None:
        """Decide by what is there now whether a write with a lost answer took place. A restart is not sent twice."""
        happened: bool | None = instance.power == _target(one.change)
        if one.change.action == "restart" and one.before is not None:
            happened = has_restarted(one.before, instance, moved=one.moved, now=self._clock.timestamp())
        if happened:
            operation = instance.operation
            began = operation is not None and one.before is not None and operation != one.before.operation
            self._credit(one.change, operation.request_id if operation and began else None)
            self._progress[one.change.instance_id].restarted = instance.power == _target(one.change)
        elif happened is None:
            self._progress[one.change.instance_id].error = power_errors.restart_unknown(instance, one.answer.error)

    def _is_first_step(self, change: PowerChange) -> bool:
        """Tell whether this is the soft half of soft_first, where that is up to us."""
        return change.stop_type == "soft" and self._two_steps

    def _came_back(self, one: Underway[PowerChange], instance: Instance) -> None:
        """It was on its way and is again where it was: what was accepted did not work out."""
        progress = self._progress[one.change.instance_id]
        if self._is_first_step(one.change):
            progress.soft_ended = True
            return
        error = power_errors.came_back(instance, one.change, one.answer.request_id)
        progress.error = power_errors.with_next_step(error, one.change, timed_out=False)

    def _credit(self, change: PowerChange, request_id: str | None) -> None:
        progress = self._progress[change.instance_id]
        progress.action = progress.action or change.action
        progress.request_id = request_id

    def plan_again(self, at_rest: t.Mapping[str, PowerChange]) -> dict[str, PowerChange]:
        """See Rounds."""
        following = {}
        for name, previous in at_rest.items():
            progress, instance = self._progress[name], self.view(name)
            if progress.error is not None or progress.left:
                continue
            error = obstacle(instance)
            if error is not None or instance is None:
                progress.error = error
                continue
            if instance.busy:
                following[name] = self._while_busy(previous)
                continue
            # What was restarted softly and took long may arrive before it can be forced.
            arrived = previous.insist and previous.action == "restart" and instance.power == "running"
            progress.restarted = progress.restarted or arrived
            action = needed(instance.power, self._desired, restarted=progress.restarted)
            if action == "none":
                continue
            progress.error = self._exhausted(instance, previous)
            if progress.error is None:
                following[name] = self._change(name, action)
        return following

    def _while_busy(self, previous: PowerChange) -> PowerChange:
        """Return what to do about an instance that is on its way: wait, or force what was soft for long enough."""
        insists = self._progress[previous.instance_id].soft_ended and previous.action != "none"
        return self._change(previous.instance_id, previous.action) if insists else previous

    def _change(self, instance_id: str, action: PowerAction) -> PowerChange:
        soft_ended = self._progress[instance_id].soft_ended
        return change_for(instance_id, action, self._desired, self._capabilities, soft_ended=soft_ended)

    def _exhausted(self, instance: Instance, previous: PowerChange) -> ErrorInfo | None:
        """Return why there is to be no further attempt, or None.

        What the API refused is final unless the instance has changed since: then somebody else was at work.
        """
        progress = self._progress[instance.id]
        if progress.refused is not None and progress.trouble is not None:
            unchanged = (progress.refused.state, progress.refused.operation) == (instance.state, instance.operation)
            if unchanged or progress.attempts >= ATTEMPTS:
                return progress.trouble
        if progress.attempts >= ATTEMPTS:
            return progress.trouble or power_errors.no_effect(instance, previous, progress.request_id)
        return None

    def give_up(self, change: PowerChange) -> None:
        """See Rounds."""
        progress, instance = self._progress[change.instance_id], self.view(change.instance_id)
        if change.insist and instance is not None and (progress.trouble is None or progress.hindered):
            waited = (self._soft_seconds, self._deadline.seconds)
            progress.error = power_errors.insisted_in_vain(instance, change, progress.trouble, waited)
            return
        progress.error = progress.trouble or still_busy(change.instance_id, instance, self._deadline)


def _target(change: PowerChange) -> str:
    return "stopped" if change.action == "stop" else "running"


def _reached(change: PowerChange, answer: Answer) -> t.Callable[[Instance], bool]:
    """Return what shows that the change is done. A restart shows in the end of our own operation only."""

    def restarted(instance: Instance) -> bool:
        operation = instance.operation
        if operation is None or answer.request_id is None or operation.request_id != answer.request_id:
            return False
        return operation.state == "success" and instance.power == "running"

    return restarted if change.action == "restart" else lambda instance: instance.power == _target(change)


def _call(change: PowerChange) -> Call:
    """Return the call for a change, without instances."""
    if change.action == "restart":
        return Call("reboot", (), stop_type=change.stop_type or "soft")
    if change.action == "stop":
        return Call("stop", (), stop_type=change.stop_type or "soft", keep_charging=change.keep_charging)
    return Call("start", ())
