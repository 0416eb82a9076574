# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Specifies what binding_plan does with several places, with selectors, and with places that cannot be read."""

from __future__ import annotations

import collections
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import providers
from ansible_collections.keyfleet.cloud.tests.unit.modules.providers import ALIBABA, CVM, LIGHTHOUSE, SECRET
from ansible_collections.keyfleet.cloud.tests.unit.modules.result import Result
from ansible_collections.keyfleet.cloud.tests.unit.modules.rollout_tasks import (
    bind,
    interrupted,
    outcomes,
    plan,
    unbind,
    waves,
)
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_clock import VirtualClock
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_emulator import VirtualEmulator

Clouds = tuple[Cloud, Cloud, Cloud]


@pytest.fixture
def clouds(emulator: VirtualEmulator, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch) -> Clouds:
    """Lighthouse, CVM and ECS, with credentials in the environment."""
    emulator.reset()
    monkeypatch.setenv("TENCENTCLOUD_SECRET_ID", CVM.access_key_id)
    monkeypatch.setenv("TENCENTCLOUD_SECRET_KEY", SECRET)
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", ALIBABA.access_key_id)
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", SECRET)
    return Cloud(emulator, clock, LIGHTHOUSE), Cloud(emulator, clock, CVM), Cloud(emulator, clock, ALIBABA)


def everywhere(cloud: Cloud, *bindings: Any, **options: Any) -> Result:
    """Run a task that has no place and no credentials of its own."""
    nothing = dict.fromkeys(("provider", "region", "access_key_id", "access_key_secret"))
    return plan(cloud, *bindings, **{**nothing, **options})


def at(cloud: Cloud, **members: Any) -> dict[str, Any]:
    """Return the members of an entry that lead to a cloud."""
    return {"provider": cloud.provider.name, "region": cloud.provider.region, **members}


def test_places_are_planned_together(clouds: Clouds) -> None:
    lighthouse, cvm, ecs = clouds
    web, app, job = lighthouse.add(power="running"), cvm.add(), ecs.add(power="running")
    result = everywhere(
        cvm,
        bind("deploy", [job], **at(ecs)),
        bind("deploy", [web], **at(lighthouse)),
        bind("deploy", [app], **at(cvm)),
        waves="2",
    )
    assert waves(result) == [[job, web], [app]]
    assert interrupted(result) == {job: "reboot", web: "stop"}
    assert [row["provider"] for row in result.data["rows"]] == ["alibaba_ecs", "tencent_lighthouse", "tencent_cvm"]
    refusal = result.data["refusal"]
    assert "1 running instance(s) would have to be stopped and started again: " in refusal
    assert "1 running instance(s) would have to be rebooted: " in refusal
    assert "association_type=online" in refusal
    assert "make_effective=false" in refusal


def test_reads_are_those_of_one_task_for_each_place(clouds: Clouds) -> None:
    _lighthouse, cvm, ecs = clouds
    ids, others = cvm.add_fleet(300), ecs.add_fleet(300)
    halves = [bind("deploy", ids[:150], **at(cvm)), bind("deploy", ids[150:], **at(cvm))]
    extra = [unbind("leaver", ids[:10], **at(cvm)), bind("backup", ids[5:20], **at(cvm))]
    result = everywhere(cvm, *halves, *extra, bind("deploy", others, **at(ecs)))
    calls = collections.Counter((entry["provider"], entry["action"]) for entry in result.log)
    assert calls == {
        ("tencent_cvm", "DescribeKeyPairs"): 1,
        ("tencent_cvm", "DescribeInstances"): 3,
        ("alibaba_ecs", "DescribeKeyPairs"): 1,
        ("alibaba_ecs", "DescribeInstances"): 3,
    }


def test_a_place_that_cannot_be_read_does_not_stop_the_others(clouds: Clouds) -> None:
    _lighthouse, cvm, ecs = clouds
    app, job = cvm.add(), ecs.add()
    ecs.fault("error", "DescribeInstances", provider="alibaba_ecs", code="Forbidden.RAM", times=None)
    entries = [
        bind("deploy", [job], **at(ecs)),
        {"key_pairs": "deploy", "instances": {"names": "*"}, **at(ecs)},
        bind("deploy", [app], **at(cvm)),
    ]
    result = everywhere(cvm, *entries)
    assert not result.failed
    assert waves(result) == [[app]]
    failed = [row for row in result.data["rows"] if row["outcome"] == "failed"]
    assert [(row["instance_id"], row["error"]["code"]) for row in failed] == [
        (None, "Forbidden.RAM"),
        (job, "Forbidden.RAM"),
    ]
    assert result.data["summary"]["failed"] == 2
    assert any(line.startswith("Cannot be read: alibaba_ecs cn-hangzhou: ") for line in result.data["text"])


def test_a_place_that_fails_later_is_no_different(clouds: Clouds) -> None:
    _lighthouse, cvm, ecs = clouds
    app, job = cvm.add(), ecs.add()
    cvm.fault("error", "DescribeKeyPairs", provider="tencent_cvm", code="UnauthorizedOperation", times=None)
    result = everywhere(cvm, bind("deploy", [app], **at(cvm)), bind("deploy", [job], **at(ecs)))
    assert (waves(result), result.failed) == ([[job]], False)
    assert [row["instance_id"] for row in result.data["rows"] if row["outcome"] == "failed"] == [app]


