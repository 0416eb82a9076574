# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""instance_power and instances that cannot take part: each is a failed row with a hint, and the others go on."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import Call
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import (
    alibaba_only,
    providers,
)
from ansible_collections.keyfleet.cloud.tests.unit.modules.power_tasks import (
    ACTIONS,
    every_change,
    power,
)


@pytest.mark.parametrize("state", ["running", "stopped", "restarted"])
def test_a_missing_instance(cloud: Cloud, state: str) -> None:
    missing, there = cloud.provider.instance_id(99), cloud.add(power="stopped" if state == "running" else "running")

    planned = power(cloud, state, [missing, there], check=True)
    result = power(cloud, state, [missing, there])

    assert planned.codes == result.codes == {missing: "InstanceNotFound"}
    assert (result.row(missing)["before"], result.row(missing)["name"]) == ("unknown", None)
    assert result.row(there)["outcome"] == "changed"
    assert missing in result.msg


UNSUITABLE: list[tuple[str, tuple[str, ...], dict[str, Any], str]] = [
    ("rescue", ("tencent_lighthouse", "tencent_cvm", "tencent_cvm_legacy"), {"state": "RESCUE_MODE"}, "unavailable"),
    ("isolated", ("tencent_lighthouse", "tencent_cvm", "tencent_cvm_legacy"), {"state": "SHUTDOWN"}, "unavailable"),
    ("locked", ("alibaba_ecs",), {"locks": ["security"], "power": "running"}, "running"),
]


@pytest.mark.parametrize(
    ("cloud", "fields", "before"),
    [
        pytest.param(name, fields, found, id=f"{name}-{why}")
        for why, names, fields, found in UNSUITABLE
        for name in names
    ],
    indirect=["cloud"],
)
def test_an_unsuitable_instance_is_known_before(cloud: Cloud, fields: dict[str, Any], before: str) -> None:
    unsuitable, other = cloud.add(**fields), cloud.add(power="running")

    planned = power(cloud, "stopped", [unsuitable, other], check=True)
    result = power(cloud, "stopped", [unsuitable, other])

    assert list(planned.codes) == list(result.codes) == [unsuitable]
    assert (result.row(unsuitable)["before"], result.row(unsuitable)["after"]) == (before, before)
    assert "cannot be changed" in result.row(unsuitable)["error"]["message"]
    assert result.written == [("StopInstances", [other])]


@alibaba_only
def test_a_locked_instance_that_is_as_desired_is_unchanged(cloud: Cloud) -> None:
    locked = cloud.add(locks=["security"], power="running")

    assert not power(cloud, "running", [locked]).failed


@providers("tencent_cvm", "tencent_cvm_legacy")
def test_an_expired_instance_is_isolated_from_its_batch(cloud: Cloud) -> None:
    fleet, expired = cloud.add_fleet(20, power="running"), cloud.add(power="running", restrict_state="EXPIRED")

    result = power(cloud, "stopped", [*fleet, expired])

    assert result.codes == {expired: "InvalidInstance.NotSupported"}
    assert result.row(expired)["after"] == "running"
    assert result.summary["changed"] == 20
    assert len(result.writes) <= 12


@alibaba_only
def test_single_refusals_cost_no_further_calls(cloud: Cloud) -> None:
    fleet, unpaid = cloud.add_fleet(20), cloud.add(locks=["financial"])

    result = power(cloud, "running", [*fleet, unpaid])

    assert result.codes == {unpaid: "InstanceExpiredOrInArrears"}
    assert result.writes == ["StartInstances"]
    assert result.summary["changed"] == 20


def test_an_instance_that_a_policy_denies(cloud: Cloud) -> None:
    denied, allowed = cloud.add(), [cloud.add(), cloud.add()]
    restricted = cloud.add_access_key("RESTRICTED", denied_instance_ids=[denied])

    result = power(cloud, "running", [denied, *allowed], access_key_id=restricted)

    assert list(result.codes) == [denied]
    assert [cloud.state_of(one) for one in allowed] == [cloud.provider.running] * 2


def test_credentials_that_may_not_write(cloud: Cloud) -> None:
    web = cloud.add()

    result = power(cloud, "running", [web], access_key_id=f"{cloud.provider.access_key_id}READER")

    assert result.failed
    assert not result.changed
    assert "permission" in result.msg.lower()
    assert result.row(web)["action"] == "start"


def test_a_task_that_cannot_read(cloud: Cloud) -> None:
    web = cloud.add()

    result = power(cloud, "running", [web], access_key_secret="wrong-secret")

    assert result.failed
    assert result.row(web)["before"] == "unknown"
    assert result.writes == []


@every_change
def test_somebody_else_is_quicker(cloud: Cloud, state: str, before: str, action: str, after: str) -> None:
    web, other = cloud.add(power=before), cloud.add(power=before)
    cloud.meanwhile(ACTIONS[action], Call("start" if action == "start" else "stop", (web,)))

    result = power(cloud, state, [web, other], stop_type="hard")

    assert not result.failed, result.msg
    assert (result.row(web)["outcome"], result.row(web)["after"]) == ("unchanged", after)
    assert result.row(other)["outcome"] == "changed"
