# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters of DescribeInstances."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from ..world import Instance
from . import instance_view
from .context import Context
from .errors import invalid_parameter, refusal
from .formats import wildcard
from .resource_groups import DEFAULT_GROUP

STATES = ("Pending", "Running", "Starting", "Stopping", "Stopped")

_CHARGE_TYPES = ("PrePaid", "PostPaid")
_LOCK_REASONS = ("financial", "security", "recycling", "dedicatedhostfinancial", "refunded")
_NETWORK_TYPES = ("classic", "vpc")
_MAX_VALUES = 100
_MAX_TAGGED = 1000

#: parameter -> the instance's value for it
_EQUAL: dict[str, Callable[[Instance], str]] = {
    "ZoneId": lambda instance: instance.zone,
    "VpcId": lambda _instance: instance_view.VPC_ID,
    "VSwitchId": lambda _instance: instance_view.VSWITCH_ID,
    "SecurityGroupId": lambda _instance: instance_view.SECURITY_GROUP_ID,
    "ImageId": instance_view.image_id,
    "InstanceType": lambda _instance: instance_view.INSTANCE_TYPE,
    "ResourceGroupId": lambda _instance: DEFAULT_GROUP,
}
#: JSON list parameter -> the instance's value, of which the list must hold one; no instance has an elastic address
_MEMBER: dict[str, Callable[[Instance], str]] = {
    "PrivateIpAddresses": instance_view.private_ip,
    "PublicIpAddresses": instance_view.public_ip,
    "EipAddresses": lambda _instance: "",
}

Predicate = Callable[[Instance], bool]


def matching_instances(context: Context) -> Sequence[Instance]:
    """The caller's instances that pass all filters, in the order of their creation.

    Without a filter this is the region's own list, so that a page of it costs
    the same however long it is.

    :raises ApiError: the codes of the DescribeInstances page for unsuitable filters.
    """
    parameters = context.parameters
    if any(name.startswith("Filter.") for name in parameters.values):
        raise refusal("InvalidFilterKey.NotFound")
    predicates = [*_choices(context), *_texts(context), *_lists(context)]
    tags = parameters.tags()
    predicates += [_tagged(tag.matches) for tag in tags]
    candidates = _candidates(context)
    if not predicates:
        return candidates
    found = [instance for instance in candidates if all(passes(instance) for passes in predicates)]
    # DescribeInstances page: a filter by tag or resource group finds at most 1,000 resources.
    return found[:_MAX_TAGGED] if tags or parameters.text("ResourceGroupId") else found


def _candidates(context: Context) -> Sequence[Instance]:
    """By ID or by key, where asked for; otherwise all. Unknown IDs are silently missing, ``[]`` finds nothing."""
    place = context.place
    ids = context.parameters.json_list("InstanceIds")
    key_name = context.parameters.text("KeyPairName")
    if ids is not None:
        if len(ids) > _MAX_VALUES:
            raise invalid_parameter("InstanceIds", f"At most {_MAX_VALUES} values are allowed.")
        named = (place.instances.get(instance_id) for instance_id in dict.fromkeys(ids))
        found = [instance for instance in named if instance is not None]
        return [instance for instance in found if key_name is None or key_name in instance.key_ids]
    if key_name is not None:
        return _with_key(context, key_name)
    return place.order


def _with_key(context: Context, key_name: str) -> list[Instance]:
    """Through the key pair's own list, which may lag behind the instances (setting ``key_view_lag``)."""
    key_pair = context.place.key_pairs.get(key_name)
    if key_pair is None:
        return []
    bound = key_pair.view(context.now, context.cloud.settings.key_view_lag)
    return sorted((context.place.instances[instance_id] for instance_id in bound), key=lambda found: found.number)


def _choices(context: Context) -> Iterable[Predicate]:
    parameters = context.parameters
    status = parameters.choice("Status", STATES, code="InvalidStatus.NotFound")
    charge_type = parameters.choice("InstanceChargeType", _CHARGE_TYPES, code="InvalidInstanceChargeType.NotFound")
    network = parameters.choice("InstanceNetworkType", _NETWORK_TYPES, code="InvalidNetworkType.NotFound")
    lock = parameters.choice("LockReason", _LOCK_REASONS, code="InvalidLockReason.NotFound")
    if status is not None:
        yield lambda instance: instance.state == status
    if charge_type is not None:
        yield lambda instance: instance.charge_type == charge_type
    if network is not None:
        yield lambda _instance: network == instance_view.NETWORK_TYPE
    if lock is not None:
        yield lambda instance: lock in instance.locks


def _texts(context: Context) -> Iterable[Predicate]:
    name = context.parameters.text("InstanceName")
    if name is not None:
        yield _named(wildcard(name))
    for parameter, value_of in _EQUAL.items():
        wanted = context.parameters.text(parameter)
        if wanted is not None:
            yield _equal(value_of, wanted)


def _lists(context: Context) -> Iterable[Predicate]:
    for parameter, value_of in _MEMBER.items():
        wanted = context.parameters.json_list(parameter)
        if wanted is not None:
            if len(wanted) > _MAX_VALUES:
                raise invalid_parameter(parameter, f"At most {_MAX_VALUES} values are allowed.")
            yield _member(value_of, frozenset(wanted))


def _named(pattern: re.Pattern[str]) -> Predicate:
    return lambda instance: pattern.fullmatch(instance.name) is not None


def _equal(value_of: Callable[[Instance], str], wanted: str) -> Predicate:
    return lambda instance: value_of(instance) == wanted


def _member(value_of: Callable[[Instance], str], wanted: frozenset[str]) -> Predicate:
    return lambda instance: value_of(instance) in wanted


def _tagged(matches: Callable[[dict[str, str]], bool]) -> Predicate:
    return lambda instance: matches(instance.tags)
