# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Specifies how hosts of a play become entries."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import InputError
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.host_entries import Wanted, entries_of_hosts
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.rollout import parsed

WEB = {"keyfleet_provider": "tencent_cvm", "keyfleet_region": "ap-guangzhou", "bind_key_pairs": ["deploy"]}


def host(number: int, **variables: Any) -> dict[str, Any]:
    """Return the variables of a host; None leaves one out."""
    given = {**WEB, "keyfleet_instance_id": f"ins-{number:08d}", **variables}
    return {name: value for name, value in given.items() if value is not None}


def entries(hosts: dict[str, dict[str, Any]], **options: Any) -> dict[str, list[Any]]:
    """Return what the hosts become."""
    return entries_of_hosts(hosts, lambda name: hosts[name].get, Wanted("bind", **options))


def test_hosts_that_want_the_same_share_an_entry() -> None:
    found = entries({"web-1": host(1), "web-2": host(2), "db-1": host(3, bind_key_pairs="deploy,backup")})
    assert found == {
        "bindings": [
            {
                "name": "web-1 and 1 more host(s)",
                "provider": "tencent_cvm",
                "region": "ap-guangzhou",
                "key_pairs": ["deploy"],
                "instance_ids": ["ins-00000001", "ins-00000002"],
            },
            {
                "name": "host db-1",
                "provider": "tencent_cvm",
                "region": "ap-guangzhou",
                "key_pairs": ["deploy", "backup"],
                "instance_ids": ["ins-00000003"],
            },
        ],
        "skipped": [],
    }
    assert len(parsed(*found["bindings"])) == 2


@pytest.mark.parametrize(
    "other",
    [
        {"keyfleet_region": "ap-beijing"},
        {"keyfleet_provider": "tencent_cvm_legacy"},
        {"bind_key_pairs": "backup"},
        {"bind_exclusive": True},
        {"bind_association_type": "online"},
        {"bind_username": "ubuntu"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_hosts_that_want_something_else_are_apart(other: dict[str, Any]) -> None:
    found = entries({"web-1": host(1), "web-2": host(2, **other)})["bindings"]
    assert [entry["instance_ids"] for entry in found] == [["ins-00000001"], ["ins-00000002"]]


def test_where_hosts_answer_goes_along() -> None:
    variables = {"ansible_host": "203.0.113.7", "ansible_port": "2222", "ansible_user": "ops"}
    (entry,) = entries({"web-1": host(1, **variables), "web-2": host(2, ansible_user=""), "web-3": host(3)})["bindings"]
    assert entry["logins"] == {"ins-00000001": {"host": "203.0.113.7", "port": 2222, "user": "ops"}}


def test_a_role_says_what_holds_for_all() -> None:
    hosts = {"web-1": host(1, bind_key_pairs=None), "web-2": host(2, bind_key_pairs="backup", bind_exclusive=True)}
    (entry,) = entries(
        hosts, overrides={"key_pairs": "new", "exclusive": "no"}, state="absent", connection={"profile": "prod"}
    )["bindings"]
    assert (entry["key_pairs"], entry["state"], entry["profile"]) == (["new"], "absent", "prod")
    assert "exclusive" not in entry


def test_hosts_that_are_no_instances_are_skipped() -> None:
    hosts = {"localhost": {}, "web-1": host(1), "switch": host(2, keyfleet_instance_id="")}
    assert entries(hosts)["skipped"] == ["localhost", "switch"]
    assert entries({}) == {"bindings": [], "skipped": []}


def test_only_what_is_needed_is_read() -> None:
    read: list[str] = []

    def variables(name: str) -> Any:
        return lambda variable: read.append(f"{name} {variable}")

    entries_of_hosts(["one", "two"], variables, Wanted("bind"))
    assert read == ["one keyfleet_instance_id", "two keyfleet_instance_id"]


WRONG = {
    "no key pairs": ({"web-1": host(1, bind_key_pairs=None)}, r"1 host\(s\) have no bind_key_pairs: web-1\."),
    "empty key pairs": ({"web-1": host(1, bind_key_pairs=[])}, r"1 host\(s\) have no bind_key_pairs: web-1\."),
    "no provider": ({"web-1": host(1, keyfleet_provider=None)}, r"1 host\(s\) have no keyfleet_provider: web-1\."),
    "many of them": (
        {f"web-{number}": host(number, bind_key_pairs="") for number in range(9)},
        r"9 host\(s\) have no bind_key_pairs: web-0, web-1, web-2, web-3, web-4 and 4 more\.",
    ),
    "the same instance": (
        {"web-1": host(1), "web-2": host(2), "alias": host(1)},
        r"The hosts web-1 and alias are the same instance, ins-00000001\.",
    ),
    "no port": ({"web-1": host(1, ansible_port="ssh")}, "Host web-1: ansible_port is no whole number"),
}


@pytest.mark.parametrize(("hosts", "message"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named(hosts: dict[str, dict[str, Any]], message: str) -> None:
    with pytest.raises(InputError, match=message):
        entries(hosts)
