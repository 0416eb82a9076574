# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keypair_binding: bind what is missing, unbind what is there, look first, and say what became of every pair."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import bind, run, unbind
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import alibaba_only, tencent_only


def test_bind_changes_only_the_instances_that_lack_the_key_pair(cloud: Cloud) -> None:
    has, lacks = cloud.add("deploy"), cloud.add()

    result = bind(cloud, ["deploy"], [has, lacks])

    assert result.changed
    assert result.written == [(cloud.provider.bind, [lacks])]
    assert result.column("action") == ["none", "bind"]
    assert result.column("outcome") == ["unchanged", "changed"]
    assert result.column("before") == ["present", "absent"]
    assert result.column("after") == ["present", "present"]
    assert result.summary == {"requested": 2, "unchanged": 1, "changed": 1, "failed": 0, "skipped": 0}
    assert [cloud.keys_of(one) for one in (has, lacks)] == [["deploy"], ["deploy"]]


def test_unbind_changes_only_the_instances_that_have_the_key_pair(cloud: Cloud) -> None:
    has, lacks = cloud.add("deploy"), cloud.add()

    result = unbind(cloud, ["deploy"], [has, lacks])

    assert result.changed
    assert result.written == [(cloud.provider.unbind, [has])]
    assert result.column("action") == ["unbind", "none"]
    assert result.column("before") == ["present", "absent"]
    assert result.column("after") == ["absent", "absent"]
    assert [cloud.keys_of(one) for one in (has, lacks)] == [[], []]


@pytest.mark.parametrize("state", ["present", "absent"])
def test_the_second_run_changes_nothing_and_writes_nothing(cloud: Cloud, state: str) -> None:
    instances = [cloud.add(), cloud.add("deploy"), cloud.add("former")]
    assert run(cloud, key_pairs=["deploy"], instance_ids=instances, state=state).changed

    again = run(cloud, key_pairs=["deploy"], instance_ids=instances, state=state)

    assert not again.changed
    assert again.writes == []
    assert set(again.column("action")) == {"none"}
    assert set(again.column("outcome")) == {"unchanged"}


def test_the_bindings_are_read_before_anything_is_written(cloud: Cloud) -> None:
    result = bind(cloud, ["deploy"], [cloud.add()])

    assert result.log[0]["action"].startswith("Describe")
    assert result.actions.index(cloud.provider.bind) > 0


def test_a_row_carries_the_request_id_of_the_call_that_did_it(cloud: Cloud) -> None:
    result = bind(cloud, ["deploy"], [cloud.add()])

    (write,) = [entry for entry in result.log if entry["write"]]
    assert result.column("request_id") == [write["request_id"]]


def test_other_instances_and_other_key_pairs_are_left_alone(cloud: Cloud) -> None:
    bystander, own = cloud.add("former"), cloud.add("former")

    bind(cloud, ["deploy"], [cloud.add()])
    unbind(cloud, ["deploy"], [own])

    assert cloud.keys_of(bystander) == ["former"]
    assert cloud.keys_of(own) == ["former"]


@tencent_only
def test_several_key_pairs_at_once(cloud: Cloud) -> None:
    cloud.switch(lighthouse_bind="add")
    both, one, none = cloud.add("backup", "deploy"), cloud.add("backup"), cloud.add()

    bound = bind(cloud, ["deploy", "backup"], [none, both, one])
    unbound = unbind(cloud, ["deploy", "backup"], [none, both, one])

    assert bound.column("outcome") == ["unchanged", "unchanged", "unchanged", "changed", "changed", "changed"]
    assert set(unbound.column("outcome")) == {"changed"}
    assert [row["instance_id"] for row in bound.rows] == sorted([none, both, one] * 2)
    assert [cloud.keys_of(instance) for instance in (none, both, one)] == [[], [], []]


@tencent_only
def test_key_pairs_go_by_id_or_by_name(cloud: Cloud) -> None:
    by_id = bind(cloud, [cloud.key_id("deploy")], [cloud.add()])
    by_name = bind(cloud, ["deploy"], [cloud.add()])

    for result in (by_id, by_name):
        assert result.column("key_pair") == [cloud.key_id("deploy")]
        assert result.column("key_pair_name") == ["deploy"]


