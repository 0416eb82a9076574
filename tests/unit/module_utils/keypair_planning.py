# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Short words for the tests of the plan for one key pair: what is seen and wanted, and the plan in words."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.keyfleet.cloud.emulator.rsa_keys import placeholder_public_key
from ansible_collections.keyfleet.cloud.plugins.module_utils._capabilities import KeyPairRules
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import KeyPair
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.keypair_model import (
    KeyFile,
    KeyPairPlan,
    Wish,
    temporary_name,
)
from ansible_collections.keyfleet.cloud.plugins.module_utils._public_key import parse_public_key
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.planning import CVM, ECS, LIGHTHOUSE

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
