# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Promises about power, on any world and with any run of mishaps: rows are true, and nothing restarts twice unasked."""

from __future__ import annotations

import collections
import copy
import functools
import typing as t

from ansible_collections.keyfleet.cloud.plugins.module_utils._clock import Deadline
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.power import DesiredPower
from ansible_collections.keyfleet.cloud.plugins.module_utils._services.power import PowerService, PowerStates
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.fakes import FakeClock
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.planning import CVM
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.simulation import Mishap, Server, Simulation
from hypothesis import given, settings
from hypothesis import strategies as st

NAMES = "123"
MISHAPS: tuple[Mishap, ...] = t.get_args(Mishap)

# Made once: making a strategy for each example takes longer than all that is tested.
YES_OR_NO = st.booleans()
POWER = st.sampled_from(["running", "stopped"])
DESIRED = st.builds(
    DesiredPower,
    instance_ids=st.lists(st.sampled_from(NAMES), min_size=1, unique=True).map(tuple),
    state=st.sampled_from(["running", "stopped", "restarted"]),
    stop_type=st.sampled_from(["soft", "soft_first", "hard"]),
    keep_charging=st.just(True),
)


@functools.cache
def runs_of(mishaps: tuple[Mishap, ...]) -> st.SearchStrategy[list[Mishap]]:
    return st.lists(st.sampled_from(mishaps), max_size=3)


@st.composite
def simulations(draw: st.DrawFn, mishaps: tuple[Mishap, ...] = MISHAPS) -> Simulation:
    return Simulation(
        servers={name: Server(set(), draw(POWER)) for name in NAMES},
        clock=FakeClock(),
        mishaps=collections.deque(draw(runs_of(mishaps))),
        reports_operations=draw(YES_OR_NO),
    )


def ensure(cloud: Simulation, desired: DesiredPower, *, check: bool = False, wait: bool = True) -> PowerStates:
    service = PowerService(cloud, CVM, cloud.clock)
    return service.ensure(desired, check=check, wait=wait, deadline=Deadline(cloud.clock, 600))


@settings(max_examples=200, deadline=None)
@given(simulations(), DESIRED)
def test_rows_are_true(cloud: Simulation, desired: DesiredPower) -> None:
    before = {name: server.power for name, server in cloud.servers.items()}
    outcome = ensure(cloud, desired)
    assert [row.instance_id for row in outcome.rows] == sorted(desired.instance_ids)
    for row in outcome.rows:
        server = cloud.servers[row.instance_id]
        assert (row.before, row.after) == (before[row.instance_id], server.power)
        assert (row.outcome == "failed") == (row.error is not None)
        if row.outcome != "failed":
            assert row.after == desired.goal
        if row.outcome == "unchanged":
            assert (row.before, server.boots) == (row.after, 0)
        # Without operations a restart that fails looks like one that does not.
        if row.outcome == "changed" and (
            row.action == "start" or (row.action == "restart" and cloud.reports_operations)
        ):
            assert server.boots == 1
    for name in set(NAMES) - set(desired.instance_ids):
        assert (cloud.servers[name].power, cloud.servers[name].boots) == (before[name], 0)


@settings(max_examples=200, deadline=None)
@given(simulations(), DESIRED)
def test_nothing_comes_up_twice(cloud: Simulation, desired: DesiredPower) -> None:
    ensure(cloud, desired)
    assert all(server.boots <= 1 for server in cloud.servers.values())


@settings(max_examples=100, deadline=None)
@given(simulations(mishaps=("none", "lost_before", "lost_after", "busy")), DESIRED)
def test_passing_mishaps_do_not_keep_a_task_from_its_goal(cloud: Simulation, desired: DesiredPower) -> None:
    outcome = ensure(cloud, desired)
    doubtful = desired.state == "restarted" and not cloud.reports_operations
    for row in outcome.rows:
        assert row.error is None or (doubtful and row.error.code == "RestartUnknown"), row
    cloud.mishaps.clear()
    again = ensure(cloud, desired)
    assert again.changed == (desired.state == "restarted")


@settings(max_examples=100, deadline=None)
@given(simulations(), DESIRED)
def test_a_lost_answer_is_followed_by_a_read_before_anything_is_sent(cloud: Simulation, desired: DesiredPower) -> None:
    one = DesiredPower(desired.instance_ids[:1], desired.state, desired.stop_type)
    ensure(cloud, one)
    for event, following in zip(cloud.log, cloud.log[1:], strict=False):
        if event == "lost":
            assert following == "read"


@settings(max_examples=100, deadline=None)
@given(simulations(mishaps=("none",)), DESIRED, st.booleans())
def test_check_mode_tells_what_a_run_then_does(cloud: Simulation, desired: DesiredPower, wait: bool) -> None:
    rehearsal = copy.deepcopy(cloud)
    would = ensure(rehearsal, desired, check=True, wait=wait)
    assert set(rehearsal.log) <= {"read"}
    did = ensure(cloud, desired, wait=wait)
    assert would.warnings == did.warnings
    for planned, real in zip(would.rows, did.rows, strict=True):
        assert (planned.before, planned.action, planned.outcome) == (real.before, real.action, real.outcome)
        assert real.after in (planned.after, "unknown")
        assert wait or real.action == "none" or real.after == "unknown"
