# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The promises, on any world and with any run of mishaps: the rows are true, nothing stays down, no write is blind."""

from __future__ import annotations

import collections
import contextlib
import copy
import dataclasses
import functools
import typing as t

from ansible_collections.keyfleet.cloud.plugins.module_utils._clock import Deadline
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import Call, Desired, Instance, Receipt
from ansible_collections.keyfleet.cloud.plugins.module_utils._services.bindings import Bindings, BindingService
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.fakes import FakeClock
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.planning import CVM
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.simulation import Mishap, Server, Simulation
from hypothesis import given, settings
from hypothesis import strategies as st

NAMES = "123"
MISHAPS: tuple[Mishap, ...] = t.get_args(Mishap)

# Made once: making a strategy for each example takes longer than all that is tested.
YES_OR_NO = st.booleans()
SERVER = st.builds(Server, st.sets(st.sampled_from("abcd"), max_size=2), st.sampled_from(["running", "stopped"]))
STATE = st.sampled_from(["present", "absent"])
INSTANCES = st.lists(st.sampled_from(NAMES), min_size=1, unique=True).map(tuple)
ONE_OR_TWO = {
    most: st.lists(st.sampled_from("ab"), min_size=1, max_size=most, unique=True).map(tuple) for most in (1, 2)
}


@functools.cache
def runs_of(mishaps: tuple[Mishap, ...]) -> st.SearchStrategy[list[Mishap]]:
    """A task sends at most four writes to one instance when answers get lost."""
    return st.lists(st.sampled_from(mishaps), max_size=3)


@st.composite
def simulations(draw: st.DrawFn, mishaps: tuple[Mishap, ...] = MISHAPS) -> Simulation:
    return Simulation(
        servers={name: draw(SERVER) for name in NAMES},
        clock=FakeClock(),
        mishaps=collections.deque(draw(runs_of(mishaps))),
        replaces=draw(YES_OR_NO),
        restarts=draw(YES_OR_NO),
        reports_operations=draw(YES_OR_NO) if "fails" not in mishaps else True,
    )


@st.composite
def desires(draw: st.DrawFn, key_pairs: int = 2) -> Desired:
    state: t.Any = draw(STATE)
    return Desired(
        key_pairs=draw(ONE_OR_TWO[key_pairs]),
        instance_ids=draw(INSTANCES),
        state=state,
        exclusive=state == "present" and draw(YES_OR_NO),
        force_stop=draw(YES_OR_NO),
        last_key_policy="allow",
    )


def ensure(cloud: Simulation, desired: Desired, *, check: bool = False, wait: bool = True) -> Bindings:
    service = BindingService(cloud, CVM, cloud.clock)
    return service.ensure(desired, check=check, wait=wait, deadline=Deadline(cloud.clock, 600))


def keys(cloud: Simulation) -> dict[str, set[str]]:
    return {name: set(server.keys) for name, server in cloud.servers.items()}


def powers(cloud: Simulation) -> dict[str, str]:
    return {name: server.power for name, server in cloud.servers.items()}


@settings(max_examples=400, deadline=None)
@given(simulations(), desires())
def test_rows_are_true_and_every_instance_has_the_power_state_it_had(cloud: Simulation, desired: Desired) -> None:
    before, power = keys(cloud), powers(cloud)
    # The last write may be the start of an instance; a cloud that refuses even that is a different test.
    outcome = ensure(cloud, desired)
    after = keys(cloud)

    assert {(n, k) for n in desired.instance_ids for k in desired.key_pairs} <= {
        (row.instance_id, row.key_pair) for row in outcome.rows
    }
    for row in outcome.rows:
        assert row.before == ("present" if row.key_pair in before[row.instance_id] else "absent")
        assert row.after == ("present" if row.key_pair in after[row.instance_id] else "absent")
        assert (row.outcome == "failed") == (row.error is not None and row.outcome != "skipped")
        if row.outcome == "unchanged":
            assert row.before == row.after
    told = {row.instance_id for row in outcome.rows if row.error is not None and row.error.code == "PowerNotRestored"}
    assert {name for name in NAMES if powers(cloud)[name] != power[name]} <= told
    for name in set(NAMES) - set(desired.instance_ids):
        assert after[name] == before[name]


