# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AttachKeyPair and DetachKeyPair.

Both change only what ECS records. The guest goes on with what it had until
the next start or reboot (pages AttachKeyPair and DetachKeyPair).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..world import Binding, Instance, KeyPair
from .context import Context
from .errors import CATALOGUE, refusal

MAX_INSTANCES = 50

#: the states in which the recorded key may be changed
_FITTING = ("Running", "Stopped")

#: changes one instance and returns the code of its failure, or None
Change = Callable[[Instance], str | None]


def attach_key_pair(context: Context) -> dict[str, Any]:
    """``AttachKeyPair``: the key becomes the instance's only one; the former one is silently replaced."""
    key_pair, ids = _request(context)
    instances = _linux_instances(context, ids)
    if not all(instance.io_optimized for instance in instances.values()):
        raise refusal("DependencyViolation.IoOptimize")

    def attach(instance: Instance) -> str | None:
        context.cloud.world.record(instance, [Binding(key_pair.key_id, key_pair.public_key)], context.now)
        return None

    return _apply(context, key_pair, ids, instances, attach)


def detach_key_pair(context: Context) -> dict[str, Any]:
    """``DetachKeyPair``: what is not bound stays as it is; whether that is an error is a switch."""
    key_pair, ids = _request(context)
    instances = _linux_instances(context, ids)
    strict = context.cloud.settings.switch("alibaba_detach_unbound") == "result_error"

    def detach(instance: Instance) -> str | None:
        if key_pair.key_id in instance.key_ids:
            context.cloud.world.record(instance, [], context.now)
            return None
        return "InvalidKeyPairName.NotFound" if strict else None

    return _apply(context, key_pair, ids, instances, detach)


def _request(context: Context) -> tuple[KeyPair, list[str]]:
    """The key pair, and the instance IDs without repetitions."""
    name = context.parameters.required("KeyPairName")
    context.parameters.required("InstanceIds")
    listed = context.parameters.json_list("InstanceIds", code="InvalidInstanceIds.ValueNotSupported") or []
    ids = list(dict.fromkeys(listed))
    if not ids:
        raise refusal("InvalidInstanceIds.ValueNotSupported")
    if len(ids) > MAX_INSTANCES:
        raise refusal("InstanceKeyPairLimitExceeded")
    key_pair = context.place.key_pairs.get(name)
    if key_pair is None:
        raise refusal("InvalidKeyPairName.NotFound")
    context.authorize(ids)
    return key_pair, ids


def _linux_instances(context: Context, ids: list[str]) -> dict[str, Instance]:
    """The instances that exist, all of them fit to change their key; otherwise nothing at all is done."""
    known = context.place.instances
    lenient = context.cloud.settings.switch("alibaba_unknown_instance") == "result_error"
    if not lenient and not all(instance_id in known for instance_id in ids):
        raise refusal("InvalidInstanceIds.ValueNotSupported")
    instances = {instance_id: known[instance_id] for instance_id in ids if instance_id in known}
    if any(instance.platform == "windows" for instance in instances.values()):
        raise refusal("DependencyViolation.WindowsInstance")
    if any(instance.state == "Pending" for instance in instances.values()):
        # Seen right after an instance was created.
        raise refusal("ServiceUnavailable")
    if any(instance.state not in _FITTING for instance in instances.values()):
        raise refusal("InvalidInstanceIds.ValueNotSupported")
    return instances


def _apply(
    context: Context,
    key_pair: KeyPair,
    ids: list[str],
    instances: dict[str, Instance],
    change: Change,
) -> dict[str, Any]:
    native = context.cloud.settings.switch("alibaba_result_types") == "native"
    results, failures = [], 0
    for instance_id in ids:
        code = _change_one(context, instance_id, instances.get(instance_id), change)
        failures += code is not None
        results.append(
            {
                "InstanceId": instance_id,
                "Code": code or "200",
                "Message": "successful" if code is None else CATALOGUE.get(code, (400, "failed"))[1],
                "Success": code is None if native else str(code is None).lower(),
            }
        )
    return {
        "KeyPairName": key_pair.name,
        "TotalCount": len(ids) if native else str(len(ids)),
        "FailCount": failures if native else str(failures),
        "Results": {"Result": results},
    }


def _change_one(context: Context, instance_id: str, instance: Instance | None, change: Change) -> str | None:
    """Change one instance; the code of its failure, or None."""
    if instance is None:
        return "InvalidInstanceId.NotFound"
    if "security" in instance.locks:
        return "InstanceLockedForSecurity"
    return context.injected_failure(instance_id) or change(instance)
