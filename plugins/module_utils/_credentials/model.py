# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What credentials are: an access key, a role that it may take on, and whoever hands out the key that is valid now."""

from __future__ import annotations

import dataclasses
import typing as t
import urllib.parse

from .._errors import InputError

Environ = t.Mapping[str, str]


@dataclasses.dataclass(frozen=True)
class Credentials:
    """An access key. Its text form shows no secret. ``expires_at`` is Unix time, None for keys that do not expire."""

    access_key_id: str
    access_key_secret: str = dataclasses.field(repr=False)
    security_token: str | None = dataclasses.field(default=None, repr=False)
    expires_at: float | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return what must not appear anywhere; vendors quote a request's token percent-encoded in messages."""
        return with_quoted(value for value in (self.access_key_secret, self.security_token) if value)


# Hands out credentials that are valid now. Asked for each request, from several threads.
CredentialsProvider = t.Callable[[], Credentials]


@dataclasses.dataclass(frozen=True)
class Role:
    """A role to assume. ``seconds`` is how long a session lasts, None leaves it to the vendor's default."""

    arn: str
    session_name: str | None = None
    seconds: int | None = None
    policy: str | None = None
    external_id: str | None = None


@dataclasses.dataclass(frozen=True)
class WebIdentity:
    """A role for which a token file of an OIDC provider speaks. ``provider`` is the provider's name or ARN."""

    provider: str
    token_file: str
    role: Role


@dataclasses.dataclass(frozen=True)
class Found:
    """What a source has. ``is_role``: it is a role already. ``role``: the same source asks to assume this one."""

    provider: CredentialsProvider
    is_role: bool = False
    role: Role | None = None


@dataclasses.dataclass(frozen=True)
class Absent:
    """A source has nothing: where it looked, and what was missing there. Never a value."""

    place: str
    problem: str

    def __str__(self) -> str:
        return f"{self.place} ({self.problem})"


def access_key(
    place: str, names: tuple[str, str], get: t.Callable[[str], str | None], token: str | None = None
) -> Credentials | None:
    """Return the access key, or None when there is neither ID nor secret.

    ``names`` are what the place calls the two, ``get`` looks one up. Raises InputError when only one of them is there.
    """
    key_id, secret = get(names[0]), get(names[1])
    if not key_id and not secret:
        return None
    if not key_id or not secret:
        present, absent = names if key_id else reversed(names)
        raise InputError(
            f"{place}: {present} is set, but {absent} is not (or is empty).",
            "Set both, or neither.",
            code="CredentialsMissing",
        )
    return Credentials(key_id, secret, token or None)


def with_quoted(values: t.Iterable[str]) -> tuple[str, ...]:
    """Return the values as they are and percent-encoded, each once."""
    plain = list(values)
    return tuple(dict.fromkeys([*plain, *(urllib.parse.quote(value, safe="") for value in plain)]))
