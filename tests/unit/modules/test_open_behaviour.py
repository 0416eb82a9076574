# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keypair_binding where the vendors' texts leave a behaviour open: it works whichever way the cloud turns out."""

from __future__ import annotations

import pytest
from ansible_collections.keyfleet.cloud.emulator.settings import SWITCHES
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import Call
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import bind, unbind
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import alibaba_only, legacy_only

#: which providers a switch is about, by the beginning of its name; the others are about all
ABOUT = {
    "lighthouse_": ("tencent_lighthouse",),
    "cvm_": ("tencent_cvm", "tencent_cvm_legacy"),
    "legacy_": ("tencent_cvm_legacy",),
    "alibaba_": ("alibaba_ecs",),
    "busy_code": ("tencent_lighthouse",),
    "soft_stop": (),  # bindings have no soft stop
    "unknown_": ("tencent_lighthouse", "tencent_cvm", "tencent_cvm_legacy"),
    "region_required": ("tencent_lighthouse", "tencent_cvm", "tencent_cvm_legacy"),
}


def concerned(switch: str) -> tuple[str, ...]:
    """Return the providers that a switch is about."""
    return next(names for beginning, names in ABOUT.items() if switch.startswith(beginning))


def switched(*names: str) -> pytest.MarkDecorator:
    """Run a test with every value of these switches (no names: of all), for the providers that they are about."""
    return pytest.mark.parametrize(
        ("cloud", "switch", "value"),
        [
            pytest.param(provider, name, value, id=f"{provider}-{name}={value}")
            for name in names or [name for name, switch in SWITCHES.items() if switch.values]
            for value in SWITCHES[name].values
            for provider in concerned(name)
        ],
        indirect=["cloud"],
    )


@switched()
def test_bind_and_unbind_reach_what_is_desired_and_stay_there(cloud: Cloud, switch: str, value: str) -> None:
    cloud.switch(**{switch: value})
    instances = [cloud.add(), cloud.add("deploy")]

    bound, again = (bind(cloud, ["deploy"], instances) for _run in range(2))
    assert [cloud.keys_of(instance) for instance in instances] == [["deploy"], ["deploy"]]
    assert (bound.failed, bound.changed) == (False, True)
    assert (again.failed, again.changed, again.writes) == (False, False, [])

    unbound, again = (unbind(cloud, ["deploy"], instances) for _run in range(2))
    assert [cloud.keys_of(instance) for instance in instances] == [[], []]
    assert (unbound.failed, unbound.changed) == (False, True)
    assert (again.failed, again.changed, again.writes) == (False, False, [])


@switched("lighthouse_bind", "cvm_bind", "cvm_bind_duplicate", "cvm_unbind_unbound", "legacy_latest_operation")
def test_exclusive_reaches_what_is_desired_and_stays_there(cloud: Cloud, switch: str, value: str) -> None:
    cloud.switch(**{switch: value})
    web = cloud.add("former")

    done, again = (bind(cloud, ["deploy"], [web], exclusive=True) for _run in range(2))

    assert cloud.keys_of(web) == ["deploy"]
    assert done.row(web, "former")["after"] == "absent"
    assert (done.failed, done.changed) == (False, True)
    assert (again.failed, again.changed, again.writes) == (False, False, [])


@switched("unknown_instance_ids", "cvm_unknown_instance_ids", "alibaba_unknown_instance")
def test_a_missing_instance_is_one_failed_row(cloud: Cloud, switch: str, value: str) -> None:
    cloud.switch(**{switch: value})
    missing, there = cloud.provider.instance_id(99), cloud.add()

    result = bind(cloud, ["deploy"], [missing, there])

    assert result.codes == {missing: "InstanceNotFound"}
    assert cloud.keys_of(there) == ["deploy"]


@switched("unknown_key_ids")
def test_a_missing_key_pair_id(cloud: Cloud, switch: str, value: str) -> None:
    cloud.switch(**{switch: value})
    web, missing = cloud.add("deploy"), cloud.key_id("missing")

    bound = bind(cloud, [missing, cloud.key_id("deploy")], [web])
    unbound = unbind(cloud, [missing], [web])

    assert bound.row(web, missing)["error"]["code"] == "KeyPairNotFound"
    assert bound.writes == []
    assert not unbound.failed


@switched("lighthouse_bind", "cvm_bind")
def test_what_a_bind_does_to_another_key_pair_is_told_afterwards(cloud: Cloud, switch: str, value: str) -> None:
    cloud.switch(**{switch: value})
    web = cloud.add("former")

    planned = bind(cloud, ["deploy"], [web], check=True)
    done = bind(cloud, ["deploy"], [web])

    former = done.row(web, "former")
    assert planned.row(web, "former")["action"] == "displace"
    assert planned.row(web, "former")["after"] == "unknown"
    if value == "replace":
        assert cloud.keys_of(web) == ["deploy"]
        assert (former["action"], former["after"], former["outcome"]) == ("displace", "absent", "changed")
        assert former["request_id"] == done.row(web, "deploy")["request_id"]
    else:
        assert cloud.keys_of(web) == ["deploy", "former"]
        assert (former["action"], former["after"], former["outcome"]) == ("none", "present", "unchanged")


