# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""drift_report: the file and the result, also where places cannot be read, and nothing secret in either."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.drift_tasks import counted, report, written
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import providers
from ansible_collections.keyfleet.cloud.tests.unit.modules.providers import PROVIDERS, SECRET


def elsewhere(cloud: Cloud) -> dict[str, Any]:
    """Return an entry for a provider of which nothing answers."""
    other = PROVIDERS["alibaba_ecs" if cloud.provider.tencent else "tencent_cvm"]
    return {
        "name": "elsewhere",
        "provider": other.name,
        "region": other.region,
        "endpoint": "http://127.0.0.1:9",
        "api_retries": 0,
        "profile": "reader",
        "key_pairs": "deploy",
    }


def test_an_unreachable_place_is_counted_and_the_others_go_on(cloud: Cloud, report_path: Path) -> None:
    web = cloud.add("deploy")
    ours = {"key_pairs": "deploy", "instance_ids": [web]}
    other = PROVIDERS["alibaba_ecs" if cloud.provider.tencent else "tencent_cvm"]
    lost = other.instance_id(1)

    result = report(
        cloud,
        ours,
        {**elsewhere(cloud), "instance_ids": [lost]},
        {**elsewhere(cloud), "instances": {"names": "web-*"}},
        json_path=str(report_path),
    )

    assert not result.failed
    assert counted(result) == {"in_sync": 1, "unreachable": 2, "drifted": 2, "instances": 3}
    assert [row["instance_id"] for row in result.data["rows"]] == [lost, None]
    assert {row["status"] for row in result.data["rows"]} == {"unreachable"}
    assert {row["reachable"] for row in result.data["places"]} == {True, False}
    assert any("could not be read" in warning for warning in result.warnings)
    (place,) = (one for one in written(report_path)["places"] if not one["reachable"])
    assert place["error"]["message"]


def test_a_task_that_could_read_nothing_fails_and_says_so_in_the_file_too(cloud: Cloud, report_path: Path) -> None:
    web = cloud.add("deploy")
    cloud.fault("error", "DescribeInstances", times=None, code="UnauthorizedOperation", message="no")

    result = report(cloud, {"key_pairs": "deploy", "instance_ids": [web]}, json_path=str(report_path))

    assert result.failed
    assert result.msg.startswith("None of the places could be read (1).")
    assert result.data["counts"]["unreachable"] == 1
    assert written(report_path)["counts"]["unreachable"] == 1


def test_rows_are_bounded_and_the_file_is_whole(cloud: Cloud, report_path: Path) -> None:
    fleet = cloud.add_fleet(5)

    result = report(cloud, {"key_pairs": "deploy", "instance_ids": fleet}, json_path=str(report_path), max_rows=2)

    assert [row["instance_id"] for row in result.data["rows"]] == fleet[:2]
    assert (result.data["rows_total"], result.data["rows_shown"]) == (5, 2)
    assert len(written(report_path)["instances"]) == 5


def test_the_report_says_what_it_was_told_to_say(cloud: Cloud, report_path: Path) -> None:
    facts = {"job": 17, "user": "jane"}

    report(cloud, json_path=str(report_path), title="The shop", facts=facts)

    generated = written(report_path)["generated"]
    assert (generated["title"], generated["facts"]) == ("The shop", {"job": "17", "user": "jane"})


def test_the_umask_decides_who_may_read_it(cloud: Cloud, report_path: Path) -> None:
    before = os.umask(0o027)
    try:
        report(cloud, json_path=str(report_path))
    finally:
        os.umask(before)

    assert report_path.stat().st_mode & 0o777 == 0o640
    assert [entry.name for entry in report_path.parent.iterdir() if entry.name.startswith(".keyfleet")] == []


@providers("tencent_cvm")
@pytest.mark.parametrize(
    ("place", "complaint"), [("no/such/report.json", "does not exist"), (".", "it is a directory")], ids=str
)
def test_a_path_that_cannot_be_written_is_found_before_anything_is_sent(
    cloud: Cloud, tmp_path: Path, place: str, complaint: str
) -> None:
    entry = {"key_pairs": "deploy", "instance_ids": [cloud.add()]}

    result = report(cloud, entry, json_path=str(tmp_path / place))

    assert result.failed
    assert complaint in result.msg
    assert result.log == []


def test_nothing_secret_is_written(cloud: Cloud, report_path: Path) -> None:
    entry = {"key_pairs": "deploy", "instance_ids": [cloud.add()]}

    result = report(cloud, entry, json_path=str(report_path))

    assert SECRET not in report_path.read_text(encoding="utf-8")
    assert SECRET not in result.printed


@providers("tencent_cvm")
def test_a_secret_in_an_entry_is_refused(cloud: Cloud) -> None:
    result = report(cloud, {"key_pairs": "deploy", "instance_ids": [], "access_key_secret": "very-secret-text"})

    assert result.failed
    assert "very-secret-text" not in result.printed
