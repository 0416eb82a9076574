# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stop, start and reboot on Lighthouse and CVM: states, times, refusals."""

from __future__ import annotations

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.emulator.client import Client, TencentCloud, tencent_cloud

IDS = {"lighthouse": "lhins-00000one", "cvm": "ins-00000one"}


def client_of(cloud: TencentCloud, product: str) -> Client:
    found: Client = getattr(cloud, product)
    return found


@pytest.mark.parametrize("product", ["lighthouse", "cvm"])
@pytest.mark.parametrize(
    ("action", "before", "during", "seconds", "after"),
    [
        ("StopInstances", "RUNNING", "STOPPING", 1.0, "STOPPED"),
        ("StartInstances", "STOPPED", "STARTING", 1.0, "RUNNING"),
        ("RebootInstances", "RUNNING", "REBOOTING", 1.5, "RUNNING"),
    ],
)
def test_states_and_times(product: str, action: str, before: str, during: str, seconds: float, after: str) -> None:
    name = IDS[product]
    with tencent_cloud(instances=[{"instance_id": name, "state": before}]) as cloud:
        request_id = client_of(cloud, product).ok(action, InstanceIds=[name])["RequestId"]
        cloud.clock.advance(seconds - 0.01)
        found = cloud.instance(name)
        assert (found["state"], found["operation"]["state"]) == (during, "OPERATING")
        cloud.clock.advance(0.01)
        found = cloud.instance(name)
        assert found["state"] == after
        assert (found["operation"]["action"], found["operation"]["state"]) == (action, "SUCCESS")
        assert found["operation"]["request_id"] == request_id


@pytest.mark.parametrize("product", ["lighthouse", "cvm"])
@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("StopInstances", "RUNNING", "RUNNING"),
        ("StartInstances", "STOPPED", "STOPPED"),
        ("RebootInstances", "RUNNING", "RUNNING"),
    ],
)
def test_a_failed_power_operation_ends_where_it_began(product: str, action: str, before: str, after: str) -> None:
    name = IDS[product]
    with tencent_cloud(instances=[{"instance_id": name, "state": before}]) as cloud:
        cloud.emulator.add_faults({"kind": "operation_failed", "provider": f"tencent_{product}"})
        client_of(cloud, product).ok(action, InstanceIds=[name])
        cloud.clock.advance(9)
        found = cloud.instance(name)
        assert (found["state"], found["operation"]["state"]) == (after, "FAILED")


@pytest.mark.parametrize(
    ("product", "action", "state", "code"),
    [
        ("lighthouse", "StopInstances", "STOPPED", "UnsupportedOperation.InvalidInstanceState"),
        ("lighthouse", "StartInstances", "RUNNING", "UnsupportedOperation.InvalidInstanceState"),
        ("lighthouse", "RebootInstances", "STOPPED", "UnsupportedOperation.InvalidInstanceState"),
        ("lighthouse", "StopInstances", "PENDING", "OperationDenied.InstanceCreating"),
        ("lighthouse", "StopInstances", "DELETING", "ResourceNotFound.InstanceNotFound"),
        ("cvm", "StopInstances", "STOPPED", "UnsupportedOperation.InstanceStateStopped"),
        ("cvm", "StartInstances", "RUNNING", "UnsupportedOperation.InstanceStateRunning"),
        ("cvm", "RebootInstances", "STOPPED", "UnsupportedOperation.InstanceStateStopped"),
        ("cvm", "RebootInstances", "ENTER_RESCUE_MODE", "UnsupportedOperation.InstanceStateEnterRescueMode"),
        ("cvm", "StartInstances", "SERVICE_LIVE_MIGRATE", "UnsupportedOperation.InstanceStateServiceLiveMigrate"),
        ("cvm", "StopInstances", "BANNING", "UnsupportedOperation.InstanceStateBanning"),
        ("cvm", "RebootInstances", "BANNING", "InvalidInstance.NotSupported"),
        ("cvm", "StartInstances", "LAUNCH_FAILED", "InvalidInstance.NotSupported"),
    ],
)
def test_wrong_states(product: str, action: str, state: str, code: str) -> None:
    name = IDS[product]
    with tencent_cloud(instances=[{"instance_id": name, "state": state}]) as cloud:
        assert client_of(cloud, product).refused(action, InstanceIds=[name]) == code


def test_a_seeded_transitional_state_does_not_move_by_itself() -> None:
    with tencent_cloud(instances=[{"instance_id": IDS["cvm"], "state": "STARTING"}]) as cloud:
        cloud.clock.advance(3600)
        assert cloud.instance(IDS["cvm"])["state"] == "STARTING"


