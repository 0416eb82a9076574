# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keypair_binding and power: nothing is powered off unasked, and what was powered off runs again."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import bind, run, unbind
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import (
    api3_only,
    cvm_only,
    legacy_only,
    lighthouse_only,
    providers,
    tencent_only,
)

#: what the clouds may do with an instance that they forced off
ENDINGS = [
    pytest.param("tencent_lighthouse", {"lighthouse_after_forced_stop": "stopped"}, id="lighthouse-stopped"),
    pytest.param("tencent_lighthouse", {"lighthouse_after_forced_stop": "as_before"}, id="lighthouse-as_before"),
    pytest.param("tencent_cvm", {"cvm_force_restart": "restart"}, id="cvm-restart"),
    pytest.param("tencent_cvm", {"cvm_force_restart": "stay_stopped"}, id="cvm-stay_stopped"),
    pytest.param(
        "tencent_cvm_legacy",
        {"legacy_running_with_force": "accept", "cvm_force_restart": "restart"},
        id="legacy-restart",
    ),
    pytest.param(
        "tencent_cvm_legacy",
        {"legacy_running_with_force": "accept", "cvm_force_restart": "stay_stopped"},
        id="legacy-stay_stopped",
    ),
    pytest.param(
        "tencent_cvm_legacy",
        {
            "legacy_running_with_force": "accept",
            "cvm_force_restart": "stay_stopped",
            "legacy_latest_operation": "present",
        },
        id="legacy-stay_stopped-operations",
    ),
]
every_ending = pytest.mark.parametrize(("cloud", "switches"), ENDINGS, indirect=["cloud"])


@tencent_only
@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_running_instance_is_refused_unless_forced(cloud: Cloud, state: str) -> None:
    keys = [] if state == "present" else ["deploy", "backup"]
    running, stopped = cloud.add(*keys, power="running"), cloud.add(*keys)

    result = run(cloud, key_pairs=["deploy"], instance_ids=[running, stopped], state=state)

    assert result.failed
    assert result.changed
    assert result.codes == {running: "InstanceRunning"}
    assert "force_stop=true" in result.row(running)["error"]["hint"]
    assert result.row(stopped)["outcome"] == "changed"
    assert cloud.state_of(running) == cloud.provider.running
    assert cloud.state_of(stopped) == cloud.provider.stopped


@every_ending
@pytest.mark.parametrize("state", ["present", "absent"])
def test_with_force_it_runs_again_afterwards(cloud: Cloud, switches: dict[str, Any], state: str) -> None:
    cloud.switch(**switches)
    keys = [] if state == "present" else ["deploy"]
    running, stopped = cloud.add(*keys, power="running"), cloud.add(*keys)

    result = run(cloud, key_pairs=["deploy"], instance_ids=[running, stopped], state=state, force_stop=True)

    assert not result.failed
    assert result.column("interruption") == ["forced_stop", "none"]
    assert cloud.state_of(running) == cloud.provider.running
    assert cloud.state_of(stopped) == cloud.provider.stopped
    assert cloud.keys_of(running) == cloud.keys_of(stopped) == (["deploy"] if state == "present" else [])


@every_ending
def test_it_runs_again_after_an_exchange_too(cloud: Cloud, switches: dict[str, Any]) -> None:
    cloud.switch(**switches)
    running = cloud.add("former", power="running")

    result = bind(cloud, ["deploy"], [running], force_stop=True, exclusive=True)

    assert not result.failed
    assert cloud.keys_of(running) == ["deploy"]
    assert cloud.state_of(running) == cloud.provider.running


@every_ending
def test_it_runs_again_after_a_failed_operation(cloud: Cloud, switches: dict[str, Any]) -> None:
    cloud.switch(**switches)
    running = cloud.add(power="running")
    cloud.fault("operation_failed", cloud.provider.bind)

    result = bind(cloud, ["deploy"], [running], force_stop=True, wait_timeout=15)

    assert result.failed
    assert cloud.keys_of(running) == []
    assert result.row(running)["interruption"] in ("none", "forced_stop")
    assert cloud.state_of(running) == cloud.provider.running


