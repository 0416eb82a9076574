# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What the sources of credentials have at hand: options, environment, files, and the services that they may ask."""

from __future__ import annotations

import dataclasses
import os
import typing as t

from .._clock import Clock
from .._errors import InputError
from .files import read_text
from .metadata import MetadataService
from .model import Absent, Credentials, CredentialsProvider, Environ, Found, Role, WebIdentity, with_quoted
from .renewal import Renewed
from .sts import Sts

DEFAULT_SESSION_NAME = "keyfleet"


@dataclasses.dataclass(frozen=True)
class CredentialOptions:
    """The credentials among a task's options; an empty text counts as not given."""

    access_key_id: str | None = None
    access_key_secret: str | None = dataclasses.field(default=None, repr=False)
    security_token: str | None = dataclasses.field(default=None, repr=False)
    profile: str | None = None
    role_arn: str | None = None
    role_session_name: str | None = None


@dataclasses.dataclass(frozen=True)
class Search:
    """One search for credentials and region. ``keep_secret`` is told every secret as soon as it is found."""

    options: CredentialOptions
    environ: Environ
    clock: Clock
    sts: Sts
    metadata: MetadataService
    keep_secret: t.Callable[[t.Iterable[str]], None]

    def variable(self, name: str) -> str | None:
        """Return an environment variable; an empty one counts as unset."""
        return self.environ.get(name) or None

    def is_true(self, name: str) -> bool:
        """Return whether an environment variable says true."""
        return self.environ.get(name, "").lower() == "true"

    def home(self, *parts: str) -> str:
        """Return a path in the user's home directory."""
        return os.path.join(self.variable("HOME") or os.path.expanduser("~"), *parts)

    def fixed(self, credentials: Credentials) -> CredentialsProvider:
        """Return a provider of one access key."""
        self.keep_secret(credentials.secrets)
        return lambda: credentials

    def key(self, credentials: Credentials, role: Role | None = None) -> Found:
        """Return an access key as the result of a source."""
        return Found(self.fixed(credentials), role=role)

    def renewed(self, fetch: CredentialsProvider) -> CredentialsProvider:
        """Return a provider of credentials that expire; ``fetch`` gets new ones."""
        return Renewed(fetch, self.clock, self.keep_secret)

    def assumed(self, base: CredentialsProvider, role: Role) -> CredentialsProvider:
        """Return a provider of the role's credentials."""
        named = dataclasses.replace(role, session_name=role.session_name or DEFAULT_SESSION_NAME)
        return self.renewed(lambda: self.sts.assume_role(base, named))

    def speaking_for(self, identity: WebIdentity) -> Found:
        """Return the role for which a token file speaks. The file is read for each session: its token changes."""
        role = dataclasses.replace(identity.role, session_name=identity.role.session_name or DEFAULT_SESSION_NAME)
        named = dataclasses.replace(identity, role=role)
        return Found(self.renewed(lambda: self.sts.assume_role_for(named, self._token(named.token_file))), is_role=True)

    def _token(self, path: str) -> str:
        text = read_text(path)
        if isinstance(text, Absent) or not text.strip():
            problem = text.problem if isinstance(text, Absent) else "empty"
            raise InputError(
                f"The token file {path} of the OIDC provider cannot be used: {problem}.",
                "Check the variable or the profile that names it.",
                code="CredentialsMissing",
            )
        self.keep_secret(with_quoted([text.strip()]))
        return text.strip()
