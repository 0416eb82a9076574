# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""From entries to units: what all entries together want of each instance, and who wants the same."""

from __future__ import annotations

import dataclasses
import typing as t

from .._capabilities import Capabilities
from .._errors import InputError
from .._models import KeyPair
from .entries import Entry
from .rollout_model import Login, Place, Unit

Identity = t.Callable[[Place, str], str]


@dataclasses.dataclass(frozen=True)
class Meant:
    """An entry and the instances that it turned out to mean, those of its selector included."""

    entry: Entry
    instance_ids: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Wish:
    """What all entries together want of one instance. ``entries`` are those that want anything of it."""

    place: Place
    instance_id: str
    present: tuple[str, ...]
    absent: tuple[str, ...]
    exclusive: bool
    association_type: t.Literal["online", "offline"] | None
    username: str | None
    login: Login | None
    entries: tuple[Entry, ...]


def merge(
    meant: t.Iterable[Meant],
    capabilities: t.Mapping[str, Capabilities],
    identity: Identity = lambda _place, reference: reference,
) -> list[Wish]:
    """Return a wish for every instance, in the order in which the entries first mean them.

    ``identity`` tells which key pair a reference means, once that was read: then an ID and a name can turn out to be
    the same. Raises InputError, which names both entries, where entries contradict each other.
    """
    entries: dict[tuple[Place, str], list[Entry]] = {}
    places: dict[tuple[str, str | None, str], Entry] = {}
    for one in meant:
        place = one.entry.place
        for instance_id in dict.fromkeys(one.instance_ids):
            first = places.setdefault((*place.ground, instance_id), one.entry)
            if first.place != place:
                what = "providers" if first.place.provider != place.provider else "connection options"
                raise _contradiction(instance_id, first, one.entry, f"they lead there with different {what}")
            entries.setdefault((place, instance_id), []).append(one.entry)
    return [_wish(place, name, wanted, capabilities, identity) for (place, name), wanted in entries.items()]


def units_of(wishes: t.Iterable[Wish]) -> tuple[Unit, ...]:
    """Return the units: instances of one place of which the very same is wanted."""
    groups: dict[tuple[t.Any, ...], list[Wish]] = {}
    for wish in wishes:
        same = (wish.place, wish.present, wish.absent, wish.exclusive, wish.association_type, wish.username)
        groups.setdefault(same, []).append(wish)
    return tuple(
        Unit(
            place=group[0].place,
            instance_ids=tuple(wish.instance_id for wish in group),
            present=group[0].present,
            absent=group[0].absent,
            exclusive=group[0].exclusive,
            association_type=group[0].association_type,
            username=group[0].username,
            logins={wish.instance_id: wish.login for wish in group if wish.login is not None},
        )
        for group in groups.values()
    )


def units_known(
    wishes: t.Sequence[Wish], key_pairs: t.Mapping[str, KeyPair], capabilities: t.Mapping[str, Capabilities]
) -> tuple[Unit, ...]:
    """Return the units of one place, once its key pairs were read.

    An ID and a name of the same key pair, in entries of the same instance, are one wish. Raises InputError when one of
    them shall be bound and the other unbound.
    """

    def identity(_place: Place, reference: str) -> str:
        return key_pairs[reference].id if reference in key_pairs else reference

    units = units_of(wishes)
    named = [[identity(unit.place, reference) for reference in (*unit.present, *unit.absent)] for unit in units]
    if all(len(set(names)) == len(names) for names in named):
        return units
    meant = [Meant(entry, (wish.instance_id,)) for wish in wishes for entry in wish.entries]
    return units_of(merge(meant, capabilities, identity))