@settings(max_examples=300, deadline=None)
@given(simulations(mishaps=("none", "lost_before", "lost_after", "busy")), desires(key_pairs=1))
def test_passing_mishaps_do_not_keep_a_task_from_its_goal(cloud: Simulation, desired: Desired) -> None:
    desired = dataclasses.replace(desired, force_stop=True)
    power = powers(cloud)
    outcome = ensure(cloud, desired)
    assert not outcome.failed, outcome.rows
    for name in desired.instance_ids:
        wanted, held = set(desired.key_pairs), cloud.servers[name].keys
        assert not wanted & held if desired.state == "absent" else wanted <= held
        assert held == wanted or not desired.exclusive
    assert powers(cloud) == power
    log = list(cloud.log)
    again = ensure(cloud, desired)
    assert not again.changed
    assert set(cloud.log[len(log) :]) <= {"read"}


@settings(max_examples=200, deadline=None)
@given(simulations(), desires())
def test_a_lost_answer_is_followed_by_a_read_before_anything_is_sent(cloud: Simulation, desired: Desired) -> None:
    ensure(cloud, dataclasses.replace(desired, instance_ids=desired.instance_ids[:1], force_stop=True))
    for event, following in zip(cloud.log, cloud.log[1:], strict=False):
        if event == "lost":
            assert following == "read"


@settings(max_examples=200, deadline=None)
@given(simulations(mishaps=("none",)), desires(key_pairs=1))
def test_check_mode_tells_what_a_run_then_does(cloud: Simulation, desired: Desired) -> None:
    rehearsal = copy.deepcopy(cloud)
    would = ensure(rehearsal, desired, check=True)
    assert set(rehearsal.log) <= {"read"}
    did = ensure(cloud, desired)
    assert would.failed == did.failed
    for planned, real in zip(would.rows, did.rows, strict=True):
        assert (planned.instance_id, planned.key_pair, planned.before) == (real.instance_id, real.key_pair, real.before)
        if planned.after != "unknown":
            assert planned.after == real.after
            assert planned.outcome == real.outcome
    assert interrupted(would) == interrupted(did)


def interrupted(outcome: Bindings) -> set[str]:
    return {row.instance_id for row in outcome.rows if row.interruption != "none"}


@settings(max_examples=100, deadline=None)
@given(simulations(mishaps=("none",)), desires(key_pairs=1))
def test_without_waiting_nothing_is_claimed_that_was_not_seen(cloud: Simulation, desired: Desired) -> None:
    power = powers(cloud)
    outcome = ensure(cloud, desired, wait=False)
    held = keys(cloud)
    for row in outcome.rows:
        if row.after != "unknown":
            assert row.after == ("present" if row.key_pair in held[row.instance_id] else "absent")
    assert {name for name in interrupted(outcome) if powers(cloud)[name] != power[name]} == set()


class Bug(Exception):
    """Something that nobody foresaw."""


@given(st.sampled_from(["1", "12", "123"]))
def test_even_a_bug_in_the_middle_leaves_nothing_down(names: str) -> None:
    cloud = Simulation(
        {name: Server(set(), "running") for name in names}, FakeClock(), collections.deque(), restarts=False
    )
    service = BindingService(BuggyAfterWrites(cloud), CVM, cloud.clock)
    with contextlib.suppress(Bug):
        service.ensure(
            Desired(("a",), tuple(names), force_stop=True), check=False, wait=True, deadline=Deadline(cloud.clock, 600)
        )
    assert set(powers(cloud).values()) == {"running"}


class BuggyAfterWrites:
    """A provider whose first read after a write breaks in a way that nobody foresaw."""

    def __init__(self, cloud: Simulation) -> None:
        self._cloud = cloud
        self._armed = False

    def __getattr__(self, name: str) -> t.Any:
        return getattr(self._cloud, name)

    def write(self, call: Call) -> Receipt:
        self._armed = call.action == "bind"
        return self._cloud.write(call)

    def instances(self, instance_ids: t.Sequence[str]) -> dict[str, Instance]:
        if self._armed:
            self._armed = False
            raise Bug
        return self._cloud.instances(instance_ids)
