# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role drift_report: real runs against seeded drift, and the files that people and programs read."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.keyfleet.cloud.plugins.filter import rollout_stats
from ansible_collections.keyfleet.cloud.tests.roles.controller import Controller, Run
from ansible_collections.keyfleet.cloud.tests.roles.guests import READER, Guests
from ansible_collections.keyfleet.cloud.tests.roles.report_page import Page
from ansible_collections.keyfleet.cloud.tests.roles.watched_emulator import WatchedEmulator
from ansible_collections.keyfleet.cloud.tests.unit.drift_schema import check_schema
from ansible_collections.keyfleet.cloud.tests.unit.modules.providers import PROVIDERS

HOSTILE = "</script><script>alert(1)</script> {{ 7 * 7 }} {% raw %} \"'&`|*_\\ <img src=x> ]]> \u202e\x01"
"""A name that would do harm wherever it is not escaped."""


def report(controller: Controller, variables: dict[str, Any] | None = None, *arguments: str, **more: Any) -> Run:
    """Run the playbook; its files go to ``reports``, and are only the JSON one unless a test says otherwise."""
    folder = str(controller.directory / "reports")
    given = {"drift_report_directory": folder, "drift_report_formats": "json", **(variables or {})}
    return controller.run("drift_report", given, *arguments, **more)


def document(controller: Controller) -> dict[str, Any]:
    """Return the JSON report, which keeps its schema."""
    found = json.loads((controller.directory / "reports" / "keyfleet-drift.json").read_text(encoding="utf-8"))
    check_schema(found)
    return dict(found)


def drift(data: dict[str, Any]) -> set[tuple[str | None, str, str]]:
    """Return (instance, name of the key pair, status) of everything that is not in sync."""
    return {
        (one["instance_id"], row["name"] or row["key_pair"], row["status"])
        for one in data["instances"]
        for row in one["bindings"]
        if row["status"] != "in_sync"
    }


@pytest.fixture
def seeded(clouds: dict[str, Guests]) -> tuple[list[dict[str, Any]], set[tuple[str | None, str, str]]]:
    """Return entries for three providers, and the drift that is there: each kind somewhere, and nothing else."""
    lighthouse, cvm, alibaba = (clouds[name] for name in ("tencent_lighthouse", "tencent_cvm", "alibaba_ecs"))
    good, missing = lighthouse.add("new", name="good"), lighthouse.add(name=HOSTILE)
    leaver, strict = cvm.add("old", "new"), cvm.add("new", "other")
    nobody = alibaba.provider.instance_id(900)
    lost = lighthouse.provider.instance_id(901)
    lighthouse.add("other", name="unmanaged")
    entries = [
        lighthouse.entry([good, missing], "new", name="new key"),
        cvm.entry([leaver], "old", state="absent", name='</script> & | "leavers"'),
        cvm.entry([strict], "new", exclusive=True),
        {**alibaba.entry([], "new"), "instance_ids": [nobody]},
        {
            **lighthouse.entry([], "new", region="ap-singapore", endpoint="http://127.0.0.1:9", api_retries=0),
            "instance_ids": [lost],
        },
    ]
    expected: set[tuple[str | None, str, str]] = {
        (missing, "new", "missing"),
        (leaver, "old", "extra"),
        (strict, "other", "extra"),
        (nobody, "new", "unknown"),
        (lost, "new", "unreachable"),
    }
    return entries, expected


@pytest.mark.module_processes
def test_seeded_drift_of_each_kind_is_found_and_nothing_else(
    controller: Controller,
    emulator: WatchedEmulator,
    seeded: tuple[list[dict[str, Any]], set[tuple[str | None, str, str]]],
) -> None:
    entries, expected = seeded
    before = emulator.state()

    variables = {"keyfleet_bindings": entries, "drift_report_formats": ["json", "markdown", "junit", "html"]}
    run = report(controller, variables, environ=controller.environment(suffix=READER))

    assert run.ok, run.output
    assert run.changed == 0
    assert drift(document(controller)) == expected
    assert [entry["action"] for entry in emulator.log() if entry["write"]] == []
    assert emulator.state() == before
    holds_what_the_emulator_holds(document(controller), before)
    stats_say_what_the_report_says(run.stats, document(controller))
    files_say_what_the_report_says(controller, document(controller))


