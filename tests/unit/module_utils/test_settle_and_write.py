# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""After a write: whose operation has ended, who is the culprit in a refused batch, and what was lost."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._clock import Deadline
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import AnswerLostError, Kind
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import (
    Call,
    ErrorInfo,
    Instance,
    LatestOperation,
    OperationState,
    Receipt,
)
from ansible_collections.keyfleet.cloud.plugins.module_utils._services.rounds import Rounds, Underway
from ansible_collections.keyfleet.cloud.plugins.module_utils._services.settle import (
    FIRST_PAUSE_SECONDS,
    Awaited,
    Settled,
)
from ansible_collections.keyfleet.cloud.plugins.module_utils._services.write import DENIALS, Answer, Writer
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.fakes import FakeClock, FakeProvider, api_error
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.planning import instance
from hypothesis import given
from hypothesis import strategies as st

OLD = LatestOperation("StopInstances", "success", "req-0")


def ours(state: OperationState, text: str | None = None) -> LatestOperation:
    return LatestOperation("AssociateInstancesKeyPairs", state, "req-1", text)


def view(*keys: str, operation: LatestOperation | None, **options: t.Any) -> dict[str, Instance]:
    return {"1": instance("1", *keys, operation=operation, **options)}


@dataclasses.dataclass(frozen=True)
class Bind:
    instance_id: str


class Once(Rounds[Bind]):
    """Binds key pair "a" to each instance once, and remembers how the wait for it ended."""

    def __init__(self, provider: FakeProvider, clock: FakeClock, names: str, seconds: float) -> None:
        super().__init__(provider, clock, Deadline(clock, seconds), first_pause=FIRST_PAUSE_SECONDS)
        self.seen: dict[str, Instance | None] = {name: instance(name, operation=OLD) for name in names}
        self.ended: dict[str, Settled] = {}
        self.work_off({name: Bind(name) for name in names})

    def calls(self, changes: t.Sequence[Bind]) -> list[Call]:
        return [Call("bind", tuple(change.instance_id for change in changes), ("a",))] if changes else []

    def note(self, change: Bind, answer: Answer) -> None:
        pass

    def awaited(self, change: Bind, answer: Answer) -> Awaited:
        return Awaited(change.instance_id, answer.request_id, OLD, lambda found: "a" in found.key_pairs)

    def is_left(self, instance_id: str) -> bool:
        return instance_id in self.ended

    def look(self, instance_ids: t.Sequence[str]) -> None:
        found = self._provider.instances(instance_ids)
        self.seen.update({name: found.get(name) for name in instance_ids})

    def view(self, instance_id: str) -> Instance | None:
        return self.seen[instance_id]

    def settled(self, one: Underway[Bind], end: Settled) -> None:
        self.ended[one.change.instance_id] = end

    def plan_again(self, at_rest: t.Mapping[str, Bind]) -> dict[str, Bind]:
        return {name: change for name, change in at_rest.items() if name not in self.ended}

    def give_up(self, change: Bind) -> None:
        raise AssertionError(f"{change} was given up")


def lose(call: Call) -> Receipt:
    raise AnswerLostError(ErrorInfo("AnswerLost", f"{call.action} gone"))


def settle(*views: dict[str, Instance], lost: bool = False, seconds: float = 60.0) -> Settled:
    return Once(FakeProvider(*views, write=lose if lost else None), FakeClock(), "1", seconds).ended["1"]


# --- settling -------------------------------------------------------------------------------------------------------


def test_an_older_success_is_not_ours() -> None:
    provider_views = [view(operation=OLD), view(operation=ours("operating")), view("a", operation=ours("success"))]
    assert settle(*provider_views) == Settled(provider_views[-1]["1"])


@pytest.mark.parametrize("reason", ["guest agent is down", "guest agent is down."])
def test_a_failed_operation_is_an_error_with_its_text(reason: str) -> None:
    error = settle(view(operation=ours("failed", reason))).error
    assert error is not None
    assert error.code == "OperationFailed"
    assert error.message.endswith("but the operation failed: guest agent is down.")


def test_an_older_failure_is_not_ours() -> None:
    failed = LatestOperation("StartInstances", "failed", "req-0")
    assert settle(view(operation=failed), view("a", operation=ours("success"))).error is None


def test_an_operation_that_somebody_else_started_after_ours_leaves_the_decision_to_the_bindings() -> None:
    later = LatestOperation("StopInstances", "success", "req-9")
    assert settle(view(operation=later)) == Settled(view(operation=later)["1"])


def test_without_operations_the_bindings_alone_decide() -> None:
    assert settle(view(operation=None), view("a", operation=None)).error is None


def test_a_success_that_shows_late_is_waited_for() -> None:
    settled = settle(view(operation=ours("success")), view("a", operation=ours("success")))
    assert settled.instance is not None
    assert settled.instance.key_pairs == ("a",)


def test_an_instance_on_its_way_has_not_settled() -> None:
    settled = settle(
        view("a", operation=ours("success"), power="changing"), view("a", operation=ours("success"), power="running")
    )
    assert settled.instance is not None
    assert settled.instance.power == "running"


def test_a_timeout_says_which_instance_is_in_which_state() -> None:
    settled = settle(view(operation=ours("operating"), power="changing"), seconds=20)
    assert settled.timed_out
    assert settled.error is not None
    assert "1 was not done after 20 seconds" in settled.error.message
    assert "CHANGING" in settled.error.message


def test_an_instance_that_is_gone_is_an_error() -> None:
    error = settle({}).error
    assert error is not None
    assert error.code == "InstanceNotFound"


def test_a_lost_write_that_was_not_processed_settles_after_a_grace() -> None:
    assert settle(view(operation=OLD), lost=True) == Settled(view(operation=OLD)["1"])


