# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Specifies the plan of a rollout without any cloud: laws of its waves, and the text that people read."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._journal.model import Record
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import (
    ErrorInfo,
    Holder,
    Instance,
    KeyPair,
    Observation,
    Power,
)
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.rollout import Lost, Rollout, Wave, make_waves
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.rollout_model import InstanceRef, Place
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.rollout_site import Policy, SitePlan, plan_site
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.rollout_text import LINES, text_of
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.rows import Row
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.units import Wish, units_of
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.waves import Size
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.rollout import CAPABILITIES, CVM, entry, merged, units
from hypothesis import given
from hypothesis import strategies as st

CLOUD = CAPABILITIES["tencent_cvm"]
PLACE = Place(**CVM)
KEYS = ("backup", "deploy", "leaver")


def observed(instances: dict[str, tuple[Power, set[str]]]) -> Observation:
    """Return what a read shows: instances with power and key pairs, whose IDs are their names."""
    found = {
        name: Instance(name, f"name of {name}", power.upper(), power, tuple(sorted(keys)))
        for name, (power, keys) in instances.items()
    }
    pairs = {
        key: KeyPair(key, key, tuple(Holder(name) for name, (_power, keys) in instances.items() if key in keys))
        for key in KEYS
    }
    return Observation(pairs, dict(found))


def rollout(
    wishes: list[Wish], observation: Observation, *sizes: Size, records: tuple[Record, ...] = (), **policy: Any
) -> Rollout:
    """Return the plan of one place."""
    rules = Policy(**{"last_key_policy": "allow", **policy})
    site = plan_site(PLACE, units_of(wishes), observation, CLOUD, rules, records)
    order = [(wish.place, wish.instance_id) for wish in wishes]
    waves = make_waves(order, [site], sizes or (Size(100, percent=True),), records)
    return Rollout((site,), (), waves, rules, records)


# Made once: making a strategy for each example takes longer than all that is tested.
_SOME = st.integers(1, 8)
_POWER = st.sampled_from(["running", "stopped", "changing", "unavailable"])
_INSTANCE = st.tuples(_POWER, st.sets(st.sampled_from(KEYS)))
_DIGIT = st.integers(0, 9)
_WISH = st.sampled_from(["bind", "exclusive", "unbind", "both", "nothing"])


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[dict[str, Any]], Observation]:
    """Some instances, and entries about some of them that do not contradict each other."""
    names = [f"ins-{number:08d}" for number in range(draw(_SOME))]
    instances = {name: draw(_INSTANCE) for name in names}
    known = {name: instances[name] for name in names if draw(_DIGIT)}
    entries = []
    for name in draw(st.permutations(names)):
        wish = draw(_WISH)
        if wish in ("bind", "both", "exclusive"):
            entries.append(entry(instance_ids=[name], exclusive=wish == "exclusive"))
        if wish in ("unbind", "both"):
            entries.append(entry(instance_ids=[name], key_pairs=["leaver"], state="absent"))
    return entries, observed(known)


def _record(name: str) -> Record:
    return Record(InstanceRef(PLACE.provider, str(PLACE.region), name), "running", (), 1.0, "run", 1.0)


@given(worlds(), st.sampled_from([(Size(1),), (Size(2),), (Size(1), Size(50, percent=True))]))
def test_waves_hold_what_changes_and_nothing_else(
    world: tuple[list[dict[str, Any]], Observation], sizes: tuple[Size, ...]
) -> None:
    wishes = merged(*world[0])
    plan = rollout(wishes, world[1], *sizes)
    (site,) = plan.sites
    in_waves = [ref.instance_id for wave in plan.waves for ref in wave.instances]
    changing = [wish.instance_id for wish in wishes if wish.instance_id in site.changing]
    assert in_waves == sorted(changing, key=lambda name: name not in site.running), "those that run go first"
    assert not {row.instance_id for row in site.rows if row.outcome in ("failed", "skipped")} & set(in_waves)
    assert {row.instance_id for row in site.rows if row.outcome == "changed"} - site.failing == set(in_waves)


@given(worlds(), st.sampled_from([(Size(1),), (Size(3),)]))
def test_a_wave_says_what_the_entries_say(
    world: tuple[list[dict[str, Any]], Observation], sizes: tuple[Size, ...]
) -> None:
    whole = {name: unit for unit in units(*world[0]) for name in unit.instance_ids}
    for wave in rollout(merged(*world[0]), world[1], *sizes).waves:
        again = {name: unit for unit in units(*wave.bindings) for name in unit.instance_ids}
        assert set(again) == {ref.instance_id for ref in wave.instances}
        for name, unit in again.items():
            assert dataclasses.replace(unit, instance_ids=()) == dataclasses.replace(whole[name], instance_ids=())


@given(worlds())
def test_only_what_runs_and_changes_is_interrupted(world: tuple[list[dict[str, Any]], Observation]) -> None:
    plan = rollout(merged(*world[0]), world[1])
    for one in plan.interruptions:
        instance = world[1].instances[one.instance.instance_id]
        assert instance is not None
        assert instance.power in ("running", "changing")
        assert instance.id in plan.sites[0].changing
    assert (plan.refusal is None) == (not plan.interruptions)
    assert rollout(merged(*world[0]), world[1], interruption="soft").refusal is None


