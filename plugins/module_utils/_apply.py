# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Carrying a plan out: write, wait, read, plan again, until nothing is left to do or nothing more can be done.

Because every round plans anew from what was read, a lost answer is never followed by a blind repetition, a race with
somebody else ends well, and an API that replaces where it was thought to add is noticed.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ._capabilities import Capabilities
from ._clock import Clock, Deadline
from ._errors import KeyfleetError
from ._models import Desired, ErrorInfo, Instance, Observation
from ._observe import look_again
from ._parallel import parallel_map
from ._plan.calls import batched
from ._plan.change import Change, bound_for_another, is_bound
from ._plan.conclusion import Result
from ._plan.plan import Plan, make_plan
from ._power import PowerKeeper
from ._providers._protocol import Provider
from ._settle import Awaited, Settler
from ._waiting import intervals
from ._write import Answer, Writer

# How often one instance is written to for the same task, when answers get lost or accepted writes show no effect.
ATTEMPTS = 4


@dataclasses.dataclass
class Progress:
    """How far one instance has come; becomes a Result at the end."""

    attempts: int = 0
    requests: dict[tuple[str, str], str | None] = dataclasses.field(default_factory=dict)
    settled: bool = True
    accepted: bool = False
    forced: bool = False
    error: ErrorInfo | None = None
    failed_action: str | None = None
    trouble: ErrorInfo | None = None  # a passing error; becomes the error if it does not pass

    def fail(self, error: ErrorInfo, change: Change, *, settled: bool = True) -> None:
        """Note why the instance gets no further."""
        self.error, self.failed_action, self.settled = error, change.action, settled