def test_a_lost_write_that_is_being_processed_is_waited_for() -> None:
    settled = settle(
        view(operation=ours("operating")),
        *[view(operation=ours("operating"))] * 8,
        view("a", operation=ours("success")),
        lost=True,
    )
    assert settled.instance is not None
    assert settled.instance.key_pairs == ("a",)


def test_many_instances_are_polled_with_one_read_and_only_while_they_are_open() -> None:
    both = {n: instance(n, operation=ours("operating")) for n in "12"}
    one = {**both, "1": instance("1", "a", operation=ours("success"))}
    done = {n: instance(n, "a", operation=ours("success")) for n in "12"}
    provider = FakeProvider(both, one, done)
    Once(provider, FakeClock(), "12", 60)
    assert provider.reads == [("1", "2"), ("1", "2"), ("2",)]


def test_an_instance_that_takes_long_does_not_hold_up_one_that_was_busy() -> None:
    slow = {"1": instance("1", operation=ours("operating"))}
    busy = {**slow, "2": instance("2", operation=LatestOperation("StopInstances", "operating", "req-9"))}
    idle = {**slow, "2": instance("2", operation=LatestOperation("StopInstances", "success", "req-9"))}
    bound = {**slow, "2": instance("2", "a", operation=ours("success"))}
    refusals = [api_error("OperationDenied.InstanceOperationInProgress", "busy")]

    def answer(call: Call) -> Receipt:
        if "2" in call.instance_ids and refusals:
            if len(call.instance_ids) == 1:
                raise refusals.pop()
            raise refusals[0]
        return Receipt("req-1")

    ended = Once(FakeProvider(busy, idle, bound, write=answer), FakeClock(), "12", 60).ended
    assert ended["1"].timed_out
    assert ended["2"] == Settled(bound["2"])


# --- writing --------------------------------------------------------------------------------------------------------


def write(call: Call, bad: t.Mapping[str, Kind]) -> tuple[dict[str, Answer], list[Call]]:
    """Write against a cloud that refuses a whole batch for any bad instance in it, as Tencent does."""

    def answer(part: Call) -> Receipt:
        for instance_id in part.instance_ids:
            if instance_id in bad:
                raise api_error(f"Code.{instance_id}", bad[instance_id])
        return Receipt("req-1")

    provider = FakeProvider({}, write=answer)
    clock = FakeClock()
    return Writer(provider, Deadline(clock, 60)).write(call), provider.calls


@given(st.integers(1, 100), st.data())
def test_the_culprits_are_isolated_and_the_rest_goes_through(size: int, data: st.DataObject) -> None:
    names = tuple(f"{number:03}" for number in range(size))
    kinds: st.SearchStrategy[Kind] = st.sampled_from(["instance", "busy"])
    bad = data.draw(st.dictionaries(st.sampled_from(names), kinds, max_size=5))
    answers, calls = write(Call("bind", names, ("a",)), bad)
    assert {name for name, answer in answers.items() if answer.fate == "accepted"} == set(names) - set(bad)
    assert {name: answer.fate for name, answer in answers.items() if answer.fate != "accepted"} == {
        name: "busy" if kind == "busy" else "refused" for name, kind in bad.items()
    }
    for name in bad:
        error = answers[name].error
        assert error is not None
        assert error.code == f"Code.{name}"
    # Halving costs at most two calls a level for every culprit.
    assert len(calls) <= 1 + len(bad) * 2 * 7


@pytest.mark.parametrize("kind", ["request", "throttled"])
def test_an_error_of_the_whole_request_is_not_taken_apart(kind: Kind) -> None:
    answers, calls = write(Call("bind", ("1", "2", "3"), ("a",)), {"2": kind})
    assert len(calls) == 1
    assert {answer.fate for answer in answers.values()} == {"refused"}


def test_a_race_is_no_error() -> None:
    answers, calls = write(Call("bind", ("1", "2"), ("a",)), {"2": "done"})
    assert len(calls) == 1
    assert {answer.fate for answer in answers.values()} == {"done"}


def test_a_lost_answer_is_lost_for_everyone_and_nothing_is_sent_again() -> None:
    provider = FakeProvider({}, write=lose)
    answers = Writer(provider, Deadline(FakeClock(), 60)).write(Call("bind", ("1", "2"), ("a",)))
    assert {answer.fate for answer in answers.values()} == {"lost"}
    assert len(provider.calls) == 1


def test_credentials_without_the_permission_are_not_tried_on_every_instance() -> None:
    names = tuple(f"{number:03}" for number in range(100))
    answers, calls = write(Call("bind", names, ("a",)), dict.fromkeys(names, "denied"))
    assert {answer.fate for answer in answers.values()} == {"refused"}
    assert len([call for call in calls if len(call.instance_ids) == 1]) <= DENIALS


def test_a_permission_that_lacks_for_some_instances_only_is_isolated() -> None:
    names = tuple(f"{number:03}" for number in range(100))
    denied: dict[str, Kind] = dict.fromkeys(names[::10], "denied")
    answers, _calls = write(Call("bind", names, ("a",)), denied)
    assert {name for name, answer in answers.items() if answer.fate == "refused"} == set(denied)


def test_refusals_of_single_instances_in_an_accepted_call_are_read() -> None:
    refused = ErrorInfo("DependencyViolation.WindowsInstance", "no")
    provider = FakeProvider({}, write=lambda call: Receipt("req-1", {call.instance_ids[0]: refused}))
    answers = Writer(provider, Deadline(FakeClock(), 60)).write(Call("bind", ("1", "2"), ("a",)))
    assert [answers[name].fate for name in "12"] == ["refused", "accepted"]
