# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Putting back what was bound before, in one power cycle, when a login was not proved."""

from __future__ import annotations

import typing as t

from .._errors import KeyfleetError
from .._journal.claim import Claim
from .._journal.model import Record
from .._models import Desired, ErrorInfo, Observation
from .._plan.plan import Plan, make_plan
from .._plan.wave_cost import costs_of, refusals
from .._plan.wave_rollback import as_before, not_as_before, not_rolled_back, undoing
from .._plan.wave_rows import joined, only, put_back, refused_rows
from .wave_place import PlaceWave


def roll_back(
    place: PlaceWave,
    held: Claim,
    instance_ids: t.Sequence[str],
    reasons: t.Mapping[str, ErrorInfo],
    *,
    why: ErrorInfo | None = None,
    skip: bool = False,
) -> None:
    """Put back the key pairs of these instances, as far as this wave or an unfinished one has changed them.

    ``reasons``: the errors of those whose login failed; ``why`` is the reason of the others. ``skip``: their rows count
    as skipped, not as failed. What became of it is noted in the place.
    """
    place.remember(held.records)
    records = [found for name in instance_ids if (found := place.record(name)) is not None]
    try:
        place.observation = _with_key_pairs(place, records)
        wishes = undoing(records, {name: place.part.unit_of(name) for name in instance_ids}, place.observation)
        failures = _carry_out(place, held, wishes)
    except KeyfleetError as error:
        failures = dict.fromkeys(instance_ids, error.info)
        wishes = ()
    touched = {name for wish in wishes for name in wish.instance_ids} | set(failures)
    for record in records:
        name = record.instance.instance_id
        if name in touched and name not in failures and not as_before(record, place.observation):
            failures[name] = not_as_before(name)
    causes = {name: reasons.get(name, why) for name in touched}
    errors = {name: cause for name, cause in causes.items() if cause is not None}
    for name, failure in failures.items():
        instance = place.instance(name)
        bound = instance.key_pairs if instance else ()
        errors[name] = not_rolled_back(name, reasons.get(name), failure, bound)
    place.rolled_back |= touched - set(failures)
    place.kept |= set(failures)
    place.errors.update({name: error for name, error in errors.items() if name in reasons or name in failures})
    place.rows = put_back(place.rows, place.observation, errors, {*(() if skip else reasons), *failures})


def _carry_out(place: PlaceWave, held: Claim, wishes: t.Sequence[Desired]) -> dict[str, ErrorInfo]:
    """Make the power cycle; return an error for every instance on which it did not come about."""
    capabilities = place.reach.capabilities
    plan: Plan = joined([make_plan(place.observation, wish, capabilities) for wish in wishes])
    costs = costs_of(plan, place.observation, capabilities, make_effective=place.policy.make_effective)
    failures = {**plan.errors(), **refusals(costs, place.observation.instances, place.policy)}
    plan = refused_rows(plan, failures)
    costs = {name: cost for name, cost in costs.items() if name not in failures}
    held.write([place.intention(name, plan.rows, cost) for name, cost in costs.items()])
    cycle = place.turn(held, only(wishes, costs), costs)
    failures.update({name: result.error for name, result in cycle.results.items() if result.error is not None})
    return {**failures, **cycle.not_rebooted, **cycle.down}


def _with_key_pairs(place: PlaceWave, records: t.Sequence[Record]) -> Observation:
    """Return the observation with key pairs under their IDs, as the journal names them."""
    known = {pair.id: pair for pair in place.observation.key_pairs.values()}
    missing = sorted({key for record in records for key in (*record.key_pairs, *record.bind)} - set(known))
    if missing:
        known |= place.reach.provider.key_pairs(missing)
    return Observation(known, place.observation.instances)
