# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults: which calls they hit, how often, and what the caller sees. Tencent stands for all dialects here."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.emulator.errors import ControlError
from ansible_collections.keyfleet.cloud.emulator.faults import KINDS, Faults
from ansible_collections.keyfleet.cloud.tests.unit.emulator.client import TencentCloud, tencent_cloud

ONE, TWO = "lhins-00000one", "lhins-00000two"


@pytest.fixture
def cloud() -> Iterator[TencentCloud]:
    instances = [{"instance_id": ONE}, {"instance_id": TWO}, {"instance_id": "ins-00000one"}]
    with tencent_cloud(instances=instances) as found:
        yield found


def stop(cloud: TencentCloud, instance_id: str = ONE) -> str | None:
    return cloud.lighthouse.call("StopInstances", {"InstanceIds": [instance_id]}).code


def last(cloud: TencentCloud) -> tuple[Any, ...]:
    entry = cloud.emulator.log()[-1]
    return entry["fault"], entry["http_status"], entry["code"]


def test_http_5xx(cloud: TencentCloud) -> None:
    cloud.emulator.add_faults({"kind": "http_5xx", "status": 502})
    answer = cloud.lighthouse.call("StopInstances", {"InstanceIds": [ONE]})
    assert (answer.status, answer.data) == (502, None)
    assert last(cloud) == ("http_5xx", 502, None)
    assert cloud.instance(ONE)["state"] == "RUNNING"


def test_html(cloud: TencentCloud) -> None:
    cloud.emulator.add_faults({"kind": "html"})
    answer = cloud.lighthouse.call("DescribeInstances")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html")
    assert answer.body.startswith(b"<html>")


def test_garbage(cloud: TencentCloud) -> None:
    cloud.emulator.add_faults({"kind": "garbage"})
    answer = cloud.lighthouse.call("DescribeInstances")
    assert (answer.status, answer.headers["content-type"], answer.data) == (200, "application/json", None)


@pytest.mark.parametrize(("kind", "state"), [("cut_before", "RUNNING"), ("cut_after", "STOPPING")])
def test_cut_connections(cloud: TencentCloud, kind: str, state: str) -> None:
    cloud.emulator.add_faults({"kind": kind})
    with pytest.raises(http.client.RemoteDisconnected):
        stop(cloud)
    assert cloud.instance(ONE)["state"] == state
    entry = cloud.emulator.log()[-1]
    assert (entry["fault"], entry["code"], entry["http_status"]) == (kind, None, None)


def test_delay(cloud: TencentCloud) -> None:
    cloud.emulator.add_faults({"kind": "delay", "seconds": 30})
    before = cloud.clock.now()
    cloud.lighthouse.ok("DescribeInstances")
    assert cloud.clock.now() == before + 30


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"kind": "throttle"}, "RequestLimitExceeded"),
        (
            {"kind": "throttle", "code": "RequestLimitExceeded.UinLimitExceeded"},
            "RequestLimitExceeded.UinLimitExceeded",
        ),
        ({"kind": "busy"}, "OperationDenied.InstanceOperationInProgress"),
        ({"kind": "busy", "code": "MutexOperation.TaskRunning"}, "MutexOperation.TaskRunning"),
        ({"kind": "error", "code": "InternalError"}, "InternalError"),
    ],
)
def test_refusals(cloud: TencentCloud, fault: dict[str, Any], code: str) -> None:
    cloud.emulator.add_faults({**fault, "message": "because"})
    answer = cloud.lighthouse.call("StopInstances", {"InstanceIds": [ONE]})
    assert (answer.code, answer.response["Error"]["Message"]) == (code, "because")
    assert last(cloud) == (fault["kind"], 200, code)
    assert stop(cloud) is None


def test_the_busy_code_follows_the_switch(cloud: TencentCloud) -> None:
    cloud.switch(busy_code="latest_unfinished")
    cloud.emulator.add_faults([{"kind": "busy"}, {"kind": "busy", "provider": "tencent_cvm"}])
    assert stop(cloud) == "UnsupportedOperation.LatestOperationUnfinished"
    code = cloud.cvm.refused("StopInstances", InstanceIds=["ins-00000one"])
    assert code == "OperationDenied.InstanceOperationInProgress"


