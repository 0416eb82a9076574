# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Alibaba Cloud's STS, version 2015-04-01.

Vendor pages: GetCallerIdentity, AssumeRole, AssumeRoleWithOIDC, and "Endpoints" of STS.
"""

from __future__ import annotations

import typing as t

from .._client import Answer
from .._errors import CredentialsError
from .._models import ErrorInfo
from .._providers._alibaba_api import AlibabaApi
from . import sts
from .model import Credentials, CredentialsProvider, Environ, Role, WebIdentity
from .region import checked_region
from .times import unix_time

REGION_VARIABLE = "ALIBABA_CLOUD_STS_REGION"
VPC_VARIABLE = "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED"


def public_host(environ: Environ) -> str:
    """Return the host, regional or in the VPC where the vendor's variables say so.

    Raises InputError for a malformed region.
    """
    region = environ.get(REGION_VARIABLE)
    if not region:
        return "sts.aliyuncs.com"
    prefix = "sts-vpc" if environ.get(VPC_VARIABLE, "").lower() == "true" else "sts"
    return f"{prefix}.{checked_region(region)}.aliyuncs.com"


class AlibabaSts:
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
        params = sts.given(**_session(role), OIDCProviderArn=identity.provider, OIDCToken=token)
        purpose = f"The role {role.arn} could not be assumed with the token in {identity.token_file}"
        return _credentials(role, self._call(None, purpose, "AssumeRoleWithOIDC", params))

    def account_id(self, credentials: CredentialsProvider) -> str:
        """See Sts."""
        answer = self._call(credentials, "The account could not be found out", "GetCallerIdentity", {})
        return str(answer.get("AccountId", ""))

    def _call(
        self, credentials: CredentialsProvider | None, purpose: str, action: str, params: dict[str, t.Any]
    ) -> Answer:
        dialect = AlibabaApi("2015-04-01", "", self._endpoint, credentials)
        return sts.call(self._client(dialect), purpose, action, params)


def _session(role: Role) -> dict[str, t.Any]:
    return {
        "RoleArn": role.arn,
        "RoleSessionName": role.session_name,
        "DurationSeconds": role.seconds,
        "Policy": role.policy,
    }


def _credentials(role: Role, answer: Answer) -> Credentials:
    try:
        found = answer["Credentials"]
        return Credentials(
            str(found["AccessKeyId"]),
            str(found["AccessKeySecret"]),
            str(found["SecurityToken"]),
            unix_time(str(found["Expiration"])),
        )
    except (KeyError, TypeError, ValueError):
        raise CredentialsError(
            ErrorInfo("UnreadableAnswer", f"The answer of STS for the role {role.arn} holds no credentials.")
        ) from None
