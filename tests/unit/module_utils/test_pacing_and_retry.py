# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Within the rate, patient but bounded: pacing, back-off, the client's retries, and polling. No test here sleeps."""

from __future__ import annotations

import itertools
import json
import typing as t

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._capabilities import Rate
from ansible_collections.keyfleet.cloud.plugins.module_utils._client import Client
from ansible_collections.keyfleet.cloud.plugins.module_utils._clock import Deadline
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.model import Credentials
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import (
    AnswerLostError,
    ApiError,
    KeyfleetError,
    NotSentError,
)
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import ErrorInfo
from ansible_collections.keyfleet.cloud.plugins.module_utils._pacing import Pacer
from ansible_collections.keyfleet.cloud.plugins.module_utils._providers._tencent_api3 import TencentApi3
from ansible_collections.keyfleet.cloud.plugins.module_utils._retry import Backoff, may_repeat
from ansible_collections.keyfleet.cloud.plugins.module_utils._transport import HttpResponse
from ansible_collections.keyfleet.cloud.plugins.module_utils._waiting import poll_until
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.fakes import FakeClock, FakeTransport, api_error
from hypothesis import given
from hypothesis import strategies as st

LOST = AnswerLostError(ErrorInfo("AnswerLost", "gone"))
NOT_SENT = NotSentError(ErrorInfo("ConnectionFailed", "refused"))


def answer(fields: t.Mapping[str, t.Any], status: int = 200, kind: str = "application/json") -> HttpResponse:
    return HttpResponse(status, {"content-type": kind}, json.dumps({"Response": fields}).encode())


def error_answer(code: str) -> HttpResponse:
    return answer({"Error": {"Code": code, "Message": "no"}, "RequestId": "r"})


OK = answer({"RequestId": "r", "TotalCount": 0})
HTML = HttpResponse(502, {"content-type": "text/html"}, b"<html>bad gateway</html>")
GARBAGE = HttpResponse(200, {"content-type": "application/json"}, b"\x00\xff")


def client(
    clock: FakeClock, transport: FakeTransport, *, retries: int = 3, seconds: float = 100.0, pacer: Pacer | None = None
) -> Client:
    credentials = Credentials("AKIDEXAMPLE", "example")
    dialect = TencentApi3("cvm", "2017-03-12", "ap-guangzhou", "http://cloud", lambda: credentials)
    return Client(
        dialect,
        transport,
        pacer or Pacer({}, Rate(1000), clock),
        clock,
        Deadline(clock, seconds),
        retries=retries,
        throttle_pause=0.5,
        backoff=Backoff(rand=lambda: 1.0),
    )


# --- pacing ---------------------------------------------------------------------------------------------------------


@given(st.integers(1, 40), st.integers(1, 100), st.floats(0.5, 60), st.sampled_from([1.0, 0.5, 0.1]))
def test_no_window_ever_holds_more_calls_than_the_rate(calls: int, count: int, seconds: float, share: float) -> None:
    clock = FakeClock()
    pacer = Pacer({"Act": Rate(calls, seconds)}, Rate(1), clock, share=share)
    begun = [pacer.wait("Act") for _number in range(count)]
    for first, last in zip(begun, begun[max(1, int(calls * share)) :], strict=False):
        assert last - first >= seconds - 1e-6


def test_an_action_without_a_rate_of_its_own_has_the_default() -> None:
    pacer = Pacer({"Act": Rate(1, 60.0)}, Rate(1, 5.0), FakeClock())
    assert (pacer.window("Act"), pacer.window("Other")) == (60.0, 5.0)
    first, second = pacer.wait("Other"), pacer.wait("Other")
    assert second - first == pytest.approx(5.0 / 0.9)


def test_a_refusal_slows_down_that_action_alone() -> None:
    clock = FakeClock()
    pacer = Pacer({}, Rate(10), clock, rand=lambda: 0.5)
    pacer.refused("One", pacer.wait("One"))
    clock.slept.clear()
    for action in ("One", "Two"):
        pacer.wait(action)
        clock.seconds += 60
    assert len(clock.slept) == 1


def test_actions_do_not_share_a_rate() -> None:
    clock = FakeClock()
    pacer = Pacer({}, Rate(1), clock)
    pacer.wait("One")
    pacer.wait("Two")
    assert clock.slept == []


# --- back-off and retries -------------------------------------------------------------------------------------------


@given(st.integers(1, 12), st.floats(0, 1))
def test_after_a_fault_a_pause_is_between_half_and_all_of_the_nominal_one(attempt: int, luck: float) -> None:
    nominal = min(30.0, 0.5 * 2 ** (attempt - 1))
    assert nominal / 2 <= Backoff(rand=lambda: luck).delay(attempt) <= nominal


