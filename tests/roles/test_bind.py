# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Roles bind and unbind, on all providers side by side: who can log in before, during and after, and what it costs."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._clock import SystemClock
from ansible_collections.keyfleet.cloud.plugins.module_utils._journal.claim import claim
from ansible_collections.keyfleet.cloud.plugins.module_utils._journal.model import Intention
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.rollout_model import InstanceRef
from ansible_collections.keyfleet.cloud.tests.roles.controller import Controller
from ansible_collections.keyfleet.cloud.tests.roles.guests import Guests
from ansible_collections.keyfleet.cloud.tests.roles.watched_emulator import WatchedEmulator

Clouds = dict[str, Guests]
AT_ONCE = {"bind_waves": "100%", "unbind_waves": "100%"}
TENCENT = ("tencent_lighthouse", "tencent_cvm", "tencent_cvm_legacy")


def spy(emulator: WatchedEmulator, clouds: Clouds, machines: dict[str, str], *, bind: bool) -> dict[str, list[str]]:
    """Return, as it fills, who could log in to each machine right after its key pairs were changed."""
    seen: dict[str, list[str]] = {}

    def look(entry: dict[str, Any]) -> None:
        cloud = clouds[entry["provider"]]
        if entry["action"] == (cloud.provider.bind if bind else cloud.provider.unbind):
            seen.setdefault(cloud.provider.name, cloud.who_gets_in(machines[cloud.provider.name]))

    emulator.after_each(look)
    return seen


@pytest.mark.module_processes
def test_bind(emulator: WatchedEmulator, clouds: Clouds, controller: Controller) -> None:
    web = {name: cloud.add_guest("old", name="web") for name, cloud in clouds.items()}
    off = {name: cloud.add_guest("old", name="off", power="stopped") for name, cloud in clouds.items()}
    assert [cloud.who_gets_in(web[name]) for name, cloud in clouds.items()] == [["old"]] * 4
    entries = [cloud.entry([web[name], off[name]], "new") for name, cloud in clouds.items()]
    wanted = {"keyfleet_bindings": entries, "bind_interruption": "soft", "bind_wait_for_ssh": True, **AT_ONCE}
    during = spy(emulator, clouds, web, bind=True)

    run = controller.run("bind", wanted)

    assert run.ok, run.output
    assert during == {name: ["nobody is up"] if name in TENCENT else ["old"] for name in clouds}
    assert {name: cloud.who_gets_in(web[name]) for name, cloud in clouds.items()} == {
        "tencent_lighthouse": ["new"],  # which replaces
        "tencent_cvm": ["old", "new"],
        "tencent_cvm_legacy": ["old", "new"],
        "alibaba_ecs": ["new"],
    }
    for name, cloud in clouds.items():
        assert (cloud.power_of(web[name]), cloud.power_of(off[name])) == ("running", "stopped")
        assert "new" in cloud.keys_of(off[name])
        assert cloud.power_calls() == cloud.cycle
    assert run.stats["counts"]["interrupted"] == 4
    assert list(controller.journal.glob("*.json")) == []

    emulator.clear_log()
    again = controller.run("bind", wanted)
    assert (again.ok, again.changed, again.stats["changed"]) == (True, 0, False), again.output
    assert not any(entry["write"] for entry in emulator.log())


def test_removing_and_adding_costs_one_power_cycle(clouds: Clouds, controller: Controller) -> None:
    web = {
        name: cloud.add_guest("old", "other") if name in TENCENT else cloud.add_guest("old")
        for name, cloud in clouds.items()
    }
    entries = [
        *(cloud.entry([web[name]], "new") for name, cloud in clouds.items()),
        *(cloud.entry([web[name]], "old", state="absent") for name, cloud in clouds.items()),
    ]
    run = controller.run("bind", {"keyfleet_bindings": entries, "bind_interruption": "force", **AT_ONCE})

    assert run.ok, run.output
    for name, cloud in clouds.items():
        assert cloud.power_calls() == cloud.cycle
        assert "old" not in cloud.who_gets_in(web[name])
        assert "new" in cloud.who_gets_in(web[name])
    assert clouds["tencent_cvm"].who_gets_in(web["tencent_cvm"]) == ["new", "other"]


