# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waves: a canary first, progress that is seen, and a stop after too many failures."""

from __future__ import annotations

from ansible_collections.keyfleet.cloud.tests.roles.controller import Controller, Run
from ansible_collections.keyfleet.cloud.tests.roles.guests import Guests


def waves_of(run: Run) -> list[str]:
    """Return the names of the tasks that were waves."""
    return [name for name in run.tasks if name.startswith("Wave ")]


def test_a_canary_then_percentages(clouds: dict[str, Guests], controller: Controller) -> None:
    cloud = clouds["tencent_lighthouse"]
    fleet = cloud.add_fleet(12)
    entries = [cloud.entry(fleet, "new")]
    # The second wave fails, and a quarter of all may fail.
    cloud.fault("operation_failed", cloud.provider.bind, instance_ids=fleet[1:4], times=None)
    variables = {"keyfleet_bindings": entries, "bind_waves": [1, "25%"], "bind_max_failures": "25%"}
    run = controller.run("bind", variables)
    assert not run.ok
    assert waves_of(run) == [
        "Wave 1 of 5: 1 instance",
        "Wave 2 of 5: 3 instances",
        "Wave 3 of 5: 3 instances",
        "Wave 4 of 5: 3 instances",
        "Wave 5 of 5: 2 instances",
    ]
    bound = [one for one in fleet if cloud.keys_of(one) == ["new"]]
    assert bound == [one for one in fleet if one not in fleet[1:4]], "the others go on"
    counts = {"requested": 12, "unchanged": 0, "changed": 9, "failed": 3, "skipped": 0, "interrupted": 0}
    assert run.stats["counts"] == counts
    assert run.stats["waves"] == {"planned": 5, "done": 5, "stopped_early": False}
    assert all(one in run.stats["message"] for one in fleet[1:4])

    cloud.emulator.clear_faults()
    again = controller.run("bind", variables)
    assert again.ok, again.output
    assert waves_of(again) == ["Wave 1 of 3: 1 instance", "Wave 2 of 3: 1 instance", "Wave 3 of 3: 1 instance"]
    assert again.stats["counts"] == {**counts, "unchanged": 9, "changed": 3, "failed": 0}


def test_after_too_many_failures_the_others_are_not_begun(clouds: dict[str, Guests], controller: Controller) -> None:
    cloud = clouds["tencent_lighthouse"]
    fleet = cloud.add_fleet(4)
    cloud.fault("operation_failed", cloud.provider.bind)
    run = controller.run("bind", {"keyfleet_bindings": [cloud.entry(fleet, "new")], "bind_waves": "1, 2"})
    assert not run.ok
    assert [cloud.keys_of(one) for one in fleet] == [[]] * 4
    assert cloud.calls(write=True) == [cloud.provider.bind]
    assert run.stats["waves"] == {"planned": 3, "done": 1, "stopped_early": True}
    assert run.stats["counts"]["skipped"] == 3
    assert "2 wave(s) with 3 instance(s) were not begun" in run.stats["message"]
