# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan for one key pair, as tables: what is seen, what is wanted, what is done or why nothing is."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest
from ansible_collections.keyfleet.cloud.emulator.rsa_keys import openssh_line, placeholder_public_key
from ansible_collections.keyfleet.cloud.plugins.module_utils._capabilities import KeyPairRules
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import InputError
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import ErrorInfo, KeyPair
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan import keypair_validation as validation
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.keypair import plan_key_pair
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.keypair_model import (
    KeyFile,
    KeyPairPlan,
    Seen,
    Wish,
    temporary_name,
)
from ansible_collections.keyfleet.cloud.plugins.module_utils._providers._registry import PROVIDERS
from ansible_collections.keyfleet.cloud.plugins.module_utils._public_key import parse_public_key
from hypothesis import given
from hypothesis import strategies as st

LIGHTHOUSE, CVM, LEGACY, ECS = (
    PROVIDERS[name].capabilities for name in ("tencent_lighthouse", "tencent_cvm", "tencent_cvm_legacy", "alibaba_ecs")
)
RULES: dict[str, KeyPairRules] = {
    "fixed": LIGHTHOUSE.key_pair_rules,
    "renames": CVM.key_pair_rules,
    "twice": ECS.key_pair_rules,
}
LINES = {name: placeholder_public_key(name) for name in ("new", "old", "other")}
KEYS = {name: parse_public_key(line) for name, line in LINES.items()}
ASIDE = temporary_name("deploy")
PATH = "/keys/deploy.pem"

everywhere = pytest.mark.parametrize("rules", RULES.values(), ids=RULES)


def pair(key: str, name: str = "deploy", **fields: t.Any) -> KeyPair:
    return KeyPair(f"id-{name}-{key}", name, (), LINES[key], **fields)


def file(key: str | None = None, **fields: t.Any) -> KeyFile:
    return KeyFile(PATH, exists=key is not None, public_key=KEYS.get(key or ""), **fields)


def wish(key: str | None = None, **fields: t.Any) -> Wish:
    return Wish("deploy", public_key=KEYS[key] if key else None, **fields)


def steps(plan: KeyPairPlan) -> list[str]:
    """Return the steps in words, such as ``rename deploy to x`` or ``import deploy``."""
    assert plan.error is None, plan.error
    return [
        f"rename {step.key_pair.name} to {step.name}"
        if step.kind == "rename" and step.key_pair
        else f"{step.kind} {step.name}"
        for step in plan.steps
    ]


def code(plan: KeyPairPlan) -> str:
    """Return why nothing is done."""
    assert plan.error is not None
    assert plan.error.hint
    assert (plan.steps, plan.diff, plan.before) == ((), [], plan.after)
    return plan.error.code


@everywhere
@pytest.mark.parametrize(
    ("wanted", "existing"),
    [
        (wish("new"), pair("new")),
        (wish("new", replace=True), pair("new")),
        (wish(file=file("new")), pair("new")),
        (wish(), pair("old")),
        (wish(tags={"env": "prod"}), pair("old", tags={"env": "prod", "team": "a"})),
        (wish(state="absent"), None),
        (wish("new", state="absent"), None),
    ],
)
def test_what_is_as_wanted_is_left_alone(rules: KeyPairRules, wanted: Wish, existing: KeyPair | None) -> None:
    plan = plan_key_pair(wanted, Seen(existing), rules)

    assert steps(plan) == []
    assert plan.diff == []
    assert plan.after == existing


@everywhere
@pytest.mark.parametrize(
    ("wanted", "seen", "expected"),
    [
        (wish("new"), Seen(), ["import deploy"]),
        (wish("new", replace=True), Seen(), ["import deploy"]),
        (wish(file=file()), Seen(), ["create deploy"]),
        (wish(state="absent"), Seen(pair("old")), ["delete deploy"]),
        (wish("old", state="absent"), Seen(pair("old")), ["delete deploy"]),
    ],
)
def test_what_differs_is_done_in_one_step(rules: KeyPairRules, wanted: Wish, seen: Seen, expected: list[str]) -> None:
    plan = plan_key_pair(wanted, seen, rules)

    assert steps(plan) == expected
    assert len(plan.diff) == 1


