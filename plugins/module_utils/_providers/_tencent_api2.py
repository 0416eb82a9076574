# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""How Tencent Cloud's legacy API 2.0 writes requests and answers: a form by POST to /v2/index.php, signature v1.

Vendor pages: "Signature" and "Common error codes" of API 2.0. Actions and codes of ``Version=2017-03-12`` are those
of API 3.0; the gateway in front of them still answers with integer codes.
"""

from __future__ import annotations

import dataclasses
import secrets
import typing as t
import urllib.parse

from .._client import Answer, Params
from .._credentials.model import CredentialsProvider
from .._signing import tencent_v1
from .._transport import HttpRequest, HttpResponse
from ._answers import decoded
from ._tencent_api3 import response_fields
from ._tencent_errors import api_error, legacy_code


@dataclasses.dataclass(frozen=True)
class TencentApi2:
    """The dialect of the legacy CVM API in version 2017-03-12."""

    version: str
    region: str
    endpoint: str
    credentials: CredentialsProvider

    def prepare(self, action: str, params: Params, timestamp: float) -> HttpRequest:
        """Return the signed request. Each request has a nonce of its own; the gateway refuses one that it has seen."""
        credentials = self.credentials()
        fields = {
            **flattened(params),
            "Action": action,
            "Version": self.version,
            "Region": self.region,
            "Timestamp": str(int(timestamp)),
            "Nonce": str(1 + secrets.randbelow(2**53)),
            "SecretId": credentials.access_key_id,
            "SignatureMethod": "HmacSHA256",
        }
        if credentials.security_token:
            fields["Token"] = credentials.security_token
        host = urllib.parse.urlsplit(self.endpoint).netloc
        fields["Signature"] = tencent_v1.sign(
            "POST", host, tencent_v1.LEGACY_PATH, fields, credentials.access_key_secret
        )
        headers = {"Host": host, "Content-Type": "application/x-www-form-urlencoded"}
        body = urllib.parse.urlencode(fields).encode()
        return HttpRequest("POST", f"{self.endpoint}{tencent_v1.LEGACY_PATH}", headers, body)

    def parse(self, action: str, response: HttpResponse) -> Answer:
        """Return the fields below ``Response``.

        Raises ApiError for string and integer codes, AnswerLostError for the unreadable.
        """
        document = decoded(action, response)
        if "Response" not in document and document.get("code"):
            code = str(document.get("codeDesc") or legacy_code(document["code"]))
            request_id = document.get("requestId") or document.get("RequestId")
            raise api_error(action, code, str(document.get("message", "")), request_id)
        return response_fields(action, document, response)


def flattened(params: Params) -> dict[str, str]:
    """Write lists as ``Name.0``, ``Name.1`` and objects as ``Name.Field``, as the API's forms want them."""
    fields: dict[str, str] = {}
    for name, value in params.items():
        _flatten(name, value, fields)
    return fields


def _flatten(name: str, value: t.Any, fields: dict[str, str]) -> None:
    if isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            _flatten(f"{name}.{index}", item, fields)
    elif isinstance(value, dict):
        for key, item in value.items():
            _flatten(f"{name}.{key}", item, fields)
    elif isinstance(value, bool):
        fields[name] = "TRUE" if value else "FALSE"
    else:
        fields[name] = str(value)
