# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Accounts and their access keys, permanent ones from the seed and temporary ones from the STS services."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from zlib import crc32


@dataclass(frozen=True)
class Role:
    """A role that may be assumed. ``max_session_duration`` in seconds."""

    name: str
    max_session_duration: int = 43_200
    read_only: bool = False
    denied_actions: frozenset[str] = frozenset()


@dataclass(frozen=True)
class IdentityProvider:
    """An OIDC provider that an account trusts. ``tokens`` are those that the emulator takes for valid."""

    name: str
    tokens: frozenset[str] = frozenset()


@dataclass(frozen=True)
class AccessKey:
    """A key ID with its secret. ``token`` belongs to temporary keys; ``expires_at`` is Unix time.

    ``root``: the key of the account itself, not of one of its users.
    Keys of an assumed role have ``role`` and ``session``.
    """

    id: str
    secret: str = field(repr=False)
    vendor: str = ""
    account_id: str = ""
    token: str | None = field(default=None, repr=False)
    expires_at: float | None = None
    read_only: bool = False
    disabled: bool = False
    denied_actions: frozenset[str] = frozenset()
    denied_instance_ids: frozenset[str] = frozenset()
    root: bool = False
    role: str | None = None
    session: str | None = None

    @property
    def user_id(self) -> str:
        """The ID of the account for a root key, otherwise that of a user of it (made up from the key ID)."""
        return self.account_id if self.root else f"2{crc32(self.id.encode()):011d}"

    def permits(self, action: str, write: bool) -> bool:
        """May this key call the action at all?"""
        return action not in self.denied_actions and not (write and self.read_only)


class Accounts:
    """All accounts; the first one of a vendor is its default."""

    def __init__(self) -> None:
        self._accounts: dict[str, dict[str, dict[str, Role] | None]] = {}
        self._keys: dict[tuple[str, str], AccessKey] = {}
        self._identity_providers: dict[tuple[str, str, str], IdentityProvider] = {}

    def add_account(self, vendor: str, account_id: str, roles: Iterable[Role] | None = None) -> None:
        """Register an account. Roles None: every role name can be assumed; otherwise only these."""
        known = self._accounts.setdefault(vendor, {})
        known.setdefault(account_id, None)
        if roles is not None:
            known[account_id] = {role.name: role for role in roles}

    def add_key(self, key: AccessKey) -> None:
        """Register or replace an access key and its account."""
        self.add_account(key.vendor, key.account_id)
        self._keys[key.vendor, key.id] = key

    def add_identity_provider(self, vendor: str, account_id: str, provider: IdentityProvider) -> None:
        """Register or replace an OIDC provider of an account."""
        self._identity_providers[vendor, account_id, provider.name] = provider

    def identity_provider(self, vendor: str, account_id: str, name: str) -> IdentityProvider | None:
        """Return an account's OIDC provider of that name."""
        return self._identity_providers.get((vendor, account_id, name))

    def find(self, vendor: str, key_id: str) -> AccessKey | None:
        """Return the key with that ID at that vendor."""
        return self._keys.get((vendor, key_id))

    def default(self, vendor: str) -> str | None:
        """Return the vendor's first account ID."""
        return next(iter(self._accounts.get(vendor, {})), None)

    def known(self, vendor: str, account_id: str) -> bool:
        """Is there such an account?"""
        return account_id in self._accounts.get(vendor, {})

    def role(self, vendor: str, account_id: str, name: str) -> Role | None:
        """Return an account's role of that name, or None if there is no such account or role."""
        if not self.known(vendor, account_id):
            return None
        roles = self._accounts[vendor][account_id]
        return Role(name) if roles is None else roles.get(name)

    def assume_role(
        self,
        parent: AccessKey,
        prefix: str,
        role: Role,
        session: str,
        expires_at: float,
        account_id: str | None = None,
    ) -> AccessKey:
        """Create, register and return a temporary key of a role; it is denied what the role and its parent are denied.

        ``prefix`` begins the key ID; ``account_id`` is the role's account, by default that of the parent.
        """
        return self.issue(
            parent.vendor, account_id or parent.account_id, prefix, role, session, expires_at, parent=parent
        )

    def issue(
        self,
        vendor: str,
        account_id: str,
        prefix: str,
        role: Role,
        session: str,
        expires_at: float,
        parent: AccessKey | None = None,
    ) -> AccessKey:
        """Create, register and return a temporary key of a role; without a parent nothing but the role limits it."""
        key = AccessKey(
            id=prefix + secrets.token_hex(16),
            secret=secrets.token_urlsafe(24),
            vendor=vendor,
            account_id=account_id,
            token=secrets.token_urlsafe(48),
            expires_at=expires_at,
            read_only=role.read_only or (parent is not None and parent.read_only),
            denied_actions=role.denied_actions | (parent.denied_actions if parent else frozenset()),
            denied_instance_ids=parent.denied_instance_ids if parent else frozenset(),
            role=role.name,
            session=session,
        )
        self.add_key(key)
        return key
