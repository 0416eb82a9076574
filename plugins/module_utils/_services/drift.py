# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Reading whole places side by side, for a report on what they hold. Nothing is ever written to them."""

from __future__ import annotations

import typing as t

from .._connection import Connection
from .._errors import ApiError, KeyfleetError
from .._models import ErrorInfo, Instance, KeyPair
from .._parallel import parallel_map
from .._plan.drift_model import PlaceView
from .._plan.rollout_model import Place
from .._providers._protocol import Provider
from .._selection.criteria import Criteria

Connect = t.Callable[[Place], Connection]


def read_places(named: t.Mapping[Place, t.Sequence[str]], connect: Connect) -> dict[Place, PlaceView]:
    """Return what every place holds. ``named``: each place, with the instances that are asked for there by ID.

    One listing of key pairs and one of instances for each place. Instances that are not in the listing are asked for
    by ID, to tell those that do not exist from those that may not be described. Errors are in the views.
    """
    return dict(zip(named, parallel_map(lambda place: _view(place, named[place], connect), list(named)), strict=True))


def _view(place: Place, named: t.Sequence[str], connect: Connect) -> PlaceView:
    region = place.region
    try:
        connection = connect(place)
        region = connection.region
        key_pairs, instances = _listings(connection.provider)
        listed = {instance.id for instance in instances}
        others = _described(connection.provider, [one for one in named if one not in listed])
    except KeyfleetError as error:
        return PlaceView(place, region, error=error.info)
    everything = [*instances, *others]
    return PlaceView(
        place,
        region,
        key_pairs=tuple(key_pairs),
        instances=tuple(instance for instance in everything if not instance.hidden),
        hidden=tuple(instance for instance in everything if instance.hidden),
    )


def _listings(provider: Provider) -> tuple[list[KeyPair], list[Instance]]:
    """Return all key pairs and all instances, listed at the same time."""
    reads: list[t.Callable[[], t.Any]] = [provider.list_key_pairs, lambda: provider.list_instances(Criteria())]
    key_pairs, instances = parallel_map(lambda read: read(), reads)
    return key_pairs, instances


def _described(provider: Provider, instance_ids: t.Sequence[str]) -> list[Instance]:
    """Return those of the instances that exist, hidden ones included."""
    if not instance_ids:
        return []
    try:
        return list(provider.instances(instance_ids).values())
    except ApiError as error:
        if error.kind != "denied":
            raise
        return [_hidden(instance_id, error.info) for instance_id in instance_ids]


def _hidden(instance_id: str, reason: ErrorInfo) -> Instance:
    return Instance(instance_id, "", "", "unavailable", (), obstacle=reason, hidden=True)
