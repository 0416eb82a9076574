# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Entries turned into others: what rotate and revoke want of the same places and instances."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.plugin_utils._entries import places_of, wherever_bound, with_key_pairs

HERE = {"provider": "tencent_cvm", "region": "ap-guangzhou"}
WEB = {**HERE, "key_pairs": ["deploy"], "instance_ids": ["ins-web00001", "ins-web00002"], "exclusive": True}
DB = {**HERE, "key_pairs": "ops, backup", "instances": {"names": ["db-*"]}, "profile": "ops", "name": "db tier"}


def test_other_key_pairs_of_the_same_instances() -> None:
    assert with_key_pairs([WEB, DB], ["fresh"], "present") == [
        {**HERE, "instance_ids": ["ins-web00001", "ins-web00002"], "key_pairs": ["fresh"], "state": "present"},
        {
            **HERE,
            "name": "db tier",
            "instances": {"names": ["db-*"]},
            "profile": "ops",
            "key_pairs": ["fresh"],
            "state": "present",
        },
    ]


@pytest.mark.parametrize(
    ("holding", "names"),
    [(["deploy"], [["ins-web00001", "ins-web00002"]]), ("backup", [None]), (["stranger"], []), ([], [])],
)
def test_only_entries_that_name_a_key_pair(holding: Any, names: list[Any]) -> None:
    found = with_key_pairs([WEB, DB], "fresh", "present", holding=holding)
    assert [entry.get("instance_ids") for entry in found] == names


def test_instances_are_left_out_in_their_own_place_only() -> None:
    elsewhere = {**WEB, "region": "ap-shanghai"}
    without = [{**HERE, "instance_id": "ins-web00001"}]
    found = with_key_pairs([WEB, elsewhere], "old", "absent", without=without)
    assert [entry["instance_ids"] for entry in found] == [["ins-web00002"], ["ins-web00001", "ins-web00002"]]


@pytest.mark.parametrize(
    ("entries", "places"),
    [
        ([WEB, WEB], [HERE]),
        ([WEB, DB], [HERE, {**HERE, "profile": "ops"}]),
        ([{"provider": "alibaba_ecs", "region": "cn-hangzhou\ncn-beijing"}],
         [{"provider": "alibaba_ecs", "region": "cn-hangzhou"}, {"provider": "alibaba_ecs", "region": "cn-beijing"}]),
        ([{"provider": "alibaba_ecs", "region": ["cn-hangzhou"], "endpoint": None}],
         [{"provider": "alibaba_ecs", "region": "cn-hangzhou"}]),
        ([{"provider": "alibaba_ecs", "region": ""}], [{"provider": "alibaba_ecs"}]),
        ([], []),
    ],
)  # fmt: skip
def test_places(entries: list[Any], places: list[Any]) -> None:
    assert places_of(entries) == places


def test_wherever_a_key_pair_is_bound() -> None:
    assert wherever_bound([HERE], "leaver, old", username="ubuntu") == [
        {**HERE, "username": "ubuntu", "key_pairs": [name], "instances": {"key_pair": name}, "state": "absent"}
        for name in ("leaver", "old")
    ]
