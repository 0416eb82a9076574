# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keypair_binding and instances that cannot take part: each is a failed row with a hint, and the others go on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import Call
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import bind, run
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import api3_only, lighthouse_only, tencent_only

TENCENT = ("tencent_lighthouse", "tencent_cvm", "tencent_cvm_legacy")
CVM = TENCENT[1:]
ALIBABA = ("alibaba_ecs",)


@dataclass(frozen=True)
class Case:
    """An instance that cannot take part. ``seen``: the module knows before it writes; otherwise the API refuses."""

    why: str
    providers: tuple[str, ...]
    code: str
    fields: dict[str, Any] = field(default_factory=dict)
    seen: bool = True


CASES = [
    Case("runs Windows", (*TENCENT, *ALIBABA), "WindowsInstance", {"platform": "windows"}),
    Case("is in rescue mode", TENCENT, "InstanceStateUnsupported", {"state": "RESCUE_MODE"}),
    Case("failed to launch", TENCENT, "InstanceStateUnsupported", {"state": "LAUNCH_FAILED"}),
    Case("is being destroyed", TENCENT, "InstanceStateUnsupported", {"state": "SHUTDOWN"}),
    Case("was stopped without charging", CVM, "StoppedWithoutCharging", {"stop_charging": True}),
    Case("is locked", ALIBABA, "InstanceLocked", {"locks": ["security"]}),
    Case(
        "is in an unsupported display area",
        TENCENT[:1],
        "UnsupportedOperation.InstanceDisplayAreaNotSupportOperation",
        {"display_area_supported": False},
        seen=False,
    ),
    Case("has expired", CVM, "InvalidInstance.NotSupported", {"restrict_state": "EXPIRED"}, seen=False),
    Case("is not I/O optimized", ALIBABA, "DependencyViolation.IoOptimize", {"io_optimized": False}, seen=False),
]
every_case = pytest.mark.parametrize(
    ("cloud", "case"),
    [pytest.param(name, case, id=f"{name}: {case.why}") for case in CASES for name in case.providers],
    indirect=["cloud"],
)


@every_case
def test_it_is_a_failed_row_while_the_others_go_on(cloud: Cloud, case: Case) -> None:
    first, unsuitable, last = cloud.add(), cloud.add(**case.fields), cloud.add()

    result = bind(cloud, ["deploy"], [first, unsuitable, last])

    assert result.failed
    assert result.changed
    assert result.codes == {unsuitable: case.code}
    assert unsuitable in result.msg
    assert result.row(unsuitable)["error"]["hint"]
    assert result.row(unsuitable)["after"] == "absent"
    assert cloud.keys_of(unsuitable) == []
    assert [cloud.keys_of(one) for one in (first, last)] == [["deploy"], ["deploy"]]
    assert any(unsuitable in names for _action, names in result.written) != case.seen


@every_case
def test_it_does_not_matter_where_nothing_has_to_change(cloud: Cloud, case: Case) -> None:
    bound = cloud.add("deploy", **case.fields)

    result = bind(cloud, ["deploy"], [bound])

    assert not result.failed
    assert result.row(bound)["outcome"] == "unchanged"


def test_a_missing_instance(cloud: Cloud) -> None:
    missing, there = cloud.provider.instance_id(99), cloud.add()

    result = bind(cloud, ["deploy"], [missing, there])

    assert result.codes == {missing: "InstanceNotFound"}
    assert "region" in result.row(missing)["error"]["hint"]
    assert cloud.keys_of(there) == ["deploy"]


def test_a_missing_instance_has_no_key_pair_to_lose(cloud: Cloud) -> None:
    missing = cloud.provider.instance_id(99)

    result = run(cloud, key_pairs=["deploy"], instance_ids=[missing], state="absent")

    assert not result.failed
    assert result.row(missing)["outcome"] == "unchanged"


def test_many_missing_instances_among_many(cloud: Cloud) -> None:
    there = cloud.add_fleet(40)
    missing = [cloud.provider.instance_id(number) for number in (91, 92, 93)]

    result = bind(cloud, ["deploy"], [missing[0], *there[:20], missing[1], *there[20:], missing[2]])

    assert sorted(result.codes) == missing
    assert result.summary == {"requested": 43, "unchanged": 0, "changed": 40, "failed": 3, "skipped": 0}


