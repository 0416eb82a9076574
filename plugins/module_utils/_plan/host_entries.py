# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""From hosts of a play and their variables to entries of ``bindings``: hosts of which the same is wanted share one."""

from __future__ import annotations

import dataclasses
import typing as t

from .._errors import InputError
from .entry_values import Members
from .plan import enumerate_some

#: What a host says of itself, whoever asks.
INSTANCE_ID, PROVIDER, REGION = "keyfleet_instance_id", "keyfleet_provider", "keyfleet_region"
LOGIN = ("ansible_host", "ansible_port", "ansible_user")
OVERRIDES = ("key_pairs", "association_type", "username", "exclusive")
MOST_NAMES = 5

# A variable of a host → its value, None when the host has no such variable.
Variables = t.Callable[[str], t.Any]


@dataclasses.dataclass(frozen=True)
class Wanted:
    """What a role wants of hosts. ``prefix`` is that of the hosts' variables, such as ``bind``.

    ``overrides``: what goes before the hosts' own variables, of OVERRIDES. ``state`` and ``connection`` are members of
    every entry.
    """

    prefix: str
    overrides: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)
    state: str | None = None
    connection: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class _Host:
    name: str
    instance_id: str
    members: tuple[tuple[str, t.Any], ...]
    login: t.Mapping[str, t.Any]


def entries_of_hosts(
    hosts: t.Iterable[str], variables: t.Callable[[str], Variables], wanted: Wanted
) -> dict[str, list[t.Any]]:
    """Return ``bindings``, and ``skipped``: hosts that are no instances of ours.

    Of each host only the variables are read that are needed. Raises InputError for hosts that say too little, and for
    two hosts that are the same instance.
    """
    found: list[_Host] = []
    skipped: list[str] = []
    incomplete: dict[str, list[str]] = {}
    for name in dict.fromkeys(hosts):
        host = _Reader(name, variables(name), wanted).host()
        if isinstance(host, _Host):
            found.append(host)
        elif host is None:
            skipped.append(name)
        else:
            incomplete.setdefault(host, []).append(name)
    for variable, names in incomplete.items():
        raise InputError(
            f"{len(names)} host(s) have no {variable}: {enumerate_some(names, MOST_NAMES)}.",
            f"Set {variable} for them or for a group that they are in, or leave these hosts out of the play.",
        )
    _check_instances(found)
    return {"bindings": _entries(found, wanted), "skipped": skipped}


class _Reader:
    """Reads the variables of one host."""

    def __init__(self, name: str, variables: Variables, wanted: Wanted) -> None:
        self._name = name
        self._variables = variables
        self._wanted = wanted

    def host(self) -> _Host | str | None:
        """Return the host; None for one that is no instance of ours, and the name of a variable that is missing."""
        own = self._members([INSTANCE_ID])
        instance_id = own.text(INSTANCE_ID)
        if instance_id is None:
            return None
        given = self._members([PROVIDER, REGION, *LOGIN])
        wished = self._wished()
        references = wished.texts("key_pairs")
        for variable, value in ((PROVIDER, given.text(PROVIDER)), (self._variable("key_pairs"), references)):
            if not value:
                return variable
        members = {
            "provider": given.text(PROVIDER),
            "region": given.text(REGION),
            "key_pairs": tuple(dict.fromkeys(references or ())),
            "association_type": wished.text("association_type"),
            "username": wished.text("username"),
            "exclusive": wished.flag("exclusive") or None,
        }
        login = {
            "host": given.text("ansible_host"),
            "port": given.number("ansible_port"),
            "user": given.text("ansible_user"),
        }
        return _Host(self._name, instance_id, tuple(members.items()), _without_nothing(login))

    def _wished(self) -> Members:
        """Return what is wanted of the host: what holds for all, else what its own variables say."""
        values = dict(self._wanted.overrides)
        values |= {name: self._variables(self._variable(name)) for name in OVERRIDES if name not in values}
        return Members(f"Host {self._name}, {self._wanted.prefix}_*", values)

    def _variable(self, name: str) -> str:
        return f"{self._wanted.prefix}_{name}"

    def _members(self, names: t.Iterable[str]) -> Members:
        return Members(f"Host {self._name}", {name: self._variables(name) for name in names})


def _check_instances(hosts: t.Sequence[_Host]) -> None:
    first: dict[str, str] = {}
    for host in hosts:
        other = first.setdefault(host.instance_id, host.name)
        if other != host.name:
            raise InputError(
                f"The hosts {other} and {host.name} are the same instance, {host.instance_id}.",
                f"Give each host its own {INSTANCE_ID}, or leave one of them out of the play.",
            )


def _entries(hosts: t.Iterable[_Host], wanted: Wanted) -> list[dict[str, t.Any]]:
    groups: dict[tuple[tuple[str, t.Any], ...], list[_Host]] = {}
    for host in hosts:
        groups.setdefault(host.members, []).append(host)
    entries = []
    for members, group in groups.items():
        logins = {host.instance_id: dict(host.login) for host in group if host.login}
        entry = {
            "name": f"host {group[0].name}"
            if len(group) == 1
            else f"{group[0].name} and {len(group) - 1} more host(s)",
            **dict(members),
            "key_pairs": list(dict(members)["key_pairs"]),
            "instance_ids": [host.instance_id for host in group],
            "state": wanted.state,
            "logins": logins or None,
            **wanted.connection,
        }
        entries.append(_without_nothing(entry))
    return entries


def _without_nothing(members: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    return {name: value for name, value in members.items() if value is not None}
