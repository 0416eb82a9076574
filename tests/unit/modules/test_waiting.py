# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keypair_binding and time: it waits for its own operation, no longer than asked, and says where things stand."""

from __future__ import annotations

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import Call
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import bind, run, unbind
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import (
    api3_only,
    cvm_only,
    legacy_only,
    providers,
    tencent_only,
)
from ansible_collections.keyfleet.cloud.tests.unit.modules.result import Result


def waited(result: Result) -> float:
    """Return the seconds between the last write and the last read."""
    last_write = [entry["time"] for entry in result.log if entry["write"]][-1]
    return float(result.log[-1]["time"] - last_write)


def test_it_waits_until_the_operation_has_ended(cloud: Cloud) -> None:
    cloud.durations(bind=4)
    web = cloud.add()

    result = bind(cloud, ["deploy"], [web])

    assert result.row(web)["after"] == "present"
    assert cloud.instance(web)["operation"] is None or cloud.instance(web)["operation"]["state"] == "SUCCESS"
    assert waited(result) >= (4 if cloud.provider.tencent else 0)


@api3_only
@pytest.mark.parametrize("older", ["SUCCESS", "FAILED"])
def test_the_end_of_an_older_operation_is_not_taken_for_its_own(cloud: Cloud, older: str) -> None:
    web = cloud.add()
    if older == "FAILED":
        cloud.fault("operation_failed", cloud.provider.bind)
    bind(cloud, ["backup"], [web])
    assert cloud.instance(web)["operation"]["state"] == older
    cloud.durations(bind=4)

    result = bind(cloud, ["deploy"], [web])

    assert not result.failed
    assert result.row(web, "deploy")["after"] == "present"
    assert waited(result) >= 4


@tencent_only
def test_a_time_out_names_instance_and_state(cloud: Cloud) -> None:
    cloud.durations(bind=60)
    slow = cloud.add(name="slow-one")

    result = bind(cloud, ["deploy"], [slow], wait_timeout=3)

    assert result.failed
    assert result.codes == {slow: "WaitTimeout"}
    assert slow in result.msg
    assert cloud.provider.stopped in result.msg
    assert "wait_timeout" in result.row(slow)["error"]["hint"]
    assert result.row(slow)["error"]["retryable"]
    assert result.row(slow)["after"] == "unknown"
    assert waited(result) < 40


@api3_only
def test_a_time_out_names_the_operation(cloud: Cloud) -> None:
    cloud.durations(bind=60)

    result = bind(cloud, ["deploy"], [cloud.add()], wait_timeout=3)

    assert cloud.provider.bind in result.msg
    assert "operating" in result.msg


@tencent_only
def test_after_a_time_out_the_next_run_carries_on(cloud: Cloud) -> None:
    cloud.durations(bind=6)
    slow = cloud.add()
    bind(cloud, ["deploy"], [slow], wait_timeout=2)

    again = bind(cloud, ["deploy"], [slow])

    assert not again.failed
    assert cloud.keys_of(slow) == ["deploy"]


def test_without_wait_it_does_not_wait(cloud: Cloud) -> None:
    cloud.durations(bind=60)
    web = cloud.add()

    result = bind(cloud, ["deploy"], [web], wait=False)

    assert not result.failed
    assert result.changed
    assert result.row(web)["outcome"] == "changed"
    assert result.row(web)["request_id"]
    assert result.row(web)["after"] in ("unknown", "present")
    assert result.writes == [cloud.provider.bind]
    assert waited(result) < 40


@cvm_only
def test_without_wait_an_exchange_still_waits_between_bind_and_unbind(cloud: Cloud) -> None:
    web = cloud.add("former")

    result = bind(cloud, ["deploy"], [web], exclusive=True, wait=False)

    assert not result.failed
    assert result.writes == [cloud.provider.bind, cloud.provider.unbind]
    assert result.row(web, "deploy")["after"] in ("present", "unknown")


@api3_only
def test_a_colleague_undoes_the_change_before_its_end_is_seen(cloud: Cloud) -> None:
    """Then the latest operation is the colleague's: it is not waited for, and the key pair is bound once more."""
    cloud.durations(bind=0, unbind=0)
    web = cloud.add()
    undo = Call("unbind", (web,), (cloud.key_id("deploy"),))
    cloud.emulator.before(cloud.provider.bind, lambda: cloud.meanwhile("DescribeInstances", undo))

    result = bind(cloud, ["deploy"], [web], wait_timeout=60)

    assert not result.failed
    assert result.writes == [cloud.provider.bind] * 2
    assert cloud.keys_of(web) == ["deploy"]


