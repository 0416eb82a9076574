# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rate of one task: never above its share, lower after refusals, back again without them, and never nothing."""

from __future__ import annotations

import itertools
import math
import random

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._capabilities import Rate
from ansible_collections.keyfleet.cloud.plugins.module_utils._pace import LONGEST_GAP, Pace
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.rate_simulation import (
    FixedWindows,
    Outcome,
    Simulation,
    TokenBucket,
)
from hypothesis import given, settings
from hypothesis import strategies as st

RATES = st.builds(Rate, st.integers(1, 200), st.sampled_from([1.0, 10.0, 60.0]))
SHARES = st.integers(1, 100).map(lambda percent: percent / 100)
#: what happens after each call: whether it was refused, and how many seconds pass
STORIES = st.lists(st.tuples(st.booleans(), st.floats(0, 3)), max_size=60)
EPSILON = 1e-6
law = settings(max_examples=60, deadline=None)


def tell(pace: Pace, story: list[tuple[bool, float]], now: float = 1000.0) -> tuple[list[float], float]:
    """Make a call as soon as it is allowed for each part of a story; return when they began, and the time then."""
    begun = []
    for refused, passed in story:
        now = next_call(pace, now)
        begun.append(now)
        if refused:
            pace.refused(now, now)
        now += passed
    return begun, now


def next_call(pace: Pace, now: float) -> float:
    """Return when the next call begins."""
    while pause := pace.book(now):
        now += pause
    return now


# --- laws -----------------------------------------------------------------------------------------------------------


@law
@given(RATES, SHARES, STORIES, st.integers())
def test_no_window_ever_holds_more_calls_than_the_share_of_the_rate(
    rate: Rate, share: float, story: list[tuple[bool, float]], seed: int
) -> None:
    begun, _now = tell(Pace(rate, share, random.Random(seed).random), story)

    most = max(1, int(rate.calls * share))
    for first, last in zip(begun, begun[most:], strict=False):
        assert last - first >= rate.seconds - EPSILON


@law
@given(st.integers(1, 9), st.integers(2, 10))
def test_a_share_of_less_than_one_call_in_the_window_makes_the_gap_longer(percent: int, calls: int) -> None:
    begun, _now = tell(Pace(Rate(10), percent / 100), [(False, 0.0)] * calls)

    for first, last in itertools.pairwise(begun):
        assert last - first >= 1 / (10 * percent / 100) - EPSILON


@law
@given(RATES, SHARES, STORIES, st.integers())
def test_nobody_starves(rate: Rate, share: float, story: list[tuple[bool, float]], seed: int) -> None:
    pace = Pace(rate, share, random.Random(seed).random)
    _begun, now = tell(pace, story)

    gap = max(LONGEST_GAP, rate.seconds / (rate.calls * share * 0.9))
    assert next_call(pace, now) - now <= max(rate.seconds, 1.2 * gap) + EPSILON


@law
@given(RATES, SHARES, STORIES, st.integers())
def test_a_refusal_lowers_the_rate_and_time_brings_all_of_it_back(
    rate: Rate, share: float, story: list[tuple[bool, float]], seed: int
) -> None:
    pace = Pace(rate, share, random.Random(seed).random)
    begun, now = tell(pace, [*story, (False, 0.0)])
    before = pace.allowed(now)

    pace.refused(now, begun[-1])

    least = min(rate.calls * share * 0.9, rate.seconds / LONGEST_GAP)
    assert least - EPSILON <= pace.allowed(now) <= max(least, before)
    ticks = range(0, 130, 5)
    recovery = [pace.allowed(now + tick * min(rate.seconds, 10.0)) for tick in ticks]
    assert recovery == sorted(recovery)
    assert recovery[-1] == pytest.approx(rate.calls * share * 0.9)


# --- examples -------------------------------------------------------------------------------------------------------


def test_a_small_fleet_costs_half_a_second_at_most() -> None:
    begun, _now = tell(Pace(Rate(10)), [(False, 0.0)] * 9)
    assert begun[-1] - begun[0] <= 0.5


