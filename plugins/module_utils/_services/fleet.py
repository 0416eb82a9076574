# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The instances of several providers and regions at once: what the inventory instances reads."""

from __future__ import annotations

import dataclasses
import os
import typing as t

from .._argspec import connection_arguments
from .._connection import Connection, ConnectionOptions
from .._errors import InputError, KeyfleetError
from .._providers._registry import PROVIDERS
from .._selection.criteria import check_states, states_of
from .._selection.filters import Filters, optional_list
from .._selection.query import Shown, compile_query
from .reading import Found, find_instances
from .regions import Surroundings, in_regions, located, read_regions

_TRUE, _FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
_TYPES = {"bool": "boolean", "int": "whole number", "str": "text", "path": "path"}
FILTERS = ("names", "tags", "states", "key_pair", "query")


@dataclasses.dataclass(frozen=True)
class Fleet:
    """What was read, in the order of the sources; ``failures`` are the regions that could not be read."""

    instances: tuple[Shown, ...]
    failures: tuple[KeyfleetError, ...]
    warnings: tuple[str, ...]


def make_places(sources: t.Any, defaults: t.Mapping[str, t.Any]) -> list[ConnectionOptions]:
    """Return the places that the sources of an inventory file name.

    ``defaults`` are the connection options of the file as a whole; a source may have its own. Raises InputError.
    """
    if not isinstance(sources, list) or not sources:
        raise InputError("sources is no list, or empty.", "Name at least one provider.")
    return [place for number, source in enumerate(sources, start=1) for place in _places(number, source, defaults)]


def _places(number: int, source: t.Any, defaults: t.Mapping[str, t.Any]) -> list[ConnectionOptions]:
    label = f"sources, entry {number}"
    if not isinstance(source, dict):
        raise InputError(f"{label} is no dictionary.", "Write it as key: value, with provider and regions.")
    options = {**defaults, **_own_options(label, source)}
    if options.get("provider") not in PROVIDERS:
        raise InputError(
            f"{label} has no provider that is known: {options.get('provider')}.", f"Known are {', '.join(PROVIDERS)}."
        )
    if source.get("region") and source.get("regions"):
        raise InputError(f"{label} has both region and regions.", "Leave one of them out.")
    return in_regions(ConnectionOptions.from_options(options.get), optional_list(source.get("regions")))


def _own_options(label: str, source: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the connection options that the source has itself, by their first names, in their types."""
    arguments = connection_arguments()
    names = {alias: name for name, argument in arguments.items() for alias in (name, *argument.get("aliases", ()))}
    unknown = sorted(str(name) for name in source if name not in names and name != "regions")
    if unknown:
        raise InputError(f"{label} has unknown options: {', '.join(unknown)}.")
    given = {names[name]: value for name, value in source.items() if name in names and value is not None}
    return {name: _typed(label, name, value, arguments[name]["type"]) for name, value in given.items()}


def _typed(label: str, name: str, value: t.Any, wanted: str) -> t.Any:
    text = str(value).strip()
    if wanted == "bool" and text.lower() in (*_TRUE, *_FALSE):
        return text.lower() in _TRUE
    if wanted == "int" and text.isdecimal():
        return int(text)
    if wanted in ("str", "path") and not isinstance(value, (list, dict)):
        return os.path.expanduser(text) if wanted == "path" else text
    # The value is not shown: nobody knows what it is.
    raise InputError(f"{label}: {name} is no {_TYPES[wanted]}.")


def read_fleet(
    places: t.Sequence[ConnectionOptions], choice: t.Mapping[str, t.Any], surroundings: Surroundings
) -> Fleet:
    """Return the instances that pass the filters ``choice``, see FILTERS. Raises InputError for bad filters."""
    unknown = sorted(set(choice) - set(FILTERS))
    if unknown:
        raise InputError(f"filters has unknown keys: {', '.join(unknown)}.", f"Known are {', '.join(FILTERS)}.")
    select = compile_query(choice["query"]) if choice.get("query") else list
    filters = Filters.from_options(choice.get)
    check_states(filters.states or (), [place.capabilities.instance_states for place in places])
    by_provider = {place.provider: _spoken(filters, place) for place in places}
    for place in places:
        by_provider[place.provider].criteria(place.capabilities)

    def read(connection: Connection) -> Found:
        wanted = by_provider[connection.capabilities.provider]
        return find_instances(connection.provider, connection.capabilities, wanted)

    readings = read_regions(places, read, surroundings)
    found = {instance["instance_id"]: instance for reading in readings for instance in reading.instances}
    return Fleet(
        instances=tuple(select(list(found.values()))),
        failures=tuple(located(reading, reading.error) for reading in readings if reading.error is not None),
        warnings=tuple(f"{reading.place}: {text}" for reading in readings for text in reading.found.hidden),
    )


def _spoken(filters: Filters, place: ConnectionOptions) -> Filters:
    """Return the filters with those states that the provider has a word for."""
    if filters.states is None:
        return filters
    return dataclasses.replace(filters, states=states_of(filters.states, place.capabilities.instance_states))
