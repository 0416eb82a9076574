# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""One wave of a rollout: all of its places side by side, under one journal."""

from __future__ import annotations

import dataclasses
import itertools
import typing as t

from .._clock import Clock
from .._errors import KeyfleetError
from .._journal.claim import Claim, claim
from .._journal.folder import Folder, unfinished
from .._journal.model import Record
from .._parallel import parallel_map
from .._plan.rollout_model import InstanceRef
from .._plan.wave_cost import unsettled_text
from .._plan.wave_model import InstanceReport, power_of
from .._plan.wave_report import PlaceReport, WaveReport
from .wave_place import PlaceWave


class Logins(t.Protocol):
    """Who proves that one can log in."""

    def validate(self, places: t.Sequence[PlaceWave]) -> None:
        """Raise InputError for what cannot be right, once everything was read."""

    def before(self, places: t.Sequence[PlaceWave]) -> None:
        """Do what has to be proved before anything is written, and refuse the instances where it fails."""

    def after(self, places: t.Sequence[PlaceWave], held: Claim) -> None:
        """Prove the logins when everything is done; put back what was there if asked to."""


@dataclasses.dataclass(frozen=True)
class JournalOptions:
    """Where the journal is, who writes it, and how many seconds to wait for other runs."""

    folder: str
    role: str = ""
    lock_timeout: float = 900.0


class Wave:
    """Brings a wave about. ``logins``: how to prove that one can log in; None when nobody asks."""

    def __init__(
        self, places: t.Sequence[PlaceWave], journal: JournalOptions, clock: Clock, logins: Logins | None
    ) -> None:
        self._places = places
        self._journal = journal
        self._clock = clock
        self._logins = logins
        self._notices: list[str] = []

    def check(self) -> WaveReport:
        """Return what would be done, after the same reads. Nothing is written, neither to a cloud nor to a file.

        Raises what a run would raise before the first write.
        """
        records = {record.instance: record for record in unfinished(self._journal.folder)}
        if any(place.part.instance_ids for place in self._places):
            Folder(self._journal.folder).check()
        self._look(records)
        return self._report(planned=True)

    def run(self) -> WaveReport:
        """Bring the wave about. What went wrong is in the report; what nobody foresaw is raised once power is restored.

        Raises InputError for what was wrong from the start, and the errors of the journal, before the first write.
        """
        refs = [place.part.ref(name) for place in self._places for name in place.part.instance_ids]
        if not refs:
            return self._report(planned=False)
        journal = self._journal
        with claim(
            journal.folder,
            refs,
            role=journal.role,
            clock=self._clock,
            timeout=journal.lock_timeout,
            on_wait=self._notices.append,
        ) as held:
            self._bring_about(held)
            self._release(held)
        return self._report(planned=False)

    def _bring_about(self, held: Claim) -> None:
        self._look(held.records)
        if self._logins is not None:
            self._logins.before(self._places)
        intentions = list(itertools.chain.from_iterable(place.intentions() for place in self._places))
        if intentions:
            held.write(intentions)
        parallel_map(lambda place: place.carry_out(held), self._places)
        if self._logins is not None:
            self._logins.after(self._places, held)

    def _release(self, held: Claim) -> None:
        """Let the journal forget what is as it should be. What has been done must not get lost because that fails."""
        self._keep_unsettled()
        done = [
            place.part.ref(name) for place in self._places for name in place.part.instance_ids if name not in place.kept
        ]
        try:
            held.release(done)
        except KeyfleetError as error:
            self._notices.append(f"{error.info.message} {error.info.hint}".rstrip())

    def _keep_unsettled(self) -> None:
        for place in self._places:
            for name, record in place.unsettled().items():
                place.kept.add(name)
                if name not in place.errors:
                    self._notices.append(unsettled_text(record, place.instance(name), self._journal.folder))

    def _look(self, records: t.Mapping[InstanceRef, Record]) -> None:
        parallel_map(lambda place: place.look(records), self._places)
        if self._logins is not None:
            self._logins.validate(self._places)

    def _report(self, *, planned: bool) -> WaveReport:
        return WaveReport(tuple(_place_report(place, planned=planned) for place in self._places), tuple(self._notices))


def _place_report(place: PlaceWave, *, planned: bool) -> PlaceReport:
    return PlaceReport(
        place=place.part.place,
        rows=place.rows,
        instances=tuple(_instance_report(place, name, planned=planned) for name in place.part.instance_ids),
        requested=sum(len(unit.instance_ids) * len((*unit.present, *unit.absent)) for unit in place.part.units),
        not_effective=tuple(place.not_effective),
        warnings=(*place.plan.warnings, *place.warnings),
    )


def _instance_report(place: PlaceWave, instance_id: str, *, planned: bool) -> InstanceReport:
    record, found, now = place.record(instance_id), place.found.get(instance_id), place.instance(instance_id)
    started = instance_id in place.to_be_started if planned else instance_id in place.started
    return InstanceReport(
        ref=place.part.ref(instance_id),
        name=(now.name or None) if now else None,
        power_before=record.power if record is not None else power_of(found),
        power_after="running" if planned and started else power_of(now),
        interruption=(place.costs if planned else place.interrupted).get(instance_id, "none"),
        login=place.logins.get(instance_id, "not_asked"),
        started=started,
        rolled_back=instance_id in place.rolled_back,
        error=place.errors.get(instance_id),
    )
