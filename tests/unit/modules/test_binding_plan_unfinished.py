# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Specifies what binding_plan makes of the journal of runs that were killed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._journal.claim import claim
from ansible_collections.keyfleet.cloud.plugins.module_utils._journal.model import Intention
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.rollout_model import InstanceRef
from ansible_collections.keyfleet.cloud.plugins.module_utils._providers._answers import utc_time
from ansible_collections.keyfleet.cloud.plugins.modules import instance_info
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import run_module
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import alibaba_only
from ansible_collections.keyfleet.cloud.tests.unit.modules.rollout_tasks import bind, interrupted, plan, waves


class Journal:
    """A journal folder, and what a run that died has left in it."""

    def __init__(self, path: Path, cloud: Cloud) -> None:
        self.path = str(path)
        self._cloud = cloud

    def leave(self, instance_id: str, **fields: Any) -> None:
        """Leave a record of an instance that was running at the very start."""
        provider = self._cloud.provider
        ref = InstanceRef(provider.name, provider.region, instance_id, provider.world)
        with claim(self.path, [ref], role="bind", clock=self._cloud.clock, timeout=5) as held:
            held.write([Intention(ref, "running", (), **fields)])


@pytest.fixture
def journal(tmp_path: Path, cloud: Cloud) -> Journal:
    return Journal(tmp_path / "journal", cloud)


def test_what_was_left_unfinished_goes_first(cloud: Cloud, journal: Journal) -> None:
    first, second, third = (cloud.add() for _number in range(3))
    journal.leave(third)
    result = plan(cloud, bind("deploy", [first, second, third]), journal_path=journal.path, waves="1")
    assert [wave["number"] for wave in result.data["waves"]] == [0, 1, 2]
    assert waves(result) == [[third], [first], [second]]
    (unfinished,) = result.data["unfinished"]
    assert (unfinished["instance_id"], unfinished["power"]) == (third, "running")
    assert result.data["waves"][0]["restore"] == []


def test_what_is_as_desired_is_finished_all_the_same(cloud: Cloud, journal: Journal) -> None:
    done = cloud.add("deploy")
    journal.leave(done)
    result = plan(cloud, bind("deploy", [done]), journal_path=journal.path)
    assert result.changed
    assert waves(result) == [[done]]
    assert result.data["waves"][0]["bindings"][0]["instance_ids"] == [done]


def test_what_nobody_wants_anything_of_is_put_back(cloud: Cloud, journal: Journal) -> None:
    wanted, other = cloud.add(), cloud.add()
    journal.leave(other, connection=(("profile", "prod"),))
    result = plan(cloud, bind("deploy", [wanted]), journal_path=journal.path)
    place = {"provider": cloud.provider.name, "region": cloud.provider.region}
    assert waves(result) == [[other], [wanted]]
    assert result.data["waves"][0]["bindings"] == []
    assert result.data["waves"][0]["restore"] == [{**place, "instance_id": other, "profile": "prod"}]


def test_what_is_elsewhere_stays_as_it_is(cloud: Cloud, journal: Journal) -> None:
    other = cloud.add()
    journal.leave(other)
    nothing = plan(cloud, journal_path=journal.path)
    assert (waves(nothing), nothing.changed, nothing.log) == ([], False, [])
    assert [record["instance_id"] for record in nothing.data["unfinished"]] == [other]
    assert nothing.warnings[0].startswith("1 instance(s) that earlier runs left unfinished stay as they are")
    assert other in nothing.warnings[0]


def test_a_place_that_cannot_be_read_keeps_its_records(cloud: Cloud, journal: Journal) -> None:
    web = cloud.add()
    journal.leave(web)
    result = plan(cloud, bind("deploy", [web]), journal_path=journal.path, access_key_secret="wrong")
    assert result.failed
    assert (waves(result), len(result.data["unfinished"])) == ([], 1)


def test_what_cannot_be_changed_is_put_back(cloud: Cloud, journal: Journal) -> None:
    windows = cloud.add(platform="windows")
    journal.leave(windows)
    result = plan(cloud, bind("deploy", [windows]), journal_path=journal.path)
    (wave,) = result.data["waves"]
    assert (wave["bindings"], [one["instance_id"] for one in wave["restore"]]) == ([], [windows])


def test_a_plan_says_what_was_left_unfinished(cloud: Cloud, journal: Journal) -> None:
    web = cloud.add("deploy")
    journal.leave(web)
    text = plan(cloud, bind("deploy", [web]), journal_path=journal.path).data["text"]
    (line,) = [line for line in text if "found it" in line]
    assert web in line
    assert "found it running, 20" in line


def test_a_run_that_is_refused_gives_power_back_all_the_same(cloud: Cloud, journal: Journal) -> None:
    down, up = cloud.add(), cloud.add(power="running")
    journal.leave(down)
    result = plan(cloud, bind("deploy", [down, up]), journal_path=journal.path)
    assert result.data["refusal"] is not None
    assert waves(result) == [[down], [up]]
    first = result.data["waves"][0]
    assert (first["bindings"], [one["instance_id"] for one in first["restore"]]) == ([], [down])


@alibaba_only
def test_a_reboot_that_is_still_owed_is_an_interruption(cloud: Cloud, journal: Journal) -> None:
    web = cloud.add("deploy", power="running")
    (shown,) = run_module(instance_info, cloud, instance_ids=[web], include_raw=True).data["instances"]
    journal.leave(web, reboot_pending=True, started=utc_time(shown["raw"]["StartTime"]))
    result = plan(cloud, bind("deploy", [web]), journal_path=journal.path)
    assert interrupted(result) == {web: "reboot"}
    assert result.data["refusal"] is not None
    later = plan(cloud, bind("deploy", [web]), journal_path=journal.path, make_effective=False)
    assert interrupted(later) == {}


def test_a_folder_that_does_not_exist_holds_nothing(cloud: Cloud, tmp_path: Path) -> None:
    result = plan(cloud, journal_path=str(tmp_path / "nowhere"))
    assert (result.failed, result.data["unfinished"]) == (False, [])
    assert not (tmp_path / "nowhere").exists()


def test_a_file_that_cannot_be_understood_is_an_error(cloud: Cloud, tmp_path: Path) -> None:
    (tmp_path / "20260501T100000Z-00000000.json").write_text("{", encoding="utf-8")
    result = plan(cloud, bind("deploy", [cloud.add()]), journal_path=str(tmp_path))
    assert result.failed
    assert "20260501T100000Z-00000000.json" in result.msg
    assert result.log == []
