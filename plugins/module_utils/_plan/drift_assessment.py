# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""From entries and what was read of their places to a report of every place."""

from __future__ import annotations

import collections
import dataclasses
import typing as t

from .._capabilities import Capabilities
from .drift import compare, not_compared
from .drift_model import PlaceReport, PlaceView
from .entries import Entry
from .rollout_model import Place
from .units import Meant, Wish, merge

Facts = t.Mapping[str, Capabilities]


@dataclasses.dataclass(frozen=True)
class Assessment:
    """A report of each place, and what a user should notice."""

    places: tuple[PlaceReport, ...]
    warnings: tuple[str, ...]


def places_of(entries: t.Iterable[Entry]) -> dict[Place, tuple[str, ...]]:
    """Return the places to read, each with the instances that entries name there by ID."""
    found: dict[Place, dict[str, None]] = {}
    for entry in entries:
        if not entry.means_nothing:
            found.setdefault(entry.place, {}).update(dict.fromkeys(entry.instance_ids))
    return {place: tuple(ids) for place, ids in found.items()}


def assess(entries: t.Sequence[Entry], views: t.Mapping[Place, PlaceView], capabilities: Facts) -> Assessment:
    """Return what became of all places. Raises InputError for entries that contradict each other."""
    entries = [entry for entry in entries if not entry.means_nothing]
    chosen = {entry.number: _chosen(entry, views[entry.place], capabilities) for entry in entries}
    meant = [Meant(entry, (*entry.instance_ids, *(chosen[entry.number] or ()))) for entry in entries]
    wishes: dict[Place, list[Wish]] = collections.defaultdict(list)
    for wish in merge(meant, capabilities, lambda place, reference: _identity(views[place], reference)):
        wishes[wish.place].append(wish)
    named = {wish.instance_id for of_place in wishes.values() for wish in of_place}
    for entry in entries:
        if entry.selector and chosen[entry.number] is None:
            wishes[entry.place].append(_of_unknown_instances(entry))
    return Assessment(
        places=tuple(
            compare(view, wishes[place], named) if view.error is None else not_compared(view, wishes[place])
            for place, view in views.items()
        ),
        warnings=tuple(
            f"{entry.label.capitalize()}: the selector finds no instance in {entry.place}."
            for entry in entries
            if entry.selector and chosen[entry.number] == ()
        ),
    )


def _identity(view: PlaceView, reference: str) -> str:
    pair = view.only(reference)
    return pair.id if pair else reference


def _chosen(entry: Entry, view: PlaceView, capabilities: Facts) -> tuple[str, ...] | None:
    """Return the instances that the selector of an entry means, None where the place could not be read."""
    if entry.selector is None:
        return ()
    if view.error is not None or view.region is None:
        return None
    reference = entry.selector.filters.key_pair
    pair = view.only(reference) if reference else None
    facts = capabilities[entry.place.provider]
    return entry.selector.choose(view.instances, facts, view.region, key_pair=pair.id if pair else None)


def _of_unknown_instances(entry: Entry) -> Wish:
    """Return the wish for the instances that an entry would choose in a place that could not be read."""
    present = entry.state == "present"
    return Wish(
        place=entry.place,
        instance_id="",
        present=entry.key_pairs if present else (),
        absent=() if present else entry.key_pairs,
        exclusive=entry.exclusive,
        association_type=entry.association_type,
        username=entry.username,
        login=None,
        entries=(entry,),
    )
