# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The places of a rollout, side by side: one connection each, selectors resolved, wishes merged into units."""

from __future__ import annotations

import dataclasses
import typing as t

from .._capabilities import Capabilities
from .._connection import Connection
from .._errors import KeyfleetError
from .._models import Instance
from .._parallel import parallel_map
from .._plan.entries import Entry
from .._plan.rollout_model import Place, Unit
from .._plan.units import Meant, Wish, merge, units_of
from .._selection.filters import Filters
from .._selection.selector import Selector
from .reading import Found, find_instances

Connect = t.Callable[[Place], Connection]

_NO_FILTERS = Filters()


@dataclasses.dataclass(frozen=True)
class Site:
    """A place that was reached, its region known, and what is wanted there.

    ``listed``: instances that were read already, because a selector means some of them.
    """

    place: Place
    connection: Connection
    wishes: tuple[Wish, ...]
    listed: t.Mapping[str, Instance]

    @property
    def region(self) -> str:
        """Return the region that the connection leads to."""
        return self.connection.region

    @property
    def capabilities(self) -> Capabilities:
        """Return what the provider can do."""
        return self.connection.capabilities

    @property
    def units(self) -> tuple[Unit, ...]:
        """Return what is wanted as units."""
        return units_of(self.wishes)


@dataclasses.dataclass(frozen=True)
class Unreachable:
    """A place that could not be read, and the entries that lead there."""

    place: Place
    entries: tuple[Entry, ...]
    error: KeyfleetError


@dataclasses.dataclass(frozen=True)
class Sites:
    """All places of a rollout. ``wishes`` are those of all sites, in the order in which entries first mean them."""

    reached: tuple[Site, ...]
    unreachable: tuple[Unreachable, ...] = ()
    wishes: tuple[Wish, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class _Visit:
    place: Place
    entries: tuple[Entry, ...]
    connection: Connection | None = None
    meant: tuple[Meant, ...] = ()
    listed: t.Mapping[str, Instance] = dataclasses.field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    error: KeyfleetError | None = None


def visit_sites(entries: t.Sequence[Entry], connect: Connect, capabilities: t.Mapping[str, Capabilities]) -> Sites:
    """Return the places of the entries. Entries that mean no instance lead nowhere, so that nothing is sent for them.

    Raises InputError for entries that contradict each other; errors of a place are in the result.
    """
    by_place: dict[Place, list[Entry]] = {}
    for entry in entries:
        if not entry.means_nothing:
            by_place.setdefault(entry.place, []).append(entry)
    visits = parallel_map(lambda item: _visit(item[0], tuple(item[1]), connect), list(by_place.items()))
    # Entries are merged in their own order, whatever place came first.
    meant = sorted((one for visit in visits for one in visit.meant), key=lambda one: one.entry.number)
    wishes = merge(meant, capabilities)
    return Sites(
        reached=tuple(_sites(visits, wishes)),
        unreachable=tuple(Unreachable(one.place, one.entries, one.error) for one in visits if one.error is not None),
        wishes=tuple(wishes),
        warnings=tuple(warning for visit in visits for warning in visit.warnings),
    )


def _sites(visits: t.Sequence[_Visit], wishes: t.Sequence[Wish]) -> t.Iterator[Site]:
    """Yield a site for each place; two visits may have led to the same one, when one of them named the region."""
    by_place: dict[Place, list[Wish]] = {}
    for wish in wishes:
        by_place.setdefault(wish.place, []).append(wish)
    seen: dict[Place, tuple[Connection, dict[str, Instance]]] = {}
    for visit in visits:
        if visit.connection is not None:
            place = dataclasses.replace(visit.place, region=visit.connection.region)
            _connection, listed = seen.setdefault(place, (visit.connection, {}))
            listed.update(visit.listed)
    for place, (connection, listed) in seen.items():
        yield Site(place, connection, tuple(by_place.get(place, ())), listed)


def _visit(place: Place, entries: tuple[Entry, ...], connect: Connect) -> _Visit:
    try:
        connection = connect(place)
        resolved = dataclasses.replace(place, region=connection.region)
        reader = _Reader(connection)
        meant = []
        warnings: list[str] = []
        for entry in entries:
            ids = dict.fromkeys(entry.instance_ids)
            if entry.selector is not None:
                chosen, told = reader.select(entry.selector)
                ids.update(dict.fromkeys(chosen))
                warnings += [f"{resolved}, {entry.label}: {text}" for text in told]
            meant.append(Meant(dataclasses.replace(entry, place=resolved), tuple(ids)))
    except KeyfleetError as error:
        return _Visit(place, entries, error=error)
    return _Visit(place, entries, connection, tuple(meant), reader.listed, tuple(warnings))


class _Reader:
    """Reads what selectors mean; the same filters are asked for once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._found: list[tuple[Selector, Found]] = []
        self.listed: dict[str, Instance] = {}

    def select(self, selector: Selector) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the IDs of what the selector means, and what a user should know."""
        connection = self._connection
        found = self._find(selector)
        # The filters have been applied; only the query is left.
        rest = dataclasses.replace(selector, filters=_NO_FILTERS)
        chosen = rest.choose(found.instances, connection.capabilities, connection.region)
        self.listed.update({instance.id: instance for instance in found.instances})
        nothing = () if chosen or found.warnings else ("no instance passes its selector.",)
        return chosen, (*found.warnings, *nothing)

    def _find(self, selector: Selector) -> Found:
        known = next((found for other, found in self._found if other.filters == selector.filters), None)
        if known is None:
            known = find_instances(self._connection.provider, self._connection.capabilities, selector.filters)
            self._found.append((selector, known))
        return known