@switched("lighthouse_bind", "cvm_bind")
def test_two_key_pairs_of_which_one_is_bound(cloud: Cloud, switch: str, value: str) -> None:
    """Where a bind replaces and refuses repetition (Lighthouse), both cannot be had without a gap; that is said."""
    cloud.switch(**{switch: value})
    web = cloud.add("backup")

    result = bind(cloud, ["backup", "deploy"], [web])

    if (switch, value) == ("lighthouse_bind", "replace"):
        assert result.codes == {web: "KeyPairDisplaced"}
        assert result.row(web, "backup")["after"] == "absent"
        assert "state=absent" in result.row(web, "backup")["error"]["hint"]
        assert cloud.keys_of(web) == ["deploy"]
    else:
        assert not result.failed
        assert cloud.keys_of(web) == ["backup", "deploy"]


@switched("lighthouse_bind", "cvm_bind")
def test_two_new_key_pairs_go_in_together(cloud: Cloud, switch: str, value: str) -> None:
    cloud.switch(**{switch: value})
    web = cloud.add("former")

    result = bind(cloud, ["backup", "deploy"], [web], exclusive=True)

    assert not result.failed
    assert cloud.keys_of(web) == ["backup", "deploy"]


@switched("busy_code")
def test_either_code_for_busy_is_waited_out(cloud: Cloud, switch: str, value: str) -> None:
    cloud.switch(**{switch: value})
    cloud.durations(unbind=2)
    web = cloud.add("leaver")
    cloud.meanwhile(cloud.provider.bind, Call("unbind", (web,), (cloud.key_id("leaver"),)))

    result = bind(cloud, ["deploy"], [web])

    assert not result.failed
    assert any("InProgress" in str(entry["code"]) or "Unfinished" in str(entry["code"]) for entry in result.log)
    assert cloud.keys_of(web) == ["deploy"]


@switched("legacy_request_id_field")
def test_either_spelling_of_the_request_id_is_read(cloud: Cloud, switch: str, value: str) -> None:
    cloud.switch(**{switch: value})

    result = bind(cloud, ["deploy"], [cloud.add()])

    (write,) = [entry for entry in result.log if entry["write"]]
    assert result.column("request_id") == [write["request_id"]]


@switched("legacy_auth_errors")
def test_either_shape_of_a_gateway_error_is_understood(cloud: Cloud, switch: str, value: str) -> None:
    cloud.switch(**{switch: value})

    result = bind(cloud, ["deploy"], [cloud.add()], access_key_secret="example-wrong-secret")

    assert result.data["error"]["code"].startswith("AuthFailure.SignatureFailure")
    assert "access_key_secret" in result.msg


@switched("legacy_auth_errors")
def test_throttling_by_the_gateway_is_waited_out(cloud: Cloud, switch: str, value: str) -> None:
    cloud.switch(**{switch: value})
    web = cloud.add()
    cloud.fault("throttle", times=2)

    assert not bind(cloud, ["deploy"], [web]).failed
    assert cloud.keys_of(web) == ["deploy"]


@legacy_only
@pytest.mark.parametrize("operations", SWITCHES["legacy_latest_operation"].values)
@pytest.mark.parametrize("force", SWITCHES["legacy_running_with_force"].values)
def test_forced_changes_of_the_legacy_api(cloud: Cloud, operations: str, force: str) -> None:
    cloud.switch(legacy_latest_operation=operations, legacy_running_with_force=force)
    web = cloud.add(power="running")

    result = bind(cloud, ["deploy"], [web], force_stop=True)

    assert result.failed == (force == "refuse")
    assert cloud.keys_of(web) == ([] if force == "refuse" else ["deploy"])
    assert cloud.state_of(web) == "RUNNING"


@switched("alibaba_result_types")
def test_either_type_in_the_results_is_understood(cloud: Cloud, switch: str, value: str) -> None:
    cloud.switch(**{switch: value})
    bad, good = cloud.add(), cloud.add()
    cloud.fault("partial_failure", cloud.provider.bind, code="InstanceLockedForSecurity", instance_ids=[bad])

    result = bind(cloud, ["deploy"], [bad, good])

    assert result.codes == {bad: "InstanceLockedForSecurity"}
    assert cloud.keys_of(good) == ["deploy"]


@alibaba_only
@pytest.mark.parametrize("value", SWITCHES["alibaba_no_permission"].values)
def test_missing_permission_is_not_taken_for_missing_instances(cloud: Cloud, value: str) -> None:
    cloud.switch(alibaba_no_permission=value)
    web = cloud.add()
    blind = cloud.add_access_key("BLIND", denied_actions=["DescribeInstances"])

    result = bind(cloud, ["deploy"], [web], access_key_id=blind)

    assert result.failed
    assert "permission" in result.msg
    assert result.writes == []
    assert result.row(web)["before"] == "unknown"
