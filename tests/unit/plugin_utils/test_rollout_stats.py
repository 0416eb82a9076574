# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The statistics of a role: what is counted, what is told, and that lists in it are bounded."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible_collections.keyfleet.cloud.plugins.filter import rollout_stats
from ansible_collections.keyfleet.cloud.plugins.plugin_utils._rollout_stats import Rollout, summary

PLACE = {"provider": "tencent_cvm", "region": "ap-guangzhou"}


def row(number: int, outcome: str = "changed", **members: Any) -> dict[str, Any]:
    names = {"instance_id": f"ins-{number}", "key_pair": "skey-new", "username": None}
    return {**PLACE, **names, "outcome": outcome, "error": None, **members}


def report(number: int, **members: Any) -> dict[str, Any]:
    return {**PLACE, "instance_id": f"ins-{number}", "interruption": "stop", "error": None, **members}


def plan(rows: list[dict[str, Any]], sizes: tuple[int, ...] = (1, 2), **members: Any) -> dict[str, Any]:
    outcomes = [found["outcome"] for found in rows]
    counts = {name: outcomes.count(name) for name in ("changed", "failed", "skipped")}
    waves = [{"size": size, "instances": [f"ins-{size}"]} for size in sizes]
    summed = {"requested": len(rows) + 5, "unchanged": 5, "interrupted": 3, **counts}
    return {"rows": rows, "waves": waves, "summary": summed, "refusal": None, "changed": True, **members}


def stats(*rollouts: Rollout, check_mode: bool = False, limit: int = 50, failure: str = "") -> dict[str, Any]:
    return summary(rollouts, role="bind", check_mode=check_mode, limit=limit, failure=failure)


THREE = [row(1), row(2), row(3)]


def test_the_members_are_those_that_are_documented() -> None:
    assert list(stats()) == list(yaml.safe_load(rollout_stats.RETURN)["_value"]["contains"])


def test_a_run_in_which_all_goes_well() -> None:
    results = [
        {"changed": True, "bindings": [row(1)], "instances": [report(1)]},
        {"changed": True, "bindings": [row(2), row(3, "unchanged")], "instances": [report(2), report(3)]},
    ]
    found = stats(Rollout(plan(THREE), results, False))
    assert (found["changed"], found["failed"]) == (True, False)
    counts = {"requested": 8, "unchanged": 6, "changed": 2, "failed": 0, "skipped": 0, "interrupted": 3}
    assert found["counts"] == counts
    assert found["message"] == "Bindings: 2 changed, 6 were right."
    assert found["waves"] == {"planned": 2, "done": 2, "stopped_early": False}


def test_a_wave_that_fails_ends_the_run() -> None:
    error = {"message": "It is frozen.", "hint": "Thaw it."}
    results = [{"msg": "1 instance failed.", "bindings": [row(1, "failed", error=error)], "instances": [report(1)]}]
    found = stats(Rollout(plan([*THREE, row(4, "failed", error=error)]), results, False))
    assert (found["changed"], found["failed"]) == (False, True)
    counts = {"requested": 9, "unchanged": 5, "changed": 0, "failed": 2, "skipped": 2, "interrupted": 1}
    assert found["counts"] == counts
    assert found["waves"]["stopped_early"]
    for text in ("ins-4. It is frozen. Thaw it.", "Failed: ins-1.", "1 wave(s) with 2 instance(s) were not begun"):
        assert text in found["message"]


def test_a_wave_without_rows_fails_for_all_of_its_instances() -> None:
    found = stats(Rollout(plan(THREE), [{"msg": "The folder is full."}], False))
    assert "Failed: ins-1. The folder is full." in found["message"]


def test_why_a_wave_failed_is_told_once() -> None:
    error = {"code": "LoginDenied", "message": "ins-2 let nobody in.", "hint": "Look at it."}
    rows = [row(2, "failed", error=error), row(3, "skipped")]
    reports = [report(2, error=error), report(3, rolled_back=True)]
    msg = "1 instance(s) failed: ins-2. Rolled back: ins-3. First error: ins-2 let nobody in. Look at it."
    results = [{"instances": [report(1)]}, {"msg": msg, "bindings": rows, "instances": reports}]
    message = stats(Rollout(plan(THREE), results, False))["message"]
    assert message.startswith("Failed: ins-2. ins-2 let nobody in. Look at it. Rolled back: ins-3. Bindings: ")