@given(worlds(), st.sets(st.integers(0, 9)))
def test_what_is_unfinished_is_in_wave_0_only(
    world: tuple[list[dict[str, Any]], Observation], numbers: set[int]
) -> None:
    records = tuple(_record(f"ins-{number:08d}") for number in sorted(numbers))
    waves = rollout(merged(*world[0]), world[1], Size(1), records=records).waves
    left = {record.instance for record in records}
    assert {ref for wave in waves if wave.number == 0 for ref in wave.instances} == left
    assert not left & {ref for wave in waves if wave.number > 0 for ref in wave.instances}
    for wave in waves[:1]:
        told = {name for data in wave.bindings for name in data["instance_ids"]}
        told |= {item["instance_id"] for item in wave.restore}
        assert told == {ref.instance_id for ref in wave.instances}


# The text

WEB, APP, JOB = "ins-00000001", "ins-00000002", "ins-00000003"


def test_the_text_begins_with_interruptions() -> None:
    wishes = merged(entry(instance_ids=[WEB, APP, JOB]), entry(instance_ids=[APP], key_pairs="leaver", state="absent"))
    world = observed({WEB: ("running", set()), APP: ("stopped", {"leaver"}), JOB: ("unavailable", set())})
    broken = dataclasses.replace(
        world.instances[JOB],
        obstacle=ErrorInfo("WindowsInstance", "it runs Windows"),  # type: ignore[type-var]
    )
    plan = rollout(wishes, dataclasses.replace(world, instances={**world.instances, JOB: broken}), Size(1))
    assert text_of(plan) == [
        "Interrupted: 1 running instance(s), which is not allowed (interruption is none):",
        f"  stop and start {WEB} (name of {WEB}), tencent_cvm ap-guangzhou: "
        "its key pairs can be changed only while it is stopped",
        "Cannot be done, tencent_cvm ap-guangzhou: "
        f"The key pairs of {JOB} (name of {JOB}) cannot be changed: it runs Windows. [{JOB}]",
        "tencent_cvm ap-guangzhou: 2 of 3 instance(s) change, 2 to bind, 1 to unbind, 1 cannot",
        f"Wave 1: 1 instance(s): {WEB}",
        "  bind deploy on 1 instance(s), tencent_cvm ap-guangzhou",
        f"Wave 2: 1 instance(s): {APP}",
        "  bind deploy on 1 instance(s), tencent_cvm ap-guangzhou",
        "  unbind leaver on 1 instance(s), tencent_cvm ap-guangzhou",
    ]


def test_the_text_of_no_change_is_short() -> None:
    plan = rollout(merged(entry(instance_ids=[WEB])), observed({WEB: ("running", {"deploy"})}))
    assert text_of(plan) == [
        "Nothing is interrupted.",
        "tencent_cvm ap-guangzhou: 0 of 1 instance(s) change",
        "There is nothing to change.",
    ]


def test_the_same_trouble_of_many_instances_is_one_line() -> None:
    names = [f"ins-{number:08d}" for number in range(1, 31)]
    leaving = entry(instance_ids=names, key_pairs="leaver", state="absent")
    plan = rollout(merged(leaving), observed(dict.fromkeys(names, ("stopped", {"leaver"}))), last_key_policy="refuse")
    (line,) = [line for line in text_of(plan) if line.startswith("Cannot be done")]
    assert "The key pairs of each of these cannot be changed" in line
    assert line.endswith(f"[{', '.join(names)}]"), "somebody has to decide about each of those that are locked out"


def test_of_other_troubles_the_first_instances_are_named() -> None:
    names = [f"ins-{number:08d}" for number in range(1, 31)]
    plan = rollout(merged(entry(instance_ids=names)), observed({}))
    (line,) = [line for line in text_of(plan) if line.startswith("Cannot be done")]
    assert line.endswith(f"[{', '.join(names[:20])} and 10 more]")


def test_the_text_says_where_the_vendor_leaves_open_what_happens() -> None:
    plan = rollout(merged(entry(instance_ids=[WEB])), observed({WEB: ("stopped", {"backup"})}))
    assert (
        "tencent_cvm ap-guangzhou: 1 of 1 instance(s) change, 1 to bind, "
        "1 perhaps displaced, as the API may replace what was bound" in text_of(plan)
    )


@pytest.mark.parametrize("size", [1, 10, 1000])
def test_the_text_has_an_end(size: int) -> None:
    names = [f"ins-{number:08d}" for number in range(1000)]
    plan = rollout(merged(entry(instance_ids=names)), observed(dict.fromkeys(names, ("running", set()))), Size(size))
    lines = text_of(plan)
    assert len(lines) <= LINES
    assert any(line.startswith("Wave 1: ") for line in lines)
    assert "  … and 987 more" in lines
    assert max(map(len, lines)) < 200


def test_lost_places_and_left_alone_entries_are_told() -> None:
    lost = Lost(PLACE, (Row("", "deploy"),), ErrorInfo("Denied", "You may not."))
    wave = Wave(0, (InstanceRef("tencent_cvm", "ap-guangzhou", WEB),), (), ({"instance_id": WEB},))
    plan = Rollout((SitePlan(PLACE, ()),), (lost,), (wave,), Policy(), left_alone=("entry 2",))
    assert text_of(plan) == [
        "Nothing is interrupted.",
        "Cannot be read: tencent_cvm ap-guangzhou: You may not.",
        "Left alone, as their state is another one: entry 2.",
        "tencent_cvm ap-guangzhou: 0 of 0 instance(s) change",
        f"Wave 0 (left unfinished by earlier runs): 1 instance(s): {WEB}",
        "  put back the power of 1 instance(s)",
    ]
