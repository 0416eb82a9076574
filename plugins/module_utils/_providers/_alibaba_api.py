# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""How Alibaba Cloud's RPC APIs write requests and answers: parameters in the query of a POST, signature V3, JSON.

Vendor page: "Request syntax and signature method V3".
"""

from __future__ import annotations

import dataclasses
import datetime
import typing as t
import urllib.parse
import uuid

from .._client import Answer, Params
from .._credentials.model import CredentialsProvider
from .._signing import acs3
from .._signing._hash import sha256_hex
from .._transport import HttpRequest, HttpResponse
from ._alibaba_errors import api_error
from ._answers import json_object, text_or_none, unreadable


@dataclasses.dataclass(frozen=True)
class AlibabaApi:
    """The dialect of one product, such as ECS in version 2014-05-26. Parameters must be texts already.

    Without a region none is sent. Without credentials requests are not signed, as the actions want it that take an
    OIDC token instead.
    """

    version: str
    region: str
    endpoint: str
    credentials: CredentialsProvider | None

    def prepare(self, action: str, params: Params, timestamp: float) -> HttpRequest:
        """Return the signed request. Each request has a nonce of its own; the gateway refuses one that it has seen."""
        query = {name: str(value) for name, value in params.items()}
        if self.region:
            query["RegionId"] = self.region
        now = datetime.datetime.fromtimestamp(timestamp, tz=datetime.timezone.utc)
        headers = {
            "host": urllib.parse.urlsplit(self.endpoint).netloc,
            "accept": "application/json",
            "x-acs-action": action,
            "x-acs-version": self.version,
            "x-acs-date": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": uuid.uuid4().hex,
            "x-acs-content-sha256": sha256_hex(b""),
        }
        if self.credentials is not None:
            credentials = self.credentials()
            if credentials.security_token:
                headers["x-acs-security-token"] = credentials.security_token
            signature = acs3.sign("POST", query, headers, b"", credentials.access_key_secret)
            headers["Authorization"] = signature.authorization(credentials.access_key_id)
        return HttpRequest("POST", f"{self.endpoint}/?{acs3.canonical_query(query)}", headers)

    def parse(self, action: str, response: HttpResponse) -> Answer:
        """Return the answer's fields.

        Raises ApiError for an error document, AnswerLostError for anything unreadable.
        """
        document = json_object(action, response)
        if response.status == 200:
            return document
        code = text_or_none(document.get("Code"))
        if code is None:
            raise unreadable(action, response, "it has no error code")
        raise api_error(action, code, str(document.get("Message", "")), text_or_none(document.get("RequestId")))


def is_true(value: t.Any) -> bool:
    """Read a boolean that one page prints as ``true`` and another as ``"true"``."""
    return str(value).lower() == "true"
