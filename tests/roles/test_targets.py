# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the instances come from: the hosts of a play, by batch, limit and slice; and what a role refuses to take."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.roles.controller import Controller
from ansible_collections.keyfleet.cloud.tests.roles.guests import Guests
from ansible_collections.keyfleet.cloud.tests.roles.watched_emulator import WatchedEmulator

Clouds = dict[str, Guests]
#: what an inventory of ordinary machines says of all hosts, and what must not reach the machine that runs Ansible
ORDINARY = {"ansible_connection": "ssh", "ansible_become": True, "ansible_user": "admin"}


def inventory(controller: Controller, hosts: dict[str, dict[str, Any]], **variables: Any) -> str:
    """Write an inventory and return its path."""
    content = {"all": {"hosts": hosts, "vars": {**ORDINARY, **variables}}}
    return str(controller.write("hosts.yml", content))


def test_three_hundred_hosts_make_one_batched_call_for_each_group(
    emulator: WatchedEmulator, clouds: Clouds, controller: Controller
) -> None:
    fleets = {name: clouds[name].add_fleet(100, "old") for name in ("tencent_lighthouse", "tencent_cvm", "alibaba_ecs")}
    hosts = {
        f"{name}-{number}": clouds[name].host(instance_id)
        for name, fleet in fleets.items()
        for number, instance_id in enumerate(fleet)
    }
    hosts["bastion"] = {}
    hosts["tencent_cvm-0"]["bind_key_pairs"] = "new, other"
    source = inventory(controller, hosts, bind_key_pairs=["new"])

    run = controller.run("bind", {"bind_waves": "100%"}, "--inventory", source)

    assert run.ok, run.output
    assert "bastion" in run.output, "a host that is no instance is named"
    assert Counter(entry["action"] for entry in emulator.log() if entry["write"]) == {
        "AssociateInstancesKeyPairs": 1 + 2,  # Lighthouse; CVM for the 99 hosts and for the one that wants more
        "AttachKeyPair": 2,  # of 50 instances, which is all that one takes
    }
    assert all("new" in clouds[name].keys_of(instance_id) for name, fleet in fleets.items() for instance_id in fleet)
    assert clouds["tencent_cvm"].keys_of(fleets["tencent_cvm"][0]) == ["new", "old", "other"]
    assert run.stats["counts"]["requested"] == 301


def test_serial_and_limit_narrow_the_hosts(clouds: Clouds, controller: Controller) -> None:
    cloud = clouds["tencent_cvm"]
    fleet = cloud.add_fleet(5, "old")
    source = inventory(controller, {f"web-{number}": cloud.host(one) for number, one in enumerate(fleet)})
    play = {"hosts": "all", "gather_facts": False, "serial": 2, "vars": {"bind_key_pairs": ["new"]}}
    play["roles"] = [{"role": "keyfleet.cloud.bind"}]
    limit = ("--inventory", source, "--limit", "web-0,web-1,web-2")

    run = controller.run(controller.write("play.yml", [play]), {}, *limit)

    assert run.ok, run.output
    assert [one in fleet[:3] for one in fleet] == ["new" in cloud.keys_of(one) for one in fleet]
    assert cloud.calls(write=True) == [cloud.provider.bind] * 3, "a canary and another one, then the second batch"
    assert run.stats["counts"]["requested"] == 1, "of the last batch"


REFUSED = {
    "a limit that keeps nothing out": (
        "bind",
        {"keyfleet_bindings": [{"provider": "tencent_cvm", "key_pairs": "new", "instance_ids": "ins-aaaaaaaa"}]},
        ("--limit", "web-1"),
        'limit "web-1"',
    ),
    "a slice that would do all": ("revoke", {"revoke_key_pairs": "old", "keyfleet_slice": True}, (), "slice"),
    "a slice that AWX does not tell of": (
        "bind",
        {"bind_instance_ids": "", "awx_workflow_job_name": "bind", "awx_job_template_name": "bind"},
        (),
        "slice",
    ),
    "a slice that would delete": (
        "rotate",
        {"keyfleet_slice": True, "rotate_old_key_pair": "old", "rotate_new_key_pair": "new",
         "rotate_private_key_path": "/somewhere", "rotate_delete_old": True},
        (),
        "delete the old key pair",
    ),
    "a login with a key that is not there": (
        "bind",
        {"bind_key_pairs": "new", "bind_login": {"private_key_path": "/somewhere"}},
        ("--check",),
        "private key /somewhere is no file",
    ),
    "no instance in the play": ("bind", {"bind_key_pairs": "new"}, ("--limit", "bastion"), "Nothing says which"),
}  # fmt: skip


