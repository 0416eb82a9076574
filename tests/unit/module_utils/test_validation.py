# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bad input is found before anything is sent."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._capabilities import Capabilities
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import InputError
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import Desired
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.validation import split_list, validate
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.planning import CVM, ECS, LIGHTHOUSE

GOOD: t.Mapping[str, tuple[Capabilities, str, str]] = {
    "tencent_lighthouse": (LIGHTHOUSE, "lhkp-f7rjie1q", "lhins-ruy9d2tw"),
    "tencent_cvm": (CVM, "skey-4e5ty7i8", "ins-1e4r6y8i"),
    "alibaba_ecs": (ECS, "deploy", "i-bp1d6tsvznfghy7yaaaa"),
}


@pytest.mark.parametrize("name", GOOD)
def test_good_input_passes(name: str) -> None:
    capabilities, key, instance_id = GOOD[name]
    validate(Desired((key,), (instance_id,)), capabilities)
    validate(Desired(("deploy_2026",), (), state="absent"), capabilities)


def test_alibaba_names_may_be_chinese() -> None:
    validate(Desired(("密钥-2026",), ("i-bp1d6tsvznfghy7yaaaa",)), ECS)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("tencent_lighthouse", {"username": "ubuntu"}, "username needs association_type=online"),
        (
            "tencent_lighthouse",
            {"username": "ubuntu", "association_type": "offline"},
            "username needs association_type=online",
        ),
        ("alibaba_ecs", {"association_type": "online"}, "association_type is not supported by alibaba_ecs"),
        ("tencent_cvm", {"association_type": "offline"}, "association_type is not supported by tencent_cvm"),
        ("tencent_cvm", {"username": "ubuntu"}, "username is not supported by tencent_cvm"),
        ("alibaba_ecs", {"key_pairs": ("one", "two")}, "binds 1 key pair to an instance, but key_pairs has 2"),
        ("tencent_cvm", {"key_pairs": ()}, "key_pairs is empty"),
        ("tencent_cvm", {"exclusive": True, "state": "absent"}, "exclusive goes with state=present only"),
        ("tencent_cvm", {"instance_ids": ("ins-1122",)}, "instance_ids has malformed entries: ins-1122"),
        ("tencent_cvm", {"instance_ids": ("lhins-ruy9d2tw",)}, "instance_ids has malformed entries"),
        ("tencent_lighthouse", {"instance_ids": ("lhins-RUY9D2TW",)}, "instance_ids has malformed entries"),
        ("alibaba_ecs", {"instance_ids": ("ins-1e4r6y8i",)}, "instance_ids has malformed entries"),
        ("alibaba_ecs", {"instance_ids": ("i-bp1 ",)}, "instance_ids has malformed entries"),
        ("tencent_cvm", {"key_pairs": ("skey-1122",)}, "key_pairs has malformed entries: skey-1122"),
        ("tencent_cvm", {"key_pairs": ("lhkp-f7rjie1q",)}, "key_pairs has malformed entries"),
        ("alibaba_ecs", {"key_pairs": ("https://x",)}, "key_pairs has malformed entries"),
        ("alibaba_ecs", {"key_pairs": ("1st",)}, "key_pairs has malformed entries"),
        (
            "tencent_cvm",
            {"instance_ids": ("ins-1e4r6y8i", "ins-1e4r6y8i")},
            "instance_ids has entries that occur twice: ins-1e4r6y8i",
        ),
        ("tencent_cvm", {"key_pairs": ("deploy", "deploy")}, "key_pairs has entries that occur twice: deploy"),
    ],
)
def test_bad_input(name: str, options: dict[str, t.Any], message: str) -> None:
    capabilities, key, instance_id = GOOD[name]
    desired = Desired(**{"key_pairs": (key,), "instance_ids": (instance_id,), **options})
    with pytest.raises(InputError, match=message):
        validate(desired, capabilities)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["a", "b"], ("a", "b")),
        (["a\nb\n"], ("a", "b")),
        (["a, b", "c\n\n d "], ("a", "b", "c", "d")),
        ([""], ()),
        ([], ()),
        (None, ()),
    ],
)
def test_lists_come_as_text_too(given: list[str] | None, expected: tuple[str, ...]) -> None:
    assert split_list(given) == expected
