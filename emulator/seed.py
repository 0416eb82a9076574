# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filling the clouds from a JSON document: accounts here, what they own in seed_world."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from . import checks
from .accounts import AccessKey, Accounts, IdentityProvider, Role
from .cloud import Cloud
from .errors import ControlError
from .metadata.machine import Machine
from .providers import VENDORS
from .seed_world import WorldBuilder

_KEY_MEMBERS = (
    "id",
    "secret",
    "token",
    "token_expires_in",
    "read_only",
    "disabled",
    "denied_actions",
    "denied_instance_ids",
    "root",
)


def apply_seed(cloud: Cloud, value: Any) -> None:
    """Add what the seed describes to what exists; raises ControlError, in which case nothing was added."""
    found = checks.mapping(value, "seed")
    checks.only(found, ("accounts", "key_pairs", "instances", "fleets", "metadata"), "")
    accounts = deepcopy(cloud.accounts)
    for field, item in _numbered(found, "accounts"):
        _add_account(accounts, item, field, cloud.time)
    machines = [_machine(accounts, item, field) for field, item in _numbered(found, "metadata")]
    builder = WorldBuilder(cloud.world, accounts, cloud.now)
    for field, item in _numbered(found, "key_pairs"):
        builder.key_pair(item, field)
    for field, item in _numbered(found, "instances"):
        builder.instance(item, field)
    for field, item in _numbered(found, "fleets"):
        builder.fleet(item, field)
    cloud.ssh_doors.reserve(builder.with_ssh)
    cloud.accounts = accounts
    cloud.machines.machines.update({machine.vendor: machine for machine in machines})
    builder.commit()


def _numbered(found: dict[str, Any], name: str) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{name}[{n}]", checks.mapping(item, f"{name}[{n}]"))
        for n, item in enumerate(checks.items(found.get(name), name))
    ]


def _add_account(accounts: Accounts, found: dict[str, Any], field: str, now: float) -> None:
    checks.only(found, ("vendor", "account_id", "access_keys", "identity_providers", "roles"), field)
    vendor = checks.choice(found.get("vendor"), VENDORS, f"{field}.vendor")
    account_id = checks.text(found.get("account_id"), f"{field}.account_id")
    roles = None
    if found.get("roles") is not None:
        roles = [_role(item, f"{field}.{where}") for where, item in _numbered(found, "roles")]
    accounts.add_account(vendor, account_id, roles)
    for where, item in _numbered(found, "access_keys"):
        accounts.add_key(_access_key(item, f"{field}.{where}", vendor, account_id, now))
    for where, item in _numbered(found, "identity_providers"):
        accounts.add_identity_provider(vendor, account_id, _identity_provider(item, f"{field}.{where}"))


def _machine(accounts: Accounts, found: dict[str, Any], field: str) -> Machine:
    checks.only(found, ("vendor", "account_id", "region", "role", "lifetime"), field)
    vendor = checks.choice(found.get("vendor"), VENDORS, f"{field}.vendor")
    account_id = checks.optional_text(found.get("account_id"), f"{field}.account_id") or accounts.default(vendor)
    if account_id is None or not accounts.known(vendor, account_id):
        raise ControlError(f"{field}.account_id", "there is no such account")
    name = checks.optional_text(found.get("role"), f"{field}.role")
    role = accounts.role(vendor, account_id, name) if name else None
    if name and role is None:
        raise ControlError(f"{field}.role", "the account has no such role")
    return Machine(
        vendor=vendor,
        account_id=account_id,
        region=checks.text(found.get("region"), f"{field}.region"),
        role=role,
        lifetime=checks.integer(found.get("lifetime", 3600), f"{field}.lifetime", minimum=1),
    )


def _identity_provider(found: dict[str, Any], field: str) -> IdentityProvider:
    checks.only(found, IdentityProvider.__dataclass_fields__, field)
    return IdentityProvider(
        name=checks.text(found.get("name"), f"{field}.name"),
        tokens=frozenset(checks.texts(found.get("tokens"), f"{field}.tokens")),
    )


def _role(found: dict[str, Any], field: str) -> Role:
    checks.only(found, Role.__dataclass_fields__, field)
    return Role(
        name=checks.text(found.get("name"), f"{field}.name"),
        max_session_duration=checks.integer(found.get("max_session_duration", 43_200), f"{field}.max_session_duration"),
        read_only=checks.boolean(found.get("read_only", False), f"{field}.read_only"),
        denied_actions=frozenset(checks.texts(found.get("denied_actions"), f"{field}.denied_actions")),
    )


def _access_key(found: dict[str, Any], field: str, vendor: str, account_id: str, now: float) -> AccessKey:
    checks.only(found, _KEY_MEMBERS, field)
    lifetime = found.get("token_expires_in")
    return AccessKey(
        id=checks.text(found.get("id"), f"{field}.id"),
        secret=checks.text(found.get("secret"), f"{field}.secret"),
        vendor=vendor,
        account_id=account_id,
        token=checks.optional_text(found.get("token"), f"{field}.token"),
        expires_at=None if lifetime is None else now + checks.number(lifetime, f"{field}.token_expires_in", None),
        read_only=checks.boolean(found.get("read_only", False), f"{field}.read_only"),
        disabled=checks.boolean(found.get("disabled", False), f"{field}.disabled"),
        denied_actions=frozenset(checks.texts(found.get("denied_actions"), f"{field}.denied_actions")),
        denied_instance_ids=frozenset(checks.texts(found.get("denied_instance_ids"), f"{field}.denied_instance_ids")),
        root=checks.boolean(found.get("root", False), f"{field}.root"),
    )
