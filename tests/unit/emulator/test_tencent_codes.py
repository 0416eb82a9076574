# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every error code that the vendor's pages list for binding and unbinding key pairs, and how to provoke it.

Where the pages say what causes a code, that happens here; a code whose cause lies inside the vendor's systems is
asked for by a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.emulator.client import KEY, Client, TencentCloud, tencent_cloud

BIND, UNBIND = "AssociateInstancesKeyPairs", "DisassociateInstancesKeyPairs"
STATES = ("RUNNING", "STOPPED", "PENDING", "SHUTDOWN", "TERMINATING")
LIGHTHOUSE_IDS = {state: f"lhins-{state.lower()[:8].rjust(8, '0')}" for state in STATES}
CVM_IDS = {state: f"ins-{state.lower()[:8].rjust(8, '0')}" for state in STATES}
MANY = [f"{n:08}" for n in range(101)]

#: an instance list, a key list and what else the call needs
Ids = list[str]
Provoke = Callable[[TencentCloud, str], "str | None"]


@pytest.fixture(scope="module")
def shared() -> Iterator[TencentCloud]:
    """One emulator for all rows; each row starts from its seed again."""
    instances: list[dict[str, Any]] = [
        *({"instance_id": name, "state": state} for state, name in LIGHTHOUSE_IDS.items()),
        *({"instance_id": name, "state": state} for state, name in CVM_IDS.items()),
        {"instance_id": "lhins-000bound", "key_pairs": [{"key_pair": "lhkp-000bound", "username": "ubuntu"}]},
        {"instance_id": "lhins-windows0", "platform": "windows"},
        {"instance_id": "lhins-00noarea", "display_area_supported": False},
        {"instance_id": "ins-000bound", "state": "STOPPED", "key_pairs": ["skey-000bound"]},
        {"instance_id": "ins-windows0", "state": "STOPPED", "platform": "windows"},
        {"instance_id": "ins-expired0", "state": "STOPPED", "restrict_state": "EXPIRED"},
    ]
    key_pairs = [{"key_id": f"{prefix}-{name}"} for prefix in ("lhkp", "skey") for name in ("000bound", "0000free")]
    access_keys: list[dict[str, Any]] = [KEY, {"id": "AKIDEXAMPLEreader", "secret": "s", "read_only": True}]
    with tencent_cloud(instances=instances, key_pairs=key_pairs, access_keys=access_keys) as cloud:
        yield cloud


@pytest.fixture
def cloud(shared: TencentCloud) -> TencentCloud:
    shared.emulator.reset()
    return shared


# How to provoke: by the call's contents …


def lighthouse(instances: Any, keys: Any = ("lhkp-0000free",), **more: Any) -> Provoke:
    def provoke(cloud: TencentCloud, action: str) -> str | None:
        return cloud.lighthouse.call(action, {"InstanceIds": list(instances), "KeyIds": list(keys), **more}).code

    return provoke


def cvm(instances: Any, keys: Any = ("skey-0000free",), **more: Any) -> Provoke:
    def provoke(cloud: TencentCloud, action: str) -> str | None:
        return cloud.cvm.call(action, {"InstanceIds": list(instances), "KeyIds": list(keys), **more}).code

    return provoke


def legacy(instances: Any, keys: Any = ("skey-0000free",), **more: Any) -> Provoke:
    def provoke(cloud: TencentCloud, action: str) -> str | None:
        params = {"InstanceIds": list(instances), "KeyIds": list(keys), **more}
        return cloud.legacy.but(first_index=1).call(action, params).code

    return provoke


# … by the caller, by what went before, by a switch, by a fault.


def reader(provoke: Provoke) -> Provoke:
    """As a caller who may only read."""

    def as_reader(cloud: TencentCloud, action: str) -> str | None:
        def limited(client: Client) -> Client:
            return client.but(secret_id="AKIDEXAMPLEreader", secret="s")

        clients = [limited(client) for client in (cloud.lighthouse, cloud.cvm, cloud.sts, cloud.legacy)]
        return provoke(TencentCloud(cloud.emulator, cloud.clock, *clients), action)

    return as_reader


def after_rebooting(client_name: str, provoke: Provoke, **switches: str) -> Provoke:
    """While the running instance reboots."""

    def busy(cloud: TencentCloud, action: str) -> str | None:
        cloud.switch(**switches)
        ids = LIGHTHOUSE_IDS if client_name == "lighthouse" else CVM_IDS
        getattr(cloud, client_name).ok("RebootInstances", InstanceIds=[ids["RUNNING"]])
        return provoke(cloud, action)

    return busy


