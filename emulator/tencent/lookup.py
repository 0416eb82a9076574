# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the IDs in a call to the things they mean: format first, then permission, then existence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from ..errors import ApiError
from ..world import Instance, KeyPair
from ..world.ids import INSTANCE_IDS, KEY_IDS
from .context import Context

Found = TypeVar("Found")


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


def _check_permission(context: Context, ids: Iterable[str]) -> None:
    """Refuse instances that the caller's policy denies."""
    for instance_id in ids:
        if instance_id in context.key.denied_instance_ids:
            raise ApiError(context.codes.no_permission, f"You have no permission for instance `{instance_id}`.")


def instances(context: Context, missing: str) -> list[Instance]:
    """Return the instances that ``InstanceIds`` means; ``missing`` is the code for one that is not in the region."""
    ids = context.params["InstanceIds"]
    check_instance_ids(context, ids)
    _check_permission(context, ids)
    return _existing(context, context.place.instances, ids, missing)


def some_instances(context: Context, missing: str, *, strict: bool) -> Sequence[Instance]:
    """Return the instances that ``InstanceIds`` means, all without it; unless ``strict`` missing ones are left out."""
    ids = context.params["InstanceIds"]
    if not ids:
        return context.place.order
    if strict:
        return instances(context, missing)
    check_instance_ids(context, ids)
    _check_permission(context, ids)
    return [context.place.instances[found] for found in ids if found in context.place.instances]


def key_pairs(context: Context, ids: Iterable[str], missing: str) -> list[KeyPair]:
    """Return the key pairs; ``missing`` is the code for one that does not exist in the region of the call."""
    check_key_ids(context, ids)
    return _existing(context, context.place.key_pairs, ids, missing)


def some_key_pairs(context: Context, missing: str) -> Sequence[KeyPair]:
    """Return the key pairs that ``KeyIds`` means, all without it.

    The pages of DescribeKeyPairs document no code for IDs that do not exist: switch ``unknown_key_ids``.
    """
    ids = context.params["KeyIds"]
    pool = context.place.key_pairs
    if not ids:
        return list(pool.values())
    if context.settings.switch("unknown_key_ids") == "error":
        return key_pairs(context, ids, missing)
    check_key_ids(context, ids)
    return [pool[key_id] for key_id in ids if key_id in pool]


def _existing(context: Context, pool: Mapping[str, Found], ids: Iterable[str], missing: str) -> list[Found]:
    found = []
    for resource_id in ids:
        if resource_id not in pool:
            raise ApiError(missing, f"`{resource_id}` does not exist in {context.region}.")
        found.append(pool[resource_id])
    return found
