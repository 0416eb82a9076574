# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Who has which key: the same bindings seen from the instances and from the key pairs, and what stands out."""

from __future__ import annotations

import collections
import dataclasses
import functools
import typing as t

from .._models import Instance, KeyPair, Observation
from .._public_key import PublicKey, parse_public_key


@dataclasses.dataclass(frozen=True)
class Overview:
    """What was read, and what of it is asked for.

    ``known``: every key pair of the region. ``instances``: those to show. ``others``: instances that were read only to
    know who has a key pair. ``key_pairs``: the IDs of those to show, None for those that the instances have. The
    instances' own lists decide; the key pairs' lists, which may lag behind, add the accounts in the guests.
    """

    known: tuple[KeyPair, ...]
    instances: tuple[Instance, ...]
    others: tuple[Instance, ...] = ()
    key_pairs: tuple[str, ...] | None = None

    def as_dict(self) -> dict[str, t.Any]:
        """Return the keys of the module's result that are about bindings."""
        instances = [self._instance_row(instance) for instance in sorted(self.instances, key=lambda one: one.id)]
        key_pairs = [self._key_pair_row(pair) for pair in self._shown]
        return {
            "instances": instances,
            "key_pairs": key_pairs,
            "orphans": {
                "key_pairs": [row["id"] for row in key_pairs if not row["bound"]],
                "instances": [row["instance_id"] for row in instances if not row["has_key_pair"]],
            },
            "duplicates": self._duplicates(),
        }

    @property
    def _shown(self) -> list[KeyPair]:
        held = (key for instance in self.instances for key in instance.key_pairs)
        wanted = frozenset(held if self.key_pairs is None else self.key_pairs)
        return sorted((pair for pair in self.known if pair.id in wanted), key=lambda pair: pair.id)

    def _instance_row(self, instance: Instance) -> dict[str, t.Any]:
        return {
            "instance_id": instance.id,
            "name": instance.name,
            "state": instance.state,
            "power": instance.power,
            "platform": instance.platform,
            "has_key_pair": bool(instance.key_pairs),
            "key_pairs": [
                # A key pair that was deleted meanwhile has no name any more.
                {"id": key, "name": self._observed.name_of(key), "usernames": self._usernames(instance.id, key)}
                for key in sorted(instance.key_pairs)
            ],
        }

    def _key_pair_row(self, pair: KeyPair) -> dict[str, t.Any]:
        holding = self._holding.get(pair.id, [])
        return {
            "id": pair.id,
            "name": pair.name,
            "fingerprint": pair.fingerprint,
            "bound": bool(holding or pair.holders),
            "instances": [
                {"instance_id": one.id, "name": one.name, "usernames": self._usernames(one.id, pair.id)}
                for one in holding
                if one.id in self._shown_ids
            ],
        }

    def _usernames(self, instance_id: str, key_pair: str) -> list[str]:
        return sorted(name for name in self._observed.usernames(instance_id, key_pair) if name)

    @functools.cached_property
    def _observed(self) -> Observation:
        return Observation({pair.id: pair for pair in self.known}, {})

    @functools.cached_property
    def _holding(self) -> dict[str, list[Instance]]:
        """Key pair ID -> the instances that have it."""
        holding: dict[str, list[Instance]] = collections.defaultdict(list)
        for instance in sorted((*self.instances, *self.others), key=lambda one: one.id):
            for key in instance.key_pairs:
                holding[key].append(instance)
        return holding

    @functools.cached_property
    def _shown_ids(self) -> frozenset[str]:
        return frozenset(instance.id for instance in self.instances)

    def _duplicates(self) -> list[dict[str, t.Any]]:
        """Return the public keys that several key pairs have, at least one of them among those shown."""
        shown = {pair.id for pair in self._shown}
        by_content: dict[PublicKey, list[KeyPair]] = collections.defaultdict(list)
        for pair in sorted(self.known, key=lambda pair: pair.id):
            try:
                by_content[parse_public_key(pair.public_key or "")].append(pair)
            except ValueError:
                continue
        return [
            {
                "public_key": dataclasses.replace(key, comment="").line,
                "key_pairs": [{"id": pair.id, "name": pair.name} for pair in pairs],
            }
            for key, pairs in by_content.items()
            if len(pairs) > 1 and any(pair.id in shown for pair in pairs)
        ]
