# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Alibaba Cloud's STS, version 2015-04-01.

Vendor pages: GetCallerIdentity, AssumeRole, AssumeRoleWithOIDC, and "Endpoints" of STS.
"""

from __future__ import annotations

import datetime
import typing as t

from .._client import Answer, Dialect
from .._providers._alibaba_api import AlibabaApi
from .model import Credentials, CredentialsProvider, Environ
from .region import checked_region
from .sts import StsService

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


class AlibabaSts(StsService):
    """See StsService."""

    web_identity_action: t.ClassVar[str] = "AssumeRoleWithOIDC"

    def dialect(self, credentials: CredentialsProvider | None) -> Dialect:
        """See StsService."""
        return AlibabaApi("2015-04-01", "", self.endpoint, credentials)

    def web_identity(self, provider: str, token: str) -> dict[str, str]:
        """See StsService."""
        return {"OIDCProviderArn": provider, "OIDCToken": token}

    def policy(self, text: str) -> str:
        """See StsService."""
        return text

    def read(self, answer: Answer) -> Credentials:
        """See StsService."""
        return temporary_key(answer["Credentials"])


def temporary_key(found: t.Mapping[str, t.Any]) -> Credentials:
    """Return the credentials in the shape that STS and the metadata service share.

    Raises KeyError, TypeError or ValueError when there are none.
    """
    expiration = datetime.datetime.strptime(str(found["Expiration"]), "%Y-%m-%dT%H:%M:%SZ")
    return Credentials(
        str(found["AccessKeyId"]),
        str(found["AccessKeySecret"]),
        str(found["SecurityToken"]),
        expiration.replace(tzinfo=datetime.timezone.utc).timestamp(),
    )
