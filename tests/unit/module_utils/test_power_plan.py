# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Planning power states: what is needed, what stands in the way, and what tells of a restart."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import InputError
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import (
    ErrorInfo,
    Instance,
    LatestOperation,
    Power,
)
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.power import (
    DesiredPower,
    PowerChange,
    PowerPlan,
    change_for,
    plan_power,
    validate_power,
)
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.power_evidence import has_restarted
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.power_rows import (
    PowerResult,
    PowerRow,
    conclude,
    diff,
)
from ansible_collections.keyfleet.cloud.plugins.module_utils._providers._registry import PROVIDERS
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.planning import CVM, ECS, LIGHTHOUSE

LEGACY = PROVIDERS["tencent_cvm_legacy"].capabilities
LOCKED = ErrorInfo("InstanceLocked", "it is locked")


def one(power: Power, **fields: t.Any) -> Instance:
    return Instance("1", "web", power.upper(), power, (), **fields)


def planned(state: str, *instances: Instance, wait: bool = True, **options: t.Any) -> PowerPlan:
    desired = DesiredPower(tuple(i.id for i in instances), t.cast(t.Any, state), **options)
    return plan_power({i.id: i for i in instances}, desired, CVM, wait=wait)


@pytest.mark.parametrize(
    ("state", "power", "stopping", "action", "after"),
    [
        ("running", "stopped", False, "start", "running"),
        ("running", "running", False, "none", "running"),
        ("running", "changing", False, "none", "running"),
        ("running", "changing", True, "start", "running"),
        ("stopped", "running", False, "stop", "stopped"),
        ("stopped", "stopped", False, "none", "stopped"),
        ("stopped", "changing", True, "none", "stopped"),
        ("stopped", "changing", False, "stop", "stopped"),
        ("restarted", "running", False, "restart", "running"),
        ("restarted", "stopped", False, "start", "running"),
        ("restarted", "changing", False, "restart", "running"),
        ("restarted", "changing", True, "start", "running"),
    ],
)
def test_what_an_instance_needs(state: str, power: Power, stopping: bool, action: str, after: str) -> None:
    plan = planned(state, one(power, stopping=stopping))
    (row,) = plan.rows
    assert (row.before, row.action, row.after) == (power, action, after)
    assert row.outcome == ("unchanged" if action == "none" else "changed")
    assert [change.action for change in plan.changes] == ([action] if action != "none" or power == "changing" else [])


def test_nobody_waits_for_an_instance_on_its_way_there_unless_asked() -> None:
    assert planned("running", one("changing"), wait=False).changes == ()


def test_an_operation_that_leaves_the_power_alone_is_waited_for() -> None:
    busy = one("stopped", operation=LatestOperation("AssociateInstancesKeyPairs", "operating", "req-1"))
    assert planned("stopped", busy).changes == (PowerChange("1", "none"),)


@pytest.mark.parametrize(
    ("instance", "state", "code"),
    [
        (one("unavailable", power_obstacle=ErrorInfo("InstanceStateUnsupported", "no")), "running", True),
        (one("running", power_obstacle=LOCKED), "stopped", True),
        (one("running", power_obstacle=LOCKED), "running", False),
        (one("running", obstacle=ErrorInfo("WindowsInstance", "it runs Windows")), "stopped", False),
        (one("unavailable", obstacle=ErrorInfo("Denied", "no"), hidden=True), "running", True),
    ],
)
def test_what_stands_in_the_way(instance: Instance, state: str, code: bool) -> None:
    plan = planned(state, instance)
    (row,) = plan.rows
    assert (row.outcome == "failed") == code
    assert row.error is None or "cannot be changed" in row.error.message
    assert not (code and plan.changes)


def test_an_instance_that_does_not_exist() -> None:
    plan = plan_power({"1": None}, DesiredPower(("1",), "running"), CVM, wait=True)
    assert plan.rows[0].error is not None
    assert plan.rows[0].error.code == "InstanceNotFound"
    assert (plan.rows[0].before, plan.rows[0].after, plan.changes) == ("unknown", "unknown", ())


