# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Entries of ``keyfleet_bindings`` turned into others: what rotate and revoke want of the same places and instances."""

from __future__ import annotations

import typing as t

from ..module_utils._plan.entries import CONNECTION_MEMBERS
from ..module_utils._plan.validation import split_list

Values = t.Mapping[str, t.Any]

_PLACE = ("provider", "region", *CONNECTION_MEMBERS)
_WHO = ("instance_ids", "instances", "logins")
_HOW = ("name", "association_type", "username")


def texts(value: t.Any) -> tuple[str, ...]:
    """Return the members of a list that may have come as text."""
    return split_list([value] if isinstance(value, str) else value)


def with_key_pairs(
    entries: t.Iterable[Values],
    key_pairs: t.Any,
    state: str,
    holding: t.Any = None,
    without: t.Iterable[Values] = (),
) -> list[dict[str, t.Any]]:
    """Return the entries with other key pairs and state, and not exclusive.

    ``holding``: leave out entries that name none of these key pairs. ``without``: dictionaries with ``provider``,
    ``region`` and ``instance_id``, instances that are left out of ``instance_ids``.
    """
    wanted = set(texts(holding))
    left_out = {(one["provider"], one["region"], one["instance_id"]) for one in without}
    return [
        {**_kept(entry, (*_HOW, *_PLACE, *_WHO), left_out), "key_pairs": list(texts(key_pairs)), "state": state}
        for entry in entries
        if holding is None or wanted & set(texts(entry.get("key_pairs")))
    ]


def wherever_bound(places: t.Iterable[Values], key_pairs: t.Any, **more: t.Any) -> list[dict[str, t.Any]]:
    """Return entries that unbind key pairs from all instances of places; ``more`` are members of each entry."""
    return [
        {**place, **more, "key_pairs": [key_pair], "instances": {"key_pair": key_pair}, "state": "absent"}
        for place in places
        for key_pair in texts(key_pairs)
    ]


def places_of(entries: t.Iterable[Values]) -> list[dict[str, t.Any]]:
    """Return the places of entries, each once: provider, region and connection options.

    An entry may have several regions, as a list or as text.
    """
    found: list[dict[str, t.Any]] = []
    for entry in entries:
        place = _kept(entry, _PLACE)
        for region in texts(place.pop("region", None)) or (None,):
            one = {**place, **({} if region is None else {"region": region})}
            if one not in found:
                found.append(one)
    return found


def _kept(entry: Values, members: t.Iterable[str], left_out: t.Collection[tuple[t.Any, ...]] = ()) -> dict[str, t.Any]:
    kept = {name: entry[name] for name in members if entry.get(name) is not None}
    if left_out and "instance_ids" in kept:
        place = (entry.get("provider"), entry.get("region"))
        kept["instance_ids"] = [one for one in texts(kept["instance_ids"]) if (*place, one) not in left_out]
    return kept
