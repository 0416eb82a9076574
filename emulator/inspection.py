# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looking at the world from outside: what exists, and what the guests really accept."""

from __future__ import annotations

from typing import Any

from . import checks
from .cloud import Cloud
from .errors import ControlError
from .providers import WORLD_OF
from .ssh.doors import HOST, Door
from .world import Binding, Instance, KeyPair, Operation


def state(cloud: Cloud) -> dict[str, Any]:
    """Return all instances and key pairs as plain data."""
    cloud.world.settle(cloud.now)
    regions = list(cloud.world.all_regions())
    return {
        "instances": [_instance(instance, cloud.ssh_doors.of(instance)) for r in regions for instance in r.order],
        "key_pairs": [_key_pair(key_pair) for region in regions for key_pair in region.key_pairs.values()],
    }


def logins(cloud: Cloud, provider: Any, region: Any, instance_id: Any) -> dict[str, Any]:
    """Return who may log in to a guest: ``up``, ``key_pairs``, ``users`` (account -> public keys) and ``password``."""
    held_by = WORLD_OF[checks.choice(provider, WORLD_OF, "provider")]
    cloud.world.settle(cloud.now)
    instance = cloud.world.find_instance(
        held_by, checks.text(region, "region"), checks.text(instance_id, "instance_id")
    )
    if instance is None:
        raise ControlError("instance_id", f"no instance {instance_id} of {provider} in {region}")
    access = instance.access
    return {
        "up": access.up,
        "key_pairs": [binding.key_id for binding in instance.effective],
        "users": {account: list(keys) for account, keys in access.keys.items()},
        "password": bool(access.passwords),
    }


def _instance(instance: Instance, door: Door | None) -> dict[str, Any]:
    return {
        "provider": instance.provider,
        "account_id": instance.account_id,
        "region": instance.region,
        "instance_id": instance.instance_id,
        "name": instance.name,
        "state": instance.state,
        "platform": instance.platform,
        "zone": instance.zone,
        "tags": dict(instance.tags),
        "key_pairs": instance.key_ids,
        "bindings": [_binding(binding) for binding in instance.bindings],
        "effective_key_pairs": [binding.key_id for binding in instance.effective],
        "password": instance.password,
        "password_login": instance.password_login,
        "stop_charging": instance.stop_charging,
        "start_time": instance.start_time,
        "ssh": None if door is None else _door(door),
        "operation": None if instance.operation is None else _operation(instance.operation),
    }


def _door(door: Door) -> dict[str, Any]:
    return {"host": HOST, "port": door.port, "host_key": door.host_key, "listening": door.listening}


def _binding(binding: Binding) -> dict[str, Any]:
    return {"key_pair": binding.key_id, "username": binding.username}


def _operation(operation: Operation) -> dict[str, Any]:
    return {
        "action": operation.action,
        "request_id": operation.request_id,
        "state": operation.status,
        "started": operation.started,
        "error": None if operation.unfinished else operation.error,
    }


def _key_pair(key_pair: KeyPair) -> dict[str, Any]:
    return {
        "provider": key_pair.provider,
        "account_id": key_pair.account_id,
        "region": key_pair.region,
        "key_id": key_pair.key_id,
        "name": key_pair.name,
        "public_key": key_pair.public_key,
        "tags": dict(key_pair.tags),
        "image_reference": key_pair.image_reference,
        "instances": list(key_pair.bound),
    }
