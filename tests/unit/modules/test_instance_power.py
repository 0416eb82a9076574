# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""instance_power: start, stop and restart what is not as desired, on all providers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import (
    alibaba_only,
    legacy_only,
    lighthouse_only,
    providers,
)
from ansible_collections.keyfleet.cloud.tests.unit.modules.power_tasks import ACTIONS, power

#: state asked for, power before -> action, power after
CASES = [
    ("running", "stopped", "start", "running"),
    ("running", "running", "none", "running"),
    ("stopped", "running", "stop", "stopped"),
    ("stopped", "stopped", "none", "stopped"),
    ("restarted", "running", "restart", "running"),
    ("restarted", "stopped", "start", "running"),
]
every_case = pytest.mark.parametrize(("state", "before", "action", "after"), CASES)
every_state = pytest.mark.parametrize("state", ["running", "stopped", "restarted"])


@every_case
def test_what_is_done(cloud: Cloud, state: str, before: str, action: str, after: str) -> None:
    web = cloud.add(power=before, name="web-1")

    result = power(cloud, state, [web])

    assert not result.failed, result.msg
    row = result.row(web)
    assert (row["before"], row["action"], row["after"]) == (before, action, after)
    assert row["outcome"] == ("unchanged" if action == "none" else "changed")
    assert row["name"] == "web-1"
    assert result.writes == ([] if action == "none" else [ACTIONS[action]])
    assert cloud.state_of(web) == cloud.word(after)
    assert (row["request_id"] is None) == (action == "none")


@pytest.mark.parametrize(("state", "before"), [case[:2] for case in CASES])
def test_check_mode_says_it_before(cloud: Cloud, state: str, before: str) -> None:
    web = cloud.add(power=before)
    world = cloud.emulator.state()

    planned = power(cloud, state, [web], check=True, diff=True, access_key_id=f"{cloud.provider.access_key_id}READER")
    unchanged = cloud.emulator.state()
    done = power(cloud, state, [web], diff=True)

    assert unchanged == world
    assert planned.writes == []
    assert planned.rows == [{**row, "request_id": None} for row in done.rows]
    assert (planned.changed, planned.summary) == (done.changed, done.summary)
    assert planned.data["diff"] == done.data["diff"]
    assert planned.actions == done.actions[: len(planned.actions)]


@pytest.mark.parametrize(("state", "before"), [("running", "stopped"), ("stopped", "running")])
def test_a_second_run_changes_nothing(cloud: Cloud, state: str, before: str) -> None:
    fleet = [cloud.add(power=before), cloud.add(power=before)]

    power(cloud, state, fleet)
    again = power(cloud, state, fleet)

    assert not again.changed
    assert again.data["api_calls"] == {"DescribeInstances": 1}


def test_the_diff_shows_power_states(cloud: Cloud) -> None:
    web = cloud.add(power="running")

    restarted = power(cloud, "restarted", [web], diff=True)
    stopped = power(cloud, "stopped", [web], diff=True)

    assert [restarted.data["diff"], stopped.data["diff"]] == [
        [{"before_header": web, "after_header": web, "before": "running\n", "after": "running (restarted)\n"}],
        [{"before_header": web, "after_header": web, "before": "running\n", "after": "stopped\n"}],
    ]
    assert power(cloud, "stopped", [web], diff=True).data["diff"] == []


@every_state
def test_windows_instances_are_fine(cloud: Cloud, state: str) -> None:
    desktop = cloud.add(power="running" if state != "running" else "stopped", platform="windows")

    assert power(cloud, state, [desktop]).row(desktop)["outcome"] == "changed"


@every_state
def test_no_instances_are_nothing_to_do(cloud: Cloud, state: str) -> None:
    result = power(cloud, state, [], access_key_id=None, access_key_secret=None)

    assert (result.changed, result.failed, result.rows, result.log) == (False, False, [], [])


def test_instances_may_come_as_text(cloud: Cloud) -> None:
    first, second = cloud.add(), cloud.add()

    assert power(cloud, "running", f"{first},\n{second}").summary["changed"] == 2


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "malformed": ({"instance_ids": ["server-1"]}, "instance_ids has malformed entries: server-1"),
    "no time": ({"wait_timeout": 0}, "wait_timeout must be at least 1 second"),
    "no such state": ({"state": "paused"}, "state must be one of"),
    "no such stop type": ({"stop_type": "gentle"}, "stop_type must be one of"),
}


@pytest.mark.parametrize(("options", "message"), BAD.values(), ids=BAD)
def test_bad_input_is_found_before_anything_is_sent(cloud: Cloud, options: dict[str, Any], message: str) -> None:
    given = {"state": "running", "instance_ids": [cloud.provider.instance_id(1)], **options}
    if "one of" in message:
        with pytest.raises(KeyError):  # Ansible itself refuses it, without the module's result
            power(cloud, **given)
        return
    result = power(cloud, **given)

    assert result.failed
    assert message in result.msg
    assert result.log == []


