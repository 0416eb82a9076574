# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Public keys that several key pairs have, across all places of a report."""

from __future__ import annotations

import collections
import dataclasses
import typing as t

from .._public_key import PublicKey, parse_public_key
from .drift_model import PlaceView


@dataclasses.dataclass(frozen=True, order=True)
class KeyPairRef:
    """A key pair and where it is; ``place`` is the label of the place."""

    place: str
    name: str
    key_pair: str


@dataclasses.dataclass(frozen=True)
class SameKey:
    """One public key and the key pairs that have it. ``fingerprint`` is as ssh-keygen -l prints it."""

    fingerprint: str
    key_pairs: tuple[KeyPairRef, ...]

    @property
    def several_names(self) -> bool:
        """Whether the key pairs are not all called the same: the key may outlive the deletion of one of them."""
        return len({pair.name for pair in self.key_pairs}) > 1


def same_keys(views: t.Mapping[str, PlaceView]) -> tuple[SameKey, ...]:
    """Return every public key that is there more than once, those under several names first.

    ``views``: the label of each place -> what was read of it.
    """
    found: dict[PublicKey, set[KeyPairRef]] = collections.defaultdict(set)
    for label, view in views.items():
        for pair in view.key_pairs:
            try:
                key = parse_public_key(pair.public_key or "")
            except ValueError:
                continue
            found[key].add(KeyPairRef(label, pair.name, pair.id))
    groups = [SameKey(key.fingerprint, tuple(sorted(pairs))) for key, pairs in found.items() if len(pairs) > 1]
    return tuple(sorted(groups, key=lambda group: (not group.several_names, group.key_pairs)))
