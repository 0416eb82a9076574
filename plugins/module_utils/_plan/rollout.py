# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The plan of a rollout: all places together, cut into waves, with what would be interrupted."""

from __future__ import annotations

import collections
import dataclasses
import typing as t

from .._journal.model import Record
from .._models import ErrorInfo
from .known_key_pairs import KnownKeyPairs
from .plan import enumerate_some
from .rollout_model import InstanceRef, Place, Unit
from .rollout_site import Interruption, Policy, SitePlan
from .rows import Row, diff, in_order, is_changed
from .units import entries_of
from .waves import Size, cut


@dataclasses.dataclass(frozen=True)
class Lost:
    """A place that could not be read: rows that say so, for what entries name there."""

    place: Place
    rows: tuple[Row, ...]
    error: ErrorInfo


@dataclasses.dataclass(frozen=True)
class Wave:
    """Instances that change at once. Number 0 is what earlier runs left unfinished.

    ``restore``: instances of that kind of which nothing (that could be done) is wanted now.
    """

    number: int
    instances: tuple[InstanceRef, ...]
    bindings: tuple[dict[str, t.Any], ...]
    restore: tuple[dict[str, t.Any], ...] = ()

    def as_dict(self) -> dict[str, t.Any]:
        """Return the shape that results use and the module binding_wave takes."""
        return {
            "number": self.number,
            "size": len(self.instances),
            "instances": [one.instance_id for one in self.instances],
            "bindings": list(self.bindings),
            "restore": list(self.restore),
        }


@dataclasses.dataclass(frozen=True)
class Rollout:
    """The plan. ``left_alone``: what entries of another state are called. ``objection``: why no wave could begin."""

    sites: tuple[SitePlan, ...]
    lost: tuple[Lost, ...]
    waves: tuple[Wave, ...]
    policy: Policy
    unfinished: tuple[Record, ...] = ()
    left_alone: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    objection: str = ""

    @property
    def changed(self) -> bool:
        """Whether a run would change anything."""
        return any(wave.number == 0 for wave in self.waves) or any(is_changed(site.rows) for site in self.sites)

    @property
    def interruptions(self) -> tuple[Interruption, ...]:
        """Return what would be interrupted, place by place."""
        return tuple(one for site in self.sites for one in site.interruptions.values())

    @property
    def known_key_pairs(self) -> tuple[KnownKeyPairs, ...]:
        """Return what waves need not read again; nothing where there is no wave."""
        return tuple(
            site.known for site in self.sites if site.known is not None and site.known.key_pairs and self.waves
        )

    @property
    def unreadable(self) -> bool:
        """Whether no place at all could be read."""
        return bool(self.lost) and not self.sites

    @property
    def refusal(self) -> str | None:
        """Return why the run may not begin, or None."""
        if self.waves and self.objection:
            return self.objection
        if self.policy.interruption != "none" or not self.interruptions:
            return None
        return refusal(self.interruptions)

    @property
    def diff(self) -> list[dict[str, str]]:
        """Return the diff, an entry for every instance that changes."""
        return [
            {**entry, **{key: f"{entry[key]} ({site.place})" for key in ("before_header", "after_header")}}
            for site in self.sites
            for entry in diff(site.rows)
        ]

    def rows(self) -> list[dict[str, t.Any]]:
        """Return the rows that change or fail, sorted by place, instance and key pair."""
        found = [
            _shown(site.place, row, site.interruptions.get(row.instance_id) if _acts(row) else None)
            for site in self.sites
            for row in in_order(site.rows)
            if row.outcome != "unchanged"
        ]
        return found + [_shown(lost.place, row, None) for lost in self.lost for row in in_order(lost.rows)]

    def summary(self) -> dict[str, int]:
        """Count the outcomes, as keypair_binding does, and the instances that would be interrupted."""
        rows = [row for site in self.sites for row in site.rows] + [row for lost in self.lost for row in lost.rows]
        counts = collections.Counter(row.outcome for row in rows)
        requested = sum(
            len(unit.instance_ids) * (len(unit.present) + len(unit.absent))
            for site in self.sites
            for unit in site.units
        )
        return {
            "requested": requested + sum(len(lost.rows) for lost in self.lost),
            **{outcome: counts[outcome] for outcome in ("unchanged", "changed", "failed", "skipped")},
            "interrupted": len(self.interruptions),
        }


