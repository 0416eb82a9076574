# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""After a write: whose operation has ended, who is the culprit in a refused batch, and what was lost."""

from __future__ import annotations

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
from ansible_collections.keyfleet.cloud.plugins.module_utils._settle import Awaited, Settled, Settler
from ansible_collections.keyfleet.cloud.plugins.module_utils._write import DENIALS, Answer, Writer
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.fakes import FakeClock, FakeProvider, api_error
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.planning import instance
from hypothesis import given
from hypothesis import strategies as st

OLD = LatestOperation("StopInstances", "success", "req-0")


def ours(state: OperationState, text: str | None = None) -> LatestOperation:
    return LatestOperation("AssociateInstancesKeyPairs", state, "req-1", text)


def view(*keys: str, operation: LatestOperation | None, **options: t.Any) -> dict[str, Instance]:
    return {"1": instance("1", *keys, operation=operation, **options)}


def settle(*views: dict[str, Instance], request_id: str | None = "req-1", seconds: float = 60.0) -> Settled:
    clock = FakeClock()
    awaited = Awaited("1", request_id, OLD, lambda found: "a" in found.key_pairs)
    settler = Settler(FakeProvider(*views), clock, asynchronous=True)
    return settler.settle([awaited], Deadline(clock, seconds))["1"]


# --- settling -------------------------------------------------------------------------------------------------------


def test_an_older_success_is_not_ours() -> None:
    provider_views = [view(operation=OLD), view(operation=ours("operating")), view("a", operation=ours("success"))]
    assert settle(*provider_views) == Settled(provider_views[-1]["1"])


def test_a_failed_operation_is_an_error_with_its_text() -> None:
    error = settle(view(operation=ours("failed", "guest agent is down"))).error
    assert error is not None
    assert error.code == "OperationFailed"
    assert "guest agent is down" in error.message


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
    assert settle(view(operation=OLD), request_id=None) == Settled(view(operation=OLD)["1"])


def test_a_lost_write_that_is_being_processed_is_waited_for() -> None:
    settled = settle(
        view(operation=ours("operating")),
        *[view(operation=ours("operating"))] * 8,
        view("a", operation=ours("success")),
        request_id=None,
    )
    assert settled.instance is not None
    assert settled.instance.key_pairs == ("a",)


def test_many_instances_are_polled_with_one_read_and_only_while_they_are_open() -> None:
    clock = FakeClock()
    both = {n: instance(n, operation=ours("operating")) for n in "12"}
    one = {**both, "1": instance("1", "a", operation=ours("success"))}
    done = {n: instance(n, "a", operation=ours("success")) for n in "12"}
    provider = FakeProvider(both, one, done)
    awaited = [Awaited(n, "req-1", OLD, lambda found: "a" in found.key_pairs) for n in "12"]
    Settler(provider, clock, asynchronous=True).settle(awaited, Deadline(clock, 60))
    assert provider.reads == [("1", "2"), ("1", "2"), ("2",)]


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
    def lose(call: Call) -> Receipt:
        raise AnswerLostError(ErrorInfo("AnswerLost", f"{call.action} gone"))

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
