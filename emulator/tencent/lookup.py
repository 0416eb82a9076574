# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the IDs in a call to the things they mean: format first, then permission, then existence."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import ApiError
from ..world import Instance, KeyPair
from ..world.ids import INSTANCE_IDS, KEY_IDS
from .context import Context


def check_instance_ids(context: Context, ids: Iterable[str]) -> None:
    """Refuse malformed instance IDs."""
    for instance_id in ids:
        if not INSTANCE_IDS[context.provider].valid(instance_id):
            raise ApiError(context.codes.malformed_instance_id, f"The instance ID `{instance_id}` is malformed.")


def check_key_ids(context: Context, ids: Iterable[str]) -> None:
    """Refuse malformed key pair IDs."""
    for key_id in ids:
        if not KEY_IDS[context.provider].valid(key_id):
            raise ApiError(context.codes.malformed_key_id, f"The key pair ID `{key_id}` is malformed.")


def check_permission(context: Context, ids: Iterable[str]) -> None:
    """Refuse instances that the caller's policy denies."""
    for instance_id in ids:
        if instance_id in context.key.denied_instance_ids:
            raise ApiError(context.codes.no_permission, f"You have no permission for instance `{instance_id}`.")


def instances(context: Context, ids: Iterable[str], missing: str) -> list[Instance]:
    """Return the instances; ``missing`` is the code for one that does not exist in the region of the call."""
    found = []
    for instance_id in ids:
        instance = context.place.instances.get(instance_id)
        if instance is None:
            raise ApiError(missing, f"The instance `{instance_id}` does not exist in {context.region}.")
        found.append(instance)
    return found


def key_pairs(context: Context, ids: Iterable[str], missing: str) -> list[KeyPair]:
    """Return the key pairs; ``missing`` is the code for one that does not exist in the region of the call."""
    found = []
    for key_id in ids:
        key_pair = context.place.key_pairs.get(key_id)
        if key_pair is None:
            raise ApiError(missing, f"The key pair `{key_id}` does not exist in {context.region}.")
        found.append(key_pair)
    return found
