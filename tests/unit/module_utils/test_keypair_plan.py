# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan for one key pair, as tables: what is seen, what is wanted, what is done or why nothing is."""

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._capabilities import KeyPairRules
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import ErrorInfo, KeyPair
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.keypair import plan_key_pair
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.keypair_model import KeyFile, Seen, Wish
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.keypair_planning import (
    ASIDE,
    LINES,
    PATH,
    RULES,
    code,
    everywhere,
    file,
    pair,
    steps,
    wish,
)


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
