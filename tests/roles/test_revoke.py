# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Role revoke: a key pair leaves every instance of some regions, whatever the inventory knows of them."""

from __future__ import annotations

import pytest
from ansible_collections.keyfleet.cloud.tests.roles.controller import Controller
from ansible_collections.keyfleet.cloud.tests.roles.guests import Guests
from ansible_collections.keyfleet.cloud.tests.roles.watched_emulator import WatchedEmulator

#: the providers that are clouds of their own
NAMES = ("tencent_lighthouse", "tencent_cvm", "alibaba_ecs")
Clouds = dict[str, Guests]


@pytest.mark.module_processes
def test_revoke_everywhere_and_delete(emulator: WatchedEmulator, clouds: Clouds, controller: Controller) -> None:
    kept = {name: [] if name == "alibaba_ecs" else ["new"] for name in NAMES}
    web = {name: clouds[name].add_guest("old", *kept[name]) for name in NAMES}
    off = {name: clouds[name].add_guest("old", *kept[name], power="stopped") for name in NAMES}
    others = {name: clouds[name].add_guest("new") for name in NAMES}
    regions = [{"provider": name, "region": clouds[name].provider.region} for name in NAMES]
    regions.append({"provider": "tencent_cvm", "region": "ap-shanghai"})  # where nobody has heard of the key pair
    variables = {
        "revoke_key_pairs": "old",
        "revoke_regions": regions,
        "revoke_interruption": "soft",
        "revoke_waves": "100%",
        "revoke_delete": True,
    }

    # On Alibaba Cloud it is the last key pair of two instances: they are listed, and the key pair is not deleted.
    refused = controller.run("revoke", variables)
    assert not refused.ok
    assert all(machines["alibaba_ecs"] in refused.stats["message"] for machines in (web, off))
    for name in NAMES:
        assert clouds[name].who_gets_in(web[name]) == (["old"] if name == "alibaba_ecs" else ["new"])
    assert not any("Delete" in entry["action"] for entry in emulator.log())

    run = controller.run("revoke", {**variables, "revoke_last_key_policy": "allow"})
    assert run.ok, run.output
    assert "ap-shanghai" in run.output
    for name in NAMES:
        cloud = clouds[name]
        assert cloud.who_gets_in(web[name]) == kept[name]
        assert (cloud.keys_of(off[name]), cloud.power_of(off[name])) == (kept[name], "stopped")
        assert cloud.who_gets_in(others[name]) == ["new"]
        assert cloud.power_calls() == cloud.cycle
    assert {pair["name"] for pair in emulator.state()["key_pairs"]} == {"new", "other"}


def test_the_regions_of_the_hosts_but_not_their_instances_only(clouds: Clouds, controller: Controller) -> None:
    cloud = clouds["tencent_lighthouse"]
    known, unknown = cloud.add("old", "new"), cloud.add("old", "new")
    hosts = {"all": {"hosts": {"known": cloud.host(known)}}}
    source = str(controller.write("hosts.yml", hosts))
    run = controller.run("revoke", {"revoke_key_pairs": ["old"]}, "--inventory", source)
    assert run.ok, run.output
    assert [cloud.keys_of(one) for one in (known, unknown)] == [["new"], ["new"]]
