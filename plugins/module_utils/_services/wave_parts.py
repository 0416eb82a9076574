# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""From the sites of a rollout, and what an earlier run left unfinished, to the parts of a wave."""

from __future__ import annotations

import dataclasses
import typing as t

from .._clock import Clock
from .._connection import Connection
from .._errors import InputError, KeyfleetError
from .._parallel import parallel_map
from .._plan.known_key_pairs import KnownKeyPairs
from .._plan.rollout_model import Place
from .._plan.rows import Row, in_order
from .._plan.wave_model import InstanceReport, WavePolicy
from .._plan.wave_report import PlaceReport
from .rollout_places import Connect, Sites, Unreachable
from .wave_part import Part, Reach
from .wave_place import PlaceWave


@dataclasses.dataclass(frozen=True)
class Restore:
    """An instance whose power an earlier run left changed, and how to get there."""

    place: Place
    instance_id: str


@dataclasses.dataclass(frozen=True)
class Parts:
    """The places of a wave, and reports of those that cannot be reached."""

    places: tuple[PlaceWave, ...]
    unreachable: tuple[PlaceReport, ...] = ()


def make_parts(
    sites: Sites,
    restores: t.Sequence[Restore],
    connect: Connect,
    clock: Clock,
    policy: WavePolicy,
    told: t.Sequence[KnownKeyPairs] = (),
) -> Parts:
    """Return a part for every place, with connections that are open. ``told``: what a plan has read of key pairs.

    Raises InputError for what is wrong with options or credentials of a place: then nothing has been written anywhere.
    """
    for lost in sites.unreachable:
        if isinstance(lost.error, InputError):
            raise lost.error
    known = {one.place: one for one in told}
    open_ones: dict[Place, tuple[Connection, Part]] = {
        site.place: (site.connection, Part(site.place, site.wishes, site.units, told=known.get(site.place)))
        for site in sites.reached
    }
    lost_places = [_unreachable(lost) for lost in sites.unreachable]
    wanted: dict[Place, list[str]] = {}
    for restore in restores:
        wanted.setdefault(_same(restore.place, open_ones) or restore.place, []).append(restore.instance_id)
    opened = parallel_map(lambda place: _open(place, open_ones, connect), list(wanted))
    for (place, names), connection in zip(wanted.items(), opened, strict=True):
        if isinstance(connection, KeyfleetError):
            lost_places.append(_not_restored(place, names, connection))
            continue
        resolved = dataclasses.replace(place, region=connection.region)
        part = open_ones.get(resolved, (connection, Part(resolved)))[1]
        open_ones[resolved] = (connection, dataclasses.replace(part, restore=(*part.restore, *names)))
    return Parts(
        tuple(
            PlaceWave(part, Reach(connection.provider, connection.capabilities, clock), policy)
            for connection, part in open_ones.values()
        ),
        tuple(lost_places),
    )


def _same(place: Place, known: t.Iterable[Place]) -> Place | None:
    """Return the known place of the same product and region: the instance is there, however one gets there."""
    return next((one for one in known if one.ground == place.ground), None)


def _open(
    place: Place, known: t.Mapping[Place, tuple[Connection, Part]], connect: Connect
) -> Connection | KeyfleetError:
    if place in known:
        return known[place][0]
    try:
        return connect(place)
    except KeyfleetError as error:
        # What others have left unfinished, maybe with other credentials, must not be in the way of everything else.
        return error


def _unreachable(lost: Unreachable) -> PlaceReport:
    pairs = dict.fromkeys(
        (name, key) for entry in lost.entries for name in entry.instance_ids for key in entry.key_pairs
    )
    rows = [
        Row(name, key, before="unknown", after="unknown", outcome="failed", error=lost.error.info)
        for name, key in pairs
    ]
    names = dict.fromkeys(name for name, _key in pairs)
    report = _not_restored(lost.place, list(names), lost.error)
    return dataclasses.replace(report, rows=in_order(rows), requested=len(rows))


def _not_restored(place: Place, instance_ids: t.Sequence[str], error: KeyfleetError) -> PlaceReport:
    return PlaceReport(
        place, instances=tuple(InstanceReport(place.ref(name), error=error.info) for name in instance_ids)
    )
