# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Reading instances and key pairs of one region. Takes a provider, knows neither Ansible nor HTTP."""

from __future__ import annotations

import dataclasses
import typing as t

from .._capabilities import Capabilities
from .._models import Instance
from .._plan.validation import validate_instance_ids
from .._providers._protocol import Provider
from .._selection.filters import Filters

# A task that only reads retries no longer than this, in seconds.
READ_SECONDS = 600.0


@dataclasses.dataclass(frozen=True)
class Found:
    """What was found, sorted by ID.

    ``missing``: IDs that were asked for and do not exist. ``unknown_key_pair``: the one that was asked for, if it does
    not exist. ``hidden``: what a user should know of instances that may not be described.
    """

    instances: tuple[Instance, ...] = ()
    missing: tuple[str, ...] = ()
    unknown_key_pair: str | None = None
    hidden: tuple[str, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a user should know."""
        if self.unknown_key_pair is None:
            return self.hidden
        return (f"There is no key pair {self.unknown_key_pair} here, so that no instance can have it.", *self.hidden)


def find_instances(
    provider: Provider, capabilities: Capabilities, filters: Filters, instance_ids: t.Sequence[str] | None = None
) -> Found:
    """Return the instances that pass all filters; with ``instance_ids`` only those of them.

    An empty list selects nothing, and then nothing is sent. Raises InputError for what cannot be right whatever the
    cloud holds, and the errors of the reads.
    """
    criteria = filters.criteria(capabilities)
    if instance_ids is not None:
        validate_instance_ids(instance_ids, capabilities)
    if criteria.nothing or (instance_ids is not None and not instance_ids):
        return Found()
    if filters.key_pair is not None:
        pairs = provider.key_pairs([filters.key_pair])
        if filters.key_pair not in pairs:
            return Found(unknown_key_pair=filters.key_pair)
        criteria = dataclasses.replace(criteria, key_pair=pairs[filters.key_pair].id)
    missing: tuple[str, ...] = ()
    if instance_ids is None:
        read = provider.list_instances(criteria)
    else:
        by_id = provider.instances(instance_ids)
        read, missing = list(by_id.values()), tuple(sorted(set(instance_ids) - set(by_id)))
    found = [instance for instance in read if not instance.hidden and criteria.fit(instance)]
    return Found(tuple(sorted(found, key=lambda instance: instance.id)), missing, hidden=_hidden(read))


def _hidden(read: t.Iterable[Instance]) -> tuple[str, ...]:
    return tuple(
        f"{instance.id} is left out: {instance.obstacle.message if instance.obstacle else 'it may not be described'}."
        for instance in read
        if instance.hidden
    )
