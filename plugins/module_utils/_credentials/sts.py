# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""STS as the sources of credentials know it; each vendor has a file of its own for how it is called."""

from __future__ import annotations

import dataclasses
import typing as t

from .._client import Answer, Client, Dialect, Params
from .._errors import AnswerLostError, ApiError, CredentialsError, NotSentError
from .model import Credentials, CredentialsProvider, Role, WebIdentity

ClientFactory = t.Callable[[Dialect], Client]


class Sts(t.Protocol):
    """A vendor's security token service. All methods raise CredentialsError."""

    def assume_role(self, base: CredentialsProvider, role: Role) -> Credentials:
        """Return temporary credentials of the role, which must have a session name."""

    def assume_role_for(self, identity: WebIdentity, token: str) -> Credentials:
        """Return temporary credentials of the role for which an OIDC token speaks; the request is not signed."""

    def account_id(self, credentials: CredentialsProvider) -> str:
        """Return the ID of the account that the credentials belong to."""


def call(client: Client, purpose: str, action: str, params: Params) -> Answer:
    """Return the answer's fields.

    Raises CredentialsError, whose message begins with the purpose. Whoever asks for credentials in the middle of a
    request must not take the failure of STS for an answer to that request.
    """
    try:
        return client.call(action, params)
    except (ApiError, NotSentError, AnswerLostError) as error:
        message = f"{purpose}: {error.info.message}"
        raise CredentialsError(dataclasses.replace(error.info, message=message)) from None


def given(**params: t.Any) -> dict[str, t.Any]:
    """Return the parameters that are not None."""
    return {name: value for name, value in params.items() if value is not None}
