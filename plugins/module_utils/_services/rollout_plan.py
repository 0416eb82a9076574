# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Planning a rollout over many places: reads them side by side and writes nothing."""

from __future__ import annotations

import dataclasses
import typing as t

from .._capabilities import Capabilities
from .._clock import Clock
from .._errors import KeyfleetError
from .._journal.model import Record
from .._models import ErrorInfo
from .._parallel import parallel_map
from .._plan.entries import Entry
from .._plan.known_key_pairs import known_of
from .._plan.plan import enumerate_some
from .._plan.rollout import Lost, Rollout, as_reached, make_waves, power_first, within
from .._plan.rollout_site import Policy, SitePlan, plan_site
from .._plan.rows import Row
from .._plan.unit_desired import desired_of
from .._plan.units import Wish, units_known
from .._plan.waves import Size
from .binding_observe import observe_many
from .rollout_places import Connect, Site, Unreachable, visit_sites


@dataclasses.dataclass(frozen=True)
class Request:
    """What is to be planned. ``unfinished``: records of runs that died; ``left_alone``: labels of other entries.

    ``objection``: why no wave could begin, whatever it is.
    """

    entries: t.Sequence[Entry]
    policy: Policy
    sizes: t.Sequence[Size]
    unfinished: t.Sequence[Record] = ()
    left_alone: t.Sequence[str] = ()
    objection: str = ""


def plan_rollout(
    request: Request, connect: Connect, capabilities: t.Mapping[str, Capabilities], clock: Clock
) -> Rollout:
    """Return the plan. Raises InputError for entries that contradict each other; a place that cannot be read is part of
    the plan.
    """
    sites = visit_sites(request.entries, connect, capabilities)
    outcomes = parallel_map(lambda site: _plan(site, request, capabilities, clock), sites.reached)
    planned = tuple(one for one in outcomes if isinstance(one, SitePlan))
    unfinished = as_reached(planned, request.unfinished)
    rollout = Rollout(
        sites=planned,
        lost=(*map(_lost, sites.unreachable), *(one for one in outcomes if isinstance(one, Lost))),
        waves=make_waves(((wish.place, wish.instance_id) for wish in sites.wishes), planned, request.sizes, unfinished),
        policy=request.policy,
        unfinished=tuple(unfinished),
        left_alone=tuple(request.left_alone),
        objection=request.objection,
        warnings=(
            *sites.warnings,
            *(warning for site in planned for warning in site.warnings),
            *_elsewhere(planned, unfinished),
        ),
    )
    if rollout.refusal is None:
        return rollout
    return dataclasses.replace(rollout, waves=power_first(rollout.waves, unfinished))


def _elsewhere(sites: t.Sequence[SitePlan], unfinished: t.Sequence[Record]) -> t.Iterator[str]:
    """Yield a warning of unfinished instances in places that were not reached; they may be somebody else's."""
    near = {record.instance for record in within(sites, unfinished)}
    others = [str(record.instance) for record in unfinished if record.instance not in near]
    if others:
        yield (
            f"{len(others)} instance(s) that earlier runs left unfinished stay as they are, as they are in places that "
            f"were not reached: {enumerate_some(others)}. A run that has entries there finishes them."
        )


def _plan(site: Site, request: Request, capabilities: t.Mapping[str, Capabilities], clock: Clock) -> SitePlan | Lost:
    wanted = [desired_of(unit, last_key_policy=request.policy.last_key_policy, power_off=True) for unit in site.units]
    policy, now = request.policy, clock.timestamp()
    try:
        observation = observe_many(
            site.connection.provider, wanted, site.capabilities, known=site.listed, expected=policy.expected
        )
    except KeyfleetError as error:
        return Lost(site.place, tuple(_wish_rows(site.wishes, error.info)), error.info)
    units = units_known(site.wishes, observation.key_pairs, capabilities)
    found = plan_site(site.place, units, observation, site.capabilities, policy, request.unfinished)
    return dataclasses.replace(found, known=known_of(site.place, now, units, observation.key_pairs.values()))


def _lost(unreachable: Unreachable) -> Lost:
    error = unreachable.error.info
    rows = [
        _unread(instance_id, key_pair, error)
        for entry in unreachable.entries
        # What a selector means is not known; it has a row without an instance.
        for instance_id in (*entry.instance_ids, *([""] if entry.selector else []))
        for key_pair in entry.key_pairs
    ]
    return Lost(unreachable.place, tuple(rows), error)


def _wish_rows(wishes: t.Iterable[Wish], error: ErrorInfo) -> t.Iterator[Row]:
    for wish in wishes:
        for key_pair in (*wish.present, *wish.absent):
            yield _unread(wish.instance_id, key_pair, error)


def _unread(instance_id: str, key_pair: str, error: ErrorInfo) -> Row:
    return Row(instance_id, key_pair, before="unknown", after="unknown", outcome="failed", error=error)
