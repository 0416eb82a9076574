# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Tencent Cloud's STS, version 2018-08-13.

Vendor pages: GetCallerIdentity, AssumeRole, AssumeRoleWithWebIdentity.
"""

from __future__ import annotations

import typing as t
import urllib.parse

from .._client import Answer
from .._errors import CredentialsError
from .._models import ErrorInfo
from .._providers._tencent_api3 import TencentApi3
from . import sts
from .model import Credentials, CredentialsProvider, Role, WebIdentity

PUBLIC_HOST = "sts.tencentcloudapi.com"
# The API wants a region and does not care which; this is the one that the vendor's SDK sends.
_REGION = "ap-guangzhou"


class TencentSts:
    """See Sts."""

    def __init__(self, endpoint: str, client: sts.ClientFactory) -> None:
        self._endpoint = endpoint
        self._client = client

    def assume_role(self, base: CredentialsProvider, role: Role) -> Credentials:
        """See Sts."""
        params = sts.given(**_session(role), ExternalId=role.external_id)
        return _credentials(role, self._call(base, f"The role {role.arn} could not be assumed", "AssumeRole", params))

    def assume_role_for(self, identity: WebIdentity, token: str) -> Credentials:
        """See Sts."""
        role = identity.role
        params = sts.given(**_session(role), ProviderId=identity.provider, WebIdentityToken=token)
        purpose = f"The role {role.arn} could not be assumed with the token in {identity.token_file}"
        return _credentials(role, self._call(None, purpose, "AssumeRoleWithWebIdentity", params))

    def account_id(self, credentials: CredentialsProvider) -> str:
        """See Sts."""
        answer = self._call(credentials, "The account could not be found out", "GetCallerIdentity", {})
        return str(answer.get("AccountId", ""))

    def _call(
        self, credentials: CredentialsProvider | None, purpose: str, action: str, params: dict[str, t.Any]
    ) -> Answer:
        dialect = TencentApi3("sts", "2018-08-13", _REGION, self._endpoint, credentials)
        return sts.call(self._client(dialect), purpose, action, params)


def _session(role: Role) -> dict[str, t.Any]:
    return {
        "RoleArn": role.arn,
        "RoleSessionName": role.session_name,
        "DurationSeconds": role.seconds,
        "Policy": None if role.policy is None else urllib.parse.quote(role.policy, safe=""),
    }


def _credentials(role: Role, answer: Answer) -> Credentials:
    try:
        found = answer["Credentials"]
        return Credentials(
            str(found["TmpSecretId"]), str(found["TmpSecretKey"]), str(found["Token"]), float(answer["ExpiredTime"])
        )
    except (KeyError, TypeError, ValueError):
        raise CredentialsError(
            ErrorInfo("UnreadableAnswer", f"The answer of STS for the role {role.arn} holds no credentials.")
        ) from None
