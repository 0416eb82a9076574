# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Specifies how entries become units, and that units and entries are two ways to say the same."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import InputError
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.rollout_model import Login, Place, Unit
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.units import entries_of
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.rollout import DB, WEB, entry, merged, units
from hypothesis import given
from hypothesis import strategies as st

LIGHTHOUSE = {"provider": "tencent_lighthouse", "instance_ids": ["lhins-00000001"]}


def test_instances_of_which_the_same_is_wanted_are_one_unit() -> None:
    (unit,) = units(entry(), entry(instance_ids=[DB]))
    assert (unit.instance_ids, unit.present) == ((WEB, DB), ("deploy",))


def test_all_entries_of_an_instance_are_merged() -> None:
    first, second = units(
        entry(instance_ids=[WEB, DB]),
        entry(key_pairs="leaver", state="absent", instance_ids=[DB]),
        entry(key_pairs="backup,deploy", instance_ids=[DB], exclusive=True),
    )
    assert (first.instance_ids, first.present, first.absent, first.exclusive) == ((WEB,), ("deploy",), (), False)
    assert (second.instance_ids, second.present, second.absent) == ((DB,), ("backup", "deploy"), ("leaver",))
    assert second.exclusive


def test_places_are_kept_apart() -> None:
    assert len(units(entry(), entry(instance_ids=[DB], region="ap-beijing"))) == 2
    assert len(units(entry(), entry(instance_ids=[DB], profile="other"))) == 2


def test_nothing_wanted_is_no_unit() -> None:
    assert units(entry(instance_ids=[])) == ()


def test_a_wish_knows_its_entries() -> None:
    wishes = merged(entry(name="web"), entry(key_pairs="backup", instance_ids=[WEB, DB]))
    assert [(wish.instance_id, [one.label for one in wish.entries]) for wish in wishes] == [
        (WEB, ["entry 1 (web)", "entry 2"]),
        (DB, ["entry 2"]),
    ]


def test_logins_are_those_of_the_units_instances() -> None:
    (unit,) = units(entry(logins={WEB: {"host": "203.0.113.7"}, DB: {"port": 22}}), entry(key_pairs="backup"))
    assert unit.logins == {WEB: Login("203.0.113.7")}


CONTRADICTIONS: dict[str, tuple[list[dict[str, Any]], str]] = {
    "present and absent": (
        [entry(name="web"), entry(state="absent")],
        f"Entry 1 (web) and entry 2 contradict each other about {WEB}: deploy shall be bound and unbound.",
    ),
    "association types": (
        [
            entry(**LIGHTHOUSE, association_type="online"),
            entry(**LIGHTHOUSE, key_pairs="b", association_type="offline"),
        ],
        "Entry 1 and entry 2 contradict each other about lhins-00000001: they differ in association_type.",
    ),
    "accounts": (
        [
            entry(**LIGHTHOUSE, association_type="online", username="a"),
            entry(**LIGHTHOUSE, association_type="online", key_pairs="b"),
        ],
        "Entry 1 and entry 2 contradict each other about lhins-00000001: they differ in username.",
    ),
    "logins": (
        [entry(logins={WEB: {"port": 22}}), entry(), entry(logins={WEB: {"port": 23}})],
        f"Entry 1 and entry 3 contradict each other about {WEB}: they differ in logins.",
    ),
    "connections": (
        [entry(), entry(key_pairs="backup", profile="other")],
        f"Entry 1 and entry 2 contradict each other about {WEB}: they lead there with different connection options.",
    ),
    "two APIs to the same instance": (
        [entry(), entry(key_pairs="backup", provider="tencent_cvm_legacy")],
        f"Entry 1 and entry 2 contradict each other about {WEB}: they lead there with different providers.",
    ),
    "more than an instance can have": (
        [entry(provider="alibaba_ecs", key_pairs=key, instance_ids=["i-bp1example"]) for key in ("one", "two")],
        "Entry 1 and entry 2 contradict each other about i-bp1example: "
        "it can have 1 key pair, but shall have one and two.",
    ),
}


@pytest.mark.parametrize(("entries", "message"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_contradictions_name_both_entries(entries: list[dict[str, Any]], message: str) -> None:
    with pytest.raises(InputError) as failure:
        merged(*entries)
    assert failure.value.info.message == message


def test_an_id_and_a_name_can_turn_out_to_be_the_same() -> None:
    by_id, by_name = entry(key_pairs="skey-deploy00"), entry()

    def identity(_place: Place, reference: str) -> str:
        return {"deploy": "skey-deploy00"}.get(reference, reference)

    assert [wish.present for wish in merged(by_id, by_name, identity=identity)] == [("skey-deploy00",)]
    with pytest.raises(InputError, match="deploy and skey-deploy00 are the same key pair, which shall be bound and"):
        merged({**by_id, "state": "absent"}, by_name, identity=identity)


LETTERS = st.sampled_from(["backup", "deploy", "former", "leaver", "skey-deploy00"])
LOGINS = st.builds(Login, st.none() | st.just("203.0.113.7"), st.none() | st.just(2222), st.none() | st.just("ops"))
CONNECTIONS = st.sampled_from([(), (("profile", "prod"),), (("api_timeout", 5), ("validate_certs", False))])


@st.composite
def some_units(draw: st.DrawFn) -> list[Unit]:
    """Units of different places that do not share an instance, each with a wish of its own."""
    found: list[Unit] = []
    ids = [f"ins-{number:08d}" for number in range(12)]
    for number in range(draw(st.integers(1, 4))):
        mine = ids[number * 3 : number * 3 + draw(st.integers(1, 3))]
        present = draw(st.frozensets(LETTERS, max_size=3))
        absent = draw(st.frozensets(LETTERS, min_size=0 if present else 1, max_size=3)) - present
        if not (present or absent):
            continue
        place = Place("tencent_cvm", draw(st.sampled_from(["ap-guangzhou", "ap-beijing", None])), draw(CONNECTIONS))
        unit = Unit(
            place, tuple(mine), tuple(sorted(present)), tuple(sorted(absent)), bool(present) and draw(st.booleans())
        )
        if not any(dataclasses.replace(other, instance_ids=unit.instance_ids, logins={}) == unit for other in found):
            found.append(dataclasses.replace(unit, logins={name: draw(LOGINS) for name in mine if draw(st.booleans())}))
    return found


@given(some_units())
def test_units_and_entries_say_the_same(wanted: list[Unit]) -> None:
    told = [data for unit in wanted for data in entries_of(unit)]
    assert list(units(*told)) == wanted


@given(some_units())
def test_part_of_a_unit_is_wanted_the_same(wanted: list[Unit]) -> None:
    for unit in wanted:
        one = unit.instance_ids[:1]
        logins = {name: login for name, login in unit.logins.items() if name in one}
        assert units(*entries_of(unit, one)) == (dataclasses.replace(unit, instance_ids=one, logins=logins),)
