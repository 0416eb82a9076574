# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The decisions of a wave: what a change costs, whether a reboot is still needed, and what a roll-back is."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._capabilities import Capabilities
from ansible_collections.keyfleet.cloud.plugins.module_utils._journal.model import Record
from ansible_collections.keyfleet.cloud.plugins.module_utils._login.model import Target
from ansible_collections.keyfleet.cloud.plugins.module_utils._login.options import LoginOptions
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import ErrorInfo, Instance, Power
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.plan import make_plan
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.rollout_model import InstanceRef, Login, Place, Unit
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.unit_desired import desired_of
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.wave_cost import (
    costs_of,
    needs_start,
    refusals,
    still_pending,
)
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.wave_intentions import intention_of
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.wave_model import Cost, WavePolicy
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.wave_rollback import as_before, undoing
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.wave_rows import put_back, refused_rows
from ansible_collections.keyfleet.cloud.plugins.module_utils._services.wave_target import target_of
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.planning import (
    CVM,
    ECS,
    LIGHTHOUSE,
    desire,
    instance,
    observed,
    worlds,
)
from hypothesis import given
from hypothesis import strategies as st

REF = InstanceRef("tencent_cvm", "ap-guangzhou", "1")
NO = ErrorInfo("No", "no")


def record(key_pairs: str = "", **fields: t.Any) -> Record:
    """Return what an earlier run left of instance 1."""
    return Record(REF, fields.pop("power", "running"), tuple(key_pairs), since=1.0, run="r", noted=2.0, **fields)


@pytest.mark.parametrize(
    ("capabilities", "power", "online", "make_effective", "cost"),
    [
        (CVM, "running", None, True, "stop"),
        (CVM, "stopped", None, True, "none"),
        (LIGHTHOUSE, "running", None, True, "stop"),
        (LIGHTHOUSE, "running", "online", True, "none"),
        (ECS, "running", None, True, "reboot"),
        (ECS, "running", None, False, "none"),
        (ECS, "stopped", None, True, "none"),
    ],
)
def test_what_a_change_costs(
    capabilities: Capabilities, power: Power, online: t.Any, make_effective: bool, cost: Cost
) -> None:
    observation = observed(instance("1", power=power))
    plan = make_plan(observation, desire("a", "1", force_stop=True, association_type=online), capabilities)

    assert costs_of(plan, observation, capabilities, make_effective=make_effective) == {"1": cost}


def test_what_does_not_change_costs_nothing() -> None:
    observation = observed(instance("1", "a", power="running"))
    plan = make_plan(observation, desire("a", "1", force_stop=True), CVM)

    assert costs_of(plan, observation, CVM, make_effective=True) == {}


def test_only_what_costs_something_needs_consent() -> None:
    costs: dict[str, Cost] = {"1": "stop", "2": "reboot", "3": "none"}
    instances = {name: instance(name) for name in costs}

    assert set(refusals(costs, instances, WavePolicy(interruption="none"))) == {"1", "2"}
    assert refusals(costs, instances, WavePolicy(interruption="soft")) == {}
    assert refusals(costs, instances, WavePolicy(interruption="force")) == {}


def test_every_refusal_says_what_to_do() -> None:
    errors = refusals({"1": "stop", "2": "reboot"}, {"1": instance("1"), "2": None}, WavePolicy())

    assert all("interruption=soft" in error.hint for error in errors.values())
    assert "make_effective=false" in errors["2"].hint


BEFORE, LATER = "2026-05-01T10:00:00Z", "2026-05-01T10:01:00Z"


@pytest.mark.parametrize(
    ("pending", "power", "started", "moved", "expected"),
    [
        (True, "running", BEFORE, False, True),
        (True, "running", LATER, False, False),
        (True, "running", None, False, True),
        (True, "running", BEFORE, True, False),
        (True, "stopped", BEFORE, False, False),
        (False, "running", BEFORE, False, False),
    ],
    ids=["not started since", "started since", "nobody knows", "seen on its way", "is started anyway", "not pending"],
)
def test_whether_a_reboot_is_still_needed(
    pending: bool, power: Power, started: str | None, moved: bool, expected: bool
) -> None:
    now = dataclasses.replace(instance("1", power=power), started=started)

    assert still_pending(record(reboot_pending=pending, started=BEFORE), now, moved=moved) == expected


