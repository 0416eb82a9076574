# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Reading several regions, of one provider or several, side by side; each with a connection of its own."""

from __future__ import annotations

import dataclasses
import typing as t

from .._clock import Clock, Deadline
from .._connection import Connection, ConnectionOptions, connect
from .._errors import InputError, KeyfleetError
from .._parallel import parallel_map
from .._selection.query import Shown
from .reading import READ_SECONDS, Found


@dataclasses.dataclass(frozen=True)
class Surroundings:
    """What a plugin on the controller gives: environment, time, and who wants to know the secrets that were found."""

    environ: t.Mapping[str, str]
    clock: Clock
    keep_secret: t.Callable[[t.Iterable[str]], None]


@dataclasses.dataclass(frozen=True)
class Reading:
    """What one region gave: its instances, in the shape in which results show them, or an error."""

    place: str
    found: Found = dataclasses.field(default_factory=Found)
    instances: tuple[Shown, ...] = ()
    error: KeyfleetError | None = None


def in_regions(options: ConnectionOptions, regions: t.Sequence[str] | None) -> list[ConnectionOptions]:
    """Return the options for each region, each once; without regions, for the one that the options lead to.

    Raises InputError for an empty list, which would not mean all regions.
    """
    if regions is None:
        return [options]
    if not regions:
        raise InputError("regions is empty.", "Name at least one region, or leave regions out.")
    return [dataclasses.replace(options, region=region) for region in dict.fromkeys(regions)]


def read_regions(
    places: t.Sequence[ConnectionOptions],
    read: t.Callable[[Connection], Found],
    surroundings: Surroundings,
) -> list[Reading]:
    """Return a reading for each place, in their order. ``read`` looks at one of them. Errors are in the readings."""

    def visit(options: ConnectionOptions) -> Reading:
        try:
            return _visit(options, read, surroundings)
        except KeyfleetError as error:
            return Reading(_place(options.provider, options.region), error=error)

    return parallel_map(visit, places)


def located(reading: Reading, error: KeyfleetError) -> KeyfleetError:
    """Return the error with the place where it happened."""
    return KeyfleetError(dataclasses.replace(error.info, message=f"{reading.place}: {error.info.message}"))


def _visit(options: ConnectionOptions, read: t.Callable[[Connection], Found], surroundings: Surroundings) -> Reading:
    clock = surroundings.clock
    connection = connect(
        options, surroundings.environ, clock, Deadline(clock, READ_SECONDS), keep_secret=surroundings.keep_secret
    )
    try:
        found = read(connection)
    finally:
        connection.close()
    shown = tuple(instance.as_dict(options.provider, connection.region) for instance in found.instances)
    return Reading(_place(options.provider, connection.region), found, shown)


def _place(provider: str, region: str | None) -> str:
    return f"{provider} {region}" if region else f"{provider} (no region)"
