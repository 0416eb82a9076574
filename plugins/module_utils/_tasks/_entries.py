# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What the bodies of modules that take entries for many places have in common."""

from __future__ import annotations

import typing as t

from .._capabilities import Capabilities
from .._errors import InputError
from .._plan.entries import CONNECTION_MEMBERS, Defaults, Entry, State, parse_entries, secrets_in
from .._plan.rollout_model import Place
from .._providers._registry import PROVIDERS
from .._task import Task

CAPABILITIES: t.Mapping[str, Capabilities] = {name: found.capabilities for name, found in PROVIDERS.items()}


def defaults_of(params: t.Mapping[str, t.Any], state: State = "present") -> Defaults:
    """Return what the options of a task mean for entries that leave something out."""
    return Defaults(
        capabilities=CAPABILITIES,
        provider=params["provider"] or None,
        region=params["region"] or None,
        connection={name: params[name] for name in CONNECTION_MEMBERS},
        state=state,
    )


def read_entries(task: Task, state: State = "present") -> tuple[Entry, ...]:
    """Return the entries of the option ``bindings``. Raises InputError for what cannot be right."""
    task.keep_secret(secrets_in(task.params["bindings"]))
    entries = parse_entries(task.params["bindings"], defaults_of(task.params, state))
    check_access_key(task.params, [entry.place for entry in entries])
    return entries


def check_access_key(params: t.Mapping[str, t.Any], places: t.Iterable[Place]) -> None:
    """Raise InputError when an access key among the options would be tried on both vendors."""
    if not (params["access_key_id"] or params["access_key_secret"]):
        return
    vendors = {
        PROVIDERS[place.provider].vendor.title: place for place in places if "profile" not in dict(place.connection)
    }
    if len(vendors) > 1:
        raise InputError(
            f"access_key_id cannot be meant for both {' and '.join(sorted(vendors))}.",
            "Give the access keys by environment variables or profiles, which each vendor has of its own.",
        )
