# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Request rates and injected faults, as Alibaba's clients meet them."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.emulator.alibaba_client import (
    AlibabaCloud,
    alibaba_cloud,
    ids,
    numbered,
)


@pytest.fixture
def cloud() -> Iterator[AlibabaCloud]:
    instances = [{"instance_id": "i-a"}, {"instance_id": "i-b"}]
    other = [{"id": "LTAIOTHER", "secret": "example-secret"}]
    with alibaba_cloud(instances=instances, key_pairs=("deploy",), more_keys=other) as running:
        yield running


def attach(cloud: AlibabaCloud) -> Any:
    return cloud.client.call("AttachKeyPair", KeyPairName="deploy", InstanceIds=ids("i-a", "i-b"))


def bound(cloud: AlibabaCloud) -> list[str]:
    return [found["instance_id"] for found in cloud.emulator.state()["instances"] if found["key_pairs"]]


def test_calls_are_counted_by_the_minute(cloud: AlibabaCloud) -> None:
    cloud.emulator.configure({"rates": {"alibaba_ecs": {"DescribeInstances": 3}}})
    cloud.clock.advance(-cloud.clock.now() % 60)
    codes = [cloud.client.call("DescribeInstances").code for _turn in range(4)]
    assert codes == [None, None, None, "Throttling.User"]
    cloud.clock.advance(59)
    assert cloud.client.refused("DescribeInstances") == (400, "Throttling.User")
    cloud.clock.advance(1)
    assert cloud.client.call("DescribeInstances").code is None


def test_the_limit_is_per_action_and_region_and_shared_by_an_accounts_users(cloud: AlibabaCloud) -> None:
    cloud.emulator.configure({"rates": {"alibaba_ecs": {"*": 1}}})
    assert cloud.client.call("DescribeInstances").code is None
    assert cloud.client.but(access_key_id="LTAIOTHER").call("DescribeInstances").code == "Throttling.User"
    assert cloud.client.call("DescribeKeyPairs").code is None
    assert cloud.client.call("DescribeInstances", RegionId="cn-beijing").code is None


def test_two_hundred_a_minute_are_the_default() -> None:
    with alibaba_cloud() as cloud:
        cloud.clock.advance(-cloud.clock.now() % 60)
        codes = {cloud.client.call("DescribeRegions").code for _turn in range(200)}
        assert codes == {None}
        assert cloud.client.call("DescribeRegions").code == "Throttling.User"


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ({"kind": "throttle"}, 400, "Throttling.User"),
        ({"kind": "throttle", "code": "Throttling"}, 400, "Throttling"),
        ({"kind": "throttle", "code": "Throttling.Api"}, 400, "Throttling.Api"),
        ({"kind": "busy"}, 409, "OperationConflict"),
        ({"kind": "error", "code": "InternalError"}, 500, "InternalError"),
        ({"kind": "error", "code": "ServiceUnavailable"}, 503, "ServiceUnavailable"),
        ({"kind": "error", "code": "Forbidden.SubUser"}, 403, "Forbidden.SubUser"),
        ({"kind": "error", "code": "Something.New", "message": "new"}, 400, "Something.New"),
    ],
)
def test_a_refusing_fault_answers_once_and_changes_nothing(
    cloud: AlibabaCloud, fault: dict[str, str], status: int, code: str
) -> None:
    cloud.emulator.add_faults({"provider": "alibaba_ecs", "action": "AttachKeyPair", **fault})
    answer = attach(cloud)
    assert (answer.status, answer.code) == (status, code)
    assert answer.data["Message"] == fault.get("message", answer.data["Message"])
    assert bound(cloud) == []
    assert attach(cloud).status == 200


def test_a_fault_is_not_met_without_valid_credentials(cloud: AlibabaCloud) -> None:
    cloud.emulator.add_faults({"kind": "throttle"})
    assert cloud.client.but(secret="wrong").refused("DescribeRegions") == (400, "SignatureDoesNotMatch")


def test_some_instances_fail_while_others_succeed(cloud: AlibabaCloud) -> None:
    cloud.emulator.add_faults({"kind": "partial_failure", "instance_ids": ["i-b"], "code": "OperationConflict"})
    answer = attach(cloud).data
    rows = {row["InstanceId"]: (row["Code"], row["Success"]) for row in answer["Results"]["Result"]}
    assert answer["FailCount"] == "1"
    assert rows == {"i-a": ("200", "true"), "i-b": ("OperationConflict", "false")}
    assert bound(cloud) == ["i-a"]


def test_all_instances_fail_and_the_http_status_is_200(cloud: AlibabaCloud) -> None:
    cloud.emulator.add_faults({"kind": "partial_failure", "action": "DetachKeyPair", "code": "InternalError"})
    answer = cloud.client.call("DetachKeyPair", KeyPairName="deploy", InstanceIds=ids("i-a", "i-b"))
    assert (answer.status, answer.data["FailCount"]) == (200, "2")


def test_some_instances_fail_in_a_batch_of_reboots(cloud: AlibabaCloud) -> None:
    fault = {"kind": "partial_failure", "instance_ids": ["i-b"], "code": "InstanceNotReady", "times": None}
    cloud.emulator.add_faults(fault)
    named = numbered("InstanceId", "i-a", "i-b")
    assert cloud.client.refused("RebootInstances", **named) == (403, "InstanceNotReady")
    answer = cloud.client.ok("RebootInstances", BatchOptimization="SuccessFirst", **named)
    assert [row["Code"] for row in answer["InstanceResponses"]["InstanceResponse"]] == ["200", "InstanceNotReady"]


@pytest.mark.parametrize(("kind", "changed"), [("cut_before", []), ("cut_after", ["i-a", "i-b"])])
def test_a_cut_connection_before_and_after_the_change(cloud: AlibabaCloud, kind: str, changed: list[str]) -> None:
    cloud.emulator.add_faults({"kind": kind})
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        attach(cloud)
    assert bound(cloud) == changed


def test_answers_that_are_no_api_answers(cloud: AlibabaCloud) -> None:
    cloud.emulator.add_faults([{"kind": "http_5xx", "status": 502}, {"kind": "html"}, {"kind": "garbage"}])
    answers = [attach(cloud) for _turn in range(3)]
    assert [answer.status for answer in answers] == [502, 200, 200]
    assert [answer.data for answer in answers] == [None, None, None], "none of them is JSON"
    assert bound(cloud) == []


def test_a_delayed_answer_comes_all_the_same(cloud: AlibabaCloud) -> None:
    cloud.emulator.add_faults({"kind": "delay", "seconds": 30})
    started = cloud.clock.now()
    assert attach(cloud).status == 200
    assert cloud.clock.now() == started + 30


def test_the_fault_is_in_the_log(cloud: AlibabaCloud) -> None:
    cloud.emulator.add_faults({"kind": "throttle", "instance_ids": ["i-b"]})
    attach(cloud)
    assert [(entry["fault"], entry["code"]) for entry in cloud.emulator.log()] == [("throttle", "Throttling.User")]
