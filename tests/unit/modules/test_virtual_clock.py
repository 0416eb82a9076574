# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Specifies the time of tests: it passes while everybody waits, and never while somebody computes."""

from __future__ import annotations

import dataclasses
import socket
import threading
import time
from collections.abc import Callable
from functools import partial

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils import _parallel
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import AnswerLostError
from ansible_collections.keyfleet.cloud.plugins.module_utils._transport import HttpRequest, RequestsTransport
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_clock import START, VirtualClock, VirtualLock
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_emulator import LATENCY, VirtualEmulator
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_time import virtual_time
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_transport import over_the_wire, without_wire


class Times:
    """Notes who does what at which time, in seconds since the start."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self.noted: list[tuple[str, float]] = []

    def note(self, name: str) -> None:
        self.noted.append((name, self._clock.now() - START))

    def sleeper(self, name: str, *seconds: float) -> Callable[[], None]:
        """Return work that sleeps so long, and notes each awakening."""

        def work() -> None:
            for pause in seconds:
                self._clock.sleep(pause)
                self.note(name)

        return work


@pytest.fixture
def times(own_clock: VirtualClock) -> Times:
    return Times(own_clock)


@pytest.fixture
def own_clock() -> VirtualClock:
    """A clock that nobody else goes by."""
    return VirtualClock()


def test_a_sleep_takes_its_time_and_no_real_time(own_clock: VirtualClock) -> None:
    began = time.monotonic()
    own_clock.sleep(86400)
    assert own_clock.now() == own_clock.timestamp() == START + 86400
    assert time.monotonic() - began < 3600


def test_computing_takes_no_time(own_clock: VirtualClock) -> None:
    sum(range(100_000))
    time.sleep(0.01)
    assert own_clock.now() == START


@pytest.mark.parametrize("seconds", [0, -1])
def test_time_does_not_go_back(own_clock: VirtualClock, seconds: float) -> None:
    own_clock.sleep(seconds)
    assert own_clock.now() == START


def test_of_two_sleepers_the_first_whose_time_has_come_goes_on(own_clock: VirtualClock, times: Times) -> None:
    slow, quick = own_clock.start(times.sleeper("slow", 5, 5)), own_clock.start(times.sleeper("quick", 3, 3, 3))
    slow.result()
    quick.result()
    assert times.noted == [("quick", 3), ("slow", 5), ("quick", 6), ("quick", 9), ("slow", 10)]


def test_those_whose_time_comes_together_go_on_one_after_the_other(own_clock: VirtualClock, times: Times) -> None:
    names = [f"worker {number}" for number in range(20)]
    for task in [own_clock.start(times.sleeper(name, 1, 1)) for name in names]:
        task.result()
    assert times.noted == [(name, 1) for name in names] + [(name, 2) for name in names]


def test_no_time_passes_while_somebody_computes(own_clock: VirtualClock, times: Times) -> None:

    def compute() -> None:
        for _turn in range(5):
            time.sleep(0.01)
            times.note("computer")

    sleeper, computer = own_clock.start(times.sleeper("sleeper", 1)), own_clock.start(compute)
    sleeper.result()
    computer.result()
    assert times.noted == [("computer", 0)] * 5 + [("sleeper", 1)]


def test_a_wait_ends_with_the_work(own_clock: VirtualClock) -> None:
    task = own_clock.start(lambda: own_clock.sleep(3))
    assert task.wait(10)
    assert own_clock.now() == START + 3


def test_a_wait_ends_with_its_time_and_the_work_goes_on(own_clock: VirtualClock, times: Times) -> None:
    task = own_clock.start(times.sleeper("worker", 10))
    assert not task.wait(3)
    assert own_clock.now() == START + 3
    task.result()
    assert times.noted == [("worker", 10)]


def test_a_wait_for_what_is_done_takes_no_time(own_clock: VirtualClock) -> None:
    task = own_clock.start(lambda: "done")
    own_clock.sleep(1)
    assert task.wait(10)
    assert task.result() == "done"
    assert own_clock.now() == START + 1


def test_what_the_work_raises_is_raised(own_clock: VirtualClock) -> None:
    def fail() -> None:
        own_clock.sleep(1)
        raise KeyError("no")

    with pytest.raises(KeyError, match="no"):
        own_clock.start(fail).result()


def test_work_begins_work(own_clock: VirtualClock, times: Times) -> None:
    def work() -> None:
        inner = own_clock.start(times.sleeper("inner", 2))
        times.sleeper("outer", 1)()
        inner.result()
        times.note("outer")

    own_clock.start(work).result()
    assert times.noted == [("outer", 1), ("inner", 2), ("outer", 2)]


def test_a_lock_may_be_held_while_time_passes(own_clock: VirtualClock, times: Times) -> None:
    lock = VirtualLock(own_clock)

    def work(name: str) -> None:
        with lock:
            times.sleeper(name, 2)()

    for task in [own_clock.start(partial(work, name)) for name in ("first", "second", "third")]:
        task.result()
    assert times.noted == [("first", 2), ("second", 4), ("third", 6)]


def test_time_passes_while_one_is_away(own_clock: VirtualClock) -> None:
    """As when a thread waits for what others do, who sleep on this clock and whom it knows nothing of."""
    awake = threading.Event()

    def stranger() -> None:
        own_clock.enter()
        own_clock.sleep(7)
        awake.set()
        own_clock.leave()

    thread = threading.Thread(target=stranger)
    with own_clock.away():
        thread.start()
        assert awake.wait(60)
    thread.join()
    assert own_clock.now() == START + 7


# What the collection's code sees of it.


def test_parallel_work_takes_as_long_as_its_longest_part(own_clock: VirtualClock) -> None:
    def work(seconds: int) -> int:
        own_clock.sleep(seconds)
        return seconds

    with virtual_time(own_clock):
        assert _parallel.parallel_map(work, [3, 5, 1]) == [3, 5, 1]
    assert own_clock.now() == START + 5


def test_there_are_not_more_workers_than_otherwise(own_clock: VirtualClock) -> None:
    items = list(range(_parallel.WORKERS + 1))
    with virtual_time(own_clock):
        _parallel.parallel_map(lambda _item: own_clock.sleep(1), items)
    assert own_clock.now() == START + 2


def test_the_first_error_is_raised_after_all_have_ended(own_clock: VirtualClock) -> None:
    def work(seconds: int) -> None:
        own_clock.sleep(seconds)
        raise KeyError(seconds)

    with virtual_time(own_clock), pytest.raises(KeyError, match="3"):
        _parallel.parallel_map(work, [3, 5, 1])
    assert own_clock.now() == START + 5


@pytest.fixture(params=["by TCP", "without a wire"])
def wire(request: pytest.FixtureRequest) -> bool:
    """Whether requests go by TCP."""
    return bool(request.param == "by TCP")


def transport_of(emulator: VirtualEmulator, clock: VirtualClock, *, wire: bool) -> RequestsTransport:
    options = {"verify": True, "timeout": 10.0}
    return over_the_wire(clock, **options) if wire else without_wire(emulator, clock, **options)


def request_to(emulator: VirtualEmulator) -> HttpRequest:
    """Return a request that the emulator refuses, as nobody has signed it."""
    headers = {"X-TC-Action": "DescribeInstances", "X-TC-Version": "2017-03-12", "Content-Type": "application/json"}
    return HttpRequest("POST", f"{emulator.url}/", headers, b"{}")


def test_an_answer_takes_a_moment(own_clock: VirtualClock, wire: bool) -> None:
    with VirtualEmulator(clock=own_clock) as emulator:
        transport = transport_of(emulator, own_clock, wire=wire)
        assert b"AuthFailure" in transport.send(request_to(emulator)).body
        assert own_clock.now() == START + LATENCY
        transport.close()


@pytest.mark.parametrize("seconds", [5, 9])
def test_an_answer_that_comes_late_is_waited_for(own_clock: VirtualClock, wire: bool, seconds: int) -> None:
    with VirtualEmulator(clock=own_clock) as emulator:
        emulator.add_faults({"kind": "delay", "seconds": seconds})
        transport = transport_of(emulator, own_clock, wire=wire)
        assert transport.send(request_to(emulator)).status == 200
        assert own_clock.now() == pytest.approx(START + LATENCY + seconds)
        transport.close()


def test_an_answer_that_comes_too_late_is_lost(own_clock: VirtualClock, wire: bool) -> None:
    with VirtualEmulator(clock=own_clock) as emulator:
        emulator.add_faults({"kind": "delay", "seconds": 60})
        transport = transport_of(emulator, own_clock, wire=wire)
        with pytest.raises(AnswerLostError):
            transport.send(request_to(emulator))
        assert own_clock.now() == pytest.approx(START + 10)
        assert emulator.log() == []
        emulator.wait_until_quiet()
        assert [entry["time"] for entry in emulator.log()] == [pytest.approx(START + LATENCY + 60)]
        transport.close()


@pytest.mark.parametrize("kind", ["cut_before", "cut_after"])
def test_a_connection_that_breaks_says_the_same_either_way(own_clock: VirtualClock, kind: str) -> None:
    said = []
    with VirtualEmulator(clock=own_clock) as emulator:
        emulator.add_faults({"kind": kind, "times": None})
        for wire in (True, False):
            transport = transport_of(emulator, own_clock, wire=wire)
            with pytest.raises(AnswerLostError) as caught:
                transport.send(request_to(emulator))
            said.append(caught.value.info)
            transport.close()
    assert said[0] == said[1]


def test_a_late_answer_is_the_same_error_as_a_real_one(own_clock: VirtualClock) -> None:
    """The module tells its user what requests says, so the two must not differ."""
    said = []
    with VirtualEmulator(clock=own_clock) as emulator, socket.create_server(("127.0.0.1", 0)) as silent:
        emulator.add_faults({"kind": "delay", "seconds": 60})
        never = dataclasses.replace(request_to(emulator), url=f"http://127.0.0.1:{silent.getsockname()[1]}/")
        for transport, request in (
            (RequestsTransport(verify=True, timeout=0.1), never),
            (transport_of(emulator, own_clock, wire=True), request_to(emulator)),
        ):
            with pytest.raises(AnswerLostError) as caught:
                transport.send(request)
            said.append(dataclasses.replace(caught.value.info, message=caught.value.info.message.split(": ", 1)[1]))
            transport.close()
        emulator.wait_until_quiet()
    assert said[0] == said[1]