@given(st.integers(1, 12), st.floats(0, 1), st.floats(0.1, 5), st.floats(-5, 60))
def test_after_a_refusal_it_is_anything_up_to_the_nominal_one(
    attempt: int, luck: float, base: float, patience: float
) -> None:
    pause = Backoff(rand=lambda: luck).throttled_delay(attempt, base, patience)
    assert pause == max(patience, luck * min(30.0, base * 2 ** (attempt - 1)))


@pytest.mark.parametrize(
    ("error", "read", "write"),
    [
        (NOT_SENT, True, True),
        (LOST, True, False),
        (api_error("RequestLimitExceeded", "throttled"), True, True),
        (api_error("InternalError", "transient"), True, False),
        (api_error("OperationDenied.InstanceOperationInProgress", "busy"), False, False),
        (api_error("AuthFailure", "request"), False, False),
    ],
)
def test_what_may_be_sent_again_without_looking(error: KeyfleetError, read: bool, write: bool) -> None:
    assert may_repeat(error, write=False) is read
    assert may_repeat(error, write=True) is write


@pytest.mark.parametrize("trouble", [error_answer("RequestLimitExceeded"), HTML, GARBAGE, NOT_SENT, LOST])
def test_a_read_is_repeated_until_it_succeeds(trouble: HttpResponse | Exception) -> None:
    clock, transport = FakeClock(), FakeTransport(trouble, trouble, OK)
    calling = client(clock, transport)
    assert calling.call("DescribeInstances", {})["TotalCount"] == 0
    assert clock.slept == [0.5, 1.0]
    assert calling.calls == {"DescribeInstances": 3}


@pytest.mark.parametrize("trouble", [HTML, GARBAGE, LOST, error_answer("InternalError")])
def test_a_write_is_never_repeated_blindly(trouble: HttpResponse | Exception) -> None:
    transport = FakeTransport(trouble, OK)
    with pytest.raises(KeyfleetError):
        client(FakeClock(), transport).call("AssociateInstancesKeyPairs", {}, write=True)
    assert len(transport.sent) == 1


@pytest.mark.parametrize("trouble", [error_answer("RequestLimitExceeded.UinLimitExceeded"), NOT_SENT])
def test_a_write_that_was_surely_not_processed_is_repeated(trouble: HttpResponse | Exception) -> None:
    transport = FakeTransport(trouble, OK)
    client(FakeClock(), transport).call("AssociateInstancesKeyPairs", {}, write=True)
    assert len(transport.sent) == 2


def test_every_attempt_is_signed_anew() -> None:
    transport = FakeTransport(HTML, OK)
    client(FakeClock(), transport).call("DescribeInstances", {})
    first, second = (request.headers["X-TC-Timestamp"] for request in transport.sent)
    assert int(second) >= int(first)


def test_the_budget_ends_the_retries_with_the_last_error() -> None:
    transport = FakeTransport(*[error_answer("RequestLimitExceeded")] * 4)
    with pytest.raises(ApiError) as caught:
        client(FakeClock(), transport, retries=3).call("DescribeInstances", {})
    assert caught.value.info.code == "RequestLimitExceeded"
    assert len(transport.sent) == 4


def test_the_last_attempt_comes_when_the_vendor_counts_anew() -> None:
    clock = FakeClock()
    transport = FakeTransport(*[error_answer("RequestLimitExceeded")] * 2, OK)
    patient = client(clock, transport, retries=2, pacer=Pacer({}, Rate(1000, 60.0), clock))
    patient.call("DescribeInstances", {})
    assert clock.slept[-1] == pytest.approx(60.0 - sum(clock.slept[:-1]))


def test_a_refusal_slows_down_the_next_calls() -> None:
    clock = FakeClock()
    transport = FakeTransport(OK, error_answer("RequestLimitExceeded"), *[OK] * 5)
    calling = client(clock, transport, pacer=Pacer({}, Rate(10), clock, rand=lambda: 0.5))
    for _number in range(6):
        calling.call("DescribeInstances", {})
    assert clock.slept[-1] > 0.1


def test_no_pause_goes_beyond_the_deadline() -> None:
    clock, transport = FakeClock(), FakeTransport(*itertools.repeat(HTML, 50))
    with pytest.raises(AnswerLostError):
        client(clock, transport, retries=49, seconds=5.0).call("DescribeInstances", {})
    assert clock.now() <= 1005.0


# --- polling --------------------------------------------------------------------------------------------------------


def test_polling_ends_when_the_predicate_holds() -> None:
    clock, turns = FakeClock(), itertools.count()
    assert poll_until(lambda: next(turns) == 3, clock=clock, deadline=Deadline(clock, 60))
    assert clock.slept == [0.5, 0.75, 1.125]


def test_polling_ends_at_the_deadline_and_says_so() -> None:
    clock = FakeClock()
    assert not poll_until(lambda: False, clock=clock, deadline=Deadline(clock, 60))
    assert clock.now() == pytest.approx(1060.0)


def test_a_predicate_is_asked_even_when_no_time_is_left() -> None:
    clock = FakeClock()
    assert poll_until(lambda: True, clock=clock, deadline=Deadline(clock, 0))
