# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keypair_binding with ``exclusive``: the wanted key pairs and no others; new in before old out."""

from __future__ import annotations

from typing import Any

from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import bind
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import alibaba_only, cvm_only, tencent_only
from ansible_collections.keyfleet.cloud.tests.unit.modules.result import Result


def bind_only(cloud: Cloud, key_pairs: list[str], instance_ids: list[str], **options: Any) -> Result:
    """Run a task after which the instances shall have these key pairs and no others."""
    return bind(cloud, key_pairs, instance_ids, exclusive=True, **options)


def test_the_others_go(cloud: Cloud) -> None:
    web = cloud.add("former")

    result = bind_only(cloud, ["deploy"], [web])

    assert result.changed
    assert cloud.keys_of(web) == ["deploy"]
    assert result.row(web, "deploy")["after"] == "present"
    assert result.row(web, "former")["after"] == "absent"
    assert result.row(web, "former")["outcome"] == "changed"
    assert result.summary == {"requested": 1, "unchanged": 0, "changed": 2, "failed": 0, "skipped": 0}


def test_the_second_run_changes_nothing(cloud: Cloud) -> None:
    instances = [cloud.add("former"), cloud.add(), cloud.add("deploy")]
    bind_only(cloud, ["deploy"], instances)

    again = bind_only(cloud, ["deploy"], instances)

    assert not again.changed
    assert again.writes == []
    assert [row["key_pair_name"] for row in again.rows] == ["deploy"] * 3


@cvm_only
def test_the_new_key_pair_is_there_before_the_old_one_goes(cloud: Cloud) -> None:
    web = cloud.add("former")

    result = bind_only(cloud, ["deploy"], [web])

    assert result.writes == [cloud.provider.bind, cloud.provider.unbind]
    assert result.row(web, "former")["action"] == "unbind"


@cvm_only
def test_the_old_key_pair_stays_when_the_new_one_does_not_get_in(cloud: Cloud) -> None:
    web = cloud.add("former")
    cloud.fault("error", cloud.provider.bind, code="UnsupportedOperation.InstanceStateFreezing", times=None)

    result = bind_only(cloud, ["deploy"], [web])

    assert cloud.keys_of(web) == ["former"]
    assert result.writes == [cloud.provider.bind]
    assert result.row(web, "deploy")["outcome"] == "failed"
    assert result.row(web, "former")["outcome"] == "skipped"
    assert "Freezing" in result.row(web, "former")["error"]["message"] or result.row(web, "former")["error"]["code"]


@tencent_only
def test_nothing_to_bind_only_to_unbind(cloud: Cloud) -> None:
    web = cloud.add("deploy", "former", "leaver")

    result = bind_only(cloud, ["deploy"], [web])

    assert result.writes == [cloud.provider.unbind]
    assert cloud.keys_of(web) == ["deploy"]
    assert result.row(web, "deploy")["outcome"] == "unchanged"


@tencent_only
def test_several_wanted_key_pairs(cloud: Cloud) -> None:
    cloud.switch(lighthouse_bind="add")
    web = cloud.add("backup", "former")

    result = bind_only(cloud, ["deploy", "backup"], [web])

    assert cloud.keys_of(web) == ["backup", "deploy"]
    assert not result.failed
    assert result.row(web, "backup")["outcome"] == "unchanged"


@alibaba_only
def test_on_alibaba_the_former_key_pair_is_displaced_in_one_call(cloud: Cloud) -> None:
    web = cloud.add("former")

    result = bind_only(cloud, ["deploy"], [web])

    assert result.writes == ["AttachKeyPair"]
    assert result.row(web, "former")["action"] == "displace"


def test_other_instances_keep_what_they_have(cloud: Cloud) -> None:
    web, bystander = cloud.add("former"), cloud.add("former")

    result = bind_only(cloud, ["deploy"], [web])

    assert cloud.keys_of(bystander) == ["former"]
    assert {row["instance_id"] for row in result.rows} == {web}


def test_check_mode_lists_what_would_go(cloud: Cloud) -> None:
    web = cloud.add("former")

    result = bind_only(cloud, ["deploy"], [web], check=True)

    assert result.row(web, "former")["after"] == "absent"
    assert result.row(web, "former")["key_pair_name"] == "former"
    assert cloud.keys_of(web) == ["former"]


def test_the_diff_shows_the_exchange(cloud: Cloud) -> None:
    web = cloud.add("former")

    (entry,) = bind_only(cloud, ["deploy"], [web], diff=True).data["diff"]

    assert "former" in entry["before"]
    assert "deploy" not in entry["before"]
    assert "deploy" in entry["after"]
    assert "former" not in entry["after"]
