# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Alibaba Cloud ECS and STS."""

from __future__ import annotations

from ..cloud import Cloud
from ..dialect import Call
from ..errors import ApiError
from ..http_types import Request, Response


class AlibabaDialect:
    """Placeholder until the dialect is written."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def identify(self, request: Request) -> Call:
        """See Dialect."""
        return Call(request, "alibaba_ecs", "", "")

    def answer(self, call: Call) -> Response:
        """See Dialect."""
        raise ApiError("InvalidAction.NotFound", "not written yet", 404)

    def refuse(self, call: Call, error: ApiError) -> Response:
        """See Dialect."""
        return Response(error.status, "application/json", b"{}")
