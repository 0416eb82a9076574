# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever goes wrong on whichever call, binding_wave leaves power as found, and the next run finds no loose ends."""

from __future__ import annotations

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.wave_tasks import WaveResult, exchange, unfinished, wave

KINDS = ("cut_before", "cut_after", "http_5xx", "throttle", "busy", "operation_failed", "error")


def turns_of(cloud: Cloud) -> dict[str, str]:
    """Return the write actions of an exchange, each under a word of ours."""
    power = {"stop": "StopInstances", "start": "StartInstances"} if cloud.provider.tencent else {}
    unbind = {"unbind": cloud.provider.unbind} if cloud.provider.name.startswith("tencent_cvm") else {}
    reboot = {} if cloud.provider.tencent else {"reboot": "RebootInstances"}
    return {**power, "bind": cloud.provider.bind, **unbind, **reboot}


@pytest.mark.parametrize("kind", KINDS)
def test_one_fault_on_any_write(cloud: Cloud, kind: str) -> None:
    for action in turns_of(cloud).values():
        up, down = cloud.add("former", power="running"), cloud.add("former")
        cloud.fault(kind, action, code="InternalError" if kind == "error" else None, message="no")

        first = exchange_on(cloud, up, down)

        cloud.emulator.clear_faults()
        assert [cloud.state_of(one) for one in (up, down)] == [cloud.word("running"), cloud.word("stopped")], action
        if not first.failed:
            assert [cloud.keys_of(one) for one in (up, down)] == [["deploy"], ["deploy"]], action
            assert unfinished() == [], action
        second = exchange_on(cloud, up, down)
        assert not second.failed, (action, second.msg)
        assert [cloud.keys_of(one) for one in (up, down)] == [["deploy"], ["deploy"]]
        assert cloud.logins(up)["key_pairs"] == [cloud.key_id("deploy")]
        assert unfinished() == []


def exchange_on(cloud: Cloud, *instance_ids: str) -> WaveResult:
    """Run the wave that all of this is about."""
    return wave(cloud, exchange(list(instance_ids), "deploy", "former"), wait_timeout=60)


@pytest.mark.parametrize("kind", ["cut_before", "http_5xx", "throttle", "html", "garbage"])
def test_a_fault_on_a_read_passes(cloud: Cloud, kind: str) -> None:
    up, down = cloud.add("former", power="running"), cloud.add("former")
    for after in (0, 2, 4):
        cloud.fault(kind, "DescribeInstances", after=after)

    result = exchange_on(cloud, up, down)

    assert not result.failed
    assert [cloud.keys_of(one) for one in (up, down)] == [["deploy"], ["deploy"]]
    assert [cloud.state_of(one) for one in (up, down)] == [cloud.word("running"), cloud.word("stopped")]


@pytest.mark.parametrize("after", [1, 2, 3, 4])
def test_reads_that_fail_for_long_in_the_middle(cloud: Cloud, after: int) -> None:
    up = cloud.add("former", power="running")
    cloud.fault("error", "DescribeInstances", after=after, times=12, code="InternalError", message="no")

    first = exchange_on(cloud, up)

    cloud.emulator.clear_faults()
    assert cloud.state_of(up) == cloud.word("running")
    assert first.failed or cloud.keys_of(up) == ["deploy"]
    second = exchange_on(cloud, up)
    assert not second.failed, second.msg
    assert cloud.keys_of(up) == ["deploy"]
    assert cloud.state_of(up) == cloud.word("running")
    assert cloud.logins(up)["key_pairs"] == [cloud.key_id("deploy")]
    assert unfinished() == []