def make_waves(
    order: t.Iterable[tuple[Place, str]],
    sites: t.Sequence[SitePlan],
    sizes: t.Sequence[Size],
    unfinished: t.Sequence[Record] = (),
) -> tuple[Wave, ...]:
    """Return the waves: every instance that changes is in exactly one, in the given order, those that run first.

    The first wave is to show what a change does, and no login can be proved where nothing runs. What earlier runs left
    unfinished in these places goes before all of them, whether it changes or not.
    """
    numbered = enumerate(unit for site in sites for unit in site.units)
    units = {(unit.place, name): (number, unit) for number, unit in numbered for name in unit.instance_ids}
    by_place = {site.place: site for site in sites}
    first = {record.instance: record for record in within(sites, unfinished)}
    again: list[tuple[SitePlan, str]] = []
    changing: list[tuple[SitePlan, str]] = []
    for place, name in order:
        site = by_place.get(place)
        if site is None or name in site.failing:
            continue
        if site.ref(name) in first:
            again.append((site, name))
        elif name in site.changing:
            changing.append((site, name))
    changing.sort(key=lambda one: one[1] not in one[0].running)
    waves = [_wave(number, some, units) for number, some in enumerate(cut(changing, sizes), start=1)]
    if first:
        wanted = {site.ref(name) for site, name in again}
        left = [record for ref, record in first.items() if ref not in wanted]
        wave = _wave(0, again, units)
        instances = (*wave.instances, *(record.instance for record in left))
        waves.insert(0, dataclasses.replace(wave, instances=instances, restore=tuple(map(_restore, left))))
    return tuple(waves)


def power_first(waves: t.Iterable[Wave], unfinished: t.Iterable[Record]) -> tuple[Wave, ...]:
    """Return the waves of a run that is refused: what earlier runs left gets its power back, and nothing else.

    The consent that is missing is about other things; a machine that a killed run had stopped does not wait for it.
    """
    records = {record.instance: record for record in unfinished}
    return tuple(
        wave
        if wave.number
        else dataclasses.replace(wave, bindings=(), restore=tuple(_restore(records[one]) for one in wave.instances))
        for wave in waves
    )


def within(sites: t.Sequence[SitePlan], unfinished: t.Iterable[Record]) -> list[Record]:
    """Return the records of instances in these places; only there are the credentials of this run known to be good."""
    grounds = {site.place.ground for site in sites}
    return [record for record in unfinished if record.instance.ground in grounds]


def as_reached(sites: t.Iterable[SitePlan], unfinished: t.Iterable[Record]) -> list[Record]:
    """Return the records as this run reaches the instances, which may be by another provider of the same product."""
    places = {site.place.ground: site.place for site in sites}
    return [_by(places.get(record.instance.ground), record) for record in unfinished]


def _by(place: Place | None, record: Record) -> Record:
    if place is None or place.provider == record.instance.provider:
        return record
    return dataclasses.replace(record, instance=place.ref(record.instance.instance_id), connection=place.connection)


def refusal(interruptions: t.Sequence[Interruption]) -> str:
    """Return the text that refuses to interrupt anything, and says what to do instead."""
    parts = []
    for action, verb in (("stop", "be stopped and started again"), ("reboot", "be rebooted")):
        some = [one for one in interruptions if one.action == action]
        if some:
            parts.append(
                f"{len(some)} running instance(s) would have to {verb}: {enumerate_some(list(map(str, some)))}"
            )
    hints = ["Allow it with interruption=soft (or force, for guests that do not obey)"]
    if any(one.action == "reboot" for one in interruptions):
        hints.append("leave reboots to somebody else with make_effective=false")
    if any(one.avoidable for one in interruptions):
        hints.append("bind online on Lighthouse with association_type=online")
    hints.append("stop the instances yourself")
    return f"interruption is none, but {'; '.join(parts)}. {', or '.join(hints)}."


def _wave(
    number: int, members: t.Sequence[tuple[SitePlan, str]], units: t.Mapping[tuple[Place, str], tuple[int, Unit]]
) -> Wave:
    wanted: dict[int, tuple[Unit, list[str]]] = {}
    for site, name in members:
        key, unit = units[site.place, name]
        wanted.setdefault(key, (unit, []))[1].append(name)
    return Wave(
        number,
        tuple(site.ref(name) for site, name in members),
        tuple(entry for unit, names in wanted.values() for entry in entries_of(unit, names)),
    )


def _restore(record: Record) -> dict[str, t.Any]:
    ref = record.instance
    named = {"provider": ref.provider, "region": ref.region, "instance_id": ref.instance_id}
    return {**dict(record.connection), **named}


def _acts(row: Row) -> bool:
    return row.outcome == "changed" and row.action in ("bind", "unbind")


def _shown(place: Place, row: Row, interruption: Interruption | None) -> dict[str, t.Any]:
    """Return a row as results show it; one that stands for a selector has no instance."""
    return {
        "provider": place.provider,
        "region": place.region,
        **row.as_dict(),
        "instance_id": row.instance_id or None,
        "interruption": interruption.action if interruption else "none",
    }
