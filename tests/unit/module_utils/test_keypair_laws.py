# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Laws of replacing a key pair: whenever it is interrupted, a key is there, and the next run finishes it.

The plan's steps are carried out on a small model of a cloud, up to any point; then the task runs again.
"""

from __future__ import annotations

import dataclasses

from ansible_collections.keyfleet.cloud.emulator.rsa_keys import placeholder_public_key
from ansible_collections.keyfleet.cloud.plugins.module_utils._capabilities import KeyPairRules
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import KeyPair
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.keypair import plan_key_pair
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.keypair_model import (
    KeyFile,
    KeyPairPlan,
    Seen,
    Step,
    Wish,
    temporary_name,
)
from ansible_collections.keyfleet.cloud.plugins.module_utils._providers._registry import PROVIDERS
from ansible_collections.keyfleet.cloud.plugins.module_utils._public_key import PublicKey, parse_public_key
from hypothesis import given
from hypothesis import strategies as st

ALL_RULES = {name: found.capabilities.key_pair_rules for name, found in PROVIDERS.items()}
NAME, ASIDE = "deploy", temporary_name("deploy")
NEW, OLD, OLDER, MADE = (
    parse_public_key(placeholder_public_key(name)) for name in ("new", "old", "older", "made by the cloud")
)


@dataclasses.dataclass
class Cloud:
    """Names and their public keys, and whether the private key of MADE is on the disk."""

    rules: KeyPairRules
    keys: dict[str, PublicKey]
    saved: bool = False

    def seen(self, wish: Wish) -> Seen:
        pairs = {name: KeyPair(f"id-{name}", name, (), key.line) for name, key in self.keys.items()}
        twins = tuple(pair for name, pair in sorted(pairs.items()) if name != NAME and self.keys[name] == wish.key)
        staged = wish.replace and (self.rules.can_rename or self.rules.same_key_twice)
        return Seen(pairs.get(NAME), aside=pairs.get(ASIDE) if staged else None, twins=twins if wish.public_key else ())

    def file(self) -> KeyFile:
        return KeyFile("/keys/deploy.pem", exists=self.saved, public_key=MADE if self.saved else None)

    def do(self, step: Step) -> None:
        if step.kind in ("create", "import"):
            key = MADE if step.kind == "create" or step.key is None else step.key
            assert step.name not in self.keys, "names are unique"
            assert self.rules.same_key_twice or key not in self.keys.values(), "so are keys, but for some"
            self.keys[step.name] = key
            self.saved = self.saved or step.kind == "create"
        elif step.kind == "rename":
            assert self.rules.can_rename
            assert step.key_pair is not None
            assert step.name not in self.keys
            former = ASIDE if step.name == NAME else NAME
            self.keys[step.name] = self.keys.pop(former)
        else:
            assert step.kind == "delete"
            del self.keys[step.name]


@st.composite
def clouds(draw: st.DrawFn) -> Cloud:
    """A cloud in which the name is free or taken, perhaps with what an interrupted replacement left."""
    rules = draw(st.sampled_from(list(ALL_RULES.values())))
    keys = {NAME: draw(st.sampled_from([OLD, NEW]))} if draw(st.booleans()) else {}
    staged = rules.can_rename or rules.same_key_twice
    left = [key for key in (OLDER, NEW) if rules.same_key_twice or key not in keys.values()]
    if staged and draw(st.booleans()):
        keys[ASIDE] = draw(st.sampled_from(left))
    return Cloud(rules, keys)


def plan_for(cloud: Cloud, imports: bool) -> KeyPairPlan:
    wish = Wish(NAME, public_key=NEW if imports else None, file=None if imports else cloud.file(), replace=True)
    return plan_key_pair(wish, cloud.seen(wish), cloud.rules)


@given(clouds(), st.booleans(), st.lists(st.integers(0, 5), max_size=3))
def test_an_interrupted_replacement_is_finished_by_the_next_run(
    cloud: Cloud, imports: bool, interruptions: list[int]
) -> None:
    wanted = NEW if imports else MADE
    started = dict(cloud.keys)
    for most in interruptions:
        carry_out(cloud, plan_for(cloud, imports), wanted, most)
    plan = plan_for(cloud, imports)
    if plan.error is not None:
        assert cloud.keys == started, "a refusal comes before the first write, never in the middle"
        assert not cloud.rules.can_rename
        assert not cloud.rules.same_key_twice
        return

    carry_out(cloud, plan, wanted, len(plan.steps))

    assert cloud.keys == {NAME: wanted}
    again = plan_for(cloud, imports)
    assert (again.steps, again.error, again.diff) == ((), None, [])


def carry_out(cloud: Cloud, plan: KeyPairPlan, wanted: PublicKey, most: int) -> None:
    """Do some steps. The key that has the name may go only while the wanted one is there."""
    for step in plan.steps[:most]:
        former = cloud.keys.get(NAME)
        cloud.do(step)
        assert former is None or former in cloud.keys.values() or wanted in cloud.keys.values()