def test_when_no_place_can_be_read_the_task_fails(clouds: Clouds, monkeypatch: pytest.MonkeyPatch) -> None:
    _lighthouse, cvm, ecs = clouds
    monkeypatch.delenv("TENCENTCLOUD_SECRET_KEY")
    monkeypatch.delenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET")
    app, job = cvm.add(), ecs.add()
    result = everywhere(cvm, bind("deploy", [app], **at(cvm)), bind("deploy", [job], **at(ecs)))
    assert result.failed
    assert result.msg.startswith("Nothing could be read in tencent_cvm ap-guangzhou, alibaba_ecs cn-hangzhou.")
    assert result.data["summary"]["failed"] == 2
    assert result.data["waves"] == []


def test_a_region_that_one_entry_names_and_another_does_not_is_one_place(
    clouds: Clouds, monkeypatch: pytest.MonkeyPatch
) -> None:
    _lighthouse, cvm, _ecs = clouds
    monkeypatch.setenv("TENCENTCLOUD_REGION", cvm.provider.region)
    app = cvm.add("leaver")
    named, unnamed = at(cvm), {"provider": cvm.provider.name}
    result = everywhere(cvm, bind("deploy", [app], **named), unbind("leaver", [app], **unnamed))
    assert [entry["state"] for entry in result.data["waves"][0]["bindings"]] == ["present", "absent"]
    wrong = everywhere(cvm, bind("deploy", [app], **named), unbind("deploy", [app], **unnamed))
    assert "contradict each other" in wrong.msg


def test_an_access_key_is_for_one_vendor(clouds: Clouds) -> None:
    _lighthouse, cvm, ecs = clouds
    entries = [bind("deploy", [cvm.add()], **at(cvm)), bind("deploy", [ecs.add()], **at(ecs))]
    result = everywhere(cvm, *entries, access_key_id="AKIDEXAMPLE", access_key_secret=SECRET)
    assert result.failed
    assert "access_key_id cannot be meant for both Alibaba Cloud and Tencent Cloud" in result.msg
    assert result.log == []


def test_a_secret_in_an_entry_is_refused_and_not_shown(clouds: Clouds) -> None:
    _lighthouse, cvm, _ecs = clouds
    result = everywhere(cvm, bind("deploy", [], **at(cvm), secret_key="very-secret-indeed"))
    assert "Entry 1: secret_key must not stand in an entry" in result.msg
    assert "very-secret-indeed" not in result.printed


def test_what_an_entry_says_of_the_connection_is_kept(clouds: Clouds) -> None:
    _lighthouse, cvm, _ecs = clouds
    app = cvm.add()
    entry = bind("deploy", [app], **at(cvm, endpoint=cvm.emulator.url, api_retries=2, validate_certs=True))
    result = everywhere(cvm, entry, endpoint=None)
    (again,) = result.data["waves"][0]["bindings"]
    assert (again["endpoint"], again["api_retries"], "validate_certs" in again) == (cvm.emulator.url, 2, False)
    assert waves(everywhere(cvm, again, endpoint=None)) == [[app]]


# Selectors


def test_selectors_mean_what_the_lookup_means(cloud: Cloud) -> None:
    first, second, _other = cloud.add(name="web-1"), cloud.add(name="web-2"), cloud.add(name="db-1")
    by_query = {"names": "*", "query": "reverse(sort_by([?starts_with(name, 'web')], &name))"}
    for selector, expected in (({"names": ["web-*"]}, [first, second]), (by_query, [second, first])):
        result = plan(cloud, {"key_pairs": "deploy", "instances": selector})
        assert waves(result) == [expected]
        assert all("instances" not in entry for entry in result.data["waves"][0]["bindings"])


def test_what_a_selector_read_is_not_read_again(cloud: Cloud) -> None:
    cloud.add_fleet(150)
    everything = {"key_pairs": "deploy", "instances": {"names": "*"}}
    result = plan(cloud, everything, {**everything, "key_pairs": "leaver", "state": "absent"})
    pages = -(-150 // 100)
    assert result.data["api_calls"]["DescribeInstances"] == pages


def test_a_selector_and_ids_add_up(cloud: Cloud) -> None:
    web, other = cloud.add(name="web-1"), cloud.add(name="db-1")
    result = plan(cloud, {"key_pairs": "deploy", "instances": {"names": "web-*"}, "instance_ids": [other, web]})
    assert waves(result) == [[other, web]]


def test_a_selector_that_finds_nothing_is_a_warning(cloud: Cloud) -> None:
    cloud.add(name="db-1")
    result = plan(cloud, {"name": "web tier", "key_pairs": "deploy", "instances": {"names": "web-*"}})
    assert (result.failed, result.changed, waves(result)) == (False, False, [])
    place = f"{cloud.provider.name} {cloud.provider.region}"
    assert result.warnings == (f"{place}, entry 1 (web tier): no instance passes its selector.",)


def test_a_key_pair_leaves_whoever_has_it(cloud: Cloud) -> None:
    holder, _other = cloud.add("leaver"), cloud.add("deploy")
    entry = {"key_pairs": ["leaver"], "instances": {"key_pair": "leaver"}, "state": "absent"}
    assert outcomes(plan(cloud, entry, last_key_policy="allow")) == {(holder, "leaver"): "unbind changed"}


def test_a_key_pair_that_does_not_exist_leaves_nobody(cloud: Cloud) -> None:
    cloud.add("leaver")
    entry = {"key_pairs": ["missing"], "instances": {"key_pair": "missing"}, "state": "absent"}
    result = plan(cloud, entry)
    assert (result.failed, waves(result), result.data["rows"]) == (False, [], [])
    assert "There is no key pair missing here" in result.warnings[0]


@providers("tencent_cvm")
def test_a_query_that_fails_is_told(cloud: Cloud) -> None:
    cloud.add(name="web-1")
    result = plan(cloud, {"key_pairs": "deploy", "instances": {"names": "*", "query": "[].name"}}, bind("deploy", []))
    assert result.failed
    assert "query returns something that is no instance" in result.msg
