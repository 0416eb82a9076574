# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts of an inventory: what they are called, and their variables, whatever anybody calls an instance."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import InputError
from ansible_collections.keyfleet.cloud.plugins.module_utils._selection.hosts import check_preferences, make_hosts
from hypothesis import given
from hypothesis import strategies as st


def shown(number: int, name: str = "", **fields: t.Any) -> dict[str, t.Any]:
    return {
        "instance_id": f"ins-0000000{number}",
        "name": name,
        "provider": "tencent_cvm",
        "region": "ap-guangzhou",
        "tags": {},
        "key_pairs": ["skey-4e5ty7i8"],
        "private_addresses": [f"10.0.0.{number}"],
        "public_addresses": [f"198.51.100.{number}"],
        **fields,
    }


def names_of(instances: list[dict[str, t.Any]], *preferences: str) -> list[str]:
    return [host.name for host in make_hosts(instances, preferences, [])]


@pytest.mark.parametrize(
    ("preferences", "name"),
    [
        (["instance_id"], "ins-00000001"),
        (["name"], "web-1"),
        (["private_address"], "10.0.0.1"),
        (["public_address", "name"], "198.51.100.1"),
        (["tag:Host", "name"], "blue"),
        (["tag:None", "name"], "web-1"),
        (["tag:None"], "ins-00000001"),
        ([], "ins-00000001"),
    ],
)
def test_the_first_name_that_an_instance_has_decides(preferences: list[str], name: str) -> None:
    assert names_of([shown(1, "web-1", tags={"Host": "blue"})], *preferences) == [name]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "web 1",
        "{{ 7 * 7 }}",
        "a,b",
        "web[1:9]",
        "x\ny",
        "-" * 256,
        "localhost",
        "LOCALHOST",
        "127.0.0.1",
        "all",
        "a/b",
    ],
)
def test_a_name_that_is_no_good_is_passed_over(name: str) -> None:
    assert names_of([shown(1, name)], "name") == ["ins-00000001"]


@pytest.mark.parametrize("name", ["web-1", "web_1.example.com", "网站-1", "fe80::1", "a+b~c"])
def test_a_name_that_is_good(name: str) -> None:
    assert names_of([shown(1, name)], "name") == [name]


def test_a_name_that_several_have_is_passed_over_for_all_of_them() -> None:
    instances = [shown(1, "web"), shown(2, "web"), shown(3, "db")]

    assert names_of(instances, "name", "private_address") == ["10.0.0.1", "10.0.0.2", "db"]


def test_nobody_can_take_the_name_of_another_host() -> None:
    assert names_of([shown(1, "ins-00000002"), shown(2, "web")], "name") == ["ins-00000001", "web"]
    assert names_of([shown(1, "10.0.0.2"), shown(2, "")], "name", "private_address") == ["10.0.0.1", "ins-00000002"]


@given(
    st.lists(st.text("ab-{ ", max_size=3) | st.sampled_from(["ins-00000001", "ins-00000002", "10.0.0.1"]), max_size=9)
)
def test_hosts_have_names_of_their_own(names: list[str]) -> None:
    instances = [shown(number, name) for number, name in enumerate(names)]

    found = names_of(instances, "name", "private_address")

    assert len(set(found)) == len(instances)


def test_variables() -> None:
    instance = shown(1, "web-1")

    (host,) = make_hosts([instance], ["name"], ["public"])

    assert host.variables == {
        "ansible_host": "198.51.100.1",
        "keyfleet_provider": "tencent_cvm",
        "keyfleet_region": "ap-guangzhou",
        "keyfleet_instance_id": "ins-00000001",
        "keyfleet_key_pairs": ["skey-4e5ty7i8"],
        "keyfleet_instance": instance,
    }


@pytest.mark.parametrize(
    ("addresses", "missing", "expected"),
    [
        (["public", "private"], [], "198.51.100.1"),
        (["private", "public"], [], "10.0.0.1"),
        (["public", "private"], ["public"], "10.0.0.1"),
        (["public"], ["public"], None),
        ([], [], None),
    ],
)
def test_the_first_address_that_an_instance_has(addresses: list[str], missing: list[str], expected: str | None) -> None:
    instance = shown(1, **{f"{kind}_addresses": [] for kind in missing})

    assert make_hosts([instance], [], addresses)[0].variables.get("ansible_host") == expected


@pytest.mark.parametrize(
    ("names", "addresses", "word"),
    [(["hostname"], [], "hostname"), (["name"], ["eip"], "eip"), (["tags:x"], [], "tags")],
)
def test_unknown_preferences_are_an_error(names: list[str], addresses: list[str], word: str) -> None:
    with pytest.raises(InputError, match=word):
        check_preferences(names, addresses)
    check_preferences(["tag:Name", "name"], ["private"])