REFUSED: list[tuple[Wish, Seen, str]] = [
    (wish(), Seen(), "KeyMaterialMissing"),
    (wish(tags={"env": "prod"}), Seen(), "KeyMaterialMissing"),
    (wish("new"), Seen(pair("old")), "KeyPairDiffers"),
    (wish("new"), Seen(dataclasses.replace(pair("old"), public_key=None)), "PublicKeyUnknown"),
    (wish("new", replace=True), Seen(dataclasses.replace(pair("old"), public_key=None)), "PublicKeyUnknown"),
    (wish("new"), Seen(twins=(pair("new", "other"),)), "PublicKeyTaken"),
    (wish("new"), Seen(twins=(pair("new", ASIDE),)), "PublicKeyTaken"),
    (wish(file=file("new")), Seen(), "PrivateKeyFileExists"),
    (wish(file=file("new"), replace=True), Seen(), "PrivateKeyFileExists"),
    (wish(file=file("new")), Seen(pair("old")), "PrivateKeyFileDiffers"),
    (wish(file=file("new"), replace=True), Seen(pair("old")), "PrivateKeyFileDiffers"),
    (wish(file=file()), Seen(pair("old")), "PrivateKeyFileMissing"),
    (wish(file=file(problem=ErrorInfo("NotWritable", "no", "hint"))), Seen(), "NotWritable"),
    (wish(state="absent"), Seen(pair("old"), holders=("i-1",)), "KeyPairInUse"),
    (wish("new", state="absent"), Seen(pair("old")), "KeyPairDiffers"),
]


@everywhere
@pytest.mark.parametrize(("wanted", "seen", "expected"), REFUSED)
def test_what_cannot_be_done_is_refused_with_a_reason(
    rules: KeyPairRules, wanted: Wish, seen: Seen, expected: str
) -> None:
    assert code(plan_key_pair(wanted, seen, rules)) == expected


def test_the_instances_of_a_key_pair_in_use_are_listed() -> None:
    plan = plan_key_pair(wish(state="absent"), Seen(pair("old"), holders=("i-1", "i-2")), RULES["fixed"])

    assert plan.error is not None
    assert "i-1, i-2" in plan.error.message
    assert plan.after is not None
    assert plan.after.as_dict()["instance_ids"] == ["i-1", "i-2"]


def test_the_other_name_of_a_public_key_is_told() -> None:
    plan = plan_key_pair(wish("new"), Seen(twins=(pair("new", "other"),)), RULES["twice"])

    assert plan.error is not None
    assert "other (id-other-new)" in plan.error.message


def test_a_file_that_cannot_be_read_is_taken_for_right_with_a_warning() -> None:
    plan = plan_key_pair(wish(file=KeyFile(PATH, exists=True)), Seen(pair("old")), RULES["fixed"])

    assert steps(plan) == []
    assert PATH in plan.warnings[0]


REPLACING: list[tuple[str, Wish, Seen, list[str]]] = [
    (
        "renames",
        wish("new", replace=True),
        Seen(pair("old")),
        [f"rename deploy to {ASIDE}", "import deploy", f"delete {ASIDE}"],
    ),
    (
        "renames",
        wish(file=file(), replace=True),
        Seen(pair("old")),
        [f"rename deploy to {ASIDE}", "create deploy", f"delete {ASIDE}"],
    ),
    # interrupted after the rename, after the import; another replacement after that
    ("renames", wish("new", replace=True), Seen(aside=pair("old", ASIDE)), ["import deploy", f"delete {ASIDE}"]),
    ("renames", wish("new", replace=True), Seen(pair("new"), aside=pair("old", ASIDE)), [f"delete {ASIDE}"]),
    (
        "renames",
        wish("new", replace=True),
        Seen(pair("other"), aside=pair("old", ASIDE)),
        [f"delete {ASIDE}", f"rename deploy to {ASIDE}", "import deploy", f"delete {ASIDE}"],
    ),
    # the key that was set aside is wanted back
    (
        "renames",
        wish("old", replace=True),
        Seen(pair("new"), aside=pair("old", ASIDE), twins=(pair("old", ASIDE),)),
        ["delete deploy", f"rename {ASIDE} to deploy"],
    ),
    (
        "renames",
        wish("old", replace=True),
        Seen(aside=pair("old", ASIDE), twins=(pair("old", ASIDE),)),
        [f"rename {ASIDE} to deploy"],
    ),
    (
        "twice",
        wish("new", replace=True),
        Seen(pair("old")),
        [f"import {ASIDE}", "delete deploy", "import deploy", f"delete {ASIDE}"],
    ),
    (
        "twice",
        wish(file=file(), replace=True),
        Seen(pair("old")),
        [f"create {ASIDE}", "delete deploy", "import deploy", f"delete {ASIDE}"],
    ),
    # interrupted after the first, the second, the third step
    (
        "twice",
        wish("new", replace=True),
        Seen(pair("old"), aside=pair("new", ASIDE), twins=(pair("new", ASIDE),)),
        ["delete deploy", "import deploy", f"delete {ASIDE}"],
    ),
    (
        "twice",
        wish("new", replace=True),
        Seen(aside=pair("new", ASIDE), twins=(pair("new", ASIDE),)),
        ["import deploy", f"delete {ASIDE}"],
    ),
    ("twice", wish("new", replace=True), Seen(pair("new"), aside=pair("new", ASIDE)), [f"delete {ASIDE}"]),
    # the same with a private key that is on the disk already
    (
        "twice",
        wish(file=file("new"), replace=True),
        Seen(pair("old"), aside=pair("new", ASIDE)),
        ["delete deploy", "import deploy", f"delete {ASIDE}"],
    ),
    (
        "twice",
        wish(file=file("new"), replace=True),
        Seen(aside=pair("new", ASIDE)),
        ["import deploy", f"delete {ASIDE}"],
    ),
    # the cloud had made a key, and its private key was never saved
    (
        "twice",
        wish(file=file(), replace=True),
        Seen(pair("old"), aside=pair("other", ASIDE)),
        [f"delete {ASIDE}", f"create {ASIDE}", "delete deploy", "import deploy", f"delete {ASIDE}"],
    ),
]


