# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keypair_binding in check mode and diff mode: the truth about the run to come, without a write."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import bind, run, unbind
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import alibaba_only, tencent_only
from ansible_collections.keyfleet.cloud.tests.unit.modules.result import Result

TASKS: dict[str, dict[str, Any]] = {
    "bind": {"state": "present"},
    "unbind": {"state": "absent"},
    "exclusive": {"state": "present", "exclusive": True},
}
every_task = pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)


def mixed_fleet(cloud: Cloud) -> list[str]:
    """Add instances of all sorts: to be changed, as desired, unsuitable, missing."""
    return [
        cloud.add(),
        cloud.add("deploy"),
        cloud.add("deploy", platform="windows") if not cloud.provider.tencent else cloud.add(platform="windows"),
        cloud.add("deploy", power="running"),
        cloud.provider.instance_id(99),
    ]


def told(result: Result) -> list[dict[str, Any]]:
    """Return the rows without what only a run can know."""
    return [{**row, "request_id": None} for row in result.rows]


@every_task
def test_check_mode_says_what_the_run_then_does(cloud: Cloud, task: dict[str, Any]) -> None:
    fleet = mixed_fleet(cloud)

    planned = run(cloud, key_pairs=["deploy"], instance_ids=fleet, check=True, diff=True, **task)
    done = run(cloud, key_pairs=["deploy"], instance_ids=fleet, diff=True, **task)

    assert told(planned) == told(done)
    assert planned.summary == done.summary
    assert planned.changed == done.changed
    assert planned.failed == done.failed
    assert planned.data["reboot_required"] == done.data["reboot_required"]
    assert planned.data["diff"] == done.data["diff"]


@every_task
def test_check_mode_writes_nothing(cloud: Cloud, task: dict[str, Any]) -> None:
    fleet = mixed_fleet(cloud)
    before = cloud.emulator.state()

    result = run(cloud, key_pairs=["deploy"], instance_ids=fleet, check=True, **task)

    assert result.writes == []
    assert cloud.emulator.state() == before


@every_task
def test_check_mode_makes_the_reads_of_the_run(cloud: Cloud, task: dict[str, Any]) -> None:
    fleet = mixed_fleet(cloud)

    planned = run(cloud, key_pairs=["deploy"], instance_ids=fleet, check=True, **task)
    done = run(cloud, key_pairs=["deploy"], instance_ids=fleet, **task)

    assert planned.actions == done.actions[: len(planned.actions)]


@every_task
def test_read_only_credentials_suffice_for_check_mode(cloud: Cloud, task: dict[str, Any]) -> None:
    web = cloud.add("former") if task["state"] == "present" else cloud.add("deploy")
    reader: dict[str, Any] = {"access_key_id": f"{cloud.provider.access_key_id}READER"}

    planned = run(cloud, key_pairs=["deploy"], instance_ids=[web], check=True, **task, **reader)
    refused = run(cloud, key_pairs=["deploy"], instance_ids=[web], **task, **reader)

    assert planned.changed
    assert not planned.failed
    assert refused.failed
    assert not refused.changed
    assert "permission" in refused.msg.lower()


def test_diff_shows_the_key_pairs_of_each_instance_that_changes(cloud: Cloud) -> None:
    unchanged, lacks, has = cloud.add("deploy"), cloud.add(), cloud.add("deploy")
    label = "deploy\n" if not cloud.provider.tencent else f"{cloud.key_id('deploy')} (deploy)\n"

    bound = bind(cloud, ["deploy"], [unchanged, lacks], diff=True)
    unbound = unbind(cloud, ["deploy"], [has], diff=True)

    assert bound.data["diff"] == [{"before_header": lacks, "after_header": lacks, "before": "", "after": label}]
    assert unbound.data["diff"] == [{"before_header": has, "after_header": has, "before": label, "after": ""}]


def test_there_is_no_diff_unless_asked_for(cloud: Cloud) -> None:
    assert "diff" not in bind(cloud, ["deploy"], [cloud.add()]).data


def test_nothing_changes_nothing_to_show(cloud: Cloud) -> None:
    assert bind(cloud, ["deploy"], [cloud.add("deploy")], diff=True).data["diff"] == []


@tencent_only
def test_check_mode_says_what_would_be_interrupted(cloud: Cloud) -> None:
    running, stopped = cloud.add(power="running"), cloud.add()

    result = bind(cloud, ["deploy"], [running, stopped], force_stop=True, check=True)

    assert result.row(running)["interruption"] == "forced_stop"
    assert result.row(stopped)["interruption"] == "none"
    assert result.row(running)["outcome"] == "changed"


@tencent_only
def test_check_mode_says_that_a_running_instance_would_be_refused(cloud: Cloud) -> None:
    running = cloud.add(power="running")

    result = bind(cloud, ["deploy"], [running], check=True)

    assert result.failed
    assert result.codes == {running: "InstanceRunning"}


@alibaba_only
def test_check_mode_says_what_needs_a_reboot(cloud: Cloud) -> None:
    running, stopped = cloud.add(power="running"), cloud.add()

    result = bind(cloud, ["deploy"], [running, stopped], check=True)

    assert result.data["reboot_required"] == [running]
    assert result.column("effective") == [False, False]
