# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Seeds: what they create, what they refuse, and that they do all or nothing."""

from __future__ import annotations

import time
from copy import deepcopy
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.emulator import Emulator
from ansible_collections.keyfleet.cloud.emulator.clock import FakeClock
from ansible_collections.keyfleet.cloud.emulator.errors import ControlError

ACCOUNTS = [
    {"vendor": "tencent", "account_id": "1", "access_keys": [{"id": "A", "secret": "s"}]},
    {"vendor": "tencent", "account_id": "2"},
    {"vendor": "alibaba", "account_id": "3"},
]
LH = {"provider": "tencent_lighthouse", "region": "ap-guangzhou"}
CVM = {"provider": "tencent_cvm", "region": "ap-guangzhou"}
LEGACY = {"provider": "tencent_cvm_legacy", "region": "ap-guangzhou"}
ECS = {"provider": "alibaba_ecs", "region": "cn-hangzhou"}


def emulator(**seed: Any) -> Emulator:
    """An emulator that serves nobody."""
    found = Emulator(seed={"accounts": ACCOUNTS, **seed}, clock=FakeClock())
    found.stop()
    return found


def instances(found: Emulator) -> dict[str, dict[str, Any]]:
    return {instance["instance_id"]: instance for instance in found.state()["instances"]}


def test_defaults_of_an_instance() -> None:
    (found,) = emulator(instances=[LH]).state()["instances"]
    assert found == {
        **LH,
        "account_id": "1",
        "instance_id": "lhins-00000000",
        "name": "lhins-00000000",
        "state": "RUNNING",
        "platform": "linux",
        "zone": "ap-guangzhou-3",
        "tags": {},
        "key_pairs": [],
        "bindings": [],
        "effective_key_pairs": [],
        "password": True,
        "password_login": True,
        "stop_charging": False,
        "start_time": FakeClock().now(),
        "ssh": None,
        "operation": None,
    }


def test_defaults_of_a_key_pair() -> None:
    (found,) = emulator(key_pairs=[{**CVM, "name": "deploy"}]).state()["key_pairs"]
    assert found.pop("public_key").startswith("ssh-rsa AAAAB3NzaC1yc2E")
    assert found == {
        **CVM,
        "account_id": "1",
        "key_id": "skey-00000000",
        "name": "deploy",
        "tags": {},
        "image_reference": False,
        "instances": [],
    }


def test_bindings_of_tencent_by_id_and_of_alibaba_by_name() -> None:
    found = emulator(
        key_pairs=[{**LH, "key_id": "lhkp-f7rjie1q", "name": "deploy"}, {**ECS, "name": "deploy"}],
        instances=[
            {**LH, "key_pairs": ["lhkp-f7rjie1q"]},
            {**LH, "key_pairs": [{"key_pair": "lhkp-f7rjie1q", "username": "ubuntu"}]},
            {**ECS, "key_pairs": ["deploy"], "password": False},
        ],
    )
    bindings = [instance["bindings"] for instance in found.state()["instances"]]
    assert bindings == [
        [{"key_pair": "lhkp-f7rjie1q", "username": None}],
        [{"key_pair": "lhkp-f7rjie1q", "username": "ubuntu"}],
        [{"key_pair": "deploy", "username": None}],
    ]
    assert [key["instances"] for key in found.state()["key_pairs"]] == [
        ["lhins-00000000", "lhins-00000001"],
        ["i-00000000000000000000"],
    ]
    login = found.logins("tencent_lighthouse", "ap-guangzhou", "lhins-00000001")
    assert (login["up"], login["key_pairs"], login["password"]) == (True, ["lhkp-f7rjie1q"], False)
    assert list(login["users"]) == ["ubuntu"]


def test_the_legacy_name_means_the_same_world() -> None:
    found = emulator(instances=[{**LEGACY, "instance_id": "ins-00000one"}])
    assert instances(found)["ins-00000one"]["provider"] == "tencent_cvm"
    assert found.logins("tencent_cvm_legacy", "ap-guangzhou", "ins-00000one")["up"] is True


def test_fleets_are_numbered_in_base_36_and_avoid_taken_ids() -> None:
    taken = {**LH, "instance_id": "lhins-00000001", "name": "mine"}
    fleet = {**LH, "count": 40, "name_prefix": "web-", "state": "STOPPED", "tags": {"tier": "web"}}
    found = instances(emulator(instances=[taken], fleets=[fleet]))
    names = {instance_id: instance["name"] for instance_id, instance in found.items()}
    assert names["lhins-00000000"] == "web-1"
    assert names["lhins-00000001"] == "mine"
    assert names["lhins-00000014"] == "web-40"
    assert len(found) == 41
    assert found["lhins-00000002"]["tags"] == {"tier": "web"}


def test_seeds_add_up_and_reset_returns_to_the_first_one() -> None:
    found = emulator(instances=[{**LH, "instance_id": "lhins-00000one"}])
    found.seed({"fleets": [{**LH, "count": 2}]})
    assert len(instances(found)) == 3
    found.reset()
    assert list(instances(found)) == ["lhins-00000one"]


