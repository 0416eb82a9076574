# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What travels between the layers: key pairs, instances, bindings, results. No behaviour beyond small questions."""

from __future__ import annotations

import dataclasses
import functools
import typing as t

Platform = t.Literal["linux", "windows", "unknown"]
Power = t.Literal["running", "stopped", "changing", "unavailable"]
OperationState = t.Literal["success", "operating", "failed", "none"]
Presence = t.Literal["present", "absent", "unknown"]
Action = t.Literal["none", "bind", "unbind", "displace"]
Outcome = t.Literal["unchanged", "changed", "failed", "skipped"]
Interruption = t.Literal["none", "forced_stop", "stop", "reboot"]
StopType = t.Literal["soft", "soft_first", "hard"]


@dataclasses.dataclass(frozen=True)
class ErrorInfo:
    """One error as a user sees it. ``code`` is the vendor's, or ours where nothing was sent."""

    code: str
    message: str
    hint: str = ""
    request_id: str | None = None
    retryable: bool = False

    def as_dict(self) -> dict[str, t.Any]:
        """Return the shape that results use under the key ``error``."""
        return dataclasses.asdict(self)


@dataclasses.dataclass(frozen=True)
class Holder:
    """An instance that holds a key pair; ``username`` is the guest account of a Lighthouse online binding."""

    instance_id: str
    username: str | None = None


@dataclasses.dataclass(frozen=True)
class KeyPair:
    """The cloud's record of a public key. ``holders`` is None where the API does not list them.

    ``public_key`` is an OpenSSH line, None where the API did not show it. ``created`` is like ``2026-05-01T10:00:00Z``.
    """

    id: str
    name: str
    holders: tuple[Holder, ...] | None = None
    public_key: str | None = None
    fingerprint: str | None = None
    created: str | None = None
    tags: t.Mapping[str, str] = dataclasses.field(default_factory=dict, compare=False)
    raw: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict, compare=False, repr=False)

    @property
    def described(self) -> bool:
        """Whether the API described it. Others are known from an instance that holds them, or expected."""
        return bool(self.raw)

    def as_dict(self, *, include_raw: bool = False) -> dict[str, t.Any]:
        """Return the shape in which results show a key pair. ``instance_ids`` is None where the API lists none."""
        holders = None if self.holders is None else sorted({holder.instance_id for holder in self.holders})
        return {
            "id": self.id,
            "name": self.name,
            "public_key": self.public_key,
            "fingerprint": self.fingerprint,
            "created": self.created,
            "tags": dict(self.tags),
            "instance_ids": holders,
            **({"raw": dict(self.raw)} if include_raw else {}),
        }


@dataclasses.dataclass(frozen=True)
class LatestOperation:
    """The last asynchronous operation that an instance reports."""

    name: str
    state: OperationState
    request_id: str | None = None
    error_message: str | None = None


@dataclasses.dataclass(frozen=True)
class Instance:
    """One instance as described by the API.

    ``state`` is the vendor's word, ``power`` what it means for us. ``obstacle`` says why no key pair can be bound or
    unbound, whatever is asked (Windows, locked, …). ``operation`` is None where the API does not report operations.
    ``stopped_without_charging`` is about a stopped instance; it may lose its public address and takes no change.
    ``hidden``: it was not described, since these credentials may not; ``obstacle`` says so, and nothing else is known.
    ``stopping``: a changing instance is on its way to stopped, not to running. ``power_obstacle`` says why it cannot be
    started or stopped, whatever is asked.
    """

    id: str
    name: str
    state: str
    power: Power
    key_pairs: tuple[str, ...]
    operation: LatestOperation | None = None
    obstacle: ErrorInfo | None = None
    platform: Platform = "unknown"
    zone: str | None = None
    instance_type: str | None = None
    private_addresses: tuple[str, ...] = ()
    public_addresses: tuple[str, ...] = ()
    charge_type: str | None = None
    stopped_without_charging: bool = False
    created: str | None = None
    started: str | None = None
    hidden: bool = False
    stopping: bool = False
    power_obstacle: ErrorInfo | None = None
    tags: t.Mapping[str, str] = dataclasses.field(default_factory=dict, compare=False)
    raw: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict, compare=False, repr=False)

    @property
    def busy(self) -> bool:
        """Whether the instance is on its way from one state to another, so that a write would be refused."""
        return self.power == "changing" or (self.operation is not None and self.operation.state == "operating")

    def as_dict(self, provider: str, region: str, *, include_raw: bool = False) -> dict[str, t.Any]:
        """Return the shape in which instance_info, the lookup's queries and the inventory show an instance."""
        return {
            "instance_id": self.id,
            "name": self.name,
            "provider": provider,
            "region": region,
            "state": self.state,
            "power": self.power,
            "platform": self.platform,
            "zone": self.zone,
            "instance_type": self.instance_type,
            "private_addresses": list(self.private_addresses),
            "public_addresses": list(self.public_addresses),
            "tags": dict(self.tags),
            "key_pairs": list(self.key_pairs),
            "charge_type": self.charge_type,
            "stopped_without_charging": self.stopped_without_charging,
            "created": self.created,
            **({"raw": dict(self.raw)} if include_raw else {}),
        }


