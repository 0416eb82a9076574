# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Another key under the same name, with the new key in the cloud before the old one goes.

An API that can rename sets the old key pair aside, makes the new one under the name, and deletes the old one. An API
that takes the same public key twice makes the new one under a temporary name first, and under the name once that is
free. Both use the same temporary name every time, so that the next run sees what an interrupted one has left, and goes
on from there.
"""

from __future__ import annotations

import typing as t

from .._capabilities import KeyPairRules
from .._models import KeyPair
from .keypair_model import Seen, Step, Wish

Tags = t.Mapping[str, str]


def replacement(wish: Wish, existing: KeyPair, seen: Seen, rules: KeyPairRules, tags: Tags) -> tuple[Step, ...]:
    """Return the steps from the old key to the new one; something useless under the temporary name goes first."""
    making: t.Literal["import", "create"] = "import" if wish.public_key else "create"
    if rules.can_rename:
        return (
            *cleanup(seen),
            Step("rename", wish.aside, existing),
            Step(making, wish.name, key=wish.public_key, tags=tags),
            Step("delete", wish.aside, existing),
        )
    return (
        *cleanup(seen),
        Step(making, wish.aside, key=wish.public_key, tags=tags),
        Step("delete", wish.name, existing),
        Step("import", wish.name, key=wish.public_key, tags=tags),
        Step("delete", wish.aside, KeyPair(wish.aside, wish.aside)),
    )


def resumed(wish: Wish, seen: Seen, rules: KeyPairRules, tags: Tags) -> tuple[Step, ...]:
    """Return the steps that are left when the new key is already there under the temporary name."""
    aside, existing = seen.aside, seen.existing
    if aside is None:
        return ()
    old = (Step("delete", wish.name, existing),) if existing else ()
    if rules.can_rename:
        return (*old, Step("rename", wish.name, aside))
    return (*old, Step("import", wish.name, key=wish.key, tags=tags), Step("delete", wish.aside, aside))


def cleanup(seen: Seen) -> tuple[Step, ...]:
    """Return the step that takes away what an interrupted replacement left; nothing that is bound."""
    if seen.aside is None or seen.aside_holders:
        return ()
    return (Step("delete", seen.aside.name, seen.aside),)
