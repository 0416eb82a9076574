# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What a run writes down before it touches instances, and how the notes of several runs become one. No I/O.

An instance is *claimed* by a run that may change it, and has a *record* once that run is about to. What a run leaves
when it dies is told by its records: a claim without a record means that nothing was touched.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import typing as t

from .._models import Power
from .._plan.rollout_model import InstanceRef


@dataclasses.dataclass(frozen=True)
class Run:
    """Who writes: one task of one process. ``started`` is in Unix seconds."""

    id: str
    role: str
    host: str
    pid: int
    started: float

    def __str__(self) -> str:
        role = f" of {self.role}" if self.role else ""
        return f"run {self.id}{role} on host {self.host}, process {self.pid}, since {moment(self.started)}"


@dataclasses.dataclass(frozen=True)
class Intention:
    """What a run is about to do to an instance, and how it found it: power, and the IDs of its key pairs.

    ``connection``: the connection options that lead there, as Place has them, never a secret. ``started``: when its
    guest was started, as the API puts it; another value later means that it has been started since.
    """

    instance: InstanceRef
    power: Power
    key_pairs: tuple[str, ...]
    bind: tuple[str, ...] = ()
    unbind: tuple[str, ...] = ()
    reboot_pending: bool = False
    connection: tuple[tuple[str, t.Any], ...] = ()
    started: str | None = None


@dataclasses.dataclass(frozen=True)
class Record:
    """How an instance was before anybody touched it, and what was intended last.

    ``power``, ``key_pairs``, ``since`` (Unix seconds) and ``run`` (its ID) are those of the first run that left it
    unfinished; ``bind``, ``unbind``, ``connection``, ``started`` and ``noted`` (Unix seconds) those of the last.
    ``reboot_pending``: a key pair that was bound or unbound waits for a restart.
    """

    instance: InstanceRef
    power: Power
    key_pairs: tuple[str, ...]
    since: float
    run: str
    noted: float
    bind: tuple[str, ...] = ()
    unbind: tuple[str, ...] = ()
    reboot_pending: bool = False
    connection: tuple[tuple[str, t.Any], ...] = ()
    started: str | None = None

    def as_dict(self) -> dict[str, t.Any]:
        """Return the shape in which results show an unfinished instance."""
        return {
            **self.instance.as_dict(),
            "power": self.power,
            "since": moment(self.since),
            "run": self.run,
        }


def moment(seconds: float) -> str:
    """Return Unix seconds as text, in UTC, such as ``2026-05-01T10:00:00Z``."""
    return datetime.datetime.fromtimestamp(seconds, tz=datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def merge(one: Record, other: Record) -> Record:
    """Return one record for two of the same instance: the older beginning, the newer intention.

    The order in which records are merged does not matter, and a record that occurs twice counts once.
    """
    first, last = min(one, other, key=_beginning), max(one, other, key=_ending)
    return dataclasses.replace(
        last,
        power=first.power,
        key_pairs=first.key_pairs,
        since=first.since,
        run=first.run,
        reboot_pending=one.reboot_pending or other.reboot_pending,
    )


def merged(records: t.Iterable[Record]) -> dict[InstanceRef, Record]:
    """Return one record for each instance that has any, sorted by instance."""
    found: dict[InstanceRef, list[Record]] = {}
    for record in records:
        found.setdefault(record.instance, []).append(record)
    return {instance: functools.reduce(merge, found[instance]) for instance in sorted(found)}


def noted(known: Record | None, intention: Intention, run: Run, now: float) -> Record:
    """Return the record of an intention.

    Where one is ``known``, its beginning stays: what the instance is like now may be what the unfinished work made of
    it. A pending reboot stays pending as well.
    """
    new = Record(
        instance=intention.instance,
        power=intention.power,
        key_pairs=intention.key_pairs,
        since=now,
        run=run.id,
        noted=now,
        bind=intention.bind,
        unbind=intention.unbind,
        reboot_pending=intention.reboot_pending,
        connection=intention.connection,
        started=intention.started,
    )
    if known is None:
        return new
    return dataclasses.replace(
        new,
        power=known.power,
        key_pairs=known.key_pairs,
        since=known.since,
        run=known.run,
        reboot_pending=known.reboot_pending or new.reboot_pending,
    )


@dataclasses.dataclass(frozen=True)
class Journal:
    """The notes of one run: the instances that it claimed, and the records of those that it is about to touch."""

    run: Run
    claimed: frozenset[InstanceRef]
    records: t.Mapping[InstanceRef, Record]

    def without(self, instances: t.AbstractSet[InstanceRef]) -> Journal:
        """Return the notes without these instances."""
        kept = {instance: record for instance, record in self.records.items() if instance not in instances}
        return Journal(self.run, self.claimed - instances, kept)


def _beginning(record: Record) -> tuple[t.Any, ...]:
    return record.since, record.run, record.power, record.key_pairs


def _ending(record: Record) -> tuple[t.Any, ...]:
    return record.noted, record.bind, record.unbind, record.started or "", repr(record.connection)
