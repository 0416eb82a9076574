# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""extensions/audit/event_query.yml: which instances platforms count, found with jq in what modules really return."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jq
import pytest
import yaml
from ansible_collections.keyfleet.cloud.plugins.modules import (
    binding_wave,
    drift_report,
    instance_info,
    instance_power,
    keypair,
    keypair_binding,
    keypair_binding_info,
)
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import run_module
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import providers

FILE = Path(__file__).parents[3] / "extensions" / "audit" / "event_query.yml"
QUERIES: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
NOT_COUNTED = {"binding_plan", "keypair", "keypair_info"}
"""Modules that manage no instance: they plan, or look at key pairs."""


def counted(module: Any, cloud: Cloud, **options: Any) -> list[str]:
    """Run a module and return the instances that are counted, each of which looks as platforms want it."""
    name = module.__name__.rpartition(".")[2]
    found = jq.all(QUERIES[f"keyfleet.cloud.{name}"]["query"], run_module(module, cloud, **options).data)
    for node in found:
        assert node == {
            "name": node["name"],
            "canonical_facts": {"instance_id": node["name"]},
            "facts": {"infra_type": "PublicCloud", "infra_bucket": "Compute", "device_type": "VM"},
        }
    return [node["name"] for node in found]


def entry(*instance_ids: str) -> dict[str, Any]:
    return {"key_pairs": ["deploy"], "instance_ids": list(instance_ids)}


def test_every_module_that_manages_instances_has_a_query() -> None:
    modules = {path.stem for path in (FILE.parents[2] / "plugins" / "modules").glob("[a-z]*.py")}
    assert {name.rpartition(".")[2] for name in QUERIES} == modules - NOT_COUNTED


def test_every_module_calls_an_instance_the_same(cloud: Cloud, tmp_path: Path) -> None:
    first, second = cloud.add(), cloud.add()
    both = [first, second]
    assert counted(instance_info, cloud) == both
    assert counted(drift_report, cloud, bindings=[entry(first, second)]) == both
    assert counted(binding_wave, cloud, bindings=[entry(first)], journal_path=str(tmp_path / "journal")) == [first]
    assert counted(keypair_binding, cloud, key_pairs=["deploy"], instance_ids=[second]) == [second]
    assert counted(keypair_binding_info, cloud) == both
    assert counted(instance_power, cloud, instance_ids=both, state="stopped") == both


@providers("tencent_cvm")
def test_what_may_not_exist_is_not_counted(cloud: Cloud) -> None:
    there, missing = cloud.add(), cloud.provider.instance_id(99)
    assert counted(keypair_binding, cloud, key_pairs=["deploy"], instance_ids=[there, missing]) == [there]
    assert counted(instance_power, cloud, instance_ids=[there, missing], state="stopped") == [there]
    assert counted(drift_report, cloud, bindings=[{"key_pairs": ["backup"], "instance_ids": [there, missing]}]) == [
        there
    ]


@pytest.mark.parametrize("query", [about["query"] for about in QUERIES.values()])
def test_a_failed_task_counts_for_nothing(query: str) -> None:
    assert jq.all(query, {"failed": True, "msg": "no credentials"}) == []


@providers("tencent_cvm")
def test_key_pairs_are_no_instances(cloud: Cloud) -> None:
    result = run_module(keypair, cloud, name="deploy", state="absent", check=True)
    assert all(jq.all(about["query"], result.data) == [] for about in QUERIES.values())
