# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AttachKeyPair and DetachKeyPair: what is recorded, what becomes effective, and every error code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.emulator.alibaba_client import (
    AlibabaCloud,
    alibaba_cloud,
    ids,
)

INSTANCES: list[dict[str, Any]] = [
    {"instance_id": "i-running", "state": "Running"},
    {"instance_id": "i-stopped", "state": "Stopped"},
    {"instance_id": "i-bound", "state": "Running", "key_pairs": ["old"]},
    {"instance_id": "i-nopassword", "state": "Running", "key_pairs": ["old"], "password": False},
    {"instance_id": "i-windows", "state": "Running", "platform": "windows"},
    {"instance_id": "i-slow", "state": "Running", "io_optimized": False},
    {"instance_id": "i-pending", "state": "Pending"},
    {"instance_id": "i-starting", "state": "Starting"},
    {"instance_id": "i-locked", "state": "Running", "locks": ["security"]},
]
BOTH = pytest.mark.parametrize("action", ["AttachKeyPair", "DetachKeyPair"])


@pytest.fixture
def cloud() -> Iterator[AlibabaCloud]:
    with alibaba_cloud(instances=INSTANCES, key_pairs=("deploy", "old")) as running:
        yield running


def attach(cloud: AlibabaCloud, *instance_ids: str, name: str = "deploy") -> dict[str, Any]:
    return cloud.client.ok("AttachKeyPair", KeyPairName=name, InstanceIds=ids(*instance_ids))


def detach(cloud: AlibabaCloud, *instance_ids: str, name: str = "old") -> dict[str, Any]:
    return cloud.client.ok("DetachKeyPair", KeyPairName=name, InstanceIds=ids(*instance_ids))


def test_the_answer_has_a_row_per_instance_and_counts_as_text(cloud: AlibabaCloud) -> None:
    answer = attach(cloud, "i-running", "i-stopped")
    row = {"Code": "200", "Message": "successful", "Success": "true"}
    assert answer == {
        "RequestId": answer["RequestId"],
        "KeyPairName": "deploy",
        "TotalCount": "2",
        "FailCount": "0",
        "Results": {"Result": [{"InstanceId": "i-running", **row}, {"InstanceId": "i-stopped", **row}]},
    }


def test_the_result_types_are_native_by_switch(cloud: AlibabaCloud) -> None:
    cloud.emulator.configure({"switches": {"alibaba_result_types": "native"}})
    answer = attach(cloud, "i-running")
    assert (answer["TotalCount"], answer["FailCount"]) == (1, 0)
    assert answer["Results"]["Result"][0]["Success"] is True


def test_an_attached_key_is_recorded_at_once_and_effective_after_a_reboot(cloud: AlibabaCloud) -> None:
    attach(cloud, "i-running")
    assert cloud.instance("i-running")["key_pairs"] == ["deploy"]
    assert cloud.instance("i-running")["state"] == "Running"
    assert cloud.login("i-running")["key_pairs"] == []
    assert cloud.login("i-running")["password"] is True

    cloud.client.ok("RebootInstance", InstanceId="i-running")
    cloud.clock.advance(2)
    assert cloud.login("i-running")["key_pairs"] == ["deploy"]
    assert cloud.login("i-running")["password"] is False


def test_on_a_stopped_instance_it_is_effective_after_the_start(cloud: AlibabaCloud) -> None:
    attach(cloud, "i-stopped")
    assert cloud.login("i-stopped")["key_pairs"] == []
    cloud.client.ok("StartInstance", InstanceId="i-stopped")
    cloud.clock.advance(2)
    assert cloud.login("i-stopped") == {
        **cloud.login("i-stopped"),
        "up": True,
        "key_pairs": ["deploy"],
        "password": False,
    }


def test_another_key_silently_replaces_the_one_an_instance_has(cloud: AlibabaCloud) -> None:
    assert attach(cloud, "i-bound")["FailCount"] == "0"
    assert cloud.instance("i-bound")["key_pairs"] == ["deploy"]
    assert cloud.login("i-bound")["key_pairs"] == ["old"]


def test_attaching_the_same_key_again_succeeds(cloud: AlibabaCloud) -> None:
    attach(cloud, "i-running")
    assert attach(cloud, "i-running")["FailCount"] == "0"
    assert cloud.instance("i-running")["key_pairs"] == ["deploy"]


def test_a_detached_key_works_until_the_reboot_and_then_the_password_does(cloud: AlibabaCloud) -> None:
    detach(cloud, "i-bound")
    assert cloud.instance("i-bound")["key_pairs"] == []
    assert cloud.login("i-bound")["key_pairs"] == ["old"]
    cloud.client.ok("RebootInstance", InstanceId="i-bound")
    cloud.clock.advance(2)
    assert (cloud.login("i-bound")["key_pairs"], cloud.login("i-bound")["password"]) == ([], True)


def test_without_a_password_a_detached_key_locks_the_user_out(cloud: AlibabaCloud) -> None:
    detach(cloud, "i-nopassword")
    cloud.client.ok("RebootInstance", InstanceId="i-nopassword")
    cloud.clock.advance(2)
    assert (cloud.login("i-nopassword")["key_pairs"], cloud.login("i-nopassword")["password"]) == ([], False)


@pytest.mark.parametrize(
    ("behaviour", "fails", "code"), [("ok", "0", "200"), ("result_error", "1", "InvalidKeyPairName.NotFound")]
)
def test_detaching_a_key_that_is_not_bound_touches_nothing(
    cloud: AlibabaCloud, behaviour: str, fails: str, code: str
) -> None:
    cloud.emulator.configure({"switches": {"alibaba_detach_unbound": behaviour}})
    answer = detach(cloud, "i-bound", name="deploy")
    assert (answer["FailCount"], answer["Results"]["Result"][0]["Code"]) == (fails, code)
    assert cloud.instance("i-bound")["key_pairs"] == ["old"]