@pytest.mark.parametrize(("role", "variables", "arguments", "complaint"), REFUSED.values(), ids=REFUSED)
def test_refused_before_the_first_call(
    role: str,
    variables: dict[str, Any],
    arguments: tuple[str, ...],
    complaint: str,
    clouds: Clouds,
    controller: Controller,
) -> None:
    web = clouds["tencent_cvm"].add("old")
    source = inventory(controller, {"web-1": clouds["tencent_cvm"].host(web), "bastion": {}})
    run = controller.run(role, variables, "--inventory", source, *arguments)
    assert not run.ok
    assert complaint in " ".join(run.output.split())
    assert clouds["tencent_cvm"].emulator.log() == []


def test_a_strategy_in_which_every_host_would_do_all_the_work_is_refused(
    emulator: WatchedEmulator, clouds: Clouds, controller: Controller
) -> None:
    cloud = clouds["tencent_cvm"]
    source = inventory(controller, {name: cloud.host(cloud.add("old")) for name in ("web-1", "web-2")})
    tasks = [{"name": "Bind", "ansible.builtin.include_role": {"name": "keyfleet.cloud.bind"}}]
    play = {"hosts": "all", "gather_facts": False, "strategy": "free", "tasks": tasks}
    run = controller.run(controller.write("play.yml", [play]), {"bind_key_pairs": "new"}, "--inventory", source)
    assert not run.ok
    assert "Needs the strategy linear" in run.output
    assert emulator.log() == []


ROTATE = {"rotate_old_key_pair": "old", "rotate_new_key_pair": "new", "rotate_instance_ids": ""}
WRONG: dict[str, tuple[str, dict[str, Any], str]] = {
    "interruption": ("bind", {"bind_interruption": "sometimes"}, "bind_interruption must be one of"),
    "waves": ("bind", {"keyfleet_bindings": [], "bind_waves": [0]}, "waves has a malformed size"),
    "failures": ("unbind", {"unbind_max_failures": "few"}, "unbind_max_failures must be a number or a percentage"),
    "time": ("bind", {"bind_wait_timeout": "long"}, "bind_wait_timeout"),
    "login": ("bind", {"bind_login": {"private_key": "/somewhere"}}, "bind_login.private_key"),
    "text of a dictionary": ("bind", {"bind_connection": "api_retries=2"}, "bind_connection must be a dictionary, not"),
    "a secret": (
        "bind",
        {"keyfleet_bindings": [{"provider": "alibaba_ecs", "key_pairs": "new", "access_key_secret": "example"}]},
        "access_key_secret",
    ),
    "no entry": ("unbind", {"keyfleet_bindings": [{}, "web-1"]}, "Entry 2 of keyfleet_bindings is no"),
    "a member": ("bind", {"keyfleet_bindings": [{"provider": "alibaba_ecs", "keypairs": "new"}]}, "keypairs"),
    "no key pair": ("bind", {"bind_provider": "alibaba_ecs", "bind_instance_ids": "i-bp1example"}, "key_pairs"),
    "the same key pair": ("rotate", {**ROTATE, "rotate_new_key_pair": "old"}, "are the same"),
    "no private key": ("rotate", ROTATE, "Nothing can be proved"),
    "no public key": ("rotate", {**ROTATE, "rotate_new_key_source": "import"}, "rotate_public_key is needed"),
    "no list of entries": ("bind", {"keyfleet_bindings": "the web tier"}, "keyfleet_bindings is no list of entries"),
    "one entry": ("unbind", {"keyfleet_bindings": {"provider": "alibaba_ecs"}}, "keyfleet_bindings is no list"),
    "no regions": ("revoke", {"revoke_key_pairs": "old", "revoke_regions": "cn-hangzhou"}, "revoke_regions is no list"),
    "no cloud": ("revoke", {"revoke_key_pairs": "old", "revoke_region": "cn-hangzhou"}, "revoke_provider as well"),
    "nowhere": ("revoke", {"revoke_key_pairs": "old", "revoke_regions": ""}, "no revoke_regions"),
    "nothing to revoke": ("revoke", {"revoke_key_pairs": " , ", "revoke_provider": "alibaba_ecs"}, "is empty"),
}  # fmt: skip


