# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""STS: temporary credentials of roles, and whose credentials these are. Each vendor fills in how it is called."""

from __future__ import annotations

import abc
import dataclasses
import typing as t

from .._client import Answer, Client, Dialect
from .._errors import AnswerLostError, ApiError, CredentialsError, NotSentError
from .._models import ErrorInfo
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


class StsService(abc.ABC):
    """Base of the vendors' services; see Sts.

    ``web_identity_action`` is the action that takes an OIDC token.
    """

    web_identity_action: t.ClassVar[str]

    def __init__(self, endpoint: str, client: ClientFactory) -> None:
        self.endpoint = endpoint
        self._client = client

    @abc.abstractmethod
    def dialect(self, credentials: CredentialsProvider | None) -> Dialect:
        """Return how requests are written; without credentials they are not signed."""

    @abc.abstractmethod
    def web_identity(self, provider: str, token: str) -> dict[str, str]:
        """Return the parameters for an OIDC token."""

    @abc.abstractmethod
    def policy(self, text: str) -> str:
        """Return a policy as it is sent."""

    @abc.abstractmethod
    def read(self, answer: Answer) -> Credentials:
        """Return the credentials in an answer. Raises KeyError, TypeError or ValueError when there are none."""

    def assume_role(self, base: CredentialsProvider, role: Role) -> Credentials:
        """See Sts."""
        params = {**self._session(role), "ExternalId": role.external_id}
        return self._assume(base, f"The role {role.arn} could not be assumed", "AssumeRole", params)

    def assume_role_for(self, identity: WebIdentity, token: str) -> Credentials:
        """See Sts."""
        params = {**self._session(identity.role), **self.web_identity(identity.provider, token)}
        purpose = f"The role {identity.role.arn} could not be assumed with the token in {identity.token_file}"
        return self._assume(None, purpose, self.web_identity_action, params)

    def account_id(self, credentials: CredentialsProvider) -> str:
        """See Sts."""
        answer = self._call(credentials, "The account could not be found out", "GetCallerIdentity", {})
        return str(answer.get("AccountId", ""))

    def _session(self, role: Role) -> dict[str, t.Any]:
        return {
            "RoleArn": role.arn,
            "RoleSessionName": role.session_name,
            "DurationSeconds": role.seconds,
            "Policy": None if role.policy is None else self.policy(role.policy),
        }

    def _assume(
        self, base: CredentialsProvider | None, purpose: str, action: str, params: t.Mapping[str, t.Any]
    ) -> Credentials:
        answer = self._call(base, purpose, action, params)
        try:
            return self.read(answer)
        except (KeyError, TypeError, ValueError):
            message = f"{purpose}: the answer of STS holds no credentials."
            raise CredentialsError(ErrorInfo("UnreadableAnswer", message)) from None

    def _call(
        self, credentials: CredentialsProvider | None, purpose: str, action: str, params: t.Mapping[str, t.Any]
    ) -> Answer:
        """Return the answer's fields; parameters that are None are not sent.

        Whoever asks for credentials in the middle of a request must not take the failure of STS for an answer to that
        request, so it becomes a CredentialsError.
        """
        given = {name: value for name, value in params.items() if value is not None}
        try:
            return self._client(self.dialect(credentials)).call(action, given)
        except (ApiError, NotSentError, AnswerLostError) as error:
            message = f"{purpose}: {error.info.message}"
            raise CredentialsError(dataclasses.replace(error.info, message=message)) from None
