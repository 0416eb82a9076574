# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two playbooks at once on the same instances take turns."""

from __future__ import annotations

from itertools import groupby

import pytest
from ansible_collections.keyfleet.cloud.tests.roles.controller import Controller
from ansible_collections.keyfleet.cloud.tests.roles.guests import OTHER, Guests


@pytest.mark.module_processes
def test_two_playbooks_at_once_do_not_interleave(clouds: dict[str, Guests], controller: Controller) -> None:
    cloud = clouds["tencent_cvm"]
    web = cloud.add_guest("old", "other")
    cloud.durations(stop=1.0, start=1.0)
    coming = {"keyfleet_bindings": [cloud.entry([web], "new")], "bind_interruption": "soft"}
    going = {"keyfleet_bindings": [cloud.entry([web], "old")], "unbind_interruption": "soft"}
    with (
        controller.running("bind", coming) as first,
        controller.running("unbind", going, environ=controller.environment(suffix=OTHER)) as second,
    ):
        runs = [first.wait(), second.wait()]
    assert [run.ok for run in runs] == [True, True], runs
    writes = [entry for entry in cloud.log() if entry["write"]]
    assert len([who for who, _calls in groupby(entry["access_key_id"] for entry in writes)]) == 2
    assert cloud.power_calls() == cloud.cycle * 2
    assert cloud.who_gets_in(web) == ["new", "other"]
    assert list(controller.journal.glob("*.json")) == []
