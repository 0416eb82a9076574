# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operating system inside an instance: its accounts, their passwords, and who may log in."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

#: what logs in where a seed sets a password without telling it
EXAMPLE_PASSWORD = "example-password"


@dataclass(frozen=True)
class Guest:
    """The part of an instance that its cloud cannot see.

    ``users`` are the accounts that keys and passwords without a user name are for; ``passwords`` maps account to
    password, whether or not password login is on; a guest that does not ``applies_keys`` keeps the keys it had,
    whatever the cloud records; ``ssh_port`` is the port of its SSH server, 0 for any, None for no server.
    """

    users: tuple[str, ...] = ("root",)
    passwords: dict[str, str] = field(default_factory=dict)
    applies_keys: bool = True
    ssh_port: int | None = None

    def with_password(self, password: str, username: str | None = None) -> Guest:
        """Return the guest after a password was set for one account, or without a name for its ``users``."""
        accounts = self.users if username is None else (username,)
        return replace(self, passwords={**self.passwords, **dict.fromkeys(accounts, password)})


@dataclass(frozen=True)
class Access:
    """Who may log in to a guest now, if it is ``up``.

    ``keys`` maps account to public keys (OpenSSH lines), ``passwords`` account to password; the latter is empty while
    password login is off.
    """

    up: bool
    keys: dict[str, tuple[str, ...]]
    passwords: dict[str, str]

    def admits_key(self, username: str, blob: bytes) -> bool:
        """May this account log in with the key? ``blob`` is the decoded second field of an OpenSSH line."""
        return self.up and blob in {_blob(line) for line in self.keys.get(username, ())}

    def admits_password(self, username: str, password: str) -> bool:
        """May this account log in with the password?"""
        wanted = self.passwords.get(username)
        return self.up and wanted is not None and hmac.compare_digest(wanted.encode(), password.encode())


def keys_by_account(bound: Iterable[tuple[str | None, str]], users: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Sort (user name or None, public key) by account: a key that was bound without a name is for all ``users``."""
    found: dict[str, tuple[str, ...]] = {}
    for username, public_key in bound:
        for account in users if username is None else (username,):
            found[account] = (*found.get(account, ()), public_key)
    return found


def _blob(line: str) -> bytes:
    """Return the key that an OpenSSH line carries; nothing for a line that carries none."""
    fields = line.split()
    try:
        return base64.b64decode(fields[1], validate=True)
    except (IndexError, binascii.Error):
        return b""
