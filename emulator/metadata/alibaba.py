# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Alibaba Cloud's metadata: ``http://100.100.100.200/latest/``, with tokens (version 2) and without."""

from __future__ import annotations

import secrets
from typing import Any

from ..accounts import AccessKey
from ..cloud import Cloud
from ..http_types import Request, Response
from ..times import iso_time
from .machine import Machine
from .paths import Paths

_TOKEN_HEADER = "x-aliyun-ecs-metadata-token"
_LIFETIME_HEADER = "x-aliyun-ecs-metadata-token-ttl-seconds"
_LONGEST = 21_600


def token(cloud: Cloud, request: Request) -> Response:
    """``PUT /latest/api/token``: a token that works for as many seconds as a header asks for."""
    if request.method != "PUT":
        return Response(405, "text/plain", b"Method Not Allowed")
    lifetime = request.header(_LIFETIME_HEADER)
    if not lifetime.isdigit() or not 1 <= int(lifetime) <= _LONGEST:
        return Response(400, "text/plain", b"Bad Request")
    made = secrets.token_urlsafe(32)
    cloud.machines.tokens[made] = cloud.now + int(lifetime)
    return Response(200, "text/plain", made.encode())


def _may_read(cloud: Cloud, request: Request) -> bool:
    """A token must be valid; whether none is enough is a setting of the instance ("security hardening mode")."""
    if _TOKEN_HEADER in request.headers:
        return cloud.machines.tokens.get(request.header(_TOKEN_HEADER), 0.0) > cloud.now
    return cloud.settings.switch("alibaba_metadata_v1") == "allowed"


def _document(machine: Machine, key: AccessKey) -> dict[str, Any]:
    expires = key.expires_at or 0.0
    return {
        "AccessKeyId": key.id,
        "AccessKeySecret": key.secret,
        "Expiration": iso_time(expires),
        "SecurityToken": key.token,
        "LastUpdated": iso_time(expires - machine.lifetime),
        "Code": "Success",
    }


PATHS = Paths(
    region="/latest/meta-data/region-id",
    roles="/latest/meta-data/ram/security-credentials/",
    document=_document,
    may_read=_may_read,
    token="/latest/api/token",
)