@BOTH
def test_an_unknown_instance_refuses_the_whole_call_by_default(cloud: AlibabaCloud, action: str) -> None:
    refused = cloud.client.refused(action, KeyPairName="old", InstanceIds=ids("i-bound", "i-nobody"))
    assert refused == (400, "InvalidInstanceIds.ValueNotSupported")
    assert cloud.instance("i-bound")["key_pairs"] == ["old"]


@BOTH
def test_by_switch_an_unknown_instance_fails_in_its_own_row_and_the_status_is_200(
    cloud: AlibabaCloud, action: str
) -> None:
    cloud.emulator.configure({"switches": {"alibaba_unknown_instance": "result_error"}})
    answer = cloud.client.ok(action, KeyPairName="old", InstanceIds=ids("i-bound", "i-nobody"))
    rows = {row["InstanceId"]: (row["Code"], row["Success"]) for row in answer["Results"]["Result"]}
    assert (answer["TotalCount"], answer["FailCount"]) == ("2", "1")
    assert rows == {"i-bound": ("200", "true"), "i-nobody": ("InvalidInstanceId.NotFound", "false")}


@BOTH
def test_an_instance_locked_for_security_fails_alone(cloud: AlibabaCloud, action: str) -> None:
    answer = cloud.client.ok(action, KeyPairName="old", InstanceIds=ids("i-locked", "i-bound"))
    rows = {row["InstanceId"]: row["Code"] for row in answer["Results"]["Result"]}
    assert rows == {"i-locked": "InstanceLockedForSecurity", "i-bound": "200"}
    assert answer["FailCount"] == "1"


FIFTY_ONE = ids(*(f"i-{number}" for number in range(51)))
REFUSALS = [
    # the codes of the DetachKeyPair page, each by its real cause
    pytest.param({"KeyPairName": "nobody"}, 400, "InvalidKeyPairName.NotFound", id="unknown key pair"),
    pytest.param({"InstanceIds": "i-running"}, 400, "InvalidInstanceIds.ValueNotSupported", id="not JSON"),
    pytest.param({"InstanceIds": '{"a": 1}'}, 400, "InvalidInstanceIds.ValueNotSupported", id="not an array"),
    pytest.param({"InstanceIds": "[1]"}, 400, "InvalidInstanceIds.ValueNotSupported", id="not text"),
    pytest.param({"InstanceIds": "[]"}, 400, "InvalidInstanceIds.ValueNotSupported", id="empty"),
    pytest.param({"InstanceIds": ids("i-starting")}, 400, "InvalidInstanceIds.ValueNotSupported", id="starting"),
    pytest.param({"InstanceIds": ids("i-windows")}, 403, "DependencyViolation.WindowsInstance", id="Windows"),
    pytest.param({"InstanceIds": FIFTY_ONE}, 403, "InstanceKeyPairLimitExceeded", id="51 instances"),
    # the common ones
    pytest.param({"KeyPairName": None}, 400, "MissingParameter", id="no key pair"),
    pytest.param({"KeyPairName": ""}, 400, "MissingParameter", id="empty key pair"),
    pytest.param({"InstanceIds": None}, 400, "MissingParameter", id="no instances"),
    pytest.param({"RegionId": None}, 400, "MissingParameter", id="no region"),
    pytest.param({"RegionId": "cn-nowhere"}, 404, "InvalidRegionId.NotFound", id="unknown region"),
    pytest.param({"RegionId": "cn-beijing"}, 400, "InvalidKeyPairName.NotFound", id="another region"),
    pytest.param({"InstanceIds": ids("i-pending")}, 503, "ServiceUnavailable", id="just created"),
]


@BOTH
@pytest.mark.parametrize(("params", "status", "code"), REFUSALS)
def test_refusals(cloud: AlibabaCloud, action: str, params: dict[str, str | None], status: int, code: str) -> None:
    request: dict[str, str | None] = {"KeyPairName": "deploy", "InstanceIds": ids("i-running"), **params}
    assert cloud.client.refused(action, **request) == (status, code)
    assert cloud.instance("i-running")["key_pairs"] == []


def test_only_attaching_minds_an_instance_that_is_not_io_optimized(cloud: AlibabaCloud) -> None:
    slow = {"KeyPairName": "deploy", "InstanceIds": ids("i-slow")}
    assert cloud.client.refused("AttachKeyPair", **slow) == (400, "DependencyViolation.IoOptimize")
    assert cloud.client.ok("DetachKeyPair", **slow)["FailCount"] == "0"


@BOTH
def test_one_unfit_instance_leaves_the_others_unchanged(cloud: AlibabaCloud, action: str) -> None:
    cloud.client.refused(action, KeyPairName="old", InstanceIds=ids("i-bound", "i-running", "i-windows"))
    assert cloud.instance("i-bound")["key_pairs"] == ["old"]
    assert cloud.instance("i-running")["key_pairs"] == []


def test_an_instance_named_twice_counts_once(cloud: AlibabaCloud) -> None:
    assert attach(cloud, "i-running", "i-running")["TotalCount"] == "1"


def test_fifty_instances_are_allowed() -> None:
    with alibaba_cloud(key_pairs=("deploy",), fleets=[{"count": 50}]) as cloud:
        fleet = [instance["instance_id"] for instance in cloud.emulator.state()["instances"]]
        assert attach(cloud, *fleet)["TotalCount"] == "50"
