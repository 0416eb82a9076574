# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which dialect is a request written in?"""

from __future__ import annotations

from urllib.parse import parse_qs

from .http_types import Request

CONTROL, LEGACY, ALIBABA, TENCENT = "control", "legacy", "alibaba", "tencent"

_CONTROL_PREFIX = "/_emulator/"
_LEGACY_PATH = "/v2/index.php"
_ALIBABA_PARAMETERS = frozenset({"SignatureVersion", "AccessKeyId", "OIDCToken"})
_FORM = "application/x-www-form-urlencoded"


def dialect_of(request: Request) -> str | None:
    """Return CONTROL, LEGACY, ALIBABA or TENCENT; None if the path belongs to none of them.

    Tencent Cloud API 2.0 is told by its path. On the path ``/`` an ``ACS3-…`` authorization, the parameters of RPC
    signatures (``SignatureVersion``, ``AccessKeyId``) or that of a call without one (``OIDCToken``) mean Alibaba Cloud;
    everything else is Tencent Cloud API 3.0.
    ``x-acs-action`` alone tells too: both official clients send it, also with RPC signatures.
    """
    if request.path.startswith(_CONTROL_PREFIX):
        return CONTROL
    if request.path == _LEGACY_PATH:
        return LEGACY
    if request.path not in ("", "/"):
        return None
    if request.header("authorization").startswith("ACS3-") or "x-acs-action" in request.headers:
        return ALIBABA
    names = set(parse_qs(request.query, keep_blank_values=True))
    if request.header("content-type").lower().startswith(_FORM):
        names |= set(parse_qs(request.body.decode("latin-1"), keep_blank_values=True))
    return ALIBABA if names & _ALIBABA_PARAMETERS else TENCENT
