# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""How Tencent Cloud API 3.0 writes requests and answers: JSON by POST, signature v3.

Vendor pages: "Common parameters", "Signature v3".
"""

from __future__ import annotations

import dataclasses
import json
import typing as t
import urllib.parse

from .._client import Answer, Params
from .._credentials.model import CredentialsProvider
from .._signing import tc3
from .._transport import HttpRequest, HttpResponse
from ._answers import decoded, unreadable
from ._tencent_errors import api_error

CONTENT_TYPE = "application/json"


@dataclasses.dataclass(frozen=True)
class TencentApi3:
    """The dialect of one product, such as lighthouse in version 2020-03-24.

    Without credentials requests are not signed, as the actions want it that take a web identity instead.
    """

    service: str
    version: str
    region: str
    endpoint: str
    credentials: CredentialsProvider | None

    def prepare(self, action: str, params: Params, timestamp: float) -> HttpRequest:
        """Return the signed request. Messages are asked for in English; the API's default is Chinese."""
        body = json.dumps(params, sort_keys=True).encode()
        host = urllib.parse.urlsplit(self.endpoint).netloc
        headers = {
            "Host": host,
            "Content-Type": CONTENT_TYPE,
            "X-TC-Action": action,
            "X-TC-Version": self.version,
            "X-TC-Region": self.region,
            "X-TC-Timestamp": str(int(timestamp)),
            "X-TC-Language": "en-US",
            **self._authorization(host, body, int(timestamp)),
        }
        return HttpRequest("POST", f"{self.endpoint}/", headers, body)

    def _authorization(self, host: str, body: bytes, timestamp: int) -> dict[str, str]:
        if self.credentials is None:
            return {"Authorization": "SKIP"}
        credentials = self.credentials()
        signature = tc3.sign(
            tc3.Tc3Request(service=self.service, host=host, content_type=CONTENT_TYPE, body=body, timestamp=timestamp),
            credentials.access_key_secret,
        )
        headers = {"Authorization": signature.authorization(credentials.access_key_id)}
        if credentials.security_token:
            headers["X-TC-Token"] = credentials.security_token
        return headers

    def parse(self, action: str, response: HttpResponse) -> Answer:
        """Return the fields below ``Response``.

        Raises ApiError for an error code, AnswerLostError for anything unreadable.
        """
        return response_fields(action, decoded(action, response), response)


def response_fields(action: str, document: t.Mapping[str, t.Any], response: HttpResponse) -> Answer:
    """Unwrap the envelope ``{"Response": {…}}``, which is the same for errors and for both generations of the API."""
    fields = document.get("Response")
    if not isinstance(fields, dict):
        raise unreadable(action, response, "the envelope Response is missing")
    error = fields.get("Error")
    if isinstance(error, dict):
        request_id = fields.get("RequestId") or fields.get("RequestID")
        raise api_error(action, str(error.get("Code", "")), str(error.get("Message", "")), request_id)
    return fields