def test_resources_belong_to_the_vendors_first_account_unless_told_otherwise() -> None:
    found = emulator(instances=[LH, {**LH, "account_id": "2"}, ECS])
    assert [instance["account_id"] for instance in found.state()["instances"]] == ["1", "2", "3"]


KEY = {**LH, "key_id": "lhkp-f7rjie1q", "name": "deploy"}


@pytest.mark.parametrize(
    ("seed", "field"),
    [
        ([], "seed"),
        ({"machines": []}, "machines"),
        ({"instances": {}}, "instances"),
        ({"instances": ["x"]}, r"instances\[0\]"),
        ({"instances": [{"region": "x"}]}, r"instances\[0\]\.provider"),
        ({"instances": [{"provider": "tencent_lighthouse"}]}, r"instances\[0\]\.region"),
        ({"instances": [{**LH, "colour": "red"}]}, r"instances\[0\]\.colour"),
        ({"instances": [{**LH, "instance_id": "ins-00000one"}]}, r"instances\[0\]\.instance_id"),
        ({"instances": [{**LH, "instance_id": "lhins-1"}]}, r"instances\[0\]\.instance_id"),
        ({"instances": [{**LH, "instance_id": "lhins-00000one"}] * 2}, r"instances\[1\]\.instance_id"),
        ({"instances": [{**LH, "state": "Running"}]}, r"instances\[0\]\.state"),
        ({"instances": [{**ECS, "state": "RUNNING"}]}, r"instances\[0\]\.state"),
        ({"instances": [{**LH, "platform": "plan9"}]}, r"instances\[0\]\.platform"),
        ({"instances": [{**LH, "password": "yes"}]}, r"instances\[0\]\.password"),
        ({"instances": [{**LH, "tags": {"a": 1}}]}, r"instances\[0\]\.tags\.a"),
        ({"instances": [{**LH, "key_pairs": ["lhkp-f7rjie1q"]}]}, r"instances\[0\]\.key_pairs\[0\]"),
        ({"instances": [{**LH, "account_id": "9"}]}, r"instances\[0\]\.account_id"),
        (
            {
                "key_pairs": [{**ECS, "name": "a"}, {**ECS, "name": "b"}],
                "instances": [{**ECS, "key_pairs": ["a", "b"]}],
            },
            r"instances\[0\]\.key_pairs",
        ),
        ({"key_pairs": [{**LH, "key_id": "skey-f7rjie1q", "name": "x"}]}, r"key_pairs\[0\]\.key_id"),
        ({"key_pairs": [{**LH, "key_id": "lhkp-f7rjie1q"}]}, r"key_pairs\[0\]\.name"),
        ({"key_pairs": [KEY, {**KEY, "name": "other"}]}, r"key_pairs\[1\]\.name"),
        ({"key_pairs": [KEY, {**KEY, "key_id": "lhkp-00000two"}]}, r"key_pairs\[1\]\.name"),
        ({"fleets": [LH]}, r"fleets\[0\]\.count"),
        ({"fleets": [{**LH, "count": 1, "name": "x"}]}, r"fleets\[0\]\.name"),
        ({"accounts": [{"vendor": "aws", "account_id": "1"}]}, r"accounts\[0\]\.vendor"),
        ({"accounts": [{"vendor": "tencent"}]}, r"accounts\[0\]\.account_id"),
        ({"accounts": [{**ACCOUNTS[0], "access_keys": [{"id": "A"}]}]}, r"accounts\[0\]\.access_keys\[0\]\.secret"),
        (
            {"accounts": [{**ACCOUNTS[0], "access_keys": [{"id": "A", "secret": "s", "read_only": 1}]}]},
            r"accounts\[0\]\.access_keys\[0\]\.read_only",
        ),
        ({"accounts": [{**ACCOUNTS[0], "roles": [{"read_only": True}]}]}, r"accounts\[0\]\.roles\[0\]\.name"),
    ],
)
def test_bad_seeds_name_the_member_and_add_nothing(seed: Any, field: str) -> None:
    found = emulator(instances=[{**CVM, "instance_id": "ins-00000one"}])
    before = deepcopy(found.state())
    extra = {"fleets": [{**LH, "count": 1}], **seed} if isinstance(seed, dict) else seed
    with pytest.raises(ControlError, match=f"^{field}:"):
        found.seed(extra)
    assert found.state() == before


def test_without_an_account_nothing_can_be_owned() -> None:
    with pytest.raises(ControlError, match=r"^accounts:"):
        Emulator(seed={"instances": [LH]})


def test_twenty_thousand_instances_are_there_in_seconds() -> None:
    key = {**CVM, "key_id": "skey-00000key", "name": "deploy"}
    fleet = {**CVM, "count": 20_000, "key_pairs": ["skey-00000key"]}
    start = time.process_time()
    found = emulator(key_pairs=[key], fleets=[fleet])
    assert time.process_time() - start < 5
    assert len(found.state()["instances"]) == 20_000