@api3_only
def test_a_failed_operation_is_an_error(cloud: Cloud) -> None:
    web = cloud.add()
    cloud.fault("operation_failed", cloud.provider.bind)

    result = bind(cloud, ["deploy"], [web])

    (write,) = [entry for entry in result.log if entry["write"]]
    assert result.failed
    assert not result.changed
    assert result.codes == {web: "OperationFailed"}
    assert result.row(web)["after"] == "absent"
    assert result.row(web)["error"]["request_id"] == write["request_id"]


@providers("tencent_cvm")
def test_the_reason_is_told_where_the_api_gives_one(cloud: Cloud) -> None:
    web = cloud.add()
    cloud.fault("operation_failed", cloud.provider.bind)

    result = bind(cloud, ["deploy"], [web])

    assert cloud.instance(web)["operation"]["error"] in result.msg


@api3_only
def test_a_failed_operation_on_one_instance_leaves_the_others_alone(cloud: Cloud) -> None:
    failing, other = cloud.add(power="running"), cloud.add()
    cloud.fault("operation_failed", cloud.provider.bind, instance_ids=[failing])

    result = bind(cloud, ["deploy"], [failing, other], force_stop=True)

    assert result.codes == {failing: "OperationFailed"}
    assert result.row(other)["outcome"] == "changed"
    assert cloud.keys_of(other) == ["deploy"]


@legacy_only
def test_the_legacy_api_does_not_say_that_an_operation_failed(cloud: Cloud) -> None:
    web = cloud.add()
    cloud.fault("operation_failed", cloud.provider.bind)

    result = bind(cloud, ["deploy"], [web], wait_timeout=5)

    assert result.codes == {web: "WaitTimeout"}


@legacy_only
def test_where_the_legacy_api_says_so_it_is_heard(cloud: Cloud) -> None:
    cloud.switch(legacy_latest_operation="present")
    web = cloud.add()
    cloud.fault("operation_failed", cloud.provider.bind)

    assert bind(cloud, ["deploy"], [web], wait_timeout=30).codes == {web: "OperationFailed"}


@tencent_only
@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_busy_instance_is_waited_for(cloud: Cloud, state: str) -> None:
    keys = ["leaver"] if state == "present" else ["leaver", "deploy"]
    busy, idle = cloud.add(*keys), cloud.add(*keys)
    cloud.switch(lighthouse_bind="add")
    cloud.durations(unbind=4)
    unbind(cloud, ["leaver"], [busy], wait=False)

    result = run(cloud, key_pairs=["deploy"], instance_ids=[busy, idle], state=state)

    expected = ["deploy"] if state == "present" else []
    assert not result.failed
    assert cloud.keys_of(busy) == expected
    assert cloud.keys_of(idle) == sorted([*expected, "leaver"])


def test_an_instance_that_stays_busy_is_given_up_while_the_others_go_on(cloud: Cloud) -> None:
    stuck = cloud.add(state="STOPPING" if cloud.provider.tencent else "Stopping")
    idle = cloud.add()

    result = bind(cloud, ["deploy"], [stuck, idle], wait_timeout=20)

    assert result.codes == {stuck: "InstanceBusy"}
    assert "stopping" in result.row(stuck)["error"]["message"].lower()
    assert result.row(stuck)["error"]["hint"]
    assert cloud.keys_of(idle) == ["deploy"]


@tencent_only
def test_the_key_pairs_own_list_may_lag_behind(cloud: Cloud) -> None:
    cloud.emulator.configure({"switches": {"key_view_lag": 300}})
    web = cloud.add()

    bound, again = bind(cloud, ["deploy"], [web]), bind(cloud, ["deploy"], [web])

    assert bound.changed
    assert not again.changed
    assert again.writes == []


@tencent_only
def test_it_may_lag_behind_after_an_unbind_as_well(cloud: Cloud) -> None:
    cloud.emulator.configure({"switches": {"key_view_lag": 300}})
    web = cloud.add("deploy")

    unbound, again = unbind(cloud, ["deploy"], [web]), unbind(cloud, ["deploy"], [web])

    assert unbound.changed
    assert not again.changed
    assert again.writes == []
