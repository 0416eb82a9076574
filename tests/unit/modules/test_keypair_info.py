# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keypair_info: every key pair with its public key, in one shape for every provider, and nothing written."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.modules import keypair_info
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import KEY_PAIRS, Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import read
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import alibaba_only, providers, tencent_only
from ansible_collections.keyfleet.cloud.tests.unit.modules.result import Result

KEYS = {"id", "name", "public_key", "fingerprint", "created", "tags", "instance_ids"}


def info(cloud: Cloud, **options: Any) -> Result:
    """Run the module."""
    return read(keypair_info, cloud, **options)


def found(cloud: Cloud, **options: Any) -> list[str]:
    """Return the names of the key pairs that were chosen."""
    result = info(cloud, **options)
    assert not result.failed, result.printed
    return [pair["name"] for pair in result.data["key_pairs"]]


def add_key_pair(cloud: Cloud, **fields: Any) -> None:
    place = {"provider": cloud.provider.world, "region": cloud.provider.region}
    cloud.emulator.seed({"key_pairs": [{**place, **fields}]})


def test_every_provider_answers_in_the_same_shape(cloud: Cloud) -> None:
    shown = info(cloud).data["key_pairs"]

    assert [pair["name"] for pair in shown] == list(KEY_PAIRS)
    assert [pair["id"] for pair in shown] == [cloud.key_id(name) for name in KEY_PAIRS]
    for pair in shown:
        assert set(pair) == KEYS
        assert pair["public_key"].startswith("ssh-rsa AAAA")
        assert pair["created"].endswith("Z")
        assert bool(pair["fingerprint"]) == (not cloud.provider.tencent)
        assert pair["tags"] == {}


@tencent_only
def test_tencent_tells_the_instances(cloud: Cloud) -> None:
    web, other = cloud.add("deploy"), cloud.add("deploy")

    shown = {pair["name"]: pair["instance_ids"] for pair in info(cloud).data["key_pairs"]}

    assert shown == {"backup": [], "deploy": [web, other], "former": [], "leaver": []}


@alibaba_only
def test_alibaba_does_not_tell_the_instances(cloud: Cloud) -> None:
    cloud.add("deploy")

    assert {pair["instance_ids"] for pair in info(cloud).data["key_pairs"]} == {None}


@providers("tencent_lighthouse", "tencent_cvm", "alibaba_ecs")
def test_tags_are_told(cloud: Cloud) -> None:
    add_key_pair(cloud, name="tagged", tags={"team": "web"})

    (shown,) = info(cloud, names="tagged").data["key_pairs"]

    assert shown["tags"] == {"team": "web"}


def test_raw_is_the_vendors_own_object(cloud: Cloud) -> None:
    (shown,) = info(cloud, names="deploy", include_raw=True).data["key_pairs"]

    assert set(shown) == {*KEYS, "raw"}
    assert "deploy" in shown["raw"].values()
    assert "PrivateKey" not in shown["raw"]


@pytest.mark.parametrize(
    ("options", "expected", "missing"),
    [
        ({"names": ["deploy"]}, ["deploy"], []),
        ({"names": ["*e*r"]}, ["former", "leaver"], []),
        ({"names": "deploy,nobody"}, ["deploy"], ["nobody"]),
        ({"names": ["nobody*"]}, [], []),
        ({"names": ["Deploy"]}, [], ["Deploy"]),
        ({"names": []}, [], []),
        ({"ids": []}, [], []),
        ({"names": [], "ids": ""}, [], []),
        ({"ids": ["deploy"]}, ["deploy"], []),
        ({"ids": ["deploy"], "names": ["back*"]}, ["backup", "deploy"], []),
        ({"ids": ["deploy"], "names": []}, ["deploy"], []),
    ],
)
def test_names_are_globs_and_ids_come_on_top(
    cloud: Cloud, options: dict[str, Any], expected: list[str], missing: list[str]
) -> None:
    if options.get("ids"):
        options = {**options, "ids": [cloud.key_id(name) for name in options["ids"]]}

    result = info(cloud, **options)

    assert [pair["name"] for pair in result.data["key_pairs"]] == expected
    assert result.data["missing"] == missing


def test_an_id_that_does_not_exist_is_listed(cloud: Cloud) -> None:
    gone = cloud.key_id("gone")

    assert info(cloud, ids=[gone]).data["missing"] == [gone]


@pytest.mark.parametrize("empty", [{"names": []}, {"ids": ""}])
def test_an_empty_list_asks_nobody(cloud: Cloud, empty: dict[str, Any]) -> None:
    result = info(cloud, access_key_id=None, access_key_secret=None, **empty)

    assert (result.data["key_pairs"], result.data["api_calls"]) == ([], {})


@providers("tencent_cvm", "alibaba_ecs")
@pytest.mark.parametrize("more", [40, 90])
def test_all_pages_are_read(cloud: Cloud, more: int) -> None:
    for number in range(more):
        add_key_pair(cloud, name=f"many_{number:03}")
    size = 100 if cloud.provider.tencent else 50

    result = info(cloud)

    assert len(result.data["key_pairs"]) == more + len(KEY_PAIRS)
    assert result.data["api_calls"] == {"DescribeKeyPairs": -(-(more + len(KEY_PAIRS)) // size)}


@pytest.mark.parametrize(("check", "diff"), [(True, False), (True, True)])
def test_modes_make_no_difference(cloud: Cloud, check: bool, diff: bool) -> None:
    assert info(cloud, check=check, diff=diff).data["key_pairs"] == info(cloud).data["key_pairs"]


def test_a_failed_read_returns_no_list_that_looks_empty(cloud: Cloud) -> None:
    key = cloud.add_access_key("NOBODY", denied_actions=["DescribeKeyPairs"])

    result = info(cloud, access_key_id=key)

    assert result.failed
    assert "key_pairs" not in result.data
    assert result.data["error"]["code"]