def holds_what_the_emulator_holds(data: dict[str, Any], state: dict[str, Any]) -> None:
    """Check every binding, and everything for information, against the emulator's own state."""
    worlds = {name: provider.world for name, provider in PROVIDERS.items()}
    held = {one["instance_id"]: set(one["key_pairs"]) for one in state["instances"]}
    read = {(worlds[place["provider"]], place["region"]) for place in data["places"] if place["reachable"]}
    for one in data["instances"]:
        for row in one["bindings"]:
            if row["bound"] is not None:
                assert row["bound"] == (row["key_pair"] in held[one["instance_id"]])
        others = {pair["key_pair"] for pair in one["other_key_pairs"]}
        spoken_of = {row["key_pair"] for row in one["bindings"]}
        assert others == held.get(one["instance_id"], set()) - spoken_of
    named = {one["instance_id"] for one in data["instances"]}
    there = {one["instance_id"] for one in state["instances"] if (one["provider"], one["region"]) in read}
    assert {one["instance_id"] for one in data["unmanaged_instances"]} == there - named
    pairs = [pair for pair in state["key_pairs"] if (pair["provider"], pair["region"]) in read]
    bound = {(one["provider"], key) for one in state["instances"] for key in one["key_pairs"]}
    assert {(worlds[one["provider"]], one["key_pair"]) for one in data["orphans"]} == {
        (pair["provider"], pair["key_id"]) for pair in pairs if (pair["provider"], pair["key_id"]) not in bound
    }


def stats_say_what_the_report_says(stats: dict[str, Any], data: dict[str, Any]) -> None:
    assert list(stats) == sorted(yaml.safe_load(rollout_stats.RETURN)["_value"]["contains"]), "as the other roles do"
    assert stats["role"] == "drift_report"
    assert stats["message"].startswith("5 of 7 bindings are not in sync")
    assert not stats["changed"]
    assert not stats["failed"]
    assert stats["drift"] == data["counts"]
    assert (stats["rows_total"], stats["rows_shown"], len(stats["rows"])) == (5, 5, 5)
    assert sorted(stats["files"]) == ["html", "json", "junit", "markdown"]
    assert all(Path(path).is_file() for path in stats["files"].values())


def files_say_what_the_report_says(controller: Controller, data: dict[str, Any]) -> None:
    reports = controller.directory / "reports"
    suites = ET.parse(reports / "keyfleet-drift.xml").getroot()
    cases = {(case.get("classname"), case.get("name")): [part.tag for part in case] for case in suites.iter("testcase")}
    assert len(cases) == data["counts"]["rows"] == int(suites.attrib["tests"])
    assert sum(tags == ["failure"] for tags in cases.values()) == int(suites.attrib["failures"]) == 4
    assert sum(tags == ["error"] for tags in cases.values()) == int(suites.attrib["errors"]) == 1
    page = Page.read(reports / "keyfleet-drift.html")
    assert page.data == data
    assert page.scripts == 1
    assert page.outside == []
    text = (reports / "keyfleet-drift.md").read_text(encoding="utf-8")
    assert "**5 of 7 bindings are not in sync.**" in text
    for row in (line for line in text.splitlines() if line.startswith("| tencent")):
        assert row.replace("\\|", "").count("|") in (6, 9), "a name broke out of its cell"
    assert "{{ 7" in text, "a name was taken for a template"


@pytest.mark.parametrize("cloud", ["alibaba_ecs"], indirect=True)
def test_check_mode_makes_the_same_files(controller: Controller, cloud: Guests) -> None:
    entry = cloud.entry([cloud.add("old")], "new")
    variables = {"keyfleet_bindings": [entry], "drift_report_formats": "json, markdown, junit, html"}

    run = report(controller, variables, "--check", "--diff")

    assert run.ok, run.output
    assert run.changed == 0
    assert run.stats["check_mode"]
    assert len(document(controller)["instances"]) == 1
    assert sorted(path.name for path in (controller.directory / "reports").iterdir()) == [
        "keyfleet-drift.html",
        "keyfleet-drift.json",
        "keyfleet-drift.md",
        "keyfleet-drift.xml",
    ]
    assert "<script" not in run.output


@pytest.mark.parametrize("cloud", ["tencent_cvm"], indirect=True)
def test_drift_fails_the_run_if_asked_and_the_statistics_are_there(controller: Controller, cloud: Guests) -> None:
    entry = cloud.entry([cloud.add("old")], "new")

    run = report(controller, {"keyfleet_bindings": [entry], "drift_report_fail_on_drift": "yes"})

    assert run.returncode == 2
    assert "1 of 1 bindings are not in sync" in run.output
    assert run.stats["failed"]
    assert run.stats["drift"]["drifted"] == 1


