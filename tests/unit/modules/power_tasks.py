# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs tasks of instance_power, and checks what holds for every result of it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.modules import instance_power
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import run_module
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import providers
from ansible_collections.keyfleet.cloud.tests.unit.modules.result import Result

ROW = {"instance_id", "name", "before", "after", "action", "outcome", "request_id", "error"}
ERROR = {"code", "message", "hint", "request_id", "retryable"}
POWER = {"running", "stopped", "changing", "unavailable", "unknown"}
WORDS = {
    "before": POWER,
    "after": POWER,
    "action": {"none", "start", "stop", "restart"},
    "outcome": {"unchanged", "changed", "failed"},
}
#: the API action for each of ours
ACTIONS = {"start": "StartInstances", "stop": "StopInstances", "restart": "RebootInstances"}
#: state asked for, power before, what is sent, power after
CHANGES = [("running", "stopped", "start", "running"), ("stopped", "running", "stop", "stopped")]
every_change = pytest.mark.parametrize(("state", "before", "action", "after"), CHANGES)
with_restart = pytest.mark.parametrize(
    ("state", "before", "action", "after"), [*CHANGES, ("restarted", "running", "restart", "running")]
)
#: providers whose API has no soft_first, so that the task does it in two steps
two_steps = providers("tencent_cvm_legacy", "alibaba_ecs")


class PowerResult(Result):
    """What a task of instance_power returned."""

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows of ``instances``."""
        return list(self.data["instances"])

    def row(self, instance_id: str, key_pair: str | None = None) -> dict[str, Any]:
        """Return the row of an instance."""
        (found,) = [row for row in self.rows if row["instance_id"] == instance_id and key_pair is None]
        return found

    def stops(self) -> list[dict[str, Any]]:
        """Return the parameters of every stop and reboot, in order."""
        actions = (ACTIONS["stop"], ACTIONS["restart"])
        return [entry["params"] for entry in self.log if entry["action"] in actions]


def power(cloud: Cloud, state: str, instance_ids: Any, **options: Any) -> PowerResult:
    """Run a task, and see that the result keeps the module's contract; see ``run_module``."""
    found = run_module(instance_power, cloud, state=state, instance_ids=instance_ids, **options)
    result = PowerResult(found.asked, found.data, found.warnings, found.printed, found.log)
    _check_contract(result)
    return result


def _check_contract(result: PowerResult) -> None:
    """Raise AssertionError where the result is not as documented."""
    for row in result.rows:
        assert set(row) == ROW
        for field, words in WORDS.items():
            assert row[field] in words, f"{field} of {row}"
        assert row["error"] is None or set(row["error"]) == ERROR
        assert (row["error"] is not None) == (row["outcome"] == "failed"), row
        assert row["outcome"] != "changed" or row["action"] != "none", row
        assert row["outcome"] != "unchanged" or row["action"] == "none", row
    assert result.column("instance_id") == sorted(set(result.column("instance_id")))
    counts = Counter(result.column("outcome"))
    outcomes = {outcome: counts[outcome] for outcome in ("unchanged", "changed", "failed")}
    assert result.summary == {"requested": len(result.rows), **outcomes, "skipped": 0}
    assert result.failed == ("error" in result.data or counts["failed"] > 0)
    assert "msg" in result.data or not result.failed
    if set(counts) <= {"unchanged"}:
        assert not result.changed
    if counts["changed"]:
        assert result.changed
    assert result.data["api_calls"] == dict(Counter(result.actions))