def test_without_a_record_nothing_is_owed() -> None:
    assert not still_pending(None, instance("1", power="running"), moved=False)
    assert not needs_start(None, instance("1"))
    assert not needs_start(record(), None)


@pytest.mark.parametrize(
    ("found", "now", "expected"),
    [
        ("running", "stopped", True),
        ("running", "running", False),
        ("stopped", "stopped", False),
        ("stopped", "running", False),
    ],
)
def test_only_what_ran_at_the_very_start_is_started(found: Power, now: Power, expected: bool) -> None:
    assert needs_start(record(power=found), instance("1", power=now)) == expected


def test_an_intention_keeps_what_an_earlier_run_meant_to_do() -> None:
    observation = observed(instance("1", "b", "a", power="running"))
    plan = make_plan(observation, desire("a", "1", unwanted=("b",), force_stop=True), CVM)
    found = observation.instances["1"]
    assert found is not None

    intention = intention_of(REF, found, plan.rows, "stop", record("b", bind=("a",)), ())

    assert (intention.bind, intention.unbind) == (("a",), ("b",))
    assert intention.key_pairs == ("b", "a")  # the journal itself keeps the older ones
    assert not intention.reboot_pending


@pytest.mark.parametrize(
    ("before", "bound", "now", "expected"),
    [
        ("a", "b", "b", ("a", "b")),
        ("a", "b", "ab", ("a", "b")),
        ("a", "b", "a", None),
        ("", "b", "b", ("", "b")),
        ("", "b", "", None),
        ("ab", "b", "b", ("ab", "")),
        ("a", "b", "bc", ("a", "b")),
    ],
    ids=["exchanged", "added", "untouched", "first one", "not bound", "lost one", "a colleague's stays"],
)
def test_what_a_roll_back_is(before: str, bound: str, now: str, expected: tuple[str, str] | None) -> None:
    observation = observed(instance("1", *now))

    wishes = undoing([record(before, bind=tuple(bound))], {}, observation)

    if expected is None:
        assert wishes == ()
        return
    (wish,) = wishes
    wanted, unwanted = (wish.key_pairs, wish.unwanted) if wish.state == "present" else ((), wish.key_pairs)
    assert (wanted, unwanted) == (tuple(expected[0]), tuple(expected[1]))
    assert wish.last_key_policy == "allow"


def test_a_roll_back_is_made_as_the_binding_was() -> None:
    unit = Unit(Place("tencent_lighthouse"), ("1",), ("b",), association_type="online", username="admin")

    (wish,) = undoing([record("a", bind=("b",))], {"1": unit}, observed(instance("1", "b")))

    assert (wish.association_type, wish.username) == ("online", "admin")


@given(st.data())
def test_a_roll_back_brings_back_what_was_there(data: st.DataObject) -> None:
    """Whatever a wave has done, as far as it came, undoing it gives every instance its key pairs back."""
    world = data.draw(worlds())
    # Only key pairs that exist can be put back.
    world.bound = {name: keys & set("abc") for name, keys in world.bound.items()}
    before = {name: set(keys) for name, keys in world.bound.items()}
    wanted, unwanted = data.draw(st.sampled_from([("a", "b"), ("c", "ab"), ("b", "")]))
    world.power = dict.fromkeys(world.power, "stopped")
    plan = make_plan(world.observe(), desire(wanted, "12345", unwanted=tuple(unwanted)), world.capabilities)
    for change in data.draw(st.sampled_from([plan.changes[:cut] for cut in range(len(plan.changes) + 1)])):
        world.apply(change)

    records = [
        dataclasses.replace(
            record(bind=(wanted,), unbind=tuple(unwanted)),
            instance=dataclasses.replace(REF, instance_id=name),
            key_pairs=tuple(sorted(keys)),
        )
        for name, keys in before.items()
    ]
    for wish in undoing(records, {}, world.observe()):
        for change in make_plan(world.observe(), wish, world.capabilities).changes:
            world.apply(change)

    assert world.bound == before
    assert all(as_before(one, world.observe()) for one in records)