@tencent_only
def test_many_names_at_once(cloud: Cloud) -> None:
    """The APIs take five names to a filter."""
    cloud.switch(lighthouse_bind="add")
    names = sorted(f"team_{number}" for number in range(6))
    for name in names:
        cloud.add_key_pair(name)
    web = cloud.add()

    result = bind(cloud, names, [web])

    assert cloud.keys_of(web) == names
    assert sorted(result.column("key_pair_name")) == names


def test_a_name_is_matched_as_a_whole(cloud: Cloud) -> None:
    """Lighthouse's filter matches parts of names."""
    for name in ("deploy_old", "predeploy"):
        cloud.add_key_pair(name)
    web = cloud.add()

    result = bind(cloud, ["deploy"], [web])

    assert cloud.keys_of(web) == ["deploy"]
    assert result.column("key_pair_name") == ["deploy"]


@alibaba_only
def test_on_alibaba_a_name_is_all_there_is(cloud: Cloud) -> None:
    result = bind(cloud, ["deploy"], [cloud.add()])

    assert result.column("key_pair") == result.column("key_pair_name") == ["deploy"]


@tencent_only
def test_an_id_and_the_name_of_the_same_key_pair_are_refused(cloud: Cloud) -> None:
    result = bind(cloud, ["deploy", cloud.key_id("deploy")], [cloud.add()])

    assert result.failed
    assert "twice" in result.msg
    assert result.writes == []


def test_binding_a_key_pair_that_does_not_exist_fails_before_anything_is_written(cloud: Cloud) -> None:
    web = cloud.add()

    result = bind(cloud, ["typo"], [web])

    assert result.failed
    assert not result.changed
    assert "typo does not exist" in result.msg
    assert result.codes == {web: "KeyPairNotFound"}
    assert result.row(web)["error"]["hint"]
    assert result.writes == []


@tencent_only
def test_one_mistyped_key_pair_holds_back_the_writes_of_the_others(cloud: Cloud) -> None:
    web = cloud.add("backup")

    result = bind(cloud, ["deploy", "typo", "backup"], [web])

    assert result.row(web, "typo")["outcome"] == "failed"
    assert [result.row(web, name)["outcome"] for name in ("deploy", "backup")] == ["skipped", "unchanged"]
    assert [result.row(web, name)["before"] for name in ("deploy", "backup")] == ["absent", "present"]
    assert result.writes == []


def test_unbinding_a_key_pair_that_does_not_exist_is_done_already_but_looks_like_a_typo(cloud: Cloud) -> None:
    result = unbind(cloud, ["typo"], [cloud.add("deploy")])

    assert not result.failed
    assert not result.changed
    assert result.column("outcome") == ["unchanged"]
    assert any("typo does not exist" in warning for warning in result.warnings)


@pytest.mark.parametrize("state", ["present", "absent"])
@pytest.mark.parametrize("instances", [[], "", " , "], ids=["list", "text", "blank text"])
def test_no_instances_means_nothing_to_do(cloud: Cloud, state: str, instances: object) -> None:
    result = run(
        cloud,
        key_pairs=["deploy"],
        instance_ids=instances,
        state=state,
        access_key_id=None,
        access_key_secret=None,
        region=None,
    )

    assert not result.failed
    assert not result.changed
    assert result.rows == []
    assert result.log == []


@pytest.mark.parametrize("separator", [",", ", ", "\n", "\n\n", ",\n"], ids=repr)
def test_lists_may_come_as_text(cloud: Cloud, separator: str) -> None:
    instances = [cloud.add(), cloud.add()]

    result = bind(cloud, "deploy" + separator, separator.join(instances))

    assert [row["instance_id"] for row in result.rows] == instances
    assert [cloud.keys_of(instance) for instance in instances] == [["deploy"], ["deploy"]]


@pytest.mark.parametrize("alias", ["key_ids", "key_pair_names"])
def test_key_pairs_go_by_the_vendors_words_too(cloud: Cloud, alias: str) -> None:
    web = cloud.add()

    options: dict[str, Any] = {alias: [cloud.key_id("deploy")]}
    run(cloud, instance_ids=[web], **options)

    assert cloud.keys_of(web) == ["deploy"]