def fault(client_name: str, code: str) -> Provoke:
    """Asked for: the pages give no cause that a caller could bring about."""

    def failing(cloud: TencentCloud, action: str) -> str | None:
        cloud.fail_with(code)
        ids, key = (LIGHTHOUSE_IDS, "lhkp-0000free") if client_name == "lighthouse" else (CVM_IDS, "skey-0000free")
        params = {"InstanceIds": [ids["STOPPED"]], "KeyIds": [key]}
        found: str | None = getattr(cloud, client_name).call(action, params).code
        return found

    return failing


LH_RUNNING, LH_STOPPED = LIGHTHOUSE_IDS["RUNNING"], LIGHTHOUSE_IDS["STOPPED"]

#: pages AssociateInstancesKeyPairs and DisassociateInstancesKeyPairs of Lighthouse, the codes they share
LIGHTHOUSE_BOTH: dict[str, Provoke] = {
    "FailedOperation.InstanceOperationFailed": fault("lighthouse", "FailedOperation.InstanceOperationFailed"),
    "InternalError.DescribeInstanceStatus": fault("lighthouse", "InternalError.DescribeInstanceStatus"),
    "InvalidParameterValue.Duplicated": lighthouse([LH_RUNNING, LH_RUNNING]),
    "InvalidParameterValue.InstanceIdMalformed": lighthouse(["lhins-1122"]),
    "InvalidParameterValue.KeyPairIdMalformed": lighthouse([LH_RUNNING], ["lhkp-1122"]),
    "InvalidParameterValue.LimitExceeded": lighthouse([f"lhins-{n}" for n in MANY]),
    "InvalidParameterValue.OutOfRange": lighthouse([]),
    "OperationDenied.InstanceCreating": lighthouse([LIGHTHOUSE_IDS["PENDING"]]),
    "OperationDenied.InstanceOperationInProgress": after_rebooting("lighthouse", lighthouse([LH_RUNNING])),
    "ResourceNotFound.InstanceIdNotFound": lighthouse(["lhins-0000none"]),
    "ResourceNotFound.InstanceNotFound": lighthouse([LIGHTHOUSE_IDS["TERMINATING"]]),
    "ResourceNotFound.KeyIdNotFound": lighthouse([LH_RUNNING], ["lhkp-0000none"]),
    "UnauthorizedOperation.NoPermission": reader(lighthouse([LH_RUNNING])),
    "UnsupportedOperation.InvalidInstanceState": lighthouse([LIGHTHOUSE_IDS["SHUTDOWN"]]),
    "UnsupportedOperation.LatestOperationUnfinished": after_rebooting(
        "lighthouse", lighthouse([LH_RUNNING]), busy_code="latest_unfinished"
    ),
}
LIGHTHOUSE_BIND: dict[str, Provoke] = {
    "FailedOperation.DescribeInstanceStatus": fault("lighthouse", "FailedOperation.DescribeInstanceStatus"),
    "InternalError.InvalidCommandNotFound": fault("lighthouse", "InternalError.InvalidCommandNotFound"),
    "UnauthorizedOperation.MFAExpired": fault("lighthouse", "UnauthorizedOperation.MFAExpired"),
    "UnauthorizedOperation.MFANotFound": fault("lighthouse", "UnauthorizedOperation.MFANotFound"),
    "UnsupportedOperation.KeyPairBindDuplicate": lighthouse(["lhins-000bound"], ["lhkp-000bound"]),
    "UnsupportedOperation.WindowsNotAllowToAssociateKeyPair": lighthouse(["lhins-windows0"]),
    "UnsupportedOperation.WindowsNotSupportKeyPair": lighthouse(["lhins-windows0"], AssociateType="ONLINE"),
    # not on the pages of 2023, but documented since
    "UnsupportedOperation.InstanceDisplayAreaNotSupportOperation": lighthouse(["lhins-00noarea"]),
}
LIGHTHOUSE_UNBIND: dict[str, Provoke] = {
    "UnsupportedOperation.KeyPairNotBoundToInstance": lighthouse([LH_RUNNING]),
    # not on the page of 2023, but documented since
    "UnsupportedOperation.KeyPairUnbindUsernameMismatch": lighthouse(["lhins-000bound"], ["lhkp-000bound"]),
}