@pytest.mark.parametrize(
    ("capabilities", "soft_ended", "stop_type"),
    [(LIGHTHOUSE, False, "soft_first"), (CVM, False, "soft_first"), (LEGACY, False, "soft"), (ECS, True, "hard")],
)
def test_soft_first_takes_two_steps_where_the_api_does_not_know_it(
    capabilities: t.Any, soft_ended: bool, stop_type: str
) -> None:
    change = change_for("1", "stop", DesiredPower(("1",), "stopped"), capabilities, soft_ended=soft_ended)
    assert (change.stop_type, change.insist) == (stop_type, soft_ended)


@pytest.mark.parametrize(("capabilities", "fine"), [(LIGHTHOUSE, False), (CVM, True), (LEGACY, False), (ECS, True)])
def test_a_stop_without_charging_needs_an_api_that_has_it(capabilities: t.Any, fine: bool) -> None:
    desired = DesiredPower((), "stopped", keep_charging=False)
    if fine:
        validate_power(desired, capabilities)
    else:
        with pytest.raises(InputError, match="keep_charging=false is not supported"):
            validate_power(desired, capabilities)


# --- evidence -------------------------------------------------------------------------------------------------------

NOON = 1_700_049_600.0  # 2023-11-15T12:00:00Z
OLD = LatestOperation("StartInstances", "success", "req-0")
REBOOT = LatestOperation("RebootInstances", "success", "req-1")
BIND = LatestOperation("AssociateInstancesKeyPairs", "success", "req-2")


@pytest.mark.parametrize(
    ("before", "after", "moved", "expected"),
    [
        ({"operation": OLD}, {"operation": OLD}, True, False),
        ({"operation": OLD}, {"operation": REBOOT}, False, True),
        ({"operation": OLD}, {"operation": BIND}, False, None),
        ({"operation": LatestOperation("", "none")}, {"operation": REBOOT}, False, True),
        ({}, {}, True, True),
        ({}, {}, False, None),
        ({"started": "2023-11-14T11:58:00Z"}, {"started": "2023-11-15T12:00:00Z"}, False, True),
        ({"started": "2023-11-14T11:58:00Z"}, {"started": "2023-11-14T11:58:00Z"}, False, False),
        ({"started": "2023-11-15T11:58:00Z"}, {"started": "2023-11-15T11:58:00Z"}, False, None),
        ({"started": "yesterday"}, {"started": "yesterday"}, False, None),
    ],
)
def test_what_tells_of_a_restart(
    before: dict[str, t.Any], after: dict[str, t.Any], moved: bool, expected: bool | None
) -> None:
    assert has_restarted(one("running", **before), one("running", **after), moved=moved, now=NOON) is expected


# --- rows as they come out ------------------------------------------------------------------------------------------

STOP = PowerRow("1", "web", "running", "stopped", "stop", "changed")
FAILED = ErrorInfo("OperationFailed", "no")


@pytest.mark.parametrize(
    ("result", "after", "action", "outcome"),
    [
        (PowerResult(one("stopped"), "stop", "req-1"), "stopped", "stop", "changed"),
        (PowerResult(one("stopped")), "stopped", "none", "unchanged"),
        (PowerResult(one("running"), "stop", "req-1", left=True), "unknown", "stop", "changed"),
        (PowerResult(one("running"), "stop", "req-1", error=FAILED), "running", "stop", "failed"),
        (PowerResult(one("running"), error=FAILED), "running", "stop", "failed"),
        (PowerResult(None, "stop", "req-1", error=FAILED), "unknown", "stop", "failed"),
    ],
)
def test_how_a_row_comes_out(result: PowerResult, after: str, action: str, outcome: str) -> None:
    (row,) = conclude([STOP], {"1": result})
    assert (row.before, row.after, row.action, row.outcome) == ("running", after, action, outcome)
    assert row.request_id == result.request_id
    assert row.error == result.error


def test_rows_without_a_result_stay_as_planned() -> None:
    assert conclude([STOP], {}) == (STOP,)


def test_the_diff_shows_what_changes() -> None:
    restart = PowerRow("2", None, "running", "running", "restart", "changed")
    idle = PowerRow("3", None, "changing", "running", "none", "unchanged")
    assert [(entry["after_header"], entry["before"], entry["after"]) for entry in diff([STOP, restart, idle])] == [
        ("1", "running\n", "stopped\n"),
        ("2", "running\n", "running (restarted)\n"),
    ]
