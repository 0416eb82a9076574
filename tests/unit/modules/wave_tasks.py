# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs tasks of binding_wave, and checks what holds for every result of it."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any

from ansible_collections.keyfleet.cloud.plugins.modules import binding_wave
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.contract import ERROR, ROW
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import run_module
from ansible_collections.keyfleet.cloud.tests.unit.modules.result import Result

INSTANCE = {
    "provider",
    "region",
    "instance_id",
    "name",
    "power_before",
    "power_after",
    "interruption",
    "login",
    "started",
    "rolled_back",
    "error",
}


class WaveResult(Result):
    """What a task of binding_wave returned."""

    def instance(self, instance_id: str) -> dict[str, Any]:
        """Return what is said of an instance."""
        (found,) = [one for one in self.data["instances"] if one["instance_id"] == instance_id]
        return dict(found)

    @property
    def turns(self) -> list[str]:
        """The write actions that were called, in order, each in a word."""
        return [_word(action) for action in self.writes]

    @property
    def why(self) -> dict[str, str]:
        """The error code of every instance that has one."""
        return {one["instance_id"]: one["error"]["code"] for one in self.data["instances"] if one["error"]}


def _word(action: str) -> str:
    words = {"Associate": "bind", "Attach": "bind", "Disassociate": "unbind", "Detach": "unbind"}
    words |= {"Stop": "stop", "Start": "start", "Reboot": "reboot"}
    return next(word for beginning, word in words.items() if action.startswith(beginning))


def present(instance_ids: list[str], *key_pairs: str, **members: Any) -> dict[str, Any]:
    """Return an entry that wants key pairs."""
    return {"instance_ids": instance_ids, "key_pairs": list(key_pairs), "state": "present", **members}


def absent(instance_ids: list[str], *key_pairs: str, **members: Any) -> dict[str, Any]:
    """Return an entry that does not want key pairs."""
    return {"instance_ids": instance_ids, "key_pairs": list(key_pairs), "state": "absent", **members}


def exchange(instance_ids: list[str], new: str, old: str) -> list[dict[str, Any]]:
    """Return the entries that want one key pair instead of another."""
    return [present(instance_ids, new), absent(instance_ids, old)]


def journal_of_test() -> Path:
    """Return the folder of the journal: in the home directory, which each test has of its own."""
    return Path(os.environ["HOME"]) / "journal"


def options_of(*bindings: Any, **options: Any) -> dict[str, Any]:
    """Return the options of a task, without those of the connection. Entries may be in lists."""
    entries = [one for entry in bindings for one in (entry if isinstance(entry, list) else [entry])]
    return {"interruption": "soft", "journal_path": str(journal_of_test()), "bindings": entries, **options}


def task_of(cloud: Cloud, *bindings: Any, **options: Any) -> dict[str, Any]:
    """Return all arguments of a task, for a process of its own."""
    return {**cloud.options, **options_of(*bindings, **options)}


def wave(cloud: Cloud, *bindings: Any, check: bool = False, **options: Any) -> WaveResult:
    """Run a task, and see that the result keeps the module's contract; see ``run_module``."""
    found = run_module(binding_wave, cloud, check=check, **options_of(*bindings, **options))
    result = WaveResult(found.asked, found.data, found.warnings, found.printed, found.log)
    _check_contract(result)
    return result


def unfinished() -> list[Path]:
    """Return the notes that runs have left in the journal."""
    return sorted(journal_of_test().glob("*.json")) if journal_of_test().is_dir() else []


def _check_contract(result: WaveResult) -> None:
    """Raise AssertionError where the result is not as documented."""
    for row in result.rows:
        assert set(row) == {*ROW, "provider", "region"}
        assert row["error"] is None or set(row["error"]) == ERROR
        assert (row["error"] is not None) == (row["outcome"] in ("failed", "skipped")), row
        assert row["interruption"] in {"none", "stop", "reboot"}, row
    for one in result.data["instances"]:
        assert set(one) == INSTANCE
        assert one["error"] is None or set(one["error"]) == ERROR
        assert one["interruption"] in {"none", "stop", "reboot"}
    counts = Counter(result.column("outcome"))
    for outcome in ("unchanged", "changed", "failed", "skipped"):
        assert result.summary[outcome] == counts[outcome]
    assert result.data["failed_instances"] == list(result.why)
    failed = "error" in result.data or bool(result.why) or counts["failed"] > 0
    assert result.failed == failed, result.data
    assert ("msg" in result.data) == failed
    assert result.data["api_calls"] == dict(Counter(result.actions))