class Applier:
    """Applies one plan. ``wait``: whether to wait for the last write of every instance."""

    def __init__(
        self,
        provider: Provider,
        capabilities: Capabilities,
        desired: Desired,
        clock: Clock,
        deadline: Deadline,
        *,
        wait: bool,
    ) -> None:
        self._provider = provider
        self._capabilities = capabilities
        self._desired = desired
        self._clock = clock
        self._deadline = deadline
        self._wait = wait
        self._writer = Writer(provider, deadline)
        self._settler = Settler(provider, clock, asynchronous=capabilities.asynchronous)
        self._power = PowerKeeper(provider, capabilities, self._writer, self._settler, clock, deadline.seconds)
        self._progress: dict[str, Progress] = {}
        self._observation = Observation({}, {})

    def apply(self, plan: Plan, observation: Observation) -> tuple[Observation, dict[str, Result]]:
        """Carry the plan out.

        Return what was read last and a result for every instance of the plan; raises nothing of the API's.
        """
        self._observation = observation
        self._progress = {instance_id: Progress() for instance_id in plan.instance_ids}
        changes = {change.instance_id: change for change in plan.first_changes()}
        try:
            self._rounds(changes)
        except KeyfleetError as error:
            for instance_id, change in changes.items():
                if self._progress[instance_id].error is None:
                    self._progress[instance_id].fail(error.info, change, settled=False)
        finally:
            # Whatever went wrong, nothing stays down that ran before.
            power_errors = self._power.restore()
        return self._observation, {
            instance_id: Result(
                progress.requests,
                progress.settled,
                progress.accepted,
                progress.forced,
                progress.error,
                progress.failed_action,
                power_errors.get(instance_id),
            )
            for instance_id, progress in self._progress.items()
        }

    def _rounds(self, pending: dict[str, Change]) -> None:
        """Work ``pending`` off; it always holds the next change of the instances that are not through."""
        pauses = intervals()
        while pending:
            ready = [change for change in pending.values() if not self._is_busy(change.instance_id)]
            answers = self._write(ready)
            seen = self._settle(ready, answers)
            if all(answer.fate in ("busy", "done") for answer in answers.values()):
                self._clock.sleep(min(next(pauses), self._deadline.remaining))
            if self._deadline.passed:
                self._give_up(pending)
            # What was refused is read once more as well: somebody else may have done it meanwhile.
            unread = [name for name in pending if name not in seen and not self._progress[name].accepted]
            self._look_again(unread)
            self._plan_again(pending)

    def _is_busy(self, instance_id: str) -> bool:
        instance = self._observation.instances.get(instance_id)
        return instance is not None and instance.busy

    def _write(self, changes: t.Sequence[Change]) -> dict[str, Answer]:
        """Send the changes in batches, side by side."""
        forced = [change.instance_id for change in changes if change.force]
        self._power.watch(self._observation.instances[instance_id] for instance_id in forced)
        calls = batched(changes, self._capabilities)
        answers: dict[str, Answer] = {}
        for part in parallel_map(self._writer.write, calls):
            answers.update(part)
        for change in changes:
            self._note(change, answers[change.instance_id])
        return answers

    def _note(self, change: Change, answer: Answer) -> None:
        progress = self._progress[change.instance_id]
        if answer.fate == "accepted":
            progress.requests.update({(change.action, key): answer.request_id for key in change.key_pairs})
            progress.forced = progress.forced or change.force
        if answer.fate == "refused" and answer.error is not None:
            progress.fail(answer.error, change)
        progress.trouble = answer.error
        # What is said to be done already and does not show is tried once more, in case the read was behind.
        progress.attempts += {"accepted": 1, "lost": 1, "done": ATTEMPTS // 2}.get(answer.fate, 0)

    def _settle(self, changes: t.Sequence[Change], answers: t.Mapping[str, Answer]) -> set[str]:
        """Wait for the writes that were accepted, or may have been. Return the instances that were read meanwhile."""
        awaited = {}
        for change in changes:
            answer = answers[change.instance_id]
            if answer.fate in ("accepted", "lost") and not self._may_leave(change, answer):
                before = self._observation.instances.get(change.instance_id)
                awaited[change.instance_id] = (change, answer, before)
        settled = self._settler.settle(
            [
                Awaited(instance_id, answer.request_id, before.operation if before else None, self._reached(change))
                for instance_id, (change, answer, before) in awaited.items()
            ],
            self._deadline,
        )
        for instance_id, (change, answer, before) in awaited.items():
            end = settled[instance_id]
            if end.error is not None:
                self._progress[instance_id].fail(end.error, change, settled=not end.timed_out)
            elif answer.fate == "lost":
                self._adopt(change, before, end.instance)
        views = {instance_id: end.instance for instance_id, end in settled.items()}
        self._observation = dataclasses.replace(self._observation, instances={**self._observation.instances, **views})
        return set(views)

    def _adopt(self, change: Change, before: Instance | None, after: Instance | None) -> None:
        """Tell whether nobody has to wait: not asked for, the last change of its instance, no power to restore."""
        if before is None or after is None:
            return
        began = after.operation != before.operation
        request_id = after.operation.request_id if began and after.operation else None
        progress = self._progress[change.instance_id]
        if self._reached(change)(after):
            progress.requests.update({(change.action, key): request_id for key in change.key_pairs})
        if began or self._reached(change)(after):
            progress.forced = progress.forced or change.force

    def _may_leave(self, change: Change, answer: Answer) -> bool:
        """Tell whether nobody has to wait: not asked for, the last change of its instance, and no power state to
        restore.
        """
        if self._wait or change.force or answer.fate == "lost" or not self._capabilities.asynchronous:
            return False
        if self._has_more(change):
            return False
        progress = self._progress[change.instance_id]
        progress.accepted, progress.settled = True, False
        return True

    def _has_more(self, change: Change) -> bool:
        return any(
            later.instance_id == change.instance_id and later.action != change.action
            for later in self._plan((change.instance_id,)).changes
        )

    @staticmethod
    def _reached(change: Change) -> t.Callable[[Instance], bool]:
        keys = set(change.key_pairs)
        if change.action == "bind":
            return lambda instance: keys <= set(instance.key_pairs)
        return lambda instance: not keys & set(instance.key_pairs)

    def _look_again(self, instance_ids: t.Sequence[str]) -> None:
        """Read what the wait has not read: busy instances, and who holds a key pair for which account."""
        pairs = self._observation.key_pairs.values()
        accounts = any(holder.username for pair in pairs for holder in pair.holders or ())
        self._observation = look_again(
            self._provider,
            self._observation,
            instance_ids,
            with_key_pairs=accounts or bool(self._desired.username),
        )

    def _plan(self, instance_ids: tuple[str, ...]) -> Plan:
        desired = dataclasses.replace(self._desired, instance_ids=instance_ids)
        return make_plan(self._observation, desired, self._capabilities)

    def _plan_again(self, pending: dict[str, Change]) -> None:
        """Drop from ``pending`` what is through or has failed; set the next change of the others."""
        self._learn(pending)
        plan = self._plan(tuple(pending))
        errors, changes = plan.errors(), {change.instance_id: change for change in plan.first_changes()}
        for instance_id, previous in list(pending.items()):
            progress = self._progress[instance_id]
            following = changes.get(instance_id)
            if progress.error is None and instance_id in errors:
                progress.fail(errors[instance_id], previous)
            exhausted = progress.attempts >= ATTEMPTS and following is not None and following.action == previous.action
            if exhausted and progress.error is None:
                error = bound_for_another(self._observation, previous) or progress.trouble
                if error is not None:
                    progress.fail(error, previous)
            if progress.error is not None or progress.accepted or following is None or exhausted:
                del pending[instance_id]
            else:
                pending[instance_id] = following

    def _learn(self, pending: t.Mapping[str, Change]) -> None:
        """Notice that a bind took away a key pair that was asked for as well: then this API replaces."""
        for instance_id, change in pending.items():
            progress = self._progress[instance_id]
            bound = [key for action, key in progress.requests if action == "bind"]
            wanted = {
                self._observation.key_pairs[ref].id
                for ref in self._desired.key_pairs
                if ref in self._observation.key_pairs
            }
            lost = [key for key in wanted - set(bound) if not is_bound(self._observation, instance_id, key)]
            if change.action == "bind" and bound and lost:
                self._capabilities = dataclasses.replace(self._capabilities, bind_effect="replaces")
                return

    def _give_up(self, pending: t.Mapping[str, Change]) -> None:
        for instance_id, change in pending.items():
            progress = self._progress[instance_id]
            if progress.error is None and not progress.accepted:
                instance = self._observation.instances.get(instance_id)
                progress.fail(progress.trouble or _still_busy(instance_id, instance, self._deadline), change)


def _still_busy(instance_id: str, instance: Instance | None, deadline: Deadline) -> ErrorInfo:
    state = instance.state if instance else "unknown"
    return ErrorInfo(
        code="InstanceBusy",
        message=f"{instance_id} was busy with something else for {deadline.seconds:g} seconds; its state is {state}.",
        hint="Wait until it is idle and run the task again, or raise wait_timeout.",
        retryable=True,
    )
