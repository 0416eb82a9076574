# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The world's laws: time passes lazily, indexes agree with what they index, pages cost the same in large worlds."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from ansible_collections.keyfleet.cloud.emulator.providers import CVM, LIGHTHOUSE
from ansible_collections.keyfleet.cloud.emulator.world import Binding, Instance, KeyPair, Timeline, World
from ansible_collections.keyfleet.cloud.emulator.world.ids import INSTANCE_IDS, IdSource
from ansible_collections.keyfleet.cloud.tests.unit.emulator.client import TencentCloud, tencent_cloud
from hypothesis import given, settings
from hypothesis import strategies as st

PLACE = {"provider": CVM, "account_id": "1", "region": "ap-guangzhou"}


def an_instance(world: World, name: str = "ins-00000one", state: str = "RUNNING") -> Instance:
    instance = Instance(**PLACE, instance_id=name, name=name, state=state, created=0, number=1)
    world.add_instance(instance)
    return instance


def a_key_pair(world: World, key_id: str) -> KeyPair:
    key_pair = KeyPair(**PLACE, key_id=key_id, name=key_id, public_key=f"ssh-rsa {key_id}", created=0)
    world.add_key_pair(key_pair)
    return key_pair


def test_nothing_happens_until_somebody_looks() -> None:
    world = World()
    instance = an_instance(world)
    world.begin(instance, Timeline(10).enter("STOPPING").wait(5).enter("STOPPED").operation("Stop", "r"), now=10)
    assert (instance.state, instance.busy) == ("STOPPING", True)
    world.settle(14.9)
    assert instance.state == "STOPPING"
    world.settle(100)
    assert (instance.state, instance.busy) == ("STOPPED", False)
    assert instance.operation is not None
    assert instance.operation.status == "SUCCESS"


def test_steps_of_all_instances_happen_in_the_order_of_time() -> None:
    world = World()
    seen: list[str] = []
    for name, seconds in (("ins-00000one", 3.0), ("ins-00000two", 1.0), ("ins-000three", 2.0)):
        line = Timeline(0).wait(seconds).do(lambda name=name: seen.append(name))  # type: ignore[misc]
        world.begin(an_instance(world, name), line.operation("X", "r"), now=0)
    world.settle(10)
    assert seen == ["ins-00000two", "ins-000three", "ins-00000one"]


def test_a_replaced_operation_never_comes_back() -> None:
    world = World()
    instance = an_instance(world)
    world.begin(instance, Timeline(0).wait(5).enter("STOPPED").operation("Stop", "first"), now=0)
    world.begin(instance, Timeline(1).wait(9).enter("REBOOTING").operation("Reboot", "second"), now=1)
    world.settle(6)
    assert instance.state == "RUNNING"
    world.settle(10)
    assert instance.state == "REBOOTING"


def test_the_start_time_is_that_of_the_step() -> None:
    world = World()
    instance = an_instance(world, state="STOPPED")
    world.begin(instance, Timeline(100).wait(7).enter("RUNNING").operation("Start", "r"), now=100)
    world.settle(1000)
    assert instance.start_time == 107


CHANGES = st.lists(
    st.tuples(st.sampled_from("abc"), st.lists(st.sampled_from(["k1", "k2", "k3"]), unique=True), st.integers(0, 5)),
    max_size=15,
)


@given(CHANGES, st.integers(0, 20))
@settings(max_examples=60)
def test_key_pairs_and_instances_always_agree_and_the_lagging_view_is_the_past(
    changes: list[tuple[str, list[str], int]], lag: int
) -> None:
    world = World()
    instances = {name: an_instance(world, name) for name in "abc"}
    keys = {key_id: a_key_pair(world, key_id) for key_id in ("k1", "k2", "k3")}
    now, past = 0, {0: {key_id: set[str]() for key_id in keys}}
    for name, key_ids, pause in changes:
        now += pause
        world.record(instances[name], [Binding(key_id, keys[key_id].public_key) for key_id in key_ids], now)
        past[now] = {key_id: set(keys[key_id].bound) for key_id in keys}
        for key_id, key_pair in keys.items():
            assert set(key_pair.bound) == {other for other in "abc" if key_id in instances[other].key_ids}
    moments = [at for at in past if at <= now - lag]
    for key_id, key_pair in keys.items():
        assert set(key_pair.view(now, lag)) == (past[max(moments)][key_id] if moments else set())


@given(st.integers(0, 36**8 - 1))
def test_numbered_ids_are_well_formed(number: int) -> None:
    for shape in INSTANCE_IDS.values():
        assert shape.valid(shape.number(number))


def test_ids_are_handed_out_in_order() -> None:
    source = IdSource()
    found = [source.next(INSTANCE_IDS[LIGHTHOUSE]) for _number in range(100)]
    assert all(before < after for before, after in pairwise(found))


@pytest.mark.parametrize("text", ["lhins-1122", "lhins-000000000", "LHINS-00000000", "ins-00000000", "lhins-0000000\n"])
def test_malformed_ids(text: str) -> None:
    assert not INSTANCE_IDS[LIGHTHOUSE].valid(text)


def fleet(count: int) -> dict[str, object]:
    return {"fleets": [{"provider": "tencent_cvm", "region": "ap-guangzhou", "count": count}]}


def seconds_for_a_page(cloud: TencentCloud, offset: int) -> float:
    """The best of several, in the time that the processor spends, because other programs use the machine as well."""
    found = []
    for _attempt in range(7):
        start = time.process_time()
        assert len(cloud.cvm.ok("DescribeInstances", Offset=offset, Limit=20)["InstanceSet"]) == 20
        found.append(time.process_time() - start)
    return min(found)


def test_a_page_of_a_large_world_costs_what_a_page_of_a_small_one_costs() -> None:
    with tencent_cloud(settings={"rates": {"*": None}}) as cloud:
        cloud.emulator.seed(fleet(20))
        small = seconds_for_a_page(cloud, 0)
        cloud.emulator.seed(fleet(19_980))
        assert seconds_for_a_page(cloud, 19_980) < 5 * small + 0.005
