# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Carrying a plan of bindings out; see Rounds.

Because every instance is planned anew from what was read, an API that replaces where it was thought to add is noticed.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._capabilities import Capabilities
from .._clock import Clock, Deadline
from .._errors import KeyfleetError
from .._models import Call, Desired, ErrorInfo, Instance, Observation
from .._plan.calls import batched
from .._plan.change import Change, bound_for_another, is_bound
from .._plan.conclusion import Result
from .._plan.plan import Plan, make_plan
from .._providers._protocol import Provider
from .binding_observe import look_again
from .power_keeper import PowerKeeper
from .rounds import ATTEMPTS, Rounds, Underway, still_busy
from .settle import FIRST_PAUSE_SECONDS, LAG_SECONDS, Awaited, Settled
from .write import Answer


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


class Applier(Rounds[Change]):
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
        super().__init__(
            provider, clock, deadline, first_pause=FIRST_PAUSE_SECONDS if capabilities.asynchronous else 0.0
        )
        self._capabilities = capabilities
        self._desired = desired
        self._wait = wait
        self._power = PowerKeeper(provider, capabilities, clock, deadline.seconds)
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
            self.work_off(changes)
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

    def calls(self, changes: t.Sequence[Change]) -> list[Call]:
        """See Rounds. What may be powered off now is remembered before."""
        self._power.watch(self.view(change.instance_id) for change in changes if change.force)
        return batched(changes, self._capabilities)

    def note(self, change: Change, answer: Answer) -> None:
        """See Rounds."""
        progress = self._progress[change.instance_id]
        if answer.fate == "accepted":
            progress.requests.update({(change.action, key): answer.request_id for key in change.key_pairs})
            progress.forced = progress.forced or change.force
        if answer.fate == "refused" and answer.error is not None:
            progress.fail(answer.error, change)
        progress.trouble = answer.error
        # What is said to be done already and does not show is tried once more, in case the read was behind.
        progress.attempts += {"accepted": 1, "lost": 1, "done": ATTEMPTS // 2}.get(answer.fate, 0)

    def awaited(self, change: Change, answer: Answer) -> Awaited | None:
        """See Rounds."""
        if self._may_leave(change, answer):
            return None
        before = self.view(change.instance_id)
        return Awaited(
            change.instance_id,
            answer.request_id,
            before.operation if before else None,
            self._reached(change),
            ended=None if self._capabilities.asynchronous or answer.fate == "lost" else _shown_by_now,
        )

    def settled(self, one: Underway[Change], end: Settled) -> None:
        """See Rounds."""
        if end.error is not None:
            self._progress[one.change.instance_id].fail(end.error, one.change, settled=not end.timed_out)
        elif one.answer.fate == "lost":
            self._adopt(one.change, one.before, end.instance)

    def _adopt(self, change: Change, before: Instance | None, after: Instance | None) -> None:
        """Take a write with a lost answer for done, or begun, where the instance shows it."""
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
        """Tell whether nobody has to wait: not asked for, the last change of its instance, no power to restore."""
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

    def is_left(self, instance_id: str) -> bool:
        """See Rounds."""
        return self._progress[instance_id].accepted

    def look(self, instance_ids: t.Sequence[str]) -> None:
        """See Rounds."""
        self._observation = look_again(self._provider, self._observation, instance_ids, with_key_pairs=False)

    def view(self, instance_id: str) -> Instance | None:
        """See Rounds."""
        return self._observation.instances.get(instance_id)

    def _look_for_accounts(self) -> None:
        """Read who holds a key pair for which account, which the instances do not tell."""
        pairs = self._observation.key_pairs.values()
        accounts = any(holder.username for pair in pairs for holder in pair.holders or ())
        if accounts or self._desired.username:
            self._observation = look_again(self._provider, self._observation, (), with_key_pairs=True)

    def _plan(self, instance_ids: tuple[str, ...]) -> Plan:
        desired = dataclasses.replace(self._desired, instance_ids=instance_ids)
        return make_plan(self._observation, desired, self._capabilities)

    def plan_again(self, at_rest: t.Mapping[str, Change]) -> dict[str, Change]:
        """See Rounds."""
        if not all(self.is_busy(name) for name in at_rest):
            self._look_for_accounts()
        self._learn(at_rest)
        plan = self._plan(tuple(at_rest))
        errors, changes = plan.errors(), {change.instance_id: change for change in plan.first_changes()}
        going_on = {}
        for name, previous in at_rest.items():
            progress, following = self._progress[name], changes.get(name)
            if progress.error is None and name in errors:
                progress.fail(errors[name], previous)
            exhausted = progress.attempts >= ATTEMPTS and following is not None and following.action == previous.action
            if exhausted and progress.error is None:
                error = bound_for_another(self._observation, previous) or progress.trouble
                if error is not None:
                    progress.fail(error, previous)
            if progress.error is None and not progress.accepted and following is not None and not exhausted:
                going_on[name] = following
        return going_on

    def _learn(self, at_rest: t.Mapping[str, Change]) -> None:
        """Notice that a bind took away a key pair that was asked for as well: then this API replaces."""
        for instance_id, change in at_rest.items():
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

    def give_up(self, change: Change) -> None:
        """See Rounds."""
        progress = self._progress[change.instance_id]
        error = progress.trouble or still_busy(change.instance_id, self.view(change.instance_id), self._deadline)
        progress.fail(error, change)


def _shown_by_now(_instance: Instance, elapsed: float, _moved: bool) -> bool:
    """Tell whether what a synchronous API has done must show by now; if not, somebody has undone it since."""
    return elapsed >= LAG_SECONDS