@pytest.mark.parametrize(("rules", "wanted", "seen", "expected"), REPLACING)
def test_a_replacement_begins_or_goes_on(rules: str, wanted: Wish, seen: Seen, expected: list[str]) -> None:
    assert steps(plan_key_pair(wanted, seen, RULES[rules])) == expected


def test_where_no_safe_order_exists_nothing_is_replaced() -> None:
    assert code(plan_key_pair(wish("new", replace=True), Seen(pair("old")), RULES["fixed"])) == "ReplaceUnsupported"


@pytest.mark.parametrize("rules", ["renames", "twice"])
@pytest.mark.parametrize(
    "seen",
    [
        Seen(pair("old"), holders=("i-1",)),
        Seen(pair("old"), aside=pair("other", ASIDE), aside_holders=("i-1",)),
        Seen(aside=pair("new", ASIDE), aside_holders=("i-1",)),
    ],
    ids=["the old one", "a leftover", "the new one under its temporary name"],
)
def test_nothing_that_is_bound_is_replaced(rules: str, seen: Seen) -> None:
    assert code(plan_key_pair(wish("new", replace=True), seen, RULES[rules])) == "KeyPairInUse"


@pytest.mark.parametrize("rules", ["renames", "twice"])
def test_a_key_of_another_name_replaces_nothing(rules: str) -> None:
    seen = Seen(pair("old"), twins=(pair("new", "other"),))

    assert code(plan_key_pair(wish("new", replace=True), seen, RULES[rules])) == "PublicKeyTaken"


def test_a_leftover_that_somebody_bound_stays() -> None:
    seen = Seen(pair("new"), aside=pair("old", ASIDE), aside_holders=("i-1",))

    assert steps(plan_key_pair(wish("new", replace=True), seen, RULES["renames"])) == []


@pytest.mark.parametrize("rules", ["renames", "twice"])
def test_tags_move_to_the_new_key_but_for_the_vendor_s_own(rules: str) -> None:
    reserved = RULES[rules].reserved_tag_prefixes[0]
    existing = pair("old", tags={"team": "a", "env": "test", f"{reserved}x": "1"})

    plan = plan_key_pair(wish("new", replace=True, tags={"env": "prod"}), Seen(existing), RULES[rules])

    made = [step.tags for step in plan.steps if step.kind == "import"]
    assert made == [{"team": "a", "env": "prod"}] * len(made)
    assert made
    assert plan.after is not None
    assert plan.after.tags == {"team": "a", "env": "prod"}


@everywhere
def test_tags_of_what_exists_change_where_the_api_can(rules: KeyPairRules) -> None:
    plan = plan_key_pair(wish(tags={"env": "prod", "team": "a"}), Seen(pair("old", tags={"team": "a"})), rules)

    if rules.tags == "changeable":
        assert steps(plan) == ["tag deploy"]
        assert plan.steps[0].tags == {"env": "prod"}
        assert plan.after is not None
        assert plan.after.tags == {"team": "a", "env": "prod"}
    else:
        assert code(plan) == "TagsNotChangeable"


def test_the_diff_shows_name_key_and_tags() -> None:
    plan = plan_key_pair(wish("new", replace=True), Seen(pair("old", tags={"b": "2", "a": "1"})), RULES["renames"])
    created = plan_key_pair(wish(file=file()), Seen(), RULES["fixed"])

    tags = "tags:\n  a: 1\n  b: 2\n"
    assert plan.diff == [
        {
            "before_header": "deploy",
            "after_header": "deploy",
            "before": f"name: deploy\npublic_key: {LINES['old']}\n{tags}",
            "after": f"name: deploy\npublic_key: {LINES['new']}\n{tags}",
        }
    ]
    assert created.diff[0]["after"] == "name: deploy\npublic_key: (made by the cloud)\n"


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