def test_refusals_come_after_authentication(cloud: TencentCloud) -> None:
    cloud.emulator.add_faults({"kind": "error", "code": "InternalError", "times": None})
    assert cloud.lighthouse.but(secret="wrong").refused("DescribeInstances") == "AuthFailure.SignatureFailure"


def test_failing_operations_are_accepted(cloud: TencentCloud) -> None:
    cloud.emulator.add_faults({"kind": "operation_failed"})
    assert stop(cloud) is None
    assert last(cloud) == ("operation_failed", 200, None)
    cloud.clock.advance(9)
    assert cloud.instance(ONE)["operation"]["state"] == "FAILED"
    assert cloud.instance(ONE)["operation"]["error"]


def test_times_and_after(cloud: TencentCloud) -> None:
    cloud.emulator.add_faults({"kind": "throttle", "action": "DescribeInstances", "times": 2, "after": 1})
    codes = [cloud.lighthouse.call("DescribeInstances").code for _number in range(5)]
    assert codes == [None, "RequestLimitExceeded", "RequestLimitExceeded", None, None]
    assert cloud.emulator.faults()[0]["fired"] == 2


def test_times_null_means_always(cloud: TencentCloud) -> None:
    cloud.emulator.add_faults({"kind": "throttle", "times": None})
    assert [stop(cloud) for _number in range(4)] == ["RequestLimitExceeded"] * 4
    cloud.emulator.clear_faults()
    assert stop(cloud) is None


@pytest.mark.parametrize(
    ("matcher", "hit"),
    [
        ({}, True),
        ({"provider": "tencent_lighthouse"}, True),
        ({"provider": "tencent_cvm"}, False),
        ({"action": "StopInstances"}, True),
        ({"action": "stopinstances"}, True),
        ({"action": "StartInstances"}, False),
        ({"instance_ids": [ONE]}, True),
        ({"instance_ids": [TWO, ONE]}, True),
        ({"instance_ids": [TWO]}, False),
        ({"instance_ids": []}, False),
    ],
)
def test_matching(cloud: TencentCloud, matcher: dict[str, Any], hit: bool) -> None:
    cloud.emulator.add_faults({"kind": "throttle", **matcher})
    assert (stop(cloud) == "RequestLimitExceeded") == hit


def test_the_first_fault_that_is_due_fires_and_the_next_one_waits(cloud: TencentCloud) -> None:
    cloud.emulator.add_faults([{"kind": "throttle"}, {"kind": "error", "code": "InternalError"}])
    assert [stop(cloud), stop(cloud), stop(cloud)] == ["RequestLimitExceeded", "InternalError", None]


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ("throttle", "faults"),
        (["throttle"], r"faults\[0\]"),
        ({"kind": "melt"}, r"faults\[0\]\.kind"),
        ([{"kind": "throttle"}, {}], r"faults\[1\]\.kind"),
        ({"kind": "error"}, r"faults\[0\]\.code"),
        ({"kind": "partial_failure"}, r"faults\[0\]\.code"),
        ({"kind": "throttle", "provider": "aws"}, r"faults\[0\]\.provider"),
        ({"kind": "throttle", "times": 0}, r"faults\[0\]\.times"),
        ({"kind": "throttle", "after": -1}, r"faults\[0\]\.after"),
        ({"kind": "delay", "seconds": "1"}, r"faults\[0\]\.seconds"),
        ({"kind": "http_5xx", "status": 200}, r"faults\[0\]\.status"),
        ({"kind": "throttle", "instance_ids": "x"}, r"faults\[0\]\.instance_ids"),
        ({"kind": "throttle", "colour": "red"}, r"faults\[0\]\.colour"),
    ],
)
def test_bad_faults_name_the_member(value: Any, field: str) -> None:
    faults = Faults()
    with pytest.raises(ControlError, match=f"^{field}:"):
        faults.add(value)
    assert faults.as_list() == []


def test_every_kind_is_accepted() -> None:
    faults = Faults()
    faults.add([{"kind": kind, "code": "X"} for kind in KINDS])
    assert [fault["kind"] for fault in faults.as_list()] == list(KINDS)