def test_wrong_variables_fail_before_the_first_call(emulator: WatchedEmulator, controller: Controller) -> None:
    complaint = "{{ ansible_failed_result.argument_errors | default([ansible_failed_result.msg]) | join(' ') }}"
    tasks = [
        {
            "name": name,
            "block": [
                {
                    "name": "Try",
                    "ansible.builtin.include_role": {"name": f"keyfleet.cloud.{role}"},
                    "vars": {f"{role}_instance_ids": "", **variables},
                },
                {"name": "Not reached", "ansible.builtin.debug": {"msg": f"WRONGLY TAKEN: {name}"}},
            ],
            "rescue": [{"name": "Say why", "ansible.builtin.debug": {"msg": f"{name} → {complaint}"}}],
        }
        for name, (role, variables, _expected) in WRONG.items()
    ]
    play = {"name": "Wrong variables", "hosts": "localhost", "gather_facts": False, "tasks": tasks}
    run = controller.run(controller.write("play.yml", [play]))
    said = dict(line.strip().removeprefix('"msg": "').split(" → ") for line in run.output.splitlines() if " → " in line)
    assert run.ok, run.output
    assert {name: expected in said.get(name, "") for name, (_role, _vars, expected) in WRONG.items()} == dict.fromkeys(
        WRONG, True
    ), said
    assert emulator.log() == []


def test_an_empty_list_is_never_all(emulator: WatchedEmulator, clouds: Clouds, controller: Controller) -> None:
    web = clouds["tencent_cvm"].add("old")
    source = inventory(controller, {"web-1": clouds["tencent_cvm"].host(web)}, bind_key_pairs=["new"])
    run = controller.run("bind", {"keyfleet_bindings": []}, "--inventory", source)
    assert (run.ok, run.changed) == (True, 0)
    assert emulator.log() == []


def test_flat_variables_as_a_survey_gives_them(clouds: Clouds, controller: Controller) -> None:
    cloud = clouds["alibaba_ecs"]
    fleet = cloud.add_fleet(2)
    survey = {
        "keyfleet_bindings": "",
        "bind_provider": "alibaba_ecs",
        "bind_region": "cn-hangzhou",
        "bind_key_pairs": "new\n",
        "bind_instance_ids": "\n".join(fleet),
        "bind_association_type": "",
        "bind_username": "",
        "bind_waves": "1, 50%",
        "bind_max_failures": "0",
        "bind_make_effective": "false",
        "bind_interruption": "none",
    }
    run = controller.run("bind", survey)
    assert run.ok, run.output
    assert [cloud.keys_of(one) for one in fleet] == [["new"], ["new"]]


def test_check_mode_tells_the_whole_plan_and_writes_nothing(
    emulator: WatchedEmulator, clouds: Clouds, controller: Controller
) -> None:
    web = {name: cloud.add_guest("old", name=f"web-{name}") for name, cloud in clouds.items()}
    entries = [cloud.entry([web[name]], "new") for name, cloud in clouds.items()]
    run = controller.run(
        "bind",
        {"keyfleet_bindings": entries, "bind_interruption": "soft"},
        "--check",
        "--diff",
        environ=controller.environment(suffix="READER"),
    )
    assert run.ok, run.output
    assert not any(entry["write"] for entry in emulator.log())
    assert run.changed == 1
    assert (run.stats["check_mode"], run.stats["changed"], run.stats["counts"]["interrupted"]) == (True, True, 4)
    assert all(instance_id in run.output for instance_id in web.values())
    assert "+++ after" in run.output, "the diff is shown"
    assert not controller.journal.exists()


def test_check_mode_of_a_play_is_check_mode(emulator: WatchedEmulator, clouds: Clouds, controller: Controller) -> None:
    """ansible_check_mode does not tell of it."""
    cloud = clouds["tencent_cvm"]
    web = cloud.add("old", power="running")
    variables = {"keyfleet_bindings": [cloud.entry([web], "new")], "bind_interruption": "soft"}
    role = {"name": "Try", "ansible.builtin.include_role": {"name": "keyfleet.cloud.bind"}}
    play = {"hosts": "localhost", "gather_facts": False, "check_mode": True, "tasks": [role]}

    run = controller.run(controller.write("play.yml", [play]), variables)

    assert run.ok, run.output
    assert (run.stats["check_mode"], run.stats["changed"], run.stats["counts"]["interrupted"]) == (True, True, 1)
    assert run.stats["message"] == "Bindings: 2 would change, 0 were right.", "old may go"
    assert not any(entry["write"] for entry in emulator.log())
