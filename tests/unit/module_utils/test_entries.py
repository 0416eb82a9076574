# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Specifies how the entries of ``bindings`` are read, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import InputError
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.entries import of_state, secrets_in
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.rollout_model import Login, Place
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.rollout import CVM, DB, WEB, entry, parsed


def test_a_complete_entry() -> None:
    (found,) = parsed(
        entry(
            name="deploy key on the web tier",
            provider="tencent_lighthouse",
            key_pairs=["deploy", "lhkp-f7rjie1q"],
            instance_ids=["lhins-ruy9d2tw"],
            instances={"names": ["web-*"], "tags": {"tier": "web"}, "states": ["running"], "query": "[?zone=='a']"},
            exclusive=True,
            association_type="online",
            username="ubuntu",
            logins={"lhins-ruy9d2tw": {"host": "203.0.113.7", "port": "2222", "user": "ops"}},
            profile="prod",
            validate_certs=False,
        )
    )
    assert found.label == "entry 1 (deploy key on the web tier)"
    assert found.place == Place("tencent_lighthouse", "ap-guangzhou", (("profile", "prod"), ("validate_certs", False)))
    assert found.key_pairs == ("deploy", "lhkp-f7rjie1q")
    assert found.instance_ids == ("lhins-ruy9d2tw",)
    assert found.selector is not None
    assert found.selector.filters.names == ("web-*",)
    assert (found.state, found.exclusive, found.association_type) == ("present", True, "online")
    assert (found.username, found.logins["lhins-ruy9d2tw"]) == ("ubuntu", Login("203.0.113.7", 2222, "ops"))


@pytest.mark.parametrize("bindings", [None, "", []])
def test_no_entries_are_fine(bindings: Any) -> None:
    assert parsed(*(bindings or [])) == ()


@pytest.mark.parametrize(
    "text", ["deploy,backup", "deploy, backup", "deploy\nbackup\n", ["deploy", "backup"], ["deploy,backup"]]
)
def test_lists_also_come_as_text(text: Any) -> None:
    assert parsed(entry(key_pairs=text))[0].key_pairs == ("deploy", "backup")
    ids = str(text).replace("deploy", WEB).replace("backup", DB) if isinstance(text, str) else [WEB, DB]
    assert parsed(entry(instance_ids=ids))[0].instance_ids == (WEB, DB)


@pytest.mark.parametrize("member", ["name", "username", "association_type", "instances", "logins", "profile", "state"])
def test_an_empty_text_counts_as_not_given(member: str) -> None:
    assert parsed(entry(**{member: ""})) == parsed(entry())


@pytest.mark.parametrize("word", ["true", "yes", "on", "1", True])
def test_truth_values_also_come_as_text(word: Any) -> None:
    assert parsed(entry(exclusive=word))[0].exclusive


@pytest.mark.parametrize("instance_ids", [[], ""])
def test_without_instances_an_entry_means_nothing(instance_ids: Any) -> None:
    assert parsed(entry(instance_ids=instance_ids))[0].means_nothing


def test_the_task_says_what_entries_leave_out() -> None:
    bare = entry(provider=None, region=None)
    defaults = {"provider": "tencent_cvm", "region": "ap-guangzhou", "connection": {"profile": "prod"}}
    assert parsed(bare, **defaults)[0].place == Place("tencent_cvm", "ap-guangzhou")
    assert parsed(entry(), provider="alibaba_ecs", region="cn-hangzhou")[0].place == Place(**CVM)
    assert parsed(bare, **defaults, state="absent")[0].state == "absent"
    assert parsed(entry(state="present"), state="absent")[0].state == "present"


def test_repeating_the_task_makes_no_place_of_its_own() -> None:
    same = parsed(entry(profile="prod", api_timeout="30"), entry(), connection={"profile": "prod", "api_timeout": 30})
    assert same[0].place == same[1].place


def test_entries_of_another_state_are_left_alone() -> None:
    entries = parsed(entry(), entry(state="present"), entry(state="absent"), state="absent")
    kept, left = of_state(entries, "absent")
    assert [one.number for one in kept] == [1, 3]
    assert [one.number for one in left] == [2]
    assert of_state(entries, None) == (list(entries), [])


