# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Planning one instance that shall have key pairs: bind what is missing; afterwards unbind what is unwanted, or with
``exclusive`` the rest.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._capabilities import Capabilities
from .._models import Desired, Observation
from .change import Change, InstancePlan, forced, is_bound, obstacle, with_interruptions
from .rows import Row
from .unbinding import unbind_changes, unbind_rows


def plan_instance(
    instance_id: str, observation: Observation, desired: Desired, capabilities: Capabilities
) -> InstancePlan:
    """Return rows and changes of one instance for ``state=present``. The new key pair comes before the old one goes."""
    wanted = tuple(observation.key_pairs[reference].id for reference in desired.key_pairs)
    missing = tuple(key for key in wanted if not is_bound(observation, instance_id, key, desired.username))
    rows = [_wanted_row(observation, desired, capabilities, instance_id, key, key in missing) for key in wanted]
    instance = observation.instances.get(instance_id)
    others = tuple(key for key in instance.key_pairs if key not in wanted) if instance else ()
    unwanted = _unwanted(instance_id, observation, desired, others)
    rows += [row for key, row in _bound_to_nothing(instance_id, observation, desired) if key not in unwanted]
    if not missing and not unwanted:
        return InstancePlan(instance_id, tuple(rows))
    for key in dict.fromkeys((*others, *unwanted)):
        rows += _other_rows(
            observation, desired, capabilities, instance_id, key, binds=bool(missing), leaves=key in unwanted
        )
    error = obstacle(observation, instance_id, desired, capabilities, online=desired.online)
    if error is not None:
        return InstancePlan(
            instance_id,
            tuple(row.failed(error) if row.action in ("bind", "unbind") else _kept(row) for row in rows),
        )
    changes: tuple[Change, ...] = ()
    if missing:
        keys = wanted if capabilities.bind_effect == "replaces" else missing
        changes = (_bind(observation, desired, capabilities, instance_id, keys),)
    leaving = [row for row in rows if row.action == "unbind"]
    changes += unbind_changes(leaving, observation, desired, capabilities)
    return InstancePlan(instance_id, with_interruptions(rows, changes), changes)


def _unwanted(instance_id: str, observation: Observation, desired: Desired, others: tuple[str, ...]) -> tuple[str, ...]:
    """Return the key pairs of the instance that are to go."""
    if desired.exclusive:
        return others
    named = (observation.key_pairs[ref].id for ref in desired.unwanted if ref in observation.key_pairs)
    return tuple(key for key in named if is_bound(observation, instance_id, key))


def _bound_to_nothing(instance_id: str, observation: Observation, desired: Desired) -> t.Iterator[tuple[str, Row]]:
    """Yield what an unwanted key pair is called, and its row for the case that there is nothing to do about it."""
    for reference in desired.unwanted:
        pair = observation.key_pairs.get(reference)
        key, name = (pair.id, pair.name) if pair else (reference, None)
        yield key, Row(instance_id, key, name)


def _bind(
    observation: Observation, desired: Desired, capabilities: Capabilities, instance_id: str, keys: tuple[str, ...]
) -> Change:
    """Return the bind; where a bind replaces what was there, one call carries everything that shall stay."""
    return Change(
        instance_id,
        "bind",
        keys,
        force=forced(observation, instance_id, capabilities, online=desired.online),
        online=None if desired.association_type is None else desired.online,
        username=desired.username,
    )


def _wanted_row(
    observation: Observation,
    desired: Desired,
    capabilities: Capabilities,
    instance_id: str,
    key: str,
    binds: bool,
) -> Row:
    """Return the row of a key pair that is asked for."""
    accounts = observation.usernames(instance_id, key)
    return Row(
        instance_id=instance_id,
        key_pair=key,
        key_pair_name=observation.name_of(key),
        username=desired.username or (None if binds else next(iter(accounts), None)),
        before="absent" if binds else "present",
        after="present",
        action="bind" if binds else "none",
        outcome="changed" if binds else "unchanged",
        # Where a restart is needed, nobody can tell whether there was one since an older binding.
        effective=True if not capabilities.restart_needed else (False if binds else None),
    )


def _other_rows(
    observation: Observation,
    desired: Desired,
    capabilities: Capabilities,
    instance_id: str,
    key: str,
    *,
    binds: bool,
    leaves: bool,
) -> list[Row]:
    """Return the rows of a key pair that is bound and not wanted; none when nothing happens to it."""
    rows = unbind_rows(instance_id, key, observation, desired, capabilities)
    if binds and capabilities.bind_effect == "replaces":
        return [dataclasses.replace(row, action="displace") for row in rows]
    if leaves:
        return rows
    if binds and capabilities.bind_effect == "unknown" and not desired.online:
        # The vendor's pages contradict each other; the run reads afterwards what became of it.
        return [dataclasses.replace(row, action="displace", after="unknown", effective=None) for row in rows]
    return []


def _kept(row: Row) -> Row:
    """Return the row as one that nothing happens to."""
    if row.action == "none":
        return row
    return dataclasses.replace(row, action="none", after=row.before, outcome="unchanged", effective=None)
