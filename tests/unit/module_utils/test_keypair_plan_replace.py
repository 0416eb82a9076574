# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan for replacing a key pair, as tables: its steps, how an interrupted one goes on, and what forbids it."""

from __future__ import annotations

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.keypair import plan_key_pair
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.keypair_model import Seen, Wish
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.keypair_planning import (
    ASIDE,
    RULES,
    code,
    file,
    pair,
    steps,
    wish,
)

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
