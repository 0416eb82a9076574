# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""From names, IDs and filters to instance IDs, in one region or several: what the lookup instance_ids does."""

from __future__ import annotations

import dataclasses
import typing as t

from .._connection import Connection, ConnectionOptions
from .._errors import InputError
from .._selection.filters import Filters
from .._selection.query import Shown, compile_query
from .._selection.terms import Terms
from .reading import Found, find_instances
from .regions import Reading, Surroundings, located, read_regions

OnMissing = t.Literal["error", "warn", "skip"]


@dataclasses.dataclass(frozen=True)
class Wanted:
    """What is looked for. ``terms``: names and IDs, None when none are given; an empty tuple selects nothing."""

    terms: tuple[str, ...] | None
    filters: Filters
    query: str | None = None
    on_missing: OnMissing = "error"


@dataclasses.dataclass(frozen=True)
class LookedUp:
    """The IDs, in the order of regions, names and IDs, or in that of the query; and what a user should know."""

    ids: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def look_up(wanted: Wanted, places: t.Sequence[ConnectionOptions], surroundings: Surroundings) -> LookedUp:
    """Return the IDs of what is wanted; all places belong to one provider.

    Raises InputError for bad input, for an ambiguous name and for what is missing, and the error of the first region
    that cannot be read.
    """
    capabilities = places[0].capabilities
    if wanted.terms is None and not wanted.filters.restricts and not wanted.query:
        raise InputError(
            "Nothing says which instances are meant.",
            "Give a name, an ID or a filter; the name * means all instances.",
        )
    select = compile_query(wanted.query) if wanted.query else list
    terms = Terms.of(wanted.terms or (), capabilities)
    if wanted.filters.criteria(capabilities).nothing or wanted.terms == ():
        return LookedUp()
    readings = read_regions(places, lambda connection: _read(connection, wanted, terms), surroundings)
    for reading in readings:
        if reading.error is not None:
            raise located(reading, reading.error)
    instances = [
        instance
        for reading in readings
        for instance in sorted(reading.instances, key=lambda one: (one["name"], one["instance_id"]))
    ]
    chosen = select(instances)
    _check_ambiguous(terms, chosen)
    warnings = [*_warnings(readings), *_missing(wanted, terms, chosen, readings)]
    return LookedUp(tuple(instance["instance_id"] for instance in chosen), tuple(warnings))


def _read(connection: Connection, wanted: Wanted, terms: Terms) -> Found:
    """Read by name and by ID, as needed: an instance is wanted when either fits."""
    found = []
    if terms.names or not terms.ids:
        filters = dataclasses.replace(wanted.filters, names=terms.names or None)
        found.append(find_instances(connection.provider, connection.capabilities, filters))
    if terms.ids:
        found.append(find_instances(connection.provider, connection.capabilities, wanted.filters, terms.ids))
    instances = {instance.id: instance for part in found for instance in part.instances}
    hidden = dict.fromkeys(text for part in found for text in part.hidden)
    return Found(tuple(instances.values()), unknown_key_pair=found[0].unknown_key_pair, hidden=tuple(hidden))


def _check_ambiguous(terms: Terms, chosen: t.Sequence[Shown]) -> None:
    for name, ids in terms.ambiguous(chosen).items():
        raise InputError(
            f"The name {name} is ambiguous: {', '.join(ids)} have it.",
            "Give the ID instead, narrow it down with a filter or query, or write a glob such as "
            f"{name}* if all of them are meant.",
            code="AmbiguousName",
        )


def _missing(wanted: Wanted, terms: Terms, chosen: t.Sequence[Shown], readings: t.Sequence[Reading]) -> list[str]:
    """Return a warning for what was not found, or nothing, or raise, as on_missing says."""
    missing = terms.missing(chosen)
    if (chosen and not missing) or wanted.on_missing == "skip":
        return []
    what = f"Nothing was found for {', '.join(missing)}" if missing else "No instance passes the filters"
    message = f"{what}, in {', '.join(reading.place for reading in readings)}."
    if wanted.on_missing == "warn":
        return [message]
    raise InputError(message, "Check names, filters and regions, or set on_missing to warn or skip.", code="NotFound")


def _warnings(readings: t.Sequence[Reading]) -> t.Iterator[str]:
    """Yield what a user should know; a key pair may well exist in some of the regions only."""
    unknown = [reading.found.unknown_key_pair for reading in readings]
    if all(unknown):
        yield readings[0].found.warnings[0]
    for reading in readings:
        yield from (f"{reading.place}: {text}" for text in reading.found.hidden)