#: page DisassociateInstancesKeyPairs of CVM, API 3.0, of 2023/24; the nine codes of Associate are the same
CVM_BOTH: dict[str, Provoke] = {
    "InternalServerError": fault("cvm", "InternalServerError"),
    "InvalidInstance.NotSupported": cvm(["ins-expired0"]),
    "InvalidInstanceId.Malformed": cvm(["ins-1122"]),
    "InvalidInstanceId.NotFound": cvm(["ins-0000none"]),
    "InvalidKeyPairId.Malformed": cvm([CVM_IDS["STOPPED"]], ["skey-1122"]),
    "InvalidKeyPairId.NotFound": cvm([CVM_IDS["STOPPED"]], ["skey-0000none"]),
    "InvalidParameterValue": cvm([CVM_IDS["STOPPED"]] * 2),
    "InvalidParameterValue.LimitExceeded": cvm([f"ins-{n}" for n in MANY]),
    "MissingParameter": cvm([]),
    # documented since
    "MutexOperation.TaskRunning": fault("cvm", "MutexOperation.TaskRunning"),
    "OperationDenied.InstanceOperationInProgress": after_rebooting("cvm", cvm([CVM_IDS["RUNNING"]], ForceStop=True)),
    "UnsupportedOperation.InstanceOsWindows": cvm(["ins-windows0"]),
    "UnsupportedOperation.InstanceStateRunning": cvm([CVM_IDS["RUNNING"]]),
    "UnsupportedOperation.InstanceStatePending": cvm([CVM_IDS["PENDING"]], ForceStop=True),
    "UnsupportedOperation.InstanceStateShutdown": cvm([CVM_IDS["SHUTDOWN"]]),
    "UnsupportedOperation.InstanceStateTerminating": cvm([CVM_IDS["TERMINATING"]]),
}

#: page DisassociateInstancesKeyPairs of CVM, API 2.0
LEGACY: dict[str, Provoke] = {
    "MissingParameter": legacy([]),
    "InvalidParameterValue": legacy([CVM_IDS["STOPPED"]] * 2),
    "InvalidParameterValue.LimitExceeded": legacy([f"ins-{n}" for n in MANY]),
    "InvalidInstanceId.NotFound": legacy(["ins-0000none"]),
    "InvalidInstanceId.Malformed": legacy(["ins-1122"]),
    "InvalidInstance.NotSupported": legacy([CVM_IDS["RUNNING"]]),
    "InvalidKeyPairId.Malformed": legacy([CVM_IDS["STOPPED"]], ["skey-1122"]),
    "InvalidKeyPairId.NotFound": legacy([CVM_IDS["STOPPED"]], ["skey-0000none"]),
    "InternalServerError": fault("legacy", "InternalServerError"),
}


@pytest.mark.parametrize("code", LIGHTHOUSE_BOTH)
@pytest.mark.parametrize("action", [BIND, UNBIND])
def test_lighthouse(cloud: TencentCloud, action: str, code: str) -> None:
    assert LIGHTHOUSE_BOTH[code](cloud, action) == code


@pytest.mark.parametrize("code", LIGHTHOUSE_BIND)
def test_lighthouse_bind(cloud: TencentCloud, code: str) -> None:
    assert LIGHTHOUSE_BIND[code](cloud, BIND) == code


@pytest.mark.parametrize("code", LIGHTHOUSE_UNBIND)
def test_lighthouse_unbind(cloud: TencentCloud, code: str) -> None:
    assert LIGHTHOUSE_UNBIND[code](cloud, UNBIND) == code


@pytest.mark.parametrize("code", CVM_BOTH)
@pytest.mark.parametrize("action", [BIND, UNBIND])
def test_cvm(cloud: TencentCloud, action: str, code: str) -> None:
    assert CVM_BOTH[code](cloud, action) == code


@pytest.mark.parametrize("code", LEGACY)
@pytest.mark.parametrize("action", [BIND, UNBIND])
def test_legacy(cloud: TencentCloud, action: str, code: str) -> None:
    assert LEGACY[code](cloud, action) == code


@pytest.mark.parametrize("action", [BIND, UNBIND])
def test_the_calls_that_the_tables_vary_are_fine_as_such(cloud: TencentCloud, action: str) -> None:
    cloud.switch(cvm_unbind_unbound="ok")
    bound = action == UNBIND
    stopped = CVM_IDS["STOPPED"]
    assert cvm([stopped])(cloud, action) is None
    cloud.clock.advance(1)
    assert legacy(["ins-000bound"], ["skey-000bound"])(cloud, action) is None
    if not bound:
        assert lighthouse([LH_STOPPED])(cloud, action) is None
    else:
        params = {"DisassociateType": "ONLINE", "Username": "ubuntu"}
        assert lighthouse(["lhins-000bound"], ["lhkp-000bound"], **params)(cloud, action) is None