def test_the_same_instance_twice_is_an_error(cloud: Cloud) -> None:
    web = cloud.add()

    result = power(cloud, "running", [web, web])

    assert result.failed
    assert "occur twice" in result.msg
    assert result.log == []


STOP_PARAMETERS: dict[tuple[str, str], Callable[[str], dict[str, str]]] = {
    ("tencent_lighthouse", "stop"): lambda kind: {"StopType": kind.upper()},
    ("tencent_lighthouse", "restart"): lambda kind: {"StopType": kind.upper()},
    ("tencent_cvm", "stop"): lambda kind: {"StopType": kind.upper(), "StoppedMode": "KEEP_CHARGING"},
    ("tencent_cvm", "restart"): lambda kind: {"StopType": kind.upper()},
    ("tencent_cvm_legacy", "stop"): lambda kind: {"ForceStop": str(kind == "hard").upper()},
    ("tencent_cvm_legacy", "restart"): lambda kind: {"ForceReboot": str(kind == "hard").upper()},
    ("alibaba_ecs", "stop"): lambda kind: {
        "ForceStop": str(kind == "hard").lower(),
        "StoppedMode": "KeepCharging",
        "BatchOptimization": "SuccessFirst",
    },
    ("alibaba_ecs", "restart"): lambda kind: {
        "ForceReboot": str(kind == "hard").lower(),
        "BatchOptimization": "SuccessFirst",
    },
}


@pytest.mark.parametrize("stop_type", ["soft", "soft_first", "hard", None])
@pytest.mark.parametrize("action", ["stop", "restart"])
def test_how_to_stop_is_always_said(cloud: Cloud, action: str, stop_type: str | None) -> None:
    state = {"stop": "stopped", "restart": "restarted"}[action]

    result = power(cloud, state, [cloud.add(power="running")], stop_type=stop_type)

    (params,) = result.stops()
    expected = STOP_PARAMETERS[cloud.provider.name, action](stop_type or "soft_first")
    own = {name: str(value) for name, value in params.items() if not name.startswith(("InstanceId", "RegionId"))}
    assert own == expected


@providers("tencent_cvm", "alibaba_ecs")
@pytest.mark.parametrize("keep_charging", [None, True, False])
def test_stops_keep_charging_unless_told_otherwise(cloud: Cloud, keep_charging: bool | None) -> None:
    web = cloud.add(power="running", charge_type="POSTPAID_BY_HOUR" if cloud.provider.tencent else "PostPaid")

    power(cloud, "stopped", [web], keep_charging=keep_charging)

    assert cloud.instance(web)["stop_charging"] == (keep_charging is False)


@providers("tencent_lighthouse", "tencent_cvm_legacy")
def test_a_stop_without_charging_is_refused_where_there_is_none(cloud: Cloud) -> None:
    result = power(cloud, "stopped", [cloud.add(power="running")], keep_charging=False)

    assert f"keep_charging=false is not supported by {cloud.provider.name}" in result.msg
    assert result.log == []


@alibaba_only
def test_a_subscription_cannot_be_stopped_without_charging(cloud: Cloud) -> None:
    subscription, other = cloud.add(power="running", charge_type="PrePaid"), cloud.add(power="running")

    result = power(cloud, "stopped", [subscription, other], keep_charging=False)

    assert result.codes == {subscription: "InvalidInstanceId.NotSupport"}
    assert "keep_charging=true" in result.row(subscription)["error"]["hint"]
    assert cloud.state_of(other) == "Stopped"


@providers("tencent_cvm", "alibaba_ecs")
def test_an_instance_that_is_stopped_without_charging_already_is_left_alone_with_a_warning(cloud: Cloud) -> None:
    free = cloud.add(stop_charging=True)

    result = power(cloud, "stopped", [free])

    assert not result.changed
    assert any(free in warning and "without charging" in warning for warning in result.warnings)
    assert power(cloud, "running", [free]).warnings == ()


@lighthouse_only
def test_lighthouse_has_no_word_on_charging(cloud: Cloud) -> None:
    (params,) = power(cloud, "stopped", [cloud.add(power="running")]).stops()

    assert set(params) == {"InstanceIds", "StopType"}


@legacy_only
def test_the_legacy_api_keeps_charging_without_a_word(cloud: Cloud) -> None:
    web = cloud.add(power="running")

    power(cloud, "stopped", [web], keep_charging=True)

    assert cloud.instance(web)["stop_charging"] is False
