# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Role rotate: the old key pair goes only when the new one has opened every door."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.roles.controller import Controller
from ansible_collections.keyfleet.cloud.tests.roles.guests import Guests
from ansible_collections.keyfleet.cloud.tests.roles.watched_emulator import WatchedEmulator

Clouds = dict[str, Guests]


def wanted(controller: Controller, keys: dict[str, Path], entries: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """Return the variables of a rotation from "old" to "new"."""
    return {
        "keyfleet_bindings": entries,
        "rotate_old_key_pair": "old",
        "rotate_new_key_pair": "new",
        "rotate_private_key_path": str(keys["new"]),
        "rotate_interruption": "soft",
        "rotate_login": controller.login,
        **more,
    }


@pytest.mark.module_processes
def test_rotate_on_every_provider(
    emulator: WatchedEmulator, clouds: Clouds, controller: Controller, keys: dict[str, Path]
) -> None:
    machines = {name: [cloud.add_guest("old") for _number in range(2)] for name, cloud in clouds.items()}
    stranger = clouds["tencent_cvm"].add_guest("other")
    entries = [cloud.entry(machines[name], "old") for name, cloud in clouds.items()]
    entries.append(clouds["tencent_cvm"].entry([stranger], "other"))
    between: dict[str, list[list[str]]] = {}

    def look(entry: dict[str, Any]) -> None:
        """Before the first key pair goes: the new one is bound to all instances of that provider."""
        if entry["action"] == "DisassociateInstancesKeyPairs" and entry["provider"] not in between:
            cloud = clouds[entry["provider"]]
            between[entry["provider"]] = [cloud.keys_of(one) for one in machines[entry["provider"]]]

    emulator.after_each(look)
    run = controller.run("rotate", wanted(controller, keys, entries, rotate_waves=[4, 4]))

    assert run.ok, run.output
    for name, cloud in clouds.items():
        assert [cloud.who_gets_in(one) for one in machines[name]] == [["new"], ["new"]]
        assert [cloud.power_of(one) for one in machines[name]] == ["running", "running"]
    assert clouds["tencent_cvm"].who_gets_in(stranger) == ["other"]
    assert set(between) == {"tencent_cvm", "tencent_cvm_legacy"}, "the others can have one key pair only"
    assert all("new" in bound for provider in between.values() for bound in provider)

    emulator.clear_log()
    again = controller.run("rotate", wanted(controller, keys, entries))
    assert (again.ok, again.stats["changed"]) == (True, False), again.output
    assert not any(entry["write"] for entry in emulator.log())


def test_where_the_new_key_pair_does_not_work_the_old_one_stays(
    clouds: Clouds, controller: Controller, keys: dict[str, Path]
) -> None:
    names = ("tencent_lighthouse", "tencent_cvm", "alibaba_ecs")
    machines = {name: [clouds[name].add_guest("old") for _number in range(2)] for name in names}
    broken = {name: clouds[name].add_guest("old", guest_applies_keys=False) for name in names}
    entries = [clouds[name].entry([*machines[name], broken[name]], "old") for name in names]
    variables = wanted(controller, keys, entries, rotate_waves="100%")

    run = controller.run("rotate", variables)

    assert not run.ok
    for name in names:
        assert all("old" in clouds[name].who_gets_in(one) for one in (*machines[name], broken[name]))
        assert all(clouds[name].power_of(one) == "running" for one in (*machines[name], broken[name]))
        assert broken[name] in run.stats["message"]

    clouds["tencent_cvm"].emulator.mend(*broken.values())
    again = controller.run("rotate", variables)
    assert again.ok, again.output
    assert all(clouds[name].who_gets_in(one) == ["new"] for name in names for one in (*machines[name], broken[name]))


def test_an_approval_between_the_phases_for_hosts_of_a_play(
    clouds: Clouds, controller: Controller, keys: dict[str, Path]
) -> None:
    cloud = clouds["tencent_cvm"]
    web, elsewhere = cloud.add_guest("old"), cloud.add_guest("old")
    hosts = {"all": {"hosts": {"web-1": cloud.host(web), "elsewhere": cloud.host(elsewhere)}}}
    narrowed = ("--inventory", str(controller.write("hosts.yml", hosts)), "--limit", "web-1")

    early = controller.run("rotate", wanted(controller, keys, None, rotate_phase="finish"), *narrowed)
    assert not early.ok
    assert "Run the phase prepare first" in early.stats["message"]
    assert cloud.calls(write=True) == []

    prepare = wanted(controller, keys, None, rotate_phase="prepare", rotate_delete_old=True)
    prepared = controller.run("rotate", prepare, *narrowed)
    assert prepared.ok, prepared.output
    assert cloud.who_gets_in(web) == ["old", "new"]

    finish = wanted(controller, keys, None, rotate_phase="finish", rotate_delete_old=True)
    finished = controller.run("rotate", finish, *narrowed)
    assert cloud.who_gets_in(web) == ["new"]
    assert cloud.who_gets_in(elsewhere) == ["old"]
    assert not finished.ok, "the old key pair is bound elsewhere, so that it cannot be deleted"
    assert elsewhere in finished.stats["message"]


def test_instances_that_are_off_prove_nothing_and_hold_nobody_up(
    clouds: Clouds, controller: Controller, keys: dict[str, Path]
) -> None:
    off = {name: cloud.add_guest("old", power="stopped") for name, cloud in clouds.items()}
    up = {name: cloud.add_guest("old") for name, cloud in clouds.items()}
    entries = [cloud.entry([off[name], up[name]], "old") for name, cloud in clouds.items()]

    run = controller.run("rotate", wanted(controller, keys, entries, rotate_waves="5, 1", rotate_delete_old=True))

    assert not run.ok, "they have to be started, and it has to be run again"
    assert (run.stats["waves"]["stopped_early"], run.stats["counts"]["failed"]) == (False, 0), run.stats
    assert [run.stats["message"].count(one) for one in off.values()] == [1, 1, 1, 1], run.stats["message"]
    assert "So the old key pair was not deleted." in run.stats["message"]
    again = controller.run("rotate", wanted(controller, keys, entries, rotate_delete_old=True))
    assert not again.ok, "nobody has started them"
    for name, cloud in clouds.items():
        both = ["new", "old"] if cloud.provider.world == "tencent_cvm" else ["old"]
        assert (cloud.keys_of(off[name]), cloud.power_of(off[name])) == (both, "stopped")
        assert (cloud.who_gets_in(up[name]), cloud.power_of(up[name])) == (["new"], "running")


def test_the_old_key_pair_is_kept_while_an_instance_that_has_the_new_one_is_off(
    clouds: Clouds, controller: Controller, keys: dict[str, Path]
) -> None:
    ecs = clouds["alibaba_ecs"]
    bound = ecs.add_guest("new", power="stopped")
    silent = controller.run("rotate", wanted(controller, keys, [ecs.entry([bound], "old")], rotate_delete_old=True))
    assert not silent.ok
    assert f"instances are stopped: {bound}" in silent.stats["message"]
