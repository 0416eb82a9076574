# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""From the changes of single instances to as few calls as the API's limits allow."""

from __future__ import annotations

import typing as t

from .._capabilities import Capabilities
from .._models import Call
from .change import Change


def batched(changes: t.Iterable[Change], capabilities: Capabilities) -> list[Call]:
    """Return calls that each carry the instances which need the very same, cut to the batch limits."""
    groups: dict[Call, list[str]] = {}
    for change in changes:
        size = capabilities.key_pairs_per_call
        for start in range(0, len(change.key_pairs), size):
            keys = tuple(sorted(change.key_pairs[start : start + size]))
            like = Call(change.action, (), keys, change.force, change.online, change.username)
            groups.setdefault(like, []).append(change.instance_id)
    return [
        Call(
            like.action,
            tuple(ids[start : start + capabilities.bind_batch]),
            like.key_pairs,
            like.force,
            like.online,
            like.username,
        )
        for like, ids in groups.items()
        for start in range(0, len(ids), capabilities.bind_batch)
    ]
