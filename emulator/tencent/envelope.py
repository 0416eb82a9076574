# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tencent Cloud's answers. HTTP status 200 and a Content-Type without charset, always.

The official Python client looks for errors only if the type is exactly ``application/json``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..http_types import Response

CONTENT_TYPE = "application/json"


def success(fields: Mapping[str, Any], request_id: str, request_id_field: str = "RequestId") -> Response:
    """Return the answer of an action."""
    return json_response({"Response": {**fields, request_id_field: request_id}})


def failure(code: str, message: str, request_id: str, request_id_field: str = "RequestId") -> Response:
    """Return an error answer."""
    return success({"Error": {"Code": code, "Message": message}}, request_id, request_id_field)


def json_response(value: Any) -> Response:
    """Return any JSON document as the vendor sends it."""
    return Response(200, CONTENT_TYPE, json.dumps(value, ensure_ascii=False).encode())
