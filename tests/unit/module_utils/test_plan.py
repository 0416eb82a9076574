# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan of one task: what is done, and what the rows say about it."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import InputError
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import ErrorInfo, KeyPair, Observation
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.calls import batched
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.change import Change
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.plan import Plan, make_plan
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.rows import diff, is_changed, is_failed, summary
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.planning import (
    CVM,
    ECS,
    LIGHTHOUSE,
    desire,
    instance,
    observed,
)

WINDOWS = ErrorInfo("WindowsInstance", "it runs Windows", "take it out")


def told(plan: Plan) -> list[tuple[t.Any, ...]]:
    return [(r.instance_id, r.key_pair, r.before, r.after, r.action, r.outcome) for r in plan.rows]


def done(plan: Plan) -> list[tuple[str, str, tuple[str, ...], bool]]:
    return [(c.instance_id, c.action, c.key_pairs, c.force) for c in plan.changes]


CASES: dict[str, tuple[t.Any, ...]] = {
    # what is there, what is asked for, capabilities → changes, rows
    "a missing key pair is bound": (
        [instance("1")], desire("a", "1"), CVM,
        [("1", "bind", ("a",), False)],
        [("1", "a", "absent", "present", "bind", "changed")],
    ),
    "a bound one is left alone": (
        [instance("1", "a")], desire("a", "1"), CVM,
        [],
        [("1", "a", "present", "present", "none", "unchanged")],
    ),
    "of two, only the missing one is bound": (
        [instance("1", "a")], desire("ab", "1"), CVM,
        [("1", "bind", ("b",), False)],
        [("1", "a", "present", "present", "none", "unchanged"), ("1", "b", "absent", "present", "bind", "changed")],
    ),
    "another key pair may or may not survive a bind where the vendor contradicts himself": (
        [instance("1", "b")], desire("a", "1"), LIGHTHOUSE,
        [("1", "bind", ("a",), False)],
        [("1", "a", "absent", "present", "bind", "changed"), ("1", "b", "present", "unknown", "displace", "changed")],
    ),
    "it is surely lost where a bind replaces": (
        [instance("1", "b")], desire("a", "1"), ECS,
        [("1", "bind", ("a",), False)],
        [("1", "a", "absent", "present", "bind", "changed"), ("1", "b", "present", "absent", "displace", "changed")],
    ),
    "exclusive needs no unbind where a bind replaces": (
        [instance("1", "b")], desire("a", "1", exclusive=True), ECS,
        [("1", "bind", ("a",), False)],
        [("1", "a", "absent", "present", "bind", "changed"), ("1", "b", "present", "absent", "displace", "changed")],
    ),
    "exclusive binds first, then unbinds the rest": (
        [instance("1", "b", "c")], desire("a", "1", exclusive=True), CVM,
        [("1", "bind", ("a",), False), ("1", "unbind", ("b", "c"), False)],
        [
            ("1", "a", "absent", "present", "bind", "changed"),
            ("1", "b", "present", "absent", "unbind", "changed"),
            ("1", "c", "present", "absent", "unbind", "changed"),
        ],
    ),
    "exclusive with nothing to bind only unbinds": (
        [instance("1", "a", "b")], desire("a", "1", exclusive=True), LIGHTHOUSE,
        [("1", "unbind", ("b",), False)],
        [("1", "a", "present", "present", "none", "unchanged"), ("1", "b", "present", "absent", "unbind", "changed")],
    ),
    "without exclusive a further key pair is nobody's business": (
        [instance("1", "a", "b")], desire("a", "1"), LIGHTHOUSE,
        [],
        [("1", "a", "present", "present", "none", "unchanged")],
    ),
    "absent unbinds what is bound and nothing else": (
        [instance("1", "a", "b"), instance("2", "b")], desire("a", "12", state="absent"), CVM,
        [("1", "unbind", ("a",), False)],
        [("1", "a", "present", "absent", "unbind", "changed"), ("2", "a", "absent", "absent", "none", "unchanged")],
    ),
    "a running instance is refused where it would be powered off": (
        [instance("1", power="running")], desire("a", "1"), LIGHTHOUSE,
        [],
        [("1", "a", "absent", "absent", "bind", "failed")],
    ),
    "with consent it is powered off": (
        [instance("1", power="running")], desire("a", "1", force_stop=True), CVM,
        [("1", "bind", ("a",), True)],
        [("1", "a", "absent", "present", "bind", "changed")],
    ),
    "consent does not force a stopped instance": (
        [instance("1", power="stopped")], desire("a", "1", force_stop=True), CVM,
        [("1", "bind", ("a",), False)],
        [("1", "a", "absent", "present", "bind", "changed")],
    ),
    "online needs no stop": (
        [instance("1", power="running")], desire("a", "1", association_type="online"), LIGHTHOUSE,
        [("1", "bind", ("a",), False)],
        [("1", "a", "absent", "present", "bind", "changed")],
    ),
    "a running instance that is as desired is not refused": (
        [instance("1", "a", power="running")], desire("a", "1"), CVM,
        [],
        [("1", "a", "present", "present", "none", "unchanged")],
    ),
    "Alibaba stops nothing": (
        [instance("1", power="running")], desire("a", "1"), ECS,
        [("1", "bind", ("a",), False)],
        [("1", "a", "absent", "present", "bind", "changed")],
    ),
    "one unsuitable instance does not stop the others": (
        [instance("1", obstacle=WINDOWS), instance("2")], desire("a", "12"), CVM,
        [("2", "bind", ("a",), False)],
        [("1", "a", "absent", "absent", "bind", "failed"), ("2", "a", "absent", "present", "bind", "changed")],
    ),
    "a busy instance is planned as if idle, since that passes": (
        [instance("1", power="changing")], desire("a", "1"), CVM,
        [("1", "bind", ("a",), False)],
        [("1", "a", "absent", "present", "bind", "changed")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_plan(case: tuple[t.Any, ...]) -> None:
    instances, desired, capabilities, changes, rows = case
    plan = make_plan(observed(*instances), desired, capabilities)
    assert done(plan) == changes
    assert told(plan) == rows


def test_an_instance_that_does_not_exist_is_a_failed_row_when_something_must_be_bound() -> None:
    observation = observed(instance("2"))
    plan = make_plan(
        dataclasses.replace(observation, instances={**observation.instances, "1": None}), desire("a", "12"), CVM
    )
    assert plan.errors()["1"].code == "InstanceNotFound"
    assert done(plan) == [("2", "bind", ("a",), False)]


def test_an_instance_need_not_exist_for_absent() -> None:
    plan = make_plan(Observation({"a": KeyPair("a", "a", ())}, {}), desire("a", "1", state="absent"), CVM)
    assert told(plan) == [("1", "a", "absent", "absent", "none", "unchanged")]


def test_a_key_pair_that_does_not_exist_fails_before_anything_is_written() -> None:
    plan = make_plan(observed(instance("1")), desire("ax", "1"), CVM)
    assert plan.changes == ()
    assert [(r.key_pair, r.outcome, r.error.code) for r in plan.rows if r.error] == [
        ("a", "skipped", "NotAttempted"),
        ("x", "failed", "KeyPairNotFound"),
    ]


def test_a_key_pair_that_does_not_exist_is_bound_to_nothing_and_said_so() -> None:
    plan = make_plan(observed(instance("1")), desire("x", "1", state="absent"), CVM)
    assert told(plan) == [("1", "x", "absent", "absent", "none", "unchanged")]
    assert "x does not exist" in plan.warnings[0]


def test_an_id_and_a_name_of_the_same_key_pair_are_an_error() -> None:
    pair = KeyPair("skey-4e5ty7i8", "deploy", ())
    observation = Observation({"skey-4e5ty7i8": pair, "deploy": pair}, {"1": instance("1")})
    desired = dataclasses.replace(desire("", "1"), key_pairs=("skey-4e5ty7i8", "deploy"))
    with pytest.raises(InputError, match="same key pair twice"):
        make_plan(observation, desired, CVM)


@pytest.mark.parametrize(("policy", "changes", "warns"), [("warn", 1, True), ("refuse", 0, False), ("allow", 1, False)])
def test_the_last_key_pair_of_an_instance(policy: str, changes: int, warns: bool) -> None:
    plan = make_plan(
        observed(instance("1", "a"), instance("2", "a", "b")),
        desire("a", "12", state="absent", last_key_policy=policy),
        CVM,
    )
    assert [c.instance_id for c in plan.changes] == ["1", "2"][2 - 1 - changes :]
    assert any("without any key pair: 1" in warning for warning in plan.warnings) is warns
    assert ("1" in plan.errors()) is (policy == "refuse")


def test_exclusive_never_takes_the_last_key_pair() -> None:
    plan = make_plan(observed(instance("1", "b")), desire("a", "1", exclusive=True, last_key_policy="refuse"), CVM)
    assert not is_failed(plan.rows)


def test_bindings_for_accounts_are_unbound_one_by_one_and_online() -> None:
    one = instance("1", "a", power="running")
    plan = make_plan(observed(one, accounts={("1", "a"): "ubuntu"}), desire("a", "1", state="absent"), LIGHTHOUSE)
    assert plan.changes == (Change("1", "unbind", ("a",), force=False, online=True, username="ubuntu"),)
    assert plan.rows[0].username == "ubuntu"


def test_a_binding_for_another_account_does_not_count() -> None:
    one = instance("1", "a", power="running")
    desired = desire("a", "1", association_type="online", username="admin")
    plan = make_plan(observed(one, accounts={("1", "a"): "ubuntu"}), desired, LIGHTHOUSE)
    assert plan.changes == (Change("1", "bind", ("a",), online=True, username="admin"),)


def test_an_offline_unbind_of_an_account_is_refused_with_the_way_out() -> None:
    one = instance("1", "a")
    desired = desire("a", "1", state="absent", association_type="offline")
    error = make_plan(observed(one, accounts={("1", "a"): "ubuntu"}), desired, LIGHTHOUSE).errors()["1"]
    assert error.code == "BoundForUser"
    assert "username=ubuntu" in error.hint


def test_interruptions_are_announced() -> None:
    plan = make_plan(observed(instance("1", power="running")), desire("a", "1", force_stop=True), CVM)
    assert plan.rows[0].interruption == "forced_stop"


@pytest.mark.parametrize(
    ("capabilities", "bound", "effective"),
    [(CVM, False, True), (CVM, True, True), (ECS, False, False), (ECS, True, None)],
)
def test_when_a_binding_is_effective(capabilities: t.Any, bound: bool, effective: bool | None) -> None:
    one = instance("1", "a") if bound else instance("1")
    assert make_plan(observed(one), desire("a", "1"), capabilities).rows[0].effective is effective


def test_rows_add_up() -> None:
    rows = make_plan(
        observed(instance("1"), instance("2", "a"), instance("3", obstacle=WINDOWS)), desire("a", "123"), CVM
    ).rows
    assert summary(rows, 3) == {"requested": 3, "unchanged": 1, "changed": 1, "failed": 1, "skipped": 0}
    assert is_changed(rows)
    assert is_failed(rows)
    assert diff(rows) == [{"before_header": "1", "after_header": "1", "before": "", "after": "a\n"}]


def test_batches_carry_alike_changes_up_to_the_limits() -> None:
    changes = [Change(f"{n:03}", "bind", ("a",)) for n in range(120)] + [Change("x", "bind", ("a",), force=True)]
    calls = batched(changes, ECS)
    assert [(len(call.instance_ids), call.force) for call in calls] == [
        (50, False),
        (50, False),
        (20, False),
        (1, True),
    ]
    assert [len(call.instance_ids) for call in batched(changes, CVM)] == [100, 20, 1]


def test_one_key_pair_a_call_where_the_api_takes_no_more() -> None:
    assert [call.key_pairs for call in batched([Change("1", "unbind", ("a", "b"))], ECS)] == [("a",), ("b",)]
    assert [call.key_pairs for call in batched([Change("1", "unbind", ("a", "b"))], CVM)] == [("a", "b")]
