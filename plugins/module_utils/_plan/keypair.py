# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The plan for one key pair: from what was seen to what is wanted, in steps that never leave the name without a way
back.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._capabilities import KeyPairRules
from .._models import ErrorInfo, Holder, KeyPair
from . import keypair_errors as errors
from .keypair_model import KeyPairPlan, Seen, Step, Wish, holds
from .keypair_replacement import cleanup, replacement, resumed


def plan_key_pair(wish: Wish, seen: Seen, rules: KeyPairRules) -> KeyPairPlan:
    """Return the plan. Pure: the same plan in check mode and in a run."""
    if wish.state == "absent":
        return _plan_absent(wish, seen)
    existing = seen.existing
    if existing is None:
        return _plan_new(wish, seen, rules)
    doubt = _doubt(wish, existing)
    if doubt is None:
        return _plan_kept(wish, existing, seen, rules)
    if wish.replace and doubt.code in ("KeyPairDiffers", "PrivateKeyFileMissing"):
        return _plan_replaced(wish, existing, seen, rules)
    if wish.replace and holds(seen.aside, wish.key):
        return _plan_replaced(wish, existing, seen, rules)
    return _refused(existing, doubt)


def _plan_absent(wish: Wish, seen: Seen) -> KeyPairPlan:
    existing = seen.existing
    if existing is None:
        return KeyPairPlan(before=None, after=None)
    if wish.public_key is not None and not holds(existing, wish.public_key):
        return _refused(existing, errors.not_deleted(existing))
    if seen.holders:
        return _refused(_held(existing, seen.holders), errors.in_use(existing, seen.holders, replacing=False))
    return KeyPairPlan(before=existing, after=None, steps=(Step("delete", existing.name, existing),))


def _doubt(wish: Wish, existing: KeyPair) -> ErrorInfo | None:
    """Say why the key pair is not the one that is asked for, or None when it is (or nobody asked)."""
    if wish.public_key is not None:
        if existing.public_key is None:
            return errors.not_shown(existing)
        return None if holds(existing, wish.public_key) else errors.differs(existing)
    if wish.file is None:
        return None
    if not wish.file.exists:
        return errors.file_missing(existing, wish.file.path)
    if wish.file.public_key is None or existing.public_key is None or holds(existing, wish.file.public_key):
        return None
    return errors.file_differs(existing, wish.file.path)


def _plan_kept(wish: Wish, existing: KeyPair, seen: Seen, rules: KeyPairRules) -> KeyPairPlan:
    """The key is right. What may be missing are tags; what may be left over is an interrupted replacement."""
    missing = {key: value for key, value in (wish.tags or {}).items() if existing.tags.get(key) != value}
    if missing and rules.tags != "changeable":
        return _refused(existing, errors.tags_fixed(existing, missing))
    after = dataclasses.replace(existing, tags={**existing.tags, **missing})
    steps = [Step("tag", existing.name, existing, tags=missing)] if missing else []
    return KeyPairPlan(existing, after, (*steps, *cleanup(seen)), warnings=_warnings(wish))


def _warnings(wish: Wish) -> tuple[str, ...]:
    if wish.file and wish.file.exists and wish.file.public_key is None:
        return (f"The private key in {wish.file.path} cannot be compared with the key pair {wish.name}.",)
    return ()


def _plan_new(wish: Wish, seen: Seen, rules: KeyPairRules) -> KeyPairPlan:
    tags = _tags(wish, seen.aside, rules)
    after = KeyPair("", wish.name, (), wish.key.line if wish.key else None, tags=tags)
    ready = wish.replace and holds(seen.aside, wish.key)
    error = _aside_in_use(seen) if ready else _obstacle(wish, seen)
    if error is not None:
        return _refused(None, error)
    if ready:
        return KeyPairPlan(None, after, resumed(wish, seen, rules, tags))
    step = Step("import" if wish.public_key else "create", wish.name, key=wish.public_key, tags=tags)
    return KeyPairPlan(None, after, (step, *cleanup(seen)))


def _obstacle(wish: Wish, seen: Seen) -> ErrorInfo | None:
    """Say why no new key pair can be made, or None."""
    if wish.public_key is None and wish.file is None:
        return errors.no_material(wish.name)
    if wish.file is not None:
        return errors.file_taken(wish.name, wish.file.path) if wish.file.exists else wish.file.problem
    return _taken(wish, seen)


def _aside_in_use(seen: Seen) -> ErrorInfo | None:
    """Somebody has bound what an interrupted replacement left, so that it cannot be used up."""
    if seen.aside is None or not seen.aside_holders:
        return None
    return errors.in_use(seen.aside, seen.aside_holders, replacing=False)


def _taken(wish: Wish, seen: Seen) -> ErrorInfo | None:
    if not seen.twins:
        return None
    twin = seen.twins[0]
    return errors.taken(twin, leftover=twin.name == wish.aside)


def _plan_replaced(wish: Wish, existing: KeyPair, seen: Seen, rules: KeyPairRules) -> KeyPairPlan:
    if not (rules.can_rename or rules.same_key_twice):
        return _refused(existing, errors.not_replaceable(existing))
    if seen.holders:
        return _refused(_held(existing, seen.holders), errors.in_use(existing, seen.holders, replacing=True))
    ready = holds(seen.aside, wish.key)
    error = _aside_in_use(seen) or (None if ready else _obstacle(wish, seen))
    if error is not None:
        return _refused(existing, error)
    tags = _tags(wish, existing, rules)
    after = KeyPair("", wish.name, (), wish.key.line if wish.key else None, tags=tags)
    steps = resumed(wish, seen, rules, tags) if ready else replacement(wish, existing, seen, rules, tags)
    return KeyPairPlan(existing, after, steps)


def _tags(wish: Wish, former: KeyPair | None, rules: KeyPairRules) -> dict[str, str]:
    """Return the tags of a new key pair: those asked for, and those of the one that it replaces."""
    kept: t.Mapping[str, str] = former.tags if former is not None and rules.tags != "none" else {}
    own = {key: value for key, value in kept.items() if not key.startswith(rules.reserved_tag_prefixes)}
    return {**own, **(wish.tags or {})}


def _held(key_pair: KeyPair, holders: t.Sequence[str]) -> KeyPair:
    return dataclasses.replace(key_pair, holders=tuple(Holder(instance_id) for instance_id in holders))


def _refused(key_pair: KeyPair | None, error: ErrorInfo) -> KeyPairPlan:
    return KeyPairPlan(before=key_pair, after=key_pair, error=error)