@lighthouse_only
def test_culprits_that_only_the_api_sees_are_isolated_in_few_calls(cloud: Cloud) -> None:
    fleet = cloud.add_fleet(98)
    culprits = [cloud.add(display_area_supported=False) for _unused in range(2)]

    result = bind(cloud, ["deploy"], sorted([*fleet, *culprits]))

    assert sorted(result.codes) == sorted(culprits)
    assert result.summary["changed"] == 98
    assert len(result.writes) <= 30


def test_an_instance_that_the_credentials_must_not_change(cloud: Cloud) -> None:
    code = "UnauthorizedOperation" if cloud.provider.tencent else "Forbidden.RAM"
    denied, allowed = cloud.add(), [cloud.add(), cloud.add()]
    cloud.fault("error", cloud.provider.bind, instance_ids=[denied], code=code, times=None)

    result = bind(cloud, ["deploy"], [denied, *allowed])

    assert result.codes == {denied: code}
    assert "permission" in result.row(denied)["error"]["hint"]
    assert [cloud.keys_of(one) for one in allowed] == [["deploy"], ["deploy"]]


def test_an_instance_that_a_policy_denies(cloud: Cloud) -> None:
    denied, allowed = cloud.add(), [cloud.add(), cloud.add()]
    restricted = cloud.add_access_key("RESTRICTED", denied_instance_ids=[denied])

    result = bind(cloud, ["deploy"], [denied, *allowed], access_key_id=restricted)

    assert result.failed
    assert list(result.codes) == [denied]
    assert [cloud.keys_of(one) for one in (denied, *allowed)] == [[], ["deploy"], ["deploy"]]


def test_credentials_without_the_permission_at_all_are_found_out_in_few_calls(cloud: Cloud) -> None:
    fleet = cloud.add_fleet(cloud.provider.batch)
    reader = f"{cloud.provider.access_key_id}READER"

    result = bind(cloud, ["deploy"], fleet, access_key_id=reader)

    assert result.summary["failed"] == len(fleet)
    assert not result.changed
    assert "permission" in result.msg
    assert len(result.writes) <= 50


@tencent_only
def test_an_instance_that_somebody_else_keeps_busy(cloud: Cloud) -> None:
    busy, idle = cloud.add("leaver"), cloud.add()
    cloud.durations(unbind=300)
    cloud.meanwhile(cloud.provider.bind, Call("unbind", (busy,), (cloud.key_id("leaver"),)))

    result = bind(cloud, ["deploy"], [busy, idle], wait_timeout=20)

    assert list(result.codes) == [busy]
    assert result.row(busy, "deploy")["error"]["retryable"]
    assert result.row(busy, "deploy")["error"]["hint"]
    assert cloud.keys_of(idle) == ["deploy"]


@tencent_only
def test_an_instance_that_somebody_else_keeps_busy_for_a_while(cloud: Cloud) -> None:
    busy, idle = cloud.add("leaver"), cloud.add()
    cloud.durations(unbind=3)
    cloud.meanwhile(cloud.provider.bind, Call("unbind", (busy,), (cloud.key_id("leaver"),)))

    result = bind(cloud, ["deploy"], [busy, idle])

    assert not result.failed
    assert [cloud.keys_of(one) for one in (busy, idle)] == [["deploy"], ["deploy"]]


@api3_only
def test_an_instance_that_is_released_meanwhile(cloud: Cloud) -> None:
    gone, there = cloud.add(), cloud.add()
    code = "InvalidInstanceId.NotFound"
    if cloud.provider.name == "tencent_lighthouse":
        code = "ResourceNotFound.InstanceNotFound"
    cloud.fault("error", cloud.provider.bind, instance_ids=[gone], code=code, times=None)

    result = bind(cloud, ["deploy"], [gone, there])

    assert result.codes == {gone: code}
    assert cloud.keys_of(there) == ["deploy"]