@dataclasses.dataclass(frozen=True)
class Desired:
    """What one task asks for. ``key_pairs`` are IDs or names as the user wrote them.

    ``unwanted``, with ``state=present``: key pairs to unbind once the wanted ones are bound, written in the same way.
    """

    key_pairs: tuple[str, ...]
    instance_ids: tuple[str, ...]
    state: t.Literal["present", "absent"] = "present"
    exclusive: bool = False
    force_stop: bool = False
    association_type: t.Literal["online", "offline"] | None = None
    username: str | None = None
    last_key_policy: t.Literal["warn", "refuse", "allow"] = "warn"
    unwanted: tuple[str, ...] = ()

    @property
    def references(self) -> tuple[str, ...]:
        """Return every key pair that is named."""
        return (*self.key_pairs, *self.unwanted)

    @property
    def online(self) -> bool:
        """Whether the change is asked to happen without a shutdown."""
        return self.association_type == "online"


@dataclasses.dataclass(frozen=True)
class Observation:
    """What was read.

    ``key_pairs``: what the user wrote → the key pair (a missing one has no entry).
    ``instances``: ID → instance, or None when the API does not know it; instances that nobody had to look at have no
    entry.
    """

    key_pairs: t.Mapping[str, KeyPair]
    instances: t.Mapping[str, Instance | None]

    def usernames(self, instance_id: str, key_pair: str) -> tuple[str | None, ...]:
        """Return the guest accounts for which the key pair is bound to the instance, by the key pairs' own lists."""
        return self._accounts.get((instance_id, key_pair), ())

    def name_of(self, key_pair: str) -> str | None:
        """Return the name of a key pair ID, or None when it was not read."""
        return self._names.get(key_pair)

    @functools.cached_property
    def _accounts(self) -> dict[tuple[str, str], tuple[str | None, ...]]:
        accounts: dict[tuple[str, str], tuple[str | None, ...]] = {}
        for pair in {known.id: known for known in self.key_pairs.values()}.values():
            for holder in pair.holders or ():
                place = (holder.instance_id, pair.id)
                accounts[place] = (*accounts.get(place, ()), holder.username)
        return accounts

    @functools.cached_property
    def _names(self) -> dict[str, str]:
        return {known.id: known.name for known in self.key_pairs.values()}


@dataclasses.dataclass(frozen=True)
class Call:
    """One write call: these key pairs to (or from) all of these instances, or a power action, without key pairs.

    ``force`` lets the API power running instances off.
    ``online``: None sends no type at all, as older endpoints refuse the parameter.
    ``stop_type`` is about a stop or reboot, ``keep_charging`` about a stop.
    """

    action: t.Literal["bind", "unbind", "start", "stop", "reboot"]
    instance_ids: tuple[str, ...]
    key_pairs: tuple[str, ...] = ()
    force: bool = False
    online: bool | None = None
    username: str | None = None
    stop_type: StopType = "soft"
    keep_charging: bool = True


@dataclasses.dataclass(frozen=True)
class Receipt:
    """The API's answer to an accepted write. ``refused`` holds instances that it refused one by one."""

    request_id: str | None
    refused: t.Mapping[str, ErrorInfo] = dataclasses.field(default_factory=dict)