def test_durations_can_be_set_for_all_and_for_one_provider() -> None:
    instances = [{"instance_id": name} for name in IDS.values()]
    settings = {"durations": {"stop": 7, "tencent_cvm": {"stop": 0}}}
    with tencent_cloud(instances=instances, settings=settings) as cloud:
        for product, name in IDS.items():
            client_of(cloud, product).ok("StopInstances", InstanceIds=[name])
        assert cloud.instance(IDS["cvm"])["state"] == "STOPPED"
        cloud.clock.advance(6.9)
        assert cloud.instance(IDS["lighthouse"])["state"] == "STOPPING"
        cloud.clock.advance(0.1)
        assert cloud.instance(IDS["lighthouse"])["state"] == "STOPPED"


@pytest.mark.parametrize(
    ("action", "params", "code"),
    [
        ("StopInstances", {"StopType": "SOFT", "ForceStop": True}, "InvalidParameterCombination"),
        ("StopInstances", {"StopType": "SOFT", "ForceStop": False}, "InvalidParameterCombination"),
        ("RebootInstances", {"StopType": "HARD", "ForceReboot": True}, "InvalidParameterCombination"),
        ("StopInstances", {"StopType": "GENTLE"}, "InvalidParameterValue"),
        ("StopInstances", {"StoppedMode": "FREE"}, "InvalidParameterValue"),
        ("StopInstances", {"ForceStop": True}, None),
        ("RebootInstances", {"ForceReboot": True}, None),
        ("RebootInstances", {"StopType": "SOFT_FIRST"}, None),
    ],
)
def test_cvm_knows_the_deprecated_flags_but_not_beside_stop_type(
    action: str, params: dict[str, object], code: str | None
) -> None:
    with tencent_cloud(instances=[{"instance_id": IDS["cvm"]}]) as cloud:
        assert cloud.cvm.call(action, {"InstanceIds": [IDS["cvm"]], **params}).code == code


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"StopType": "SOFT_FIRST"}, None),
        ({"StopType": "GENTLE"}, "InvalidParameterValue.OutOfRange"),
        ({"ForceStop": True}, "UnknownParameter"),
        ({"StoppedMode": "KEEP_CHARGING"}, "UnknownParameter"),
    ],
)
def test_lighthouse_knows_stop_type_only(params: dict[str, object], code: str | None) -> None:
    with tencent_cloud(instances=[{"instance_id": IDS["lighthouse"]}]) as cloud:
        assert cloud.lighthouse.call("StopInstances", {"InstanceIds": [IDS["lighthouse"]], **params}).code == code


@pytest.mark.parametrize("action", ["StopInstances", "RebootInstances"])
@pytest.mark.parametrize(
    ("product", "params", "outcome", "attempts"),
    [
        ("lighthouse", {}, "SUCCESS", 2),
        ("lighthouse", {"StopType": "SOFT"}, "FAILED", 2),
        ("lighthouse", {"StopType": "HARD"}, "SUCCESS", 1),
        ("cvm", {}, "FAILED", 2),
        ("cvm", {"StopType": "SOFT_FIRST"}, "SUCCESS", 2),
        ("cvm", {"StopType": "HARD"}, "SUCCESS", 1),
        ("legacy", {}, "FAILED", 2),
        ("legacy", {"ForceStop": True, "ForceReboot": True}, "SUCCESS", 1),
    ],
)
def test_a_guest_that_ignores_a_soft_stop(
    action: str, product: str, params: dict[str, object], outcome: str, attempts: int
) -> None:
    name = IDS["lighthouse" if product == "lighthouse" else "cvm"]
    force = {"StopInstances": "ForceReboot", "RebootInstances": "ForceStop"}[action]
    params = {key: value for key, value in params.items() if key != force}
    with tencent_cloud(instances=[{"instance_id": name, "state": "RUNNING"}]) as cloud:
        cloud.switch(soft_stop="ignored")
        client_of(cloud, product).ok(action, InstanceIds=[name], **params)
        cloud.clock.advance(attempts * (1.0 if action == "StopInstances" else 1.5) - 0.01)
        assert cloud.instance(name)["operation"]["state"] == "OPERATING"
        cloud.clock.advance(0.01)
        found = cloud.instance(name)
        stopped = action == "StopInstances" and outcome == "SUCCESS"
        assert (found["operation"]["state"], found["state"]) == (outcome, "STOPPED" if stopped else "RUNNING")
