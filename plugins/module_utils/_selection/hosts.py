# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Hosts of an inventory, made of instances. Names and tags come from whoever may edit them in the cloud."""

from __future__ import annotations

import collections
import dataclasses
import re
import typing as t

from .._errors import InputError
from .query import Shown

# What Ansible patterns, groups and shells take for a name; letters of any script.
_HOST_NAME = re.compile(r"[\w.:+~-]{1,255}")
# An instance of this name would get what is meant for the controller, or for everybody.
_RESERVED = frozenset({"all", "ungrouped", "localhost", "127.0.0.1", "::1"})

FIELDS = ("instance_id", "name", "private_address", "public_address")
TAG = "tag:"
KINDS = ("public", "private")


@dataclasses.dataclass(frozen=True)
class Host:
    """A host and its variables."""

    name: str
    variables: t.Mapping[str, t.Any]


def make_hosts(instances: t.Sequence[Shown], names: t.Sequence[str], addresses: t.Sequence[str]) -> list[Host]:
    """Return a host for each instance.

    ``names``: of FIELDS, or ``tag:`` and a key, the first that an instance has decides. What is no good as a host name,
    and what several instances would be called, is passed over; the instance ID is always good. ``addresses``: "public"
    or "private", the first that an instance has becomes ansible_host.
    """
    wanted = [[*(_candidate(instance, field) for field in names), instance["instance_id"]] for instance in instances]
    # An instance may have been given the ID or address of another one as its name.
    uses = collections.Counter(name for candidates in wanted for name in dict.fromkeys(candidates) if _is_good(name))
    return [
        Host(_name(instance, candidates, uses), _variables(instance, addresses))
        for instance, candidates in zip(instances, wanted, strict=True)
    ]


def check_preferences(names: t.Sequence[str], addresses: t.Sequence[str]) -> None:
    """Raise InputError for an unknown word in the options hostnames and address."""
    for option, words, known in (("hostnames", names, FIELDS), ("address", addresses, KINDS)):
        unknown = [word for word in words if word not in known and not (option == "hostnames" and word.startswith(TAG))]
        if unknown:
            hint = f"Known are {', '.join(known)}" + (f" and {TAG}KEY." if option == "hostnames" else ".")
            raise InputError(f"{option} has unknown words: {', '.join(unknown)}.", hint)


def _name(instance: Shown, candidates: t.Sequence[str], uses: t.Mapping[str, int]) -> str:
    good = (name for name in candidates if uses.get(name) == 1)
    return next(good, str(instance["instance_id"]))


def _candidate(instance: Shown, field: str) -> str:
    if field.startswith(TAG):
        return str(instance["tags"].get(field[len(TAG) :], ""))
    if field.endswith("_address"):
        return str(next(iter(instance[f"{field}es"]), ""))
    return str(instance[field])


def _is_good(name: str) -> bool:
    return _HOST_NAME.fullmatch(name) is not None and name.lower() not in _RESERVED


def _variables(instance: Shown, addresses: t.Sequence[str]) -> dict[str, t.Any]:
    variables = {
        "keyfleet_provider": instance["provider"],
        "keyfleet_region": instance["region"],
        "keyfleet_instance_id": instance["instance_id"],
        "keyfleet_key_pairs": instance["key_pairs"],
        "keyfleet_instance": instance,
    }
    known = [address for kind in addresses for address in instance[f"{kind}_addresses"]]
    return {**variables, "ansible_host": known[0]} if known else variables
