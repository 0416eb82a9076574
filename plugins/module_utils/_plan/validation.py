# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Bad input, found before anything is sent."""

from __future__ import annotations

import collections
import re
import typing as t

from .._capabilities import Capabilities
from .._errors import InputError
from .._models import Desired, KeyPair


def split_list(values: t.Iterable[str] | None) -> tuple[str, ...]:
    """Return the elements of a list that may have come as text, as AWX surveys give it: commas and line breaks
    separate.
    """
    return tuple(
        element.strip() for value in values or () for element in re.split(r"[,\n]", str(value)) if element.strip()
    )


def validate(desired: Desired, capabilities: Capabilities) -> None:
    """Raise InputError for anything that cannot be right, whatever the cloud holds."""
    _validate_options(desired, capabilities)
    validate_instance_ids(desired.instance_ids, capabilities)
    if not desired.key_pairs:
        raise InputError(
            "key_pairs is empty.",
            "Name at least one key pair. An empty list never means all.",
        )
    pattern = capabilities.key_pair_name_pattern
    if capabilities.key_pair_id_pattern:
        pattern = f"(?:{capabilities.key_pair_id_pattern}|{pattern})"
    _validate_references("key_pairs", desired.references, pattern, capabilities.key_pair_example)


def validate_instance_ids(instance_ids: t.Sequence[str], capabilities: Capabilities) -> None:
    """Raise InputError for instance IDs that are malformed or occur twice."""
    _validate_references(
        "instance_ids", instance_ids, capabilities.instance_id_pattern, capabilities.instance_id_example
    )


def validate_resolved(references: t.Mapping[str, KeyPair], desired: Desired) -> None:
    """Raise InputError when two references turn out to be the same key pair."""
    by_id: dict[str, str] = {}
    for reference in desired.references:
        pair = references.get(reference)
        if pair is None:
            continue
        if pair.id in by_id:
            raise InputError(
                f"key_pairs names the same key pair twice: {by_id[pair.id]} and {reference} are {pair.id}."
            )
        by_id[pair.id] = reference


def _validate_options(desired: Desired, capabilities: Capabilities) -> None:
    provider = capabilities.provider
    if desired.exclusive and desired.state == "absent":
        raise InputError(
            "exclusive goes with state=present only.", "Leave exclusive out to unbind the listed key pairs."
        )
    for option in ("association_type", "username"):
        if getattr(desired, option) and not capabilities.association_types:
            raise InputError(
                f"{option} is not supported by {provider}.",
                "Leave it out; it belongs to providers with online bindings.",
            )
    if desired.username and not desired.online:
        raise InputError(
            "username needs association_type=online.",
            "An offline binding has no user name of its own; set association_type=online, or leave username out.",
        )
    limit = capabilities.key_pairs_per_instance
    if limit is not None and desired.state == "present" and len(desired.key_pairs) > limit:
        raise InputError(
            f"{provider} binds {limit} key pair to an instance, but key_pairs has {len(desired.key_pairs)}.",
            "Name the one key pair that the instances are to have.",
        )


def _validate_references(option: str, values: t.Sequence[str], pattern: str, example: str) -> None:
    malformed = [value for value in values if not re.fullmatch(pattern, value)]
    if malformed:
        raise InputError(f"{option} has malformed entries: {', '.join(malformed)}.", f"An entry looks like {example}.")
    twice = sorted(value for value, count in collections.Counter(values).items() if count > 1)
    if twice:
        raise InputError(f"{option} has entries that occur twice: {', '.join(twice)}.", "List each of them once.")
