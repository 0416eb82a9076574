# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Holds the guides of the roles to what waves send to a running machine, and to what is left when one is killed."""

from __future__ import annotations

from ansible_collections.keyfleet.cloud.tests.unit.guides import literals, table
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import lighthouse_only
from ansible_collections.keyfleet.cloud.tests.unit.modules.wave_deaths import killed_after
from ansible_collections.keyfleet.cloud.tests.unit.modules.wave_tasks import absent, exchange, present, wave

#: what the guide calls the key pairs
OLD, NEW = "former", "deploy"


def test_the_steps_are_those_that_are_sent(cloud: Cloud) -> None:
    (written,) = [row for row in table("running_machines.steps") if literals(row[0]) == [cloud.provider.name]]
    sent = []
    for before, entries in (
        ((), lambda one: present([one], NEW)),
        ((OLD,), lambda one: absent([one], OLD)),
        ((OLD,), lambda one: exchange([one], NEW, OLD)),
    ):
        sent.append(wave(cloud, entries(cloud.add(*before, power="running")), last_key_policy="allow").turns)
    assert [literals(cell) for cell in written[1:]] == sent


def test_what_is_stopped_sees_the_changes_only(cloud: Cloud) -> None:
    result = wave(cloud, exchange([cloud.add(OLD)], NEW, OLD))
    assert not {"stop", "start", "reboot"} & set(result.turns)


def test_a_rotation_costs_what_is_written(cloud: Cloud) -> None:
    name = {"tencent_lighthouse": "Lighthouse", "alibaba_ecs": "ECS"}.get(cloud.provider.name, "CVM")
    (written,) = [row[1:] for row in table("rotate.costs") if row[0] == name]
    up = cloud.add(OLD, power="running")

    prepare = wave(cloud, present([up], NEW))
    finish = wave(cloud, absent([up], OLD))

    assert [costs(cell) for cell in written] == [power_of(prepare.turns), power_of(finish.turns)]
    assert (prepare.failed, finish.failed, cloud.keys_of(up)) == (False, False, [NEW])


@lighthouse_only
def test_a_rotation_online_costs_nothing(cloud: Cloud) -> None:
    (written,) = [row[1:] for row in table("rotate.costs") if "online" in row[0]]
    assert written == ["Nothing", "Nothing"]
    up, online = cloud.add(OLD, power="running"), {"association_type": "online"}
    result = wave(cloud, [present([up], NEW, **online), absent([up], OLD, **online)], interruption="none")
    assert (result.failed, power_of(result.turns)) == (False, [])


def costs(cell: str) -> list[str]:
    """Return what happens to the power of a machine, by the first words of a cell."""
    words = {"One stop and start": ["stop", "start"], "One reboot": ["reboot"], "Nothing": []}
    (found,) = [steps for beginning, steps in words.items() if cell.startswith(beginning)]
    return found


def power_of(turns: list[str]) -> list[str]:
    """Return the steps that are about power."""
    return [turn for turn in turns if turn in ("stop", "start", "reboot")]


def test_what_a_kill_leaves_and_the_next_run_sends(cloud: Cloud) -> None:
    """Killed after each of its writes in turn, in the order of the table."""
    rows = [row for row in table("running_machines.killed") if cloud.provider.name in literals(row[0])]
    calm = wave(cloud, exchange([cloud.add(OLD, power="running")], NEW, OLD))
    assert [literals(row[1])[0] for row in rows] == calm.turns

    for number, (_provider, _action, power, key_pairs, next_run) in enumerate(rows, start=1):
        up = cloud.add(OLD, power="running")
        assert killed_after(cloud, calm_calls(cloud, number), exchange([up], NEW, OLD))
        at_rest(cloud, up)
        assert cloud.state_of(up) == cloud.word(literals(power)[0])
        bound = key_pairs.partition(", but")[0]
        assert cloud.keys_of(up) == sorted({"new": NEW, "old": OLD}[name] for name in literals(bound))
        if "still uses" in key_pairs:
            assert cloud.logins(up)["key_pairs"] == [cloud.key_id(OLD)]

        result = wave(cloud, exchange([up], NEW, OLD))

        assert not result.failed
        assert result.turns in possible(next_run)
        assert cloud.state_of(up) == cloud.word("running")
        assert cloud.keys_of(up) == [NEW]


def possible(cell: str) -> list[list[str]]:
    """Return the sequences of calls that a cell speaks of: nothing, some, or nothing or some."""
    return [*([[]] if cell.startswith("Nothing") else []), *([literals(cell)] if literals(cell) else [])]


def calm_calls(cloud: Cloud, writes: int) -> int:
    """Return with which of its calls a run that nobody disturbs sends that write."""
    up = cloud.add(OLD, power="running")
    log = wave(cloud, exchange([up], NEW, OLD)).log
    return [number for number, entry in enumerate(log, start=1) if entry["write"]][writes - 1]


def at_rest(cloud: Cloud, instance_id: str) -> None:
    """Return when the instance is on its way to nowhere, and nothing is done to it."""
    cloud.clock.sleep(10)
    assert cloud.state_of(instance_id) in (cloud.word("running"), cloud.word("stopped"))