def entries_of(unit: Unit, instance_ids: t.Sequence[str] | None = None) -> list[dict[str, t.Any]]:
    """Return entries, as plain data and without selectors, that mean the unit; of these of its instances only."""
    ids = list(unit.instance_ids if instance_ids is None else instance_ids)
    common: dict[str, t.Any] = {"provider": unit.place.provider, "region": unit.place.region}
    common |= dict(unit.place.connection)
    common |= {"association_type": unit.association_type, "username": unit.username}
    wanted: dict[str, t.Any] = {name: value for name, value in common.items() if value is not None}
    wanted["instance_ids"] = ids
    logins = {name: _login_data(unit.logins[name]) for name in ids if name in unit.logins}
    if logins:
        wanted["logins"] = logins
    found: list[dict[str, t.Any]] = []
    if unit.present:
        exclusive = {"exclusive": True} if unit.exclusive else {}
        found.append({**wanted, "state": "present", "key_pairs": list(unit.present), **exclusive})
    if unit.absent:
        found.append({**wanted, "state": "absent", "key_pairs": list(unit.absent)})
    return found


def _login_data(login: Login) -> dict[str, t.Any]:
    return {name: value for name, value in dataclasses.asdict(login).items() if value is not None}


def _wish(
    place: Place,
    instance_id: str,
    entries: t.Sequence[Entry],
    capabilities: t.Mapping[str, Capabilities],
    identity: Identity,
) -> Wish:
    wanted: dict[str, dict[str, tuple[str, Entry]]] = {"present": {}, "absent": {}}
    for entry in entries:
        for reference in entry.key_pairs:
            wanted[entry.state].setdefault(identity(place, reference), (reference, entry))
    for key, (reference, binding) in wanted["present"].items():
        if key in wanted["absent"]:
            other, unbinding = wanted["absent"][key]
            names = reference if reference == other else f"{reference} and {other} are the same key pair, which"
            raise _contradiction(instance_id, binding, unbinding, f"{names} shall be bound and unbound")
    limit = capabilities[place.provider].key_pairs_per_instance
    if limit is not None and len(wanted["present"]) > limit:
        (one, first), (other, second) = list(wanted["present"].values())[:2]
        raise _contradiction(
            instance_id, first, second, f"it can have {limit} key pair, but shall have {one} and {other}"
        )
    return Wish(
        place=place,
        instance_id=instance_id,
        present=tuple(sorted(reference for reference, _entry in wanted["present"].values())),
        absent=tuple(sorted(reference for reference, _entry in wanted["absent"].values())),
        exclusive=any(entry.exclusive for entry in entries),
        association_type=_agreed("association_type", instance_id, entries, lambda entry: entry.association_type),
        username=_agreed("username", instance_id, entries, lambda entry: entry.username),
        login=_login(instance_id, entries),
        entries=tuple(entries),
    )


T = t.TypeVar("T")


def _agreed(member: str, instance_id: str, entries: t.Sequence[Entry], said: t.Callable[[Entry], T | None]) -> T | None:
    """Return what all entries say of the instance. What one entry leaves out is as much a word as any other."""
    value = said(entries[0])
    for entry in entries[1:]:
        if said(entry) != value:
            raise _contradiction(instance_id, entries[0], entry, f"they differ in {member}")
    return value


def _login(instance_id: str, entries: t.Sequence[Entry]) -> Login | None:
    """Return where the instance answers; entries that do not tell have no say in it."""
    telling = [entry for entry in entries if instance_id in entry.logins]
    return _agreed("logins", instance_id, telling, lambda entry: entry.logins[instance_id]) if telling else None


def _contradiction(instance_id: str, one: Entry, other: Entry, reason: str) -> InputError:
    first, second = sorted((one, other), key=lambda entry: entry.number)
    who = (
        f"{first.label} and {second.label} contradict each other" if first is not second else f"{first.label} is wrong"
    )
    return InputError(
        f"{who[0].upper()}{who[1:]} about {instance_id}: {reason}.",
        "All that is wanted of one instance happens in one power cycle; make the entries agree, or run them apart.",
        code="ConflictingEntries",
    )