def test_unbind(emulator: WatchedEmulator, clouds: Clouds, controller: Controller) -> None:
    kept = {name: ["new"] if name in TENCENT else [] for name in clouds}
    web = {name: cloud.add_guest("old", *kept[name]) for name, cloud in clouds.items()}
    off = {name: cloud.add_guest("old", *kept[name], power="stopped") for name, cloud in clouds.items()}
    entries = [cloud.entry([web[name], off[name]], "old") for name, cloud in clouds.items()]
    entries.append(clouds["tencent_cvm"].entry([web["tencent_cvm"]], "other", state="present", name="for the others"))
    consent = {"unbind_interruption": "soft", "unbind_last_key_policy": "allow"}
    during = spy(emulator, clouds, web, bind=False)

    run = controller.run("unbind", {"keyfleet_bindings": entries, **consent, **AT_ONCE})

    assert run.ok, run.output
    assert "for the others" in run.output, "what is left alone is named"
    assert during == {name: ["nobody is up"] if name in TENCENT else ["old"] for name in clouds}
    for name, cloud in clouds.items():
        assert cloud.who_gets_in(web[name]) == kept[name]
        assert cloud.keys_of(off[name]) == kept[name]
        assert (cloud.power_of(web[name]), cloud.power_of(off[name])) == ("running", "stopped")
        assert cloud.power_calls() == cloud.cycle


def test_the_last_key_pair_stays_unless_that_is_allowed(clouds: Clouds, controller: Controller) -> None:
    cloud = clouds["tencent_cvm"]
    alone, both = cloud.add_guest("old"), cloud.add_guest("old", "new")
    wanted = {"keyfleet_bindings": [cloud.entry([alone, both], "old")], "unbind_interruption": "soft"}
    run = controller.run("unbind", wanted)
    assert not run.ok
    assert alone in run.stats["message"]
    assert (cloud.who_gets_in(alone), cloud.who_gets_in(both)) == (["old"], ["new"])


def test_a_lighthouse_guest_is_changed_online_without_a_stop(clouds: Clouds, controller: Controller) -> None:
    cloud = clouds["tencent_lighthouse"]
    web = cloud.add_guest("old")
    entry = cloud.entry([web], "new", association_type="online")
    run = controller.run("bind", {"keyfleet_bindings": [entry], "bind_interruption": "none"})
    assert run.ok, run.output
    assert cloud.power_calls() == []
    assert "new" in cloud.who_gets_in(web)


def test_nothing_is_interrupted_without_consent(
    emulator: WatchedEmulator, clouds: Clouds, controller: Controller
) -> None:
    web = {name: cloud.add_guest("old") for name, cloud in clouds.items()}
    off = clouds["tencent_cvm"].add_guest("old", power="stopped")
    entries = [cloud.entry([web[name]], "new") for name, cloud in clouds.items()]
    run = controller.run("bind", {"keyfleet_bindings": [*entries, clouds["tencent_cvm"].entry([off], "new")]})
    assert not run.ok
    assert not any(entry["write"] for entry in emulator.log())
    assert all(instance_id in run.stats["message"] for instance_id in web.values())
    assert off not in run.stats["message"]
    assert "interruption" in run.stats["message"]
    assert run.stats["counts"]["changed"] == 0


def test_a_refused_run_starts_what_a_killed_one_had_stopped(clouds: Clouds, controller: Controller) -> None:
    cloud = clouds["tencent_cvm"]
    down, up = cloud.add_guest("old", power="stopped"), cloud.add_guest("old")
    ref = InstanceRef(cloud.provider.name, cloud.provider.region, down)
    with claim(str(controller.journal), [ref], role="bind", clock=SystemClock(), timeout=5) as held:
        held.write([Intention(ref, "running", ())])

    run = controller.run("bind", {"keyfleet_bindings": [cloud.entry([down, up], "new")]})

    assert not run.ok
    assert "bind_interruption=soft" in run.output
    assert (cloud.power_of(down), cloud.power_of(up)) == ("running", "running")
    assert cloud.calls(write=True) == ["StartInstances"]
    assert list(controller.journal.glob("*.json")) == []
