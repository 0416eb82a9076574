# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What an unbind looks like: one row for each guest account that a key pair is bound for, and as few changes as do
it.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._capabilities import Capabilities
from .._models import Desired, Observation
from .change import Change, forced
from .rows import Row


def unbind_rows(
    instance_id: str, key: str, observation: Observation, desired: Desired, capabilities: Capabilities
) -> list[Row]:
    """Return the rows of a bound key pair that is to go; for the desired account only, where one is given."""
    accounts = observation.usernames(instance_id, key) or (None,)
    if desired.state == "absent" and desired.username:
        accounts = (desired.username,)
    return [
        Row(
            instance_id,
            key,
            observation.name_of(key),
            username=account,
            before="present",
            after="absent",
            action="unbind",
            outcome="changed",
            effective=not capabilities.restart_needed,
        )
        for account in dict.fromkeys(accounts)
    ]


def online_for(row: Row, desired: Desired) -> bool | None:
    """Return how to unbind: as asked, else online for a binding of an account, which offline cannot name."""
    if desired.association_type is not None:
        return desired.online
    return True if row.username else None


def unbind_changes(
    rows: t.Iterable[Row], observation: Observation, desired: Desired, capabilities: Capabilities
) -> tuple[Change, ...]:
    """Return the changes for rows of one instance; key pairs that need the very same share one."""
    joined: dict[Change, list[str]] = {}
    for row in rows:
        online = online_for(row, desired)
        force = forced(observation, row.instance_id, capabilities, online=bool(online))
        like = Change(row.instance_id, "unbind", (), force, online, row.username if online else None)
        joined.setdefault(like, []).append(row.key_pair)
    return tuple(dataclasses.replace(change, key_pairs=tuple(keys)) for change, keys in joined.items())
