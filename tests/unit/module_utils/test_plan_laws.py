# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Laws of the plan, on any world: applied, it reaches the desired state; planned again, it is empty."""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from ansible_collections.keyfleet.cloud.plugins.module_utils._models import Desired
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.plan import make_plan
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.planning import CVM, LIGHTHOUSE, NAMES, worlds
from hypothesis import given
from hypothesis import strategies as st

# Made once: making a strategy for each example takes longer than all that is tested.
YES_OR_NO = st.booleans()
STATE = st.sampled_from(["present", "absent"])
INSTANCES = st.lists(st.sampled_from(NAMES), unique=True).map(tuple)
POLICY = st.sampled_from(["warn", "refuse", "allow"])
UNWANTED = st.sets(st.sampled_from("dez")).map(tuple)


@functools.cache
def key_pairs(most: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from("abc"), min_size=1, max_size=most, unique=True).map(tuple)


@st.composite
def desires(draw: st.DrawFn, most: int) -> Desired:
    state: t.Any = draw(STATE)
    return Desired(
        key_pairs=draw(key_pairs(most)),
        instance_ids=draw(INSTANCES),
        state=state,
        exclusive=state == "present" and draw(YES_OR_NO),
        force_stop=draw(YES_OR_NO),
        last_key_policy=draw(POLICY),
        unwanted=draw(UNWANTED) if state == "present" else (),
    )


@given(st.data())
def test_a_plan_reaches_what_is_desired_and_a_second_one_is_empty(data: st.DataObject) -> None:
    world = data.draw(worlds())
    desired = data.draw(desires(world.capabilities.key_pairs_per_instance or 3))
    before = {name: set(keys) for name, keys in world.bound.items()}
    plan = make_plan(world.observe(), desired, world.capabilities)

    for change in plan.changes:
        world.apply(change)  # raises if it interrupts unasked

    failed = set(plan.errors())
    for name, keys in world.bound.items():
        if name not in desired.instance_ids or name in failed:
            assert keys == before[name], "an instance that was not asked for, or failed, changed"
        elif desired.state == "absent":
            assert keys == before[name] - set(desired.key_pairs)
        elif desired.exclusive:
            assert keys == set(desired.key_pairs)
        else:
            assert keys >= set(desired.key_pairs)
            assert not keys & set(desired.unwanted)
    again = make_plan(world.observe(), desired, world.capabilities)
    assert again.changes == ()
    assert set(again.errors()) == failed


@given(st.data())
def test_rows_tell_what_the_changes_do(data: st.DataObject) -> None:
    world = data.draw(worlds())
    desired = data.draw(desires(world.capabilities.key_pairs_per_instance or 3))
    plan = make_plan(world.observe(), desired, world.capabilities)
    for change in plan.changes:
        world.apply(change)

    asked = {(name, key) for name in desired.instance_ids for key in desired.references}
    assert asked <= {(row.instance_id, row.key_pair) for row in plan.rows}
    assert list(plan.rows) == sorted(plan.rows, key=lambda row: (row.instance_id, row.key_pair))
    for row in plan.rows:
        if row.after != "unknown":
            assert (row.after == "present") == (row.key_pair in world.bound[row.instance_id])
    assert bool(plan.changes) == any(row.outcome == "changed" for row in plan.rows)


@given(st.data())
def test_a_new_key_pair_is_in_before_an_old_one_goes(data: st.DataObject) -> None:
    world = data.draw(worlds((LIGHTHOUSE, CVM)))
    desired = data.draw(desires(3))
    if desired.state == "present":
        for change in make_plan(world.observe(), desired, world.capabilities).changes:
            world.apply(change)
            assert world.bound[change.instance_id], "an instance stood without any key pair in between"


@given(st.data())
def test_an_api_that_replaces_is_mastered_once_that_is_known(data: st.DataObject) -> None:
    """The first plan may meet an API that turns out to replace; with that learnt, the next plan reaches the goal."""
    world = data.draw(worlds((CVM,)))
    world.replaces = True
    desired = dataclasses.replace(data.draw(desires(3)), force_stop=True, state="present")
    learnt = dataclasses.replace(world.capabilities, bind_effect="replaces")
    for capabilities in (world.capabilities, learnt):
        for change in make_plan(world.observe(), desired, capabilities).changes:
            world.apply(change)
    assert all(world.bound[name] >= set(desired.key_pairs) for name in desired.instance_ids)
    assert make_plan(world.observe(), desired, learnt).changes == ()
