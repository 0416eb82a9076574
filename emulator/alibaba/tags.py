# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""TagResources, UntagResources and ListTagResources, for instances and key pairs."""

from __future__ import annotations

from typing import Any

from .context import Context
from .errors import missing_parameter, refusal
from .formats import page_token, position_of
from .parameters import MAX_TAGS

MAX_RESOURCES = 50
PAGE = 50

_RESERVED = ("aliyun", "acs:", "http://", "https://")


def tag_resources(context: Context) -> dict[str, Any]:
    """``TagResources``: adds tags and overwrites values, on all resources or none."""
    resources = _named_resources(context)
    tags = {tag.key: tag.value or "" for tag in context.parameters.tags()}
    if not tags:
        raise missing_parameter("Tag.1.Key")
    if any(key.startswith(_RESERVED) for key in tags):
        raise refusal("InvalidTagKey.Malformed")
    if any(len({**present, **tags}) > MAX_TAGS for present in resources.values()):
        raise refusal("InvalidTagCount")
    for present in resources.values():
        present.update(tags)
    return {}


def untag_resources(context: Context) -> dict[str, Any]:
    """``UntagResources``: the tags of ``TagKey.N``, or all with ``All=true``."""
    resources = _named_resources(context)
    keys = context.parameters.repeated("TagKey", maximum=MAX_TAGS)
    everything = context.parameters.flag("All") and not keys
    for present in resources.values():
        for key in list(present) if everything else keys:
            present.pop(key, None)
    return {}


def list_tag_resources(context: Context) -> dict[str, Any]:
    """``ListTagResources``: by ``ResourceId.N``, by ``Tag.N``, or both."""
    resource_type = _resource_type(context)
    resources = _resources(context, resource_type)
    ids = context.parameters.repeated("ResourceId", maximum=MAX_RESOURCES)
    tags = context.parameters.tags()
    if not ids and not tags:
        raise missing_parameter("ResourceId.1")
    start = position_of(context.parameters.text("NextToken"))
    found = [
        {"ResourceId": name, "ResourceType": resource_type, "TagKey": key, "TagValue": value}
        for name, present in resources.items()
        if (not ids or name in ids) and all(tag.matches(present) for tag in tags)
        for key, value in present.items()
    ]
    more = start + PAGE < len(found)
    return {
        "NextToken": page_token(start + PAGE) if more else "",
        "TagResources": {"TagResource": found[start : start + PAGE]},
    }


def _named_resources(context: Context) -> dict[str, dict[str, str]]:
    """The tags of every resource that the call names."""
    resources = _resources(context, _resource_type(context))
    ids = context.parameters.repeated("ResourceId", maximum=MAX_RESOURCES)
    if not ids:
        raise missing_parameter("ResourceId.1")
    context.authorize(ids)
    if not all(resource_id in resources for resource_id in ids):
        raise refusal("InvalidResourceId.NotFound")
    return {resource_id: resources[resource_id] for resource_id in ids}


def _resource_type(context: Context) -> str:
    context.parameters.required("ResourceType")
    return context.parameters.choice("ResourceType", ("instance", "keypair"), code="InvalidResourceType.NotFound") or ""


def _resources(context: Context, resource_type: str) -> dict[str, dict[str, str]]:
    """Resource ID (of a key pair: its name) -> its tags."""
    if resource_type == "instance":
        return {instance.instance_id: instance.tags for instance in context.place.order}
    return {key_pair.name: key_pair.tags for key_pair in context.place.key_pairs.values()}