def test_what_is_stopped_and_proves_no_login_is_told_apart() -> None:
    error = {"code": "LoginNotPossible", "message": "ins-1 is stopped.", "hint": "Start it."}
    results = [
        {"msg": "No login.", "bindings": [row(1, "skipped", error=error)], "instances": [report(1, error=error)]},
        {"bindings": [row(2), row(3)], "instances": [report(2), report(3)]},
    ]
    both = [Rollout(plan(THREE), results, False)] * 2
    found = stats(*both)
    assert found["failed"]
    told = (
        "No login could be proved on stopped instances, which keep what they had: ins-1. Start them, then run it again."
    )
    assert found["message"].startswith(told)
    assert found["message"].count("ins-1") == 1
    assert not stats(Rollout(plan(THREE), results, False, lenient=True))["failed"]


def test_a_refusal_and_a_plan_that_failed() -> None:
    refused = stats(Rollout(plan(THREE, refusal="It would stop ins-1."), [], False))
    assert (refused["failed"], refused["changed"], refused["counts"]["skipped"]) == (True, False, 3)
    assert refused["message"].startswith("It would stop ins-1.")
    broken = stats(Rollout({"msg": "No credentials."}, [], False))
    assert (broken["failed"], broken["counts"]["requested"]) == (True, 0)


def test_a_refused_run_tells_as_well_what_it_could_not_put_right() -> None:
    failed = {"msg": "It does not start.", "instances": [report(1, error={"message": "It does not start."})]}
    found = stats(Rollout(plan(THREE, refusal="It would stop ins-2."), [failed], False))
    assert found["message"].startswith("It would stop ins-2. Failed: ins-1. It does not start. Bindings: ")


def test_a_place_without_known_instances_is_named_where_they_would_be() -> None:
    error = {"message": "No credentials.", "hint": ""}
    lost = {**row(1, "failed", error=error), "instance_id": None}
    found = stats(Rollout(plan([lost, row(2, "failed", error=error)]), [], False))
    assert found["message"].startswith("Left alone in the plan: tencent_cvm ap-guangzhou, ins-2. No credentials.")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Allow it with interruption=soft.", "Allow it with bind_interruption=soft."),
        ("interruption is none, but web-1 runs.", "interruption is none, but web-1 runs."),
        ("Or set last_key_policy to warn or allow.", "Or set bind_last_key_policy to warn or allow."),
        ("login.private_key_path names a file.", "bind_login.private_key_path names a file."),
        ("O(bind_journal_path) is a folder.", "O(bind_journal_path) is a folder."),
        ("No list <class 'dict'> cannot be converted", "No list <class 'dict'> cannot be converted."),
    ],
)
def test_a_message_names_the_variables_of_the_role_in_whole_sentences(text: str, message: str) -> None:
    assert stats(Rollout({"msg": text}, [], False))["message"] == message


def test_check_mode_counts_what_would_be() -> None:
    found = stats(Rollout(plan(THREE), [], True), check_mode=True)
    assert (found["changed"], found["failed"], found["rows_total"]) == (True, False, 3)
    assert found["counts"]["interrupted"] == 3
    assert not found["waves"]["stopped_early"]


def test_lists_are_bounded() -> None:
    rows = [row(number) for number in range(1000)]
    unfinished = [{**PLACE, "instance_id": f"ins-{number}"} for number in range(1000)]
    results = [{"changed": True, "bindings": rows, "reboot_required": [f"ins-{number}" for number in range(1000)]}]
    found = stats(Rollout(plan(rows, unfinished=unfinished), results, False), limit=7)
    assert (found["rows_total"], found["rows_shown"]) == (1000, 7)
    assert [len(found[name]) for name in ("rows", "reboot_required", "unfinished")] == [7, 7, 7]


def test_what_this_run_has_put_right_is_not_unfinished() -> None:
    unfinished = [{**PLACE, "instance_id": f"ins-{number}"} for number in (1, 2)]
    results = [{"instances": [report(1), report(2, error={"message": "busy"})]}]
    found = stats(Rollout(plan([], unfinished=unfinished), results, False))
    assert [record["instance_id"] for record in found["unfinished"]] == ["ins-2"]


def test_several_rollouts_and_another_failure() -> None:
    done = Rollout(plan([row(1)], sizes=(1,)), [{"changed": True, "bindings": [row(1)]}], False)
    found = stats(done, done, failure="The key pair is bound elsewhere.")
    assert (found["counts"]["changed"], found["waves"]["done"], found["failed"]) == (2, 2, True)
    assert found["message"].startswith("The key pair is bound elsewhere.")