@pytest.mark.parametrize("cloud", ["tencent_cvm"], indirect=True)
def test_no_drift_does_not_fail_the_run(controller: Controller, cloud: Guests) -> None:
    entry = cloud.entry([cloud.add("new")], "new")

    run = report(controller, {"keyfleet_bindings": [entry], "drift_report_fail_on_drift": True})

    assert run.ok, run.output
    assert run.stats["drift"]["drifted"] == 0


@pytest.mark.parametrize("cloud", ["alibaba_ecs"], indirect=True)
def test_a_run_that_could_read_nothing_fails_and_still_reports(controller: Controller, cloud: Guests) -> None:
    entry = cloud.entry([cloud.add("new")], "new", endpoint="http://127.0.0.1:9", api_retries=0)

    run = report(controller, {"keyfleet_bindings": [entry]})

    assert run.returncode == 2
    assert run.stats["failed"]
    assert "None of the places could be read" in run.stats["message"]
    assert document(controller)["counts"]["unreachable"] == 1


@pytest.mark.parametrize("cloud", ["tencent_lighthouse"], indirect=True)
def test_hosts_of_the_play_in_two_groups_are_one_report(controller: Controller, cloud: Guests) -> None:
    web, database = cloud.add("new"), cloud.add()
    hosts = {
        "web": cloud.host(web, drift_report_key_pairs=["new"]),
        "database": cloud.host(database, drift_report_key_pairs="new, old"),
    }
    inventory = controller.write("hosts.yml", {"all": {"hosts": hosts}})

    run = report(controller, {}, "--inventory", str(inventory))

    assert run.ok, run.output
    assert drift(document(controller)) == {(database, "new", "missing"), (database, "old", "missing")}
    assert cloud.calls() == ["DescribeInstances", "DescribeKeyPairs"] or cloud.calls() == [
        "DescribeKeyPairs",
        "DescribeInstances",
    ]


@pytest.mark.parametrize("cloud", ["tencent_cvm"], indirect=True)
def test_variables_as_a_survey_gives_them(controller: Controller, cloud: Guests) -> None:
    first, second = cloud.add("new"), cloud.add()
    answers = {
        "drift_report_provider": cloud.provider.name,
        "drift_report_region": cloud.provider.region,
        "drift_report_key_pairs": "new",
        "drift_report_instance_ids": f"{first}\n{second}",
        "drift_report_formats": "json, html",
        "drift_report_title": "",
        "drift_report_stats_rows": "0",
        "awx_job_id": 17,
        "awx_user_name": "jane",
    }

    run = report(controller, answers)

    assert run.ok, run.output
    data = document(controller)
    assert drift(data) == {(second, "new", "missing")}
    assert data["generated"]["facts"] == {"Job": "17", "Started by": "jane"}
    assert sorted(run.stats["files"]) == ["html", "json"]
    assert (run.stats["rows"], run.stats["rows_total"], run.stats["rows_shown"]) == ([], 1, 0)


@pytest.mark.parametrize("cloud", ["tencent_cvm"], indirect=True)
def test_a_directory_that_cannot_be_made_is_told_before_anything_is_read(controller: Controller, cloud: Guests) -> None:
    folder = controller.write("file", "in the way") / "reports"
    variables = {"keyfleet_bindings": [cloud.entry([cloud.add()], "new")], "drift_report_directory": str(folder)}
    run = report(controller, variables)
    assert not run.ok
    assert f"The report cannot be written: there is no directory {folder}, and it cannot be made" in run.output
    assert cloud.calls() == []


@pytest.mark.parametrize("cloud", ["tencent_cvm"], indirect=True)
def test_only_pages_leaves_no_json(controller: Controller, cloud: Guests) -> None:
    entry = cloud.entry([cloud.add("new")], "new")

    run = report(controller, {"keyfleet_bindings": [entry], "drift_report_formats": ["html"]})

    assert run.ok, run.output
    assert [path.name for path in (controller.directory / "reports").iterdir()] == ["keyfleet-drift.html"]


@pytest.mark.parametrize(
    ("variables", "complaint"),
    [
        ({"drift_report_formats": "pdf", "keyfleet_bindings": []}, "drift_report_formats"),
        ({"drift_report_stats_rows": "many", "keyfleet_bindings": []}, "drift_report_stats_rows"),
        ({"keyfleet_bindings": [{"provider": "tencent_cvm", "colour": "red"}]}, "colour"),
    ],
    ids=str,
)
def test_bad_variables_fail_before_anything_is_sent(
    controller: Controller, emulator: WatchedEmulator, variables: dict[str, Any], complaint: str
) -> None:
    run = report(controller, variables)

    assert not run.ok
    assert complaint in run.output
    assert emulator.log() == []
