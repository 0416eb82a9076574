# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Which key pair a reference means: an ID, or a name."""

from __future__ import annotations

import typing as t

from .._errors import InputError
from .._models import KeyPair


def by_reference(key_pairs: t.Iterable[KeyPair], references: t.Iterable[str]) -> dict[str, KeyPair]:
    """Return the key pair for each reference; an unknown one has no entry. Raises InputError for an ambiguous name."""
    wanted = frozenset(references)
    found: dict[str, KeyPair] = {}
    for pair in key_pairs:
        if pair.id in wanted:
            found[pair.id] = pair
        if pair.name not in wanted:
            continue
        known = found.setdefault(pair.name, pair)
        if known.id != pair.id:
            raise InputError(
                f"The key pair name {pair.name} is ambiguous: {known.id} and {pair.id} have it.",
                "Give the ID instead of the name.",
            )
    return found
