# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What a plan has read of key pairs, for the waves that begin soon after it: these need not read it again."""

from __future__ import annotations

import dataclasses
import typing as t

from .._models import KeyPair
from .entries import CONNECTION_MEMBERS, Defaults, read_place
from .entry_values import Members
from .rollout_model import Place, Unit

#: For so many seconds what was read counts as known. Stopping a machine may take longer, before its bind comes.
FRESH_SECONDS = 60.0
#: How many key pairs of one place are handed on.
MOST = 200

_MEMBERS = ("id", "name", "public_key")


@dataclasses.dataclass(frozen=True)
class KnownKeyPairs:
    """Key pairs of one place, as they were read at ``read`` (Unix seconds) or a moment later."""

    place: Place
    read: float
    key_pairs: tuple[KeyPair, ...]

    def as_dict(self) -> dict[str, t.Any]:
        """Return the shape that results use and the module binding_wave takes."""
        return {
            "provider": self.place.provider,
            "region": self.place.region,
            **dict(self.place.connection),
            "read": self.read,
            "key_pairs": [{name: getattr(pair, name) for name in _MEMBERS} for pair in self.key_pairs],
        }

    def fresh(self, now: float) -> dict[str, KeyPair]:
        """Return the key pairs by ID and by name; none when they were read too long ago, or by another clock."""
        if not 0 <= now - self.read <= FRESH_SECONDS:
            return {}
        return {reference: pair for pair in self.key_pairs for reference in (pair.name, pair.id)}


def known_of(place: Place, read: float, units: t.Iterable[Unit], key_pairs: t.Iterable[KeyPair]) -> KnownKeyPairs:
    """Return what may be handed on: what the API has described and is not bound for a guest account.

    For which accounts a key pair is bound is known from its own list only, which is not handed on. A public key is
    needed of those that are to be bound, for the proof of a login.
    """
    bound = {reference for unit in units for reference in unit.present}
    pairs = {
        pair.id: pair if {pair.id, pair.name} & bound else dataclasses.replace(pair, public_key=None)
        for pair in key_pairs
        if pair.described and not any(holder.username for holder in pair.holders or ())
    }
    return KnownKeyPairs(place, read, tuple(pairs.values())[:MOST])


def parse_known(raw: t.Sequence[t.Any], defaults: Defaults) -> tuple[KnownKeyPairs, ...]:
    """Return what a plan told, from its shape in results. Raises InputError for what is not of that shape."""
    return tuple(_known(number, values, defaults) for number, values in enumerate(raw, start=1))


def _known(number: int, values: t.Any, defaults: Defaults) -> KnownKeyPairs:
    members = Members(f"Known key pairs {number}", values)
    members.check_names(("provider", "region", "read", "key_pairs", *CONNECTION_MEMBERS))
    read, pairs = members.value("read"), members.value("key_pairs")
    if isinstance(read, bool) or not isinstance(read, (int, float)) or not isinstance(pairs, (list, tuple)):
        raise members.error("it is not what binding_plan returns.", "Give key_pairs of its result as it is.")
    return KnownKeyPairs(
        read_place(members, defaults), float(read), tuple(_key_pair(members, values) for values in pairs)
    )


def _key_pair(parent: Members, values: t.Any) -> KeyPair:
    members = Members(f"{parent.label}, key_pairs", values)
    members.check_names(_MEMBERS)
    key_id, name = members.text("id"), members.text("name")
    if key_id is None or name is None:
        raise members.error("id or name is missing.")
    return KeyPair(key_id, name, public_key=members.text("public_key"))
