# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may be asked of key pairs: names, public keys and tags are checked before anything is sent."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.keyfleet.cloud.emulator.rsa_keys import openssh_line
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import InputError
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan import keypair_validation as validation
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.keypair_model import temporary_name
from ansible_collections.keyfleet.cloud.plugins.module_utils._providers._registry import PROVIDERS
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.keypair_planning import KEYS, LINES, PATH
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.planning import CVM, ECS, LIGHTHOUSE
from hypothesis import given
from hypothesis import strategies as st

LEGACY = PROVIDERS["tencent_cvm_legacy"].capabilities


@given(st.text(min_size=1, max_size=128))
def test_the_temporary_name_is_valid_everywhere_and_never_the_name_itself(name: str) -> None:
    for capabilities in (LIGHTHOUSE, CVM, LEGACY, ECS):
        validation.validate_name(temporary_name(name), capabilities)
    assert temporary_name(name) == temporary_name(name) != name


MALFORMED = [
    (LIGHTHOUSE, ""),
    (LIGHTHOUSE, "de-ploy"),
    (CVM, "d" * 26),
    (CVM, "skey-00000000"),
    (LEGACY, "de ploy"),
    (ECS, "d"),
    (ECS, "1deploy"),
    (ECS, "http://deploy"),
    (ECS, "d" * 129),
    (ECS, "deploy\n"),
]


@pytest.mark.parametrize(("capabilities", "name"), MALFORMED)
def test_names_are_checked_before_anything_is_sent(capabilities: t.Any, name: str) -> None:
    with pytest.raises(InputError, match="name is malformed"):
        validation.validate_name(name, capabilities)


ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
ECDSA = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAAAEAAAAAA=="


@pytest.mark.parametrize(
    ("capabilities", "text", "told"),
    [
        *((every, ED25519, "ssh-ed25519") for every in (LIGHTHOUSE, CVM, LEGACY, ECS)),
        *((every, ECDSA, "ecdsa-sha2-nistp256") for every in (LIGHTHOUSE, CVM, LEGACY)),
        (ECS, openssh_line(1 << 767 | 1), "768 bits"),
        (ECS, "nonsense", "malformed"),
        (ECS, "-----BEGIN RSA PRIVATE KEY-----", "private key"),
    ],
)
def test_public_keys_are_checked_before_anything_is_sent(capabilities: t.Any, text: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        validation.validate_public_key(text, capabilities)

    assert told in caught.value.info.message
    assert caught.value.info.hint


def test_what_a_provider_takes_passes() -> None:
    assert validation.validate_public_key(ECDSA, ECS).type == "ecdsa-sha2-nistp256"
    assert validation.validate_public_key(LINES["new"], LIGHTHOUSE) == KEYS["new"]


@pytest.mark.parametrize(("bits", "warned"), [(1024, True), (2047, True), (2048, False), (4096, False)])
def test_a_weak_key_is_taken_with_a_warning(bits: int, warned: bool) -> None:
    key = validation.validate_public_key(openssh_line(1 << bits - 1 | 1), CVM)

    assert bool(validation.weakness(key)) is warned


@pytest.mark.parametrize(
    ("capabilities", "tags", "told"),
    [
        (LEGACY, {"env": "prod"}, "not supported"),
        (LIGHTHOUSE, {f"k{number}": "v" for number in range(11)}, "10 at most"),
        (ECS, {f"k{number}": "v" for number in range(21)}, "20 at most"),
        (CVM, {"qcs:env": "prod"}, "qcs:env"),
        (ECS, {"acs:env": "prod"}, "acs:env"),
        (ECS, {"": "prod"}, "cannot be used"),
        (ECS, {"env": {"nested": 1}}, "env"),
    ],
)
def test_tags_are_checked_before_anything_is_sent(capabilities: t.Any, tags: dict[str, t.Any], told: str) -> None:
    with pytest.raises(InputError) as caught:
        validation.validate_tags(tags, capabilities)

    assert told in caught.value.info.message


def test_tags_become_texts() -> None:
    assert validation.validate_tags({"a": 1, "b": None, "c": "x"}, ECS) == {"a": "1", "b": "", "c": "x"}
    assert validation.validate_tags(None, LEGACY) is None
    assert validation.validate_tags({}, LEGACY) == {}


def test_a_new_key_comes_from_one_place() -> None:
    with pytest.raises(InputError, match="exclude each other"):
        validation.validate_sources("ssh-rsa AAAA", PATH)
    validation.validate_sources(None, PATH)
    validation.validate_sources("ssh-rsa AAAA", None)
