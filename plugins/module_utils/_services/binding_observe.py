# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Looking first: the cheapest reads that answer what a task asks."""

from __future__ import annotations

import dataclasses
import types
import typing as t

from .._capabilities import Capabilities
from .._models import Desired, Instance, KeyPair, Observation
from .._plan.change import is_bound
from .._providers._protocol import Provider
from .._providers._references import by_reference


def observe(provider: Provider, desired: Desired, capabilities: Capabilities) -> Observation:
    """Read what the plan needs and no more.

    Where key pairs list their instances, one read of them tells which instances are as desired already, and only the
    others are described. Otherwise the instances are described, and the key pairs are read only if one has to be
    bound.
    """
    return observe_many(provider, [desired], capabilities)


def observe_many(
    provider: Provider,
    wanted: t.Sequence[Desired],
    capabilities: Capabilities,
    *,
    known: t.Mapping[str, Instance] = types.MappingProxyType({}),
    expected: t.Collection[str] = (),
) -> Observation:
    """Read what the plans for all of these need, in as few calls as for one; see observe.

    ``known``: instances that were read already. ``expected``: names of key pairs that count as there, bound to nothing,
    if they are not.
    """
    references = list(dict.fromkeys(reference for desired in wanted for reference in desired.references))
    others: dict[str, KeyPair] = {}
    if capabilities.key_pairs_list_instances:
        found, others = _with_others(provider, references, wanted, capabilities)
        observation = Observation(_and_expected(found, references, expected), {})
        names = dict.fromkeys(name for desired in wanted for name in _to_be_described(observation, desired))
        described = _described(provider, list(names), known)
    else:
        names = dict.fromkeys(name for desired in wanted for name in desired.instance_ids)
        described = _described(provider, list(names), known)
        pairs = _held(described)
        unknown = [key for key in references if key not in pairs]
        found = provider.key_pairs(unknown) if unknown else {}
        observation = Observation({**pairs, **_and_expected(found, unknown, expected)}, {})
    observation = dataclasses.replace(observation, instances=described)
    return _with_names(provider, observation, wanted, capabilities, others)


def observe_all(
    provider: Provider,
    wanted: t.Sequence[Desired],
    instance_ids: t.Sequence[str],
    capabilities: Capabilities,
    *,
    told: t.Mapping[str, KeyPair] = types.MappingProxyType({}),
) -> Observation:
    """Read all of these instances, and the key pairs of the wishes.

    ``told``: ID or name → a key pair that need not be read.
    """
    described = _described(provider, instance_ids)
    references = dict.fromkeys(reference for desired in wanted for reference in desired.references)
    bound = {reference for desired in wanted if desired.state == "present" for reference in desired.key_pairs}
    held = _held(described) if capabilities.key_pair_id_pattern is None else {}
    # What goes need only exist; of what comes the public key may be wanted.
    told = {**{key: pair for key, pair in held.items() if key not in bound}, **told}
    pairs = {**held, **{reference: told[reference] for reference in references if reference in told}}
    unread = [reference for reference in references if reference not in told]
    others = dict(told)
    if unread:
        found, listed = _with_others(provider, unread, wanted, capabilities)
        pairs, others = {**pairs, **found}, {**others, **listed}
    return _with_names(provider, Observation(pairs, described), wanted, capabilities, others)


def look_again(
    provider: Provider, observation: Observation, instance_ids: t.Sequence[str], *, with_key_pairs: bool
) -> Observation:
    """Return the observation with these instances read again; ``with_key_pairs`` also reads who holds the key pairs."""
    pairs = observation.key_pairs
    if with_key_pairs:
        pairs = {**pairs, **provider.key_pairs(list(pairs))}
    return Observation(pairs, {**observation.instances, **_described(provider, instance_ids)})


def _with_others(
    provider: Provider, references: t.Sequence[str], wanted: t.Sequence[Desired], capabilities: Capabilities
) -> tuple[dict[str, KeyPair], dict[str, KeyPair]]:
    """Return the key pairs for the references, and others by ID where one request tells them all.

    Others are asked for when it matters what else is bound, as then their names will be needed.
    """
    listed = provider.few_key_pairs() if references and _names_matter(wanted, capabilities) else None
    if listed is not None:
        return by_reference(listed, references), {pair.id: pair for pair in listed}
    return provider.key_pairs(references) if references else {}, {}


def _and_expected(
    found: t.Mapping[str, KeyPair], references: t.Iterable[str], expected: t.Collection[str]
) -> dict[str, KeyPair]:
    """Return the key pairs, and those that are expected in place of missing ones."""
    coming = [name for name in references if name in expected and name not in found]
    return {**found, **{name: KeyPair(id=name, name=name, holders=()) for name in coming}}


def _held(described: t.Mapping[str, Instance | None]) -> dict[str, KeyPair]:
    """Return the key pairs that instances have, where their names are their IDs: then they exist."""
    held = {key for instance in described.values() if instance for key in instance.key_pairs}
    return {key: KeyPair(id=key, name=key) for key in sorted(held)}


def _described(
    provider: Provider, instance_ids: t.Sequence[str], known: t.Mapping[str, Instance] = types.MappingProxyType({})
) -> dict[str, Instance | None]:
    """Return an entry for every ID, None for those that the API does not know."""
    unread = [instance_id for instance_id in instance_ids if instance_id not in known]
    found = {**known, **(provider.instances(unread) if unread else {})}
    return {instance_id: found.get(instance_id) for instance_id in instance_ids}


def _to_be_described(observation: Observation, desired: Desired) -> tuple[str, ...]:
    """Return the instances that the key pairs' own lists do not answer for."""
    if desired.exclusive:
        return desired.instance_ids
    if desired.state == "present" and any(reference not in observation.key_pairs for reference in desired.key_pairs):
        return ()
    key_pairs, unwanted = _ids(observation, desired.key_pairs), _ids(observation, desired.unwanted)
    wanted = key_pairs if desired.state == "present" else []
    unwanted = unwanted if desired.state == "present" else key_pairs
    account = desired.username
    return tuple(
        name
        for name in desired.instance_ids
        if not all(is_bound(observation, name, pair, account) for pair in wanted)
        or any(is_bound(observation, name, pair, account if desired.state == "absent" else None) for pair in unwanted)
    )


def _ids(observation: Observation, references: t.Iterable[str]) -> list[str]:
    return [observation.key_pairs[reference].id for reference in references if reference in observation.key_pairs]


def _names_matter(wanted: t.Iterable[Desired], capabilities: Capabilities) -> bool:
    """Tell whether key pairs may go that nobody named: rows then say what they are called."""
    if capabilities.key_pair_id_pattern is None:
        return False
    adds = capabilities.bind_effect == "adds"
    return any(desired.state == "present" and (desired.exclusive or not (adds or desired.online)) for desired in wanted)


def _with_names(
    provider: Provider,
    observation: Observation,
    wanted: t.Iterable[Desired],
    capabilities: Capabilities,
    others: t.Mapping[str, KeyPair],
) -> Observation:
    """Add the key pairs that turned up on instances, where their names matter; ``others`` are known by ID."""
    if not _names_matter(wanted, capabilities):
        return observation
    seen = {key for instance in observation.instances.values() if instance for key in instance.key_pairs}
    unnamed = sorted(seen - {pair.id for pair in observation.key_pairs.values()})
    found = {key: others[key] for key in unnamed if key in others}
    unread = [key for key in unnamed if key not in others]
    found.update(provider.key_pairs(unread) if unread else {})
    return dataclasses.replace(observation, key_pairs={**observation.key_pairs, **found})