def test_what_is_refused_together_tells_how_much_room_there_was() -> None:
    pace = Pace(Rate(10))
    begun, now = tell(pace, [(False, 0.0)] * 8)
    for moment in begun[4:]:
        pace.refused(now, moment)
    assert pace.allowed(now) == 4


def test_every_later_refusal_lowers_the_rate_further() -> None:
    pace, now, rates = Pace(Rate(10), rand=lambda: 0.5), 1000.0, []
    for _round in range(4):
        now = next_call(pace, now)
        pace.refused(now, now)
        rates.append(pace.allowed(now))
    assert rates == sorted(rates, reverse=True)
    assert len(set(rates)) == 4


def test_recovery_is_slow_at_first() -> None:
    pace = Pace(Rate(100))
    pace.refused(1000.0, 1000.0)
    gained = [pace.allowed(1000.0 + second) - pace.allowed(1000.0) for second in (1, 2, 4)]
    assert gained[1] == pytest.approx(4 * gained[0])
    assert gained[2] == pytest.approx(16 * gained[0])


# --- several tasks on one account -----------------------------------------------------------------------------------

A_SECOND, A_MINUTE = Rate(10), Rate(200, 60.0)
PAUSES = {A_SECOND: 0.5, A_MINUTE: 2.0}


def simulate(tasks: int, calls: int, rate: Rate, account: type[FixedWindows] | type[TokenBucket], seed: int) -> Outcome:
    return Simulation(tasks, calls, rate, account, seed=seed, throttle_pause=PAUSES[rate]).run()


@pytest.mark.parametrize("account", [FixedWindows, TokenBucket])
@pytest.mark.parametrize("rate", [A_SECOND, A_MINUTE], ids=["10 a second", "200 a minute"])
@pytest.mark.parametrize("tasks", [1, 2, 4, 8])
def test_tasks_settle_near_the_rate_with_few_refusals(
    account: type[FixedWindows] | type[TokenBucket], rate: Rate, tasks: int
) -> None:
    calls = 100 if rate is A_SECOND else 200
    outcomes = [simulate(tasks, calls, rate, account, seed) for seed in range(3)]

    assert all(outcome.answered == tasks * calls for outcome in outcomes)
    assert all(outcome.given_up == 0 for outcome in outcomes)
    assert sum(outcome.times_the_floor(rate) for outcome in outcomes) / 3 < 1.6
    assert sum(outcome.refused_share for outcome in outcomes) / 3 < 0.15


def test_a_lone_task_is_never_refused() -> None:
    assert simulate(1, 200, A_SECOND, FixedWindows, seed=1).refused == 0


@pytest.mark.parametrize("tasks", [2, 4, 8])
def test_shares_avoid_refusals_altogether(tasks: int) -> None:
    shares = Simulation(tasks, 30, A_SECOND, FixedWindows, seed=1, throttle_pause=0.5, share=1 / tasks).run()
    assert shares.refused == 0
    assert shares.times_the_floor(A_SECOND) < 2.2


@settings(max_examples=15, deadline=None)
@given(st.integers(2, 20), st.integers(0, 1000), st.sampled_from([FixedWindows, TokenBucket]))
def test_whatever_the_number_of_tasks_no_call_is_given_up(
    tasks: int, seed: int, account: type[FixedWindows] | type[TokenBucket]
) -> None:
    outcome = Simulation(tasks, 15, A_SECOND, account, seed=seed, throttle_pause=0.5, retries=9).run()
    assert outcome.answered == tasks * 15
    assert outcome.given_up == 0


def test_the_floor_of_nothing_but_one_window_is_that_window() -> None:
    assert Outcome(answered=5, seconds=0.5).times_the_floor(A_SECOND) == 0.5
    assert math.isclose(Outcome(answered=21, seconds=4.0).times_the_floor(A_SECOND), 2.0)
