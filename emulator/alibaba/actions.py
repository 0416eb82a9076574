# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which actions exist in which API, and what the gateway has to know about each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..providers import ECS
from . import attributes, bindings, instance_query, key_pairs, power, regions, sts, tags
from .context import Context
from .region_list import REGIONS, endpoint

ECS_VERSION = "2014-05-26"
STS_VERSION = "2015-04-01"
STS = "alibaba_sts"

Handler = Callable[[Context], dict[str, Any]]


@dataclass(frozen=True)
class Action:
    """``regional``: ``RegionId`` is required; ``rate`` calls are allowed in ``window`` seconds.

    ``anonymous``: the call needs no signature.
    """

    handler: Handler
    write: bool = False
    regional: bool = True
    rate: int = 200
    window: float = 60.0
    anonymous: bool = False


_ECS: dict[str, Action] = {
    "AttachKeyPair": Action(bindings.attach_key_pair, write=True),
    "DetachKeyPair": Action(bindings.detach_key_pair, write=True),
    "DescribeKeyPairs": Action(key_pairs.describe_key_pairs),
    "CreateKeyPair": Action(key_pairs.create_key_pair, write=True),
    "ImportKeyPair": Action(key_pairs.import_key_pair, write=True),
    "DeleteKeyPairs": Action(key_pairs.delete_key_pairs, write=True),
    "DescribeInstances": Action(instance_query.describe_instances),
    "DescribeInstanceStatus": Action(instance_query.describe_instance_status),
    "DescribeRegions": Action(regions.describe_regions, regional=False),
    "StopInstance": Action(power.stop_instance, write=True, regional=False),
    "StartInstance": Action(power.start_instance, write=True, regional=False),
    "RebootInstance": Action(power.reboot_instance, write=True, regional=False),
    "StopInstances": Action(power.stop_instances, write=True),
    "StartInstances": Action(power.start_instances, write=True),
    "RebootInstances": Action(power.reboot_instances, write=True),
    "ModifyInstanceAttribute": Action(attributes.modify_instance_attribute, write=True, regional=False),
    "TagResources": Action(tags.tag_resources, write=True),
    "UntagResources": Action(tags.untag_resources, write=True),
    "ListTagResources": Action(tags.list_tag_resources),
}

# STS page "Limits": 100 calls per second and account.
_STS: dict[str, Action] = {
    "GetCallerIdentity": Action(sts.get_caller_identity, regional=False, rate=100, window=1.0),
    "AssumeRole": Action(sts.assume_role, regional=False, rate=100, window=1.0),
    "AssumeRoleWithOIDC": Action(sts.assume_role_with_oidc, regional=False, rate=100, window=1.0, anonymous=True),
}

_APIS: dict[str, tuple[str, dict[str, Action]]] = {ECS_VERSION: (ECS, _ECS), STS_VERSION: (STS, _STS)}


def find_action(version: str, name: str) -> Action | None:
    """The action of that name in the API of that version, if there is one."""
    return _APIS.get(version, ("", {}))[1].get(name)


def provider_of(version: str, default: str = ECS) -> str:
    """The provider whose API has that version, or ``default``."""
    return _APIS[version][0] if version in _APIS else default


def host_of(version: str, region: str | None) -> str:
    """The host that errors name as ``HostId``."""
    if version == STS_VERSION:
        return "sts.aliyuncs.com"
    return endpoint(region) if region in REGIONS else "ecs.aliyuncs.com"