@tencent_only
def test_it_runs_again_when_nobody_waits_for_the_bindings(cloud: Cloud) -> None:
    cloud.switch(legacy_running_with_force="accept", cvm_force_restart="stay_stopped")
    running = cloud.add(power="running")

    bind(cloud, ["deploy"], [running], force_stop=True, wait=False)

    assert cloud.state_of(running) == cloud.provider.running


@tencent_only
def test_it_runs_again_when_the_time_ran_out(cloud: Cloud) -> None:
    cloud.switch(legacy_running_with_force="accept", cvm_force_restart="stay_stopped")
    cloud.durations(bind=24)
    running = cloud.add(power="running")

    result = bind(cloud, ["deploy"], [running], force_stop=True, wait_timeout=20)

    assert result.codes == {running: "WaitTimeout"}
    assert cloud.state_of(running) == cloud.provider.running


@api3_only
def test_an_instance_that_does_not_start_again_is_reported(cloud: Cloud) -> None:
    cloud.switch(lighthouse_after_forced_stop="stopped", cvm_force_restart="stay_stopped")
    running = cloud.add(power="running")
    cloud.fault("operation_failed", "StartInstances", times=None)

    result = bind(cloud, ["deploy"], [running], force_stop=True, wait_timeout=20)

    assert result.failed
    assert result.codes == {running: "PowerNotRestored"}
    assert "running before" in result.msg
    cloud.clock.sleep(1)  # the last attempt fails as well
    assert cloud.state_of(running) == cloud.provider.stopped
    assert cloud.keys_of(running) == ["deploy"]
    assert result.row(running)["after"] == "present"


@tencent_only
def test_only_what_was_running_is_started(cloud: Cloud) -> None:
    cloud.switch(legacy_running_with_force="accept", cvm_force_restart="stay_stopped")
    running, stopped, untouched = cloud.add(power="running"), cloud.add(), cloud.add("deploy", power="running")

    result = bind(cloud, ["deploy"], [running, stopped, untouched], force_stop=True)

    assert [written for written in result.written if written[0] == "StartInstances"] == [("StartInstances", [running])]


@cvm_only
def test_force_is_asked_for_only_where_something_runs(cloud: Cloud) -> None:
    cloud.switch(legacy_running_with_force="accept")
    running, stopped = cloud.add(power="running"), cloud.add()

    result = bind(cloud, ["deploy"], [running, stopped], force_stop=True)

    calls = {names[0]: entry["params"] for entry in result.log if entry["write"] for names in [entry_ids(entry)]}
    assert str(calls[running]["ForceStop"]).lower() == "true"
    assert "ForceStop" not in calls[stopped]


def entry_ids(entry: dict[str, Any]) -> list[str]:
    """Return the instances of a Tencent call."""
    return list(entry["params"]["InstanceIds"])


@lighthouse_only
def test_lighthouse_has_no_parameter_for_it(cloud: Cloud) -> None:
    result = bind(cloud, ["deploy"], [cloud.add(power="running")], force_stop=True)

    (write, *_starts) = [entry for entry in result.log if entry["write"]]
    assert set(write["params"]) == {"InstanceIds", "KeyIds"}


@legacy_only
def test_the_legacy_api_may_refuse_running_instances_even_with_force(cloud: Cloud) -> None:
    cloud.switch(legacy_running_with_force="refuse")
    running = cloud.add(power="running")

    result = bind(cloud, ["deploy"], [running], force_stop=True)

    assert result.codes == {running: "InvalidInstance.NotSupported"}
    assert "stop it first" in result.row(running)["error"]["hint"].lower()
    assert cloud.state_of(running) == cloud.provider.running


@providers("alibaba_ecs")
@pytest.mark.parametrize("force_stop", [False, True])
def test_alibaba_instances_are_never_stopped(cloud: Cloud, force_stop: bool) -> None:
    running = cloud.add("leaver", power="running")

    bound = bind(cloud, ["deploy"], [running], force_stop=force_stop)
    unbound = unbind(cloud, ["deploy"], [running], force_stop=force_stop)

    assert bound.column("interruption") + unbound.column("interruption") == ["none"] * 3
    assert bound.writes + unbound.writes == ["AttachKeyPair", "DetachKeyPair"]
    assert cloud.state_of(running) == "Running"
