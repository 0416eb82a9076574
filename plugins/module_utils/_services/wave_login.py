# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Proving that one can log in to the instances of a wave, before and after they change, and what follows if not."""

from __future__ import annotations

import dataclasses
import typing as t

from .._errors import InputError, KeyfleetError
from .._journal.claim import Claim
from .._login.model import LoginResult, Target
from .._login.options import LoginOptions
from .._models import ErrorInfo
from .._parallel import parallel_map
from .._plan.plan import enumerate_some
from .._plan.rollout_model import InstanceRef
from .._plan.rows import Row
from .._plan.wave_cost import needs_start
from .._plan.wave_model import WavePolicy
from .._plan.wave_rollback import rolled_back_with
from .wave_place import PlaceWave
from .wave_target import bound_unproved, not_provable, not_running, put_back_unproved, target_of
from .wave_undo import roll_back

Ask = t.Callable[[t.Sequence[Target]], t.Mapping[InstanceRef, LoginResult]]
RequireSameKey = t.Callable[[str, "str | None"], None]


@dataclasses.dataclass(frozen=True)
class WaveLogins:
    """How logins are proved.

    ``ask`` asks many servers side by side. ``same_key`` takes name and public key of a key pair, and raises InputError
    when the private key is not its other half; without it no key is tried, and servers only have to answer.
    """

    ask: Ask
    options: LoginOptions
    policy: WavePolicy
    same_key: RequireSameKey | None = None

    def validate(self, places: t.Sequence[PlaceWave]) -> None:
        """Raise InputError when the private key belongs to none of the key pairs that an instance is to have."""
        for place in places if self.same_key is not None else ():
            known = place.observation.key_pairs
            for unit in place.part.units:
                self._require({known[key].name: known[key].public_key for key in unit.present if key in known})

    def before(self, places: t.Sequence[PlaceWave]) -> None:
        """With ``prove_first``, leave the instances alone to which nobody can log in now.

        With a roll-back, leave those alone that would lose a key pair for one that cannot be proved.
        """
        if self.same_key is None:
            return
        if not self.policy.prove_first:
            self._keep_unproved(places)
            return
        asked: list[tuple[PlaceWave, str]] = []
        for place in places:
            for name in place.plan.instance_ids:
                instance = place.instance(name)
                if instance is not None and instance.power == "running":
                    asked.append((place, name))
                elif not needs_start(place.record(name), instance):
                    # What an earlier run has stopped was proved by it.
                    place.logins[name] = "skipped"
                    place.refuse({name: not_running(place.part.ref(name))}, keep=False, outcome="skipped")
        for place, name, error in self._errors(asked):
            place.logins[name] = "failed"
            place.refuse({name: error}, keep=False)

    def _keep_unproved(self, places: t.Sequence[PlaceWave]) -> None:
        for place in places if self.policy.rollback != "none" else ():
            for name in dict.fromkeys(row.instance_id for row in place.plan.rows if is_displaced(row)):
                instance = place.instance(name)
                if (
                    instance is not None
                    and instance.power != "running"
                    and not needs_start(place.record(name), instance)
                ):
                    place.logins[name] = "skipped"
                    place.refuse({name: not_provable(place.part.ref(name))}, keep=False, outcome="skipped")

    def after(self, places: t.Sequence[PlaceWave], held: Claim) -> None:
        """Prove that one can log in to everything that runs, and roll back as the policy says."""
        asked: list[tuple[PlaceWave, str]] = []
        for place in places:
            for name in place.part.changing:
                instance = place.instance(name)
                if name not in place.errors and instance is not None and instance.power == "running":
                    place.logins[name] = "proved" if self.same_key is not None else "not_asked"
                    asked.append((place, name))
                else:
                    place.logins.setdefault(name, "skipped")
        failed = self._errors(asked)
        for place, name, error in failed:
            place.logins[name] = "failed"
            place.errors[name] = error
        if self.same_key is None or self.policy.rollback == "none":
            return
        if failed:
            self._roll_back(places, held, failed)
        parallel_map(lambda place: self._keep_stopped(place, held), places)

    def _keep_stopped(self, place: PlaceWave, held: Claim) -> None:
        """Put back what stopped instances have lost, as nobody knew they would, for what could not be proved."""
        changed = dict.fromkeys(row.instance_id for row in place.rows if row.outcome == "changed")
        known = {name for name in place.part.changing if place.part.ref(name) in held.records}
        unproved = [
            name
            for name in dict.fromkeys((*changed, *known))
            if place.logins.get(name) == "skipped" and name not in place.errors and name not in place.rolled_back
        ]
        lost = [name for name in unproved if place.has_lost(name, held.records)]
        if lost:
            roll_back(place, held, lost, {name: put_back_unproved(place.part.ref(name)) for name in lost}, skip=True)
        for name in unproved:
            if name in changed:
                place.errors.setdefault(name, bound_unproved(place.part.ref(name)))

    def _roll_back(
        self, places: t.Sequence[PlaceWave], held: Claim, failed: t.Sequence[tuple[PlaceWave, str, ErrorInfo]]
    ) -> None:
        why = rolled_back_with(enumerate_some([name for _place, name, _error in failed]))

        def put_back(place: PlaceWave) -> None:
            reasons = {name: error for other, name, error in failed if other is place}
            names = list(reasons) if self.policy.rollback == "failed" else list(place.part.changing)
            roll_back(place, held, names, reasons, why=why)

        parallel_map(put_back, places)

    def _errors(self, asked: t.Sequence[tuple[PlaceWave, str]]) -> list[tuple[PlaceWave, str, ErrorInfo]]:
        """Ask all of them side by side; return those to which nobody can log in, and why."""
        errors: dict[InstanceRef, ErrorInfo] = {}
        targets: list[Target] = []
        for place, name in asked:
            ref, instance = place.part.ref(name), place.instance(name)
            if instance is None:
                continue
            found = target_of(ref, instance, place.part.unit_of(name), self.options)
            if isinstance(found, Target):
                targets.append(found)
            else:
                errors[ref] = found
        try:
            results = self.ask(targets) if targets else {}
            errors |= {ref: result.error for ref, result in results.items() if result.error is not None}
        except KeyfleetError as error:
            # Instances have changed by now, and what has become of them must not get lost.
            errors |= dict.fromkeys((target.instance for target in targets), error.info)
        return [(place, name, errors[ref]) for place, name in asked if (ref := place.part.ref(name)) in errors]

    def _require(self, public_keys: t.Mapping[str, str | None]) -> None:
        """Raise the first error unless one of the key pairs is the right one."""
        first: InputError | None = None
        for name, public_key in public_keys.items():
            try:
                if self.same_key is not None:
                    self.same_key(name, public_key)
            except InputError as error:
                first = first or error
            else:
                return
        if first is not None:
            raise first


def is_displaced(row: Row) -> bool:
    """Tell whether a key pair goes, or went, because another one was bound."""
    return row.action == "displace" and row.outcome == "changed" and row.after == "absent"
