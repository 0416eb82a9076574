# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tencent Cloud's metadata: ``http://metadata.tencentyun.com/latest/meta-data/``."""

from __future__ import annotations

from typing import Any

from ..accounts import AccessKey
from ..times import iso_time
from .machine import Machine
from .paths import Paths


def _document(_machine: Machine, key: AccessKey) -> dict[str, Any]:
    expires = int(key.expires_at or 0)
    return {
        "TmpSecretId": key.id,
        "TmpSecretKey": key.secret,
        "ExpiredTime": expires,
        "Expiration": iso_time(expires),
        "Token": key.token,
        "Code": "Success",
    }


PATHS = Paths(
    region="/latest/meta-data/placement/region",
    roles="/latest/meta-data/cam/security-credentials/",
    document=_document,
)
