# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CVM's key pair actions."""

from __future__ import annotations

from typing import Any

from ...errors import ApiError
from .. import key_pairs, lookup
from ..context import Context
from ..listing import check_page, page, refuse_ids_with_filters, select
from ..texts import tags_from
from .codes import KEY_PAIR_CODES, KEY_PAIR_FILTERS
from .views import key_pair_view, new_key_pair_view

NOT_FOUND = "InvalidKeyPairId.NotFound"
_RESERVED_TAG_PREFIX = "qcs:"
_MOST_TAGS = 50


def describe(context: Context) -> dict[str, Any]:
    """DescribeKeyPairs."""
    refuse_ids_with_filters(context, "KeyIds")
    check_page(context)
    found = lookup.some_key_pairs(context, NOT_FOUND)
    selected = select(found, context.params["Filters"], KEY_PAIR_FILTERS)
    return {
        "TotalCount": len(selected),
        "KeyPairSet": [key_pair_view(context, key_pair) for key_pair in page(context, selected)],
    }


def create(context: Context) -> dict[str, Any]:
    """CreateKeyPair: the only answer that contains the private key."""
    _check_project(context)
    tags = _tags(context)
    if any(name.startswith(_RESERVED_TAG_PREFIX) for name in tags):
        raise ApiError(
            "FailedOperation.TagKeyReserved", f"Tag keys that begin with {_RESERVED_TAG_PREFIX} are reserved."
        )
    key_pair, private_key = key_pairs.create(context, KEY_PAIR_CODES, tags)
    return {"KeyPair": new_key_pair_view(key_pair, private_key)}


def import_(context: Context) -> dict[str, Any]:
    """ImportKeyPair."""
    _check_project(context)
    return {"KeyId": key_pairs.import_public_key(context, KEY_PAIR_CODES, _tags(context)).key_id}


def delete(context: Context) -> dict[str, Any]:
    """DeleteKeyPairs: refused while an instance or an image refers to a key."""
    found = lookup.key_pairs(context, context.params["KeyIds"], NOT_FOUND)
    for key_pair in found:
        if key_pair.image_reference or key_pairs.in_use(context, key_pair):
            raise ApiError(
                "InvalidParameterValue.KeyPairNotSupported",
                f"The key pair `{key_pair.key_id}` is used by an instance or an image.",
            )
    for key_pair in found:
        context.cloud.world.remove_key_pair(key_pair)
    return {}


def modify(context: Context) -> dict[str, Any]:
    """ModifyKeyPairAttribute: name, description or both."""
    key_id, name = context.params["KeyId"], context.params["KeyName"]
    description = context.params["Description"]
    if name is None and description is None:
        raise ApiError("MissingParameter", "`KeyName` or `Description` is required.")
    key_pair = lookup.key_pairs(context, [key_id], NOT_FOUND)[0]
    if name is not None and name != key_pair.name:
        _check_new_name(context, name)
        context.cloud.world.rename_key_pair(key_pair, name)
    if description is not None:
        key_pair.description = description
    return {}


def _check_new_name(context: Context, name: str) -> None:
    """Renaming has one code for all that may be wrong with a name, except that it is taken."""
    try:
        key_pairs.check_name(context, name, KEY_PAIR_CODES)
    except ApiError as error:
        if error.code == KEY_PAIR_CODES.name_taken:
            raise
        raise ApiError("InvalidParameterValue", error.message) from error


def _check_project(context: Context) -> None:
    known = {0} | {key_pair.project_id for key_pair in context.place.key_pairs.values()}
    if context.params["ProjectId"] not in known:
        raise ApiError("InvalidProjectId.NotFound", f"There is no project {context.params['ProjectId']}.")


def _tags(context: Context) -> dict[str, str]:
    tags: dict[str, str] = {}
    for specification in context.params.get("TagSpecification") or ():
        if specification["ResourceType"] != "keypair":
            raise ApiError("InvalidParameterValue", "`ResourceType` must be keypair.")
        tags.update(tags_from(specification["Tags"]))
    if len(tags) > _MOST_TAGS:
        raise ApiError("LimitExceeded.TagResourceQuota", f"A resource has {_MOST_TAGS} tags at most.")
    return tags