def test_refused_rows_keep_what_is_there() -> None:
    plan = make_plan(observed(instance("1", "b"), instance("2")), desire("a", "12", unwanted=("b",)), ECS)

    refused = refused_rows(plan, {"1": NO})

    assert [change.instance_id for change in refused.changes] == ["2"]
    of_one = {row.key_pair: row for row in refused.rows if row.instance_id == "1"}
    assert (of_one["a"].outcome, of_one["a"].after, of_one["a"].error) == ("failed", "absent", NO)
    assert (of_one["b"].action, of_one["b"].after) == ("none", "present")


def test_rows_after_a_roll_back_tell_culprits_from_the_rest() -> None:
    plan = make_plan(observed(instance("1"), instance("2")), desire("a", "12"), CVM)

    rows = put_back(plan.rows, observed(instance("1"), instance("2")), {"1": NO, "2": NO}, {"1"})

    assert [(row.instance_id, row.outcome, row.after) for row in rows] == [
        ("1", "failed", "absent"),
        ("2", "skipped", "absent"),
    ]


@pytest.mark.parametrize(
    ("login", "options", "expected"),
    [
        (None, LoginOptions(), "root@203.0.113.1:22"),
        (None, LoginOptions(address="private"), "root@10.0.0.1:22"),
        (None, LoginOptions(user="ubuntu", port=2222), "ubuntu@203.0.113.1:2222"),
        (Login(host="web-1"), LoginOptions(user="ubuntu"), "ubuntu@web-1:22"),
        (Login("web-1", 2200, "admin"), LoginOptions(user="ubuntu"), "admin@web-1:2200"),
        (Login(user="admin"), LoginOptions(), "admin@203.0.113.1:22"),
    ],
)
def test_whom_to_ask(login: Login | None, options: LoginOptions, expected: str) -> None:
    unit = Unit(Place("tencent_cvm"), ("1",), ("a",), logins={"1": login} if login else {})
    one = dataclasses.replace(_addressed(), private_addresses=("10.0.0.1",))

    assert str(target_of(REF, one, unit, options)) == expected


@pytest.mark.parametrize(
    ("one", "login", "code"),
    [
        (instance("1"), None, "NoAddress"),
        (instance("1"), Login(host="-oProxyCommand=x"), "InvalidOption"),
    ],
)
def test_whom_nobody_can_ask(one: Instance, login: Login | None, code: str) -> None:
    unit = Unit(Place("tencent_cvm"), ("1",), ("a",), logins={"1": login} if login else {})

    found = target_of(REF, one, unit, LoginOptions())

    assert not isinstance(found, Target)
    assert found.code == code


def _addressed() -> Instance:
    return dataclasses.replace(instance("1"), public_addresses=("203.0.113.1",))


def test_a_unit_without_wanted_key_pairs_is_an_unbind() -> None:
    both = Unit(Place("tencent_cvm"), ("1", "2"), ("a",), ("b",), exclusive=True)
    unbind = Unit(Place("tencent_cvm"), ("1",), (), ("b",))

    bound = desired_of(both, last_key_policy="refuse", power_off=True, instance_ids=["2"])
    assert (bound.state, bound.key_pairs, bound.unwanted, bound.exclusive) == ("present", ("a",), ("b",), True)
    assert (bound.instance_ids, bound.force_stop) == (("2",), True)
    gone = desired_of(unbind, last_key_policy="refuse", power_off=False)
    assert (gone.state, gone.key_pairs, gone.unwanted) == ("absent", ("b",), ())
