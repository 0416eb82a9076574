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

from .._client import Answer, Dialect
from .._providers._tencent_api3 import TencentApi3
from .model import Credentials, CredentialsProvider
from .sts import StsService

PUBLIC_HOST = "sts.tencentcloudapi.com"
# The API wants a region and does not care which; this is the one that the vendor's SDK sends.
_REGION = "ap-guangzhou"


class TencentSts(StsService):
    """See StsService."""

    web_identity_action: t.ClassVar[str] = "AssumeRoleWithWebIdentity"

    def dialect(self, credentials: CredentialsProvider | None) -> Dialect:
        """See StsService."""
        return TencentApi3("sts", "2018-08-13", _REGION, self.endpoint, credentials)

    def web_identity(self, provider: str, token: str) -> dict[str, str]:
        """See StsService."""
        return {"ProviderId": provider, "WebIdentityToken": token}

    def policy(self, text: str) -> str:
        """See StsService. The API wants it percent-encoded."""
        return urllib.parse.quote(text, safe="")

    def read(self, answer: Answer) -> Credentials:
        """See StsService."""
        return temporary_key({**answer["Credentials"], "ExpiredTime": answer["ExpiredTime"]})


def temporary_key(found: t.Mapping[str, t.Any]) -> Credentials:
    """Return the credentials in the shape that STS and the metadata service share.

    Raises KeyError, TypeError or ValueError when there are none.
    """
    return Credentials(
        str(found["TmpSecretId"]), str(found["TmpSecretKey"]), str(found["Token"]), float(found["ExpiredTime"])
    )
