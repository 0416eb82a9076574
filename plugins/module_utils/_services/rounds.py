# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Carrying changes of many instances out: write, wait, read, plan again, until nothing is left to do.

Every instance goes at its own pace: one that takes long, or is busy with something else, does not hold the others up.
Because each one is planned anew from what was read, a lost answer is never followed by a blind repetition, and a race
with somebody else ends well. All of them are read with the same few calls.
"""

from __future__ import annotations

import abc
import dataclasses
import itertools
import typing as t

from .._clock import Clock, Deadline
from .._models import Call, ErrorInfo, Instance
from .._parallel import parallel_map
from .._providers._protocol import Provider
from .._waiting import intervals
from .settle import Awaited, Settled, judge, timed_out
from .write import Answer, Writer

# How often one instance is written to for the same task, when answers get lost or accepted writes show no effect.
ATTEMPTS = 4


class InstanceChange(t.Protocol):
    """One write on one instance."""

    @property
    def instance_id(self) -> str:
        """Return the instance."""


C = t.TypeVar("C", bound=InstanceChange)


@dataclasses.dataclass
class Underway(t.Generic[C]):
    """A change that was accepted, or may have been.

    ``since``: monotonic seconds. ``moved``: the instance was seen on its way since. ``before``: what was seen earlier.
    """

    change: C
    answer: Answer
    awaited: Awaited
    before: Instance | None
    since: float
    moved: bool = False


class Rounds(abc.ABC, t.Generic[C]):
    """The loop; what the changes are, and when an instance is through, is up to the class derived from it.

    ``first_pause``: seconds before the first look at what was accepted.
    """

    def __init__(self, provider: Provider, clock: Clock, deadline: Deadline, *, first_pause: float) -> None:
        self._provider = provider
        self._clock = clock
        self._deadline = deadline
        self._first_pause = first_pause
        self._writer = Writer(provider, deadline)
        self._underway: dict[str, Underway[C]] = {}

    def work_off(self, pending: dict[str, C]) -> None:
        """Work ``pending`` off; it always holds the next change of the instances that are not through.

        Raises the errors of reads.
        """
        pauses: t.Iterator[float] = intervals()
        late = False
        while pending:
            answers = {} if late else self._send(self._ready(pending))
            if any(answer.fate in ("accepted", "lost") for answer in answers.values()):
                pauses = itertools.chain([self._first_pause], intervals())
            if self._underway or not answers or any(answer.fate in ("busy", "done") for answer in answers.values()):
                self._pause(next(pauses))
            # What was read before the end, and came after it, says nothing of the end: then there is one more look.
            over = self._deadline.passed
            self.look([name for name in pending if not self.is_left(name)])
            self._judge(over=over)
            self._go_on(pending, over=over)
            late = self._deadline.passed

    def _ready(self, pending: t.Mapping[str, C]) -> list[C]:
        """Return the changes that can be sent now."""
        return [change for name, change in pending.items() if name not in self._underway and self.is_ready(change)]

    def _send(self, changes: t.Sequence[C]) -> dict[str, Answer]:
        """Send the changes in batches, side by side."""
        answers: dict[str, Answer] = {}
        for part in parallel_map(self._writer.write, self.calls(changes)):
            answers.update(part)
        for change in changes:
            answer = answers[change.instance_id]
            self.note(change, answer)
            awaited = self.awaited(change, answer) if answer.fate in ("accepted", "lost") else None
            if awaited is not None:
                self._underway[change.instance_id] = Underway(
                    change, answer, awaited, self.view(change.instance_id), self._clock.now()
                )
        return answers

    def _pause(self, seconds: float) -> None:
        seconds = min(seconds, self._deadline.remaining)
        if seconds:
            self._clock.sleep(seconds)

    def _judge(self, *, over: bool) -> None:
        """Tell of every change under way whether it has ended, and how. ``over``: nobody waits any more."""
        for name, one in list(self._underway.items()):
            instance = self.view(name)
            settled = judge(one.awaited, instance, self._clock.now() - one.since, moved=one.moved)
            one.moved = one.moved or (instance is not None and instance.busy)
            if settled is None and over:
                settled = timed_out(one.awaited, instance, self._deadline)
            if settled is not None:
                self.settled(one, settled)
                del self._underway[name]

    def _go_on(self, pending: dict[str, C], *, over: bool) -> None:
        """Drop from ``pending`` what is through or has failed, and when it is ``over`` everything; set the next change
        of the others.
        """
        at_rest = {name: change for name, change in pending.items() if name not in self._underway}
        following = self.plan_again(at_rest) if at_rest else {}
        for name in at_rest:
            if name in following and not over:
                pending[name] = following[name]
                continue
            if name in following:
                self.give_up(following[name])
            del pending[name]

    def is_busy(self, instance_id: str) -> bool:
        """Tell whether the instance was on its way when it was read last."""
        instance = self.view(instance_id)
        return instance is not None and instance.busy

    def is_ready(self, change: C) -> bool:
        """Tell whether the change can be sent now."""
        return not self.is_busy(change.instance_id)

    @abc.abstractmethod
    def calls(self, changes: t.Sequence[C]) -> list[Call]:
        """Return as few calls as carry these changes."""

    @abc.abstractmethod
    def note(self, change: C, answer: Answer) -> None:
        """Remember what the API made of a change."""

    @abc.abstractmethod
    def awaited(self, change: C, answer: Answer) -> Awaited | None:
        """Return what to wait for after an accepted or lost write, or None when nobody waits."""

    @abc.abstractmethod
    def is_left(self, instance_id: str) -> bool:
        """Tell whether nobody waits for the instance any more, so that it need not be read."""

    @abc.abstractmethod
    def look(self, instance_ids: t.Sequence[str]) -> None:
        """Read these instances again."""

    @abc.abstractmethod
    def view(self, instance_id: str) -> Instance | None:
        """Return the instance as it was read last; None when the API does not know it."""

    @abc.abstractmethod
    def settled(self, one: Underway[C], end: Settled) -> None:
        """Remember how the wait for a change has ended."""

    @abc.abstractmethod
    def plan_again(self, at_rest: t.Mapping[str, C]) -> dict[str, C]:
        """Return the next changes of those instances that are not through."""

    @abc.abstractmethod
    def give_up(self, change: C) -> None:
        """Remember that the time was over before this change could be made."""


def still_busy(instance_id: str, instance: Instance | None, deadline: Deadline) -> ErrorInfo:
    """Return the error for an instance that was busy with something else all the time."""
    state = instance.state if instance else "unknown"
    return ErrorInfo(
        code="InstanceBusy",
        message=f"{instance_id} was busy with something else for {deadline.seconds:g} seconds; its state is {state}.",
        hint="Wait until it is idle and run the task again, or raise wait_timeout.",
        retryable=True,
    )
