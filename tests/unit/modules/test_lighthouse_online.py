# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keypair_binding on Lighthouse: bindings into the running guest, and bindings for one of its accounts."""

from __future__ import annotations

from typing import Any

from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import bind, unbind
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import lighthouse_only
from ansible_collections.keyfleet.cloud.tests.unit.modules.result import Result

pytestmark = lighthouse_only

ONLINE = {"association_type": "online"}
UBUNTU = {**ONLINE, "username": "ubuntu"}


def first_write(result: Result) -> dict[str, Any]:
    """Return the parameters of the first write that the cloud saw."""
    return dict(next(entry["params"] for entry in result.log if entry["write"]))


def test_an_online_bind_needs_no_stop(cloud: Cloud) -> None:
    web = cloud.add(power="running")

    result = bind(cloud, ["deploy"], [web], **ONLINE)

    assert not result.failed
    assert result.row(web)["interruption"] == "none"
    assert result.row(web)["effective"] is True
    assert first_write(result)["AssociateType"] == "ONLINE"
    assert cloud.keys_of(web) == ["deploy"]
    assert cloud.state_of(web) == "RUNNING"


def test_an_online_unbind_needs_no_stop(cloud: Cloud) -> None:
    web = cloud.add("deploy", power="running")

    result = unbind(cloud, ["deploy"], [web], **ONLINE)

    assert not result.failed
    assert first_write(result)["DisassociateType"] == "ONLINE"
    assert cloud.keys_of(web) == []
    assert cloud.state_of(web) == "RUNNING"


def test_an_offline_change_powers_off_and_so_needs_to_be_allowed(cloud: Cloud) -> None:
    web = cloud.add(power="running")

    refused = bind(cloud, ["deploy"], [web], association_type="offline")
    allowed = bind(cloud, ["deploy"], [web], association_type="offline", force_stop=True)

    assert refused.codes == {web: "InstanceRunning"}
    assert first_write(allowed)["AssociateType"] == "OFFLINE"
    assert allowed.row(web)["interruption"] == "forced_stop"


def test_the_parameters_are_sent_only_when_asked_for(cloud: Cloud) -> None:
    web = cloud.add()

    bound, unbound = bind(cloud, ["deploy"], [web]), unbind(cloud, ["deploy"], [web])

    assert set(first_write(bound)) == set(first_write(unbound)) == {"InstanceIds", "KeyIds"}


def test_an_endpoint_that_does_not_know_the_parameters_says_so(cloud: Cloud) -> None:
    cloud.switch(lighthouse_online="unknown_parameter")
    web = cloud.add(power="running")

    result = bind(cloud, ["deploy"], [web], **ONLINE)

    assert result.codes == {web: "UnknownParameter"}
    assert "association_type" in result.row(web)["error"]["hint"]
    assert cloud.keys_of(web) == []


def test_an_endpoint_that_does_not_know_the_parameters_works_without_them(cloud: Cloud) -> None:
    cloud.switch(lighthouse_online="unknown_parameter")
    web = cloud.add()

    bind(cloud, ["deploy"], [web])

    assert cloud.keys_of(web) == ["deploy"]
    assert not bind(cloud, ["deploy"], [web]).changed


def test_a_stopped_instance_may_refuse_an_online_bind(cloud: Cloud) -> None:
    cloud.switch(lighthouse_online_stopped="refuse")
    stopped, running = cloud.add(), cloud.add(power="running")

    result = bind(cloud, ["deploy"], [stopped, running], **ONLINE)

    assert list(result.codes) == [stopped]
    assert result.row(stopped)["error"]["hint"]
    assert cloud.keys_of(running) == ["deploy"]


def test_a_stopped_instance_may_accept_an_online_bind(cloud: Cloud) -> None:
    cloud.switch(lighthouse_online_stopped="accept")
    stopped = cloud.add()

    assert not bind(cloud, ["deploy"], [stopped], **ONLINE).failed
    assert cloud.keys_of(stopped) == ["deploy"]
    assert cloud.state_of(stopped) == "STOPPED"


