# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks of the module binding_plan, and short words for their entries."""

from __future__ import annotations

from typing import Any

from ansible_collections.keyfleet.cloud.plugins.modules import binding_plan
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import run_module
from ansible_collections.keyfleet.cloud.tests.unit.modules.result import Result


def plan(cloud: Cloud, *bindings: Any, **options: Any) -> Result:
    """Run a task and see that nothing was written; see ``run_module``. Provider and region are those of the cloud."""
    result = run_module(binding_plan, cloud, bindings=list(bindings), **options)
    assert result.writes == []
    return result


def bind(key_pairs: Any, instance_ids: Any, **members: Any) -> dict[str, Any]:
    """Return an entry with ``state: present``."""
    return {"state": "present", "key_pairs": key_pairs, "instance_ids": instance_ids, **members}


def unbind(key_pairs: Any, instance_ids: Any, **members: Any) -> dict[str, Any]:
    """Return an entry with ``state: absent``."""
    return {"state": "absent", "key_pairs": key_pairs, "instance_ids": instance_ids, **members}


def waves(result: Result) -> list[list[str]]:
    """Return the instances of each wave."""
    return [wave["instances"] for wave in result.data["waves"]]


def interrupted(result: Result) -> dict[str, str]:
    """Return what each interrupted instance would go through."""
    return {one["instance_id"]: one["action"] for one in result.data["interruptions"]}


def outcomes(result: Result) -> dict[tuple[str, str], str]:
    """Return action and outcome of every row, by instance and key pair name."""
    return {
        (row["instance_id"], row["key_pair_name"] or row["key_pair"]): f"{row['action']} {row['outcome']}"
        for row in result.data["rows"]
    }
