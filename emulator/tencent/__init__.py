# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tencent Cloud: API 3.0 (Lighthouse, CVM, STS, Region) and CVM's API 2.0."""

from __future__ import annotations

from ..cloud import Cloud
from ..dialect import Call
from ..errors import ApiError
from ..http_types import Request, Response


class TencentDialect:
    """Under construction."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def identify(self, request: Request) -> Call:
        """See Dialect."""
        return Call(request, "tencent_cvm", "", "")

    def answer(self, call: Call) -> Response:
        """See Dialect."""
        raise ApiError("InvalidAction", "under construction")

    def refuse(self, call: Call, error: ApiError) -> Response:
        """See Dialect."""
        return Response(error.status, "application/json", b"{}")


class LegacyDialect(TencentDialect):
    """Under construction."""