def test_a_binding_for_an_account(cloud: Cloud) -> None:
    web = cloud.add(power="running")

    result = bind(cloud, ["deploy"], [web], **UBUNTU)

    assert first_write(result)["Username"] == "ubuntu"
    assert result.row(web)["username"] == "ubuntu"
    assert list(cloud.logins(web)["users"]) == ["ubuntu"]
    assert not bind(cloud, ["deploy"], [web], **UBUNTU).changed


def test_a_binding_for_an_account_shows_up_when_no_account_is_asked_for(cloud: Cloud) -> None:
    web = cloud.add(("deploy", "ubuntu"), power="running")

    result = bind(cloud, ["deploy"], [web])

    assert result.row(web)["outcome"] == "unchanged"
    assert result.row(web)["username"] == "ubuntu"


def test_unbinding_for_an_account(cloud: Cloud) -> None:
    web = cloud.add(("deploy", "ubuntu"), power="running")

    result = unbind(cloud, ["deploy"], [web], **UBUNTU)

    assert first_write(result)["Username"] == "ubuntu"
    assert result.row(web)["username"] == "ubuntu"
    assert cloud.keys_of(web) == []
    assert not unbind(cloud, ["deploy"], [web], **UBUNTU).changed


def test_unbinding_without_naming_the_account_finds_it(cloud: Cloud) -> None:
    web = cloud.add(("deploy", "ubuntu"), power="running")

    result = unbind(cloud, ["deploy"], [web])

    assert first_write(result)["DisassociateType"] == "ONLINE"
    assert first_write(result)["Username"] == "ubuntu"
    assert result.row(web)["interruption"] == "none"
    assert cloud.keys_of(web) == []


def test_unbinding_for_another_account_leaves_the_binding_alone(cloud: Cloud) -> None:
    web = cloud.add(("deploy", "ubuntu"), power="running")

    result = unbind(cloud, ["deploy"], [web], association_type="online", username="admin")

    assert not result.changed
    assert result.row(web)["outcome"] == "unchanged"
    assert cloud.keys_of(web) == ["deploy"]


def test_an_offline_unbind_cannot_name_an_account(cloud: Cloud) -> None:
    web = cloud.add(("deploy", "ubuntu"))

    result = unbind(cloud, ["deploy"], [web], association_type="offline")

    assert result.codes == {web: "BoundForUser"}
    assert "username=ubuntu" in result.row(web)["error"]["hint"]
    assert result.writes == []
    assert cloud.keys_of(web) == ["deploy"]


def test_a_key_pair_is_bound_to_an_instance_for_one_account_only(cloud: Cloud) -> None:
    web = cloud.add(("deploy", "ubuntu"), power="running")

    result = bind(cloud, ["deploy"], [web], association_type="online", username="admin")

    assert result.failed
    assert result.row(web)["outcome"] == "failed"
    assert "ubuntu" in result.msg
    assert cloud.logins(web)["users"].keys() == {"ubuntu"}


def test_a_race_for_the_account_ends_in_the_vendors_words(cloud: Cloud) -> None:
    web = cloud.add("deploy", power="running")
    cloud.fault("error", cloud.provider.unbind, code="UnsupportedOperation.KeyPairUnbindUsernameMismatch", times=None)

    result = unbind(cloud, ["deploy"], [web], **ONLINE)

    assert result.codes == {web: "UnsupportedOperation.KeyPairUnbindUsernameMismatch"}
    assert "username" in result.row(web)["error"]["hint"]


def test_exclusive_takes_bindings_of_accounts_along(cloud: Cloud) -> None:
    cloud.switch(lighthouse_bind="add")
    web = cloud.add(("former", "ubuntu"), "leaver", power="running")

    result = bind(cloud, ["deploy"], [web], exclusive=True, **ONLINE)

    assert not result.failed
    assert cloud.keys_of(web) == ["deploy"]
    assert result.row(web, "former")["username"] == "ubuntu"
    assert cloud.state_of(web) == "RUNNING"


def test_instances_with_and_without_account_in_one_task(cloud: Cloud) -> None:
    plain, named = cloud.add("deploy"), cloud.add(("deploy", "ubuntu"), power="running")

    result = unbind(cloud, ["deploy"], [plain, named])

    assert not result.failed
    assert [cloud.keys_of(one) for one in (plain, named)] == [[], []]
    assert len(result.writes) == 2