def test_secrets_are_found_to_be_hidden() -> None:
    assert secrets_in([entry(access_key_id="AKIDEXAMPLE", secret_key="example-secret"), "x"]) == ("example-secret",)


WRONG = {
    "a typo": (entry(keypairs="deploy"), "Entry 1: unknown member keypairs."),
    "no dictionary": ("deploy", "Entry 1: it is no dictionary, but a text."),
    "no provider": (entry(provider=None), "Entry 1: provider is missing."),
    "an unknown provider": (entry(provider="aws"), "Entry 1: provider is 'aws', which is none of alibaba_ecs, "),
    "no instances at all": (entry(instance_ids=None), "Entry 1: nothing says which instances are meant."),
    "an empty selector": (entry(instances={"names": None}), "Entry 1, instances: nothing says which instances"),
    "a typo in a selector": (entry(instances={"name": "web"}), "Entry 1, instances: unknown member name."),
    "a selector that is a text": (entry(instances="web-*"), "Entry 1, instances: it is no dictionary, but a text."),
    "an unknown state": (entry(instances={"states": "on"}), "Entry 1, instances: states has unknown words: on."),
    "a malformed query": (entry(instances={"query": "[?"}), "Entry 1, instances: query is no JMESPath expression"),
    "tags where there are none": (
        entry(provider="tencent_cvm_legacy", instances={"tags": {"a": "b"}}),
        "Entry 1, instances: tags cannot be used with tencent_cvm_legacy",
    ),
    "no key pairs": (entry(key_pairs=[]), "Entry 1: key_pairs is empty."),
    "key pairs that are no list": (entry(key_pairs={"name": "a"}), "Entry 1: key_pairs is no list, but a dictionary."),
    "nested key pairs": (entry(key_pairs=[["a"]]), "Entry 1: key_pairs is no list of texts."),
    "malformed IDs": (entry(instance_ids="web-1"), "Entry 1: instance_ids has malformed entries: web-1."),
    "an ID twice": (entry(instance_ids=[WEB, WEB]), f"Entry 1: instance_ids has entries that occur twice: {WEB}."),
    "a key pair twice": (entry(key_pairs="a,a"), "Entry 1: key_pairs has entries that occur twice: a."),
    "an unknown wish": (entry(state="gone"), "Entry 1: state is 'gone', which is none of present, absent."),
    "exclusive and absent": (entry(state="absent", exclusive=True), "Entry 1: exclusive goes with state=present only"),
    "no truth value": (entry(exclusive="maybe"), "Entry 1: exclusive is neither true nor false, but a text."),
    "online elsewhere": (entry(association_type="online"), "Entry 1: association_type is not supported by tencent_cvm"),
    "two keys on Alibaba": (
        entry(provider="alibaba_ecs", key_pairs="one,two", instance_ids=[]),
        "Entry 1: alibaba_ecs binds 1 key pair to an instance, but key_pairs has 2.",
    ),
    "no number": (entry(api_retries="many"), "Entry 1: api_retries is no whole number, but a text."),
    "logins that are a list": (entry(logins=[WEB]), "Entry 1: logins is no dictionary."),
    "a typo in a login": (entry(logins={WEB: {"ip": "::1"}}), f"Entry 1, logins, {WEB}: unknown member ip."),
    "no TCP port": (entry(logins={WEB: {"port": 70000}}), f"Entry 1, logins, {WEB}: port is 70000, which is no TCP"),
    "its name": (entry(name="web tier", state="gone"), "Entry 1 (web tier): state is 'gone'"),
    **{
        f"a secret ({name})": (entry(**{name: "example"}), f"Entry 1: {name} must not stand in an entry")
        for name in ("access_key_id", "secret_id", "access_key_secret", "secret_key", "security_token", "token")
    },
}


@pytest.mark.parametrize(("wrong", "message"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named(wrong: Any, message: str) -> None:
    with pytest.raises(InputError) as failure:
        parsed(wrong)
    assert failure.value.info.message.startswith(message)
    assert "example" not in failure.value.info.message


def test_the_entry_is_named() -> None:
    with pytest.raises(InputError, match="Entry 2: key_pairs is empty"):
        parsed(entry(), entry(key_pairs=""))
