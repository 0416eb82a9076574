# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lighthouse's key pair actions."""

from __future__ import annotations

from typing import Any

from ...errors import ApiError
from .. import key_pairs, lookup
from ..context import Context
from ..listing import check_page, page, refuse_ids_with_filters, select
from ..texts import tags_from
from .codes import KEY_PAIR_CODES, KEY_PAIR_FILTERS
from .views import key_pair_view


def describe(context: Context) -> dict[str, Any]:
    """DescribeKeyPairs."""
    refuse_ids_with_filters(context, "KeyIds")
    check_page(context, negative="InvalidParameterValue.Negative")
    found = lookup.some_key_pairs(context, "ResourceNotFound.KeyIdNotFound")
    selected = select(found, context.params["Filters"], KEY_PAIR_FILTERS)
    return {
        "TotalCount": len(selected),
        "KeyPairSet": [key_pair_view(context, key_pair) for key_pair in page(context, selected)],
    }


def create(context: Context) -> dict[str, Any]:
    """CreateKeyPair: the only answer that contains the private key."""
    key_pair, private_key = key_pairs.create(context, KEY_PAIR_CODES, tags_from(context.params["Tags"]))
    return {"KeyPair": key_pair_view(context, key_pair, private_key)}


def import_(context: Context) -> dict[str, Any]:
    """ImportKeyPair."""
    key_pair = key_pairs.import_public_key(context, KEY_PAIR_CODES, tags_from(context.params["Tags"]))
    return {"KeyId": key_pair.key_id}


def delete(context: Context) -> dict[str, Any]:
    """DeleteKeyPairs: refused while an instance or a custom image refers to a key."""
    found = lookup.key_pairs(context, context.params["KeyIds"], "ResourceNotFound.KeyIdNotFound")
    for key_pair in found:
        if key_pairs.in_use(context, key_pair):
            raise ApiError("ResourceInUse.KeyPairInUse", f"The key pair `{key_pair.key_id}` is bound to instances.")
        if key_pair.image_reference:
            raise ApiError(
                "UnsupportedOperation.KeyPairBindToBlueprints",
                f"The key pair `{key_pair.key_id}` is used by a custom image.",
            )
    for key_pair in found:
        context.cloud.world.remove_key_pair(key_pair)
    return {}
