# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the gateway and a dialect (one vendor's protocol) agree on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from .errors import ApiError
from .faults import Fault
from .http_types import Request, Response


@dataclass
class Call:
    """One API call, as far as the dialect can tell what it is before any check.

    ``payload`` is the dialect's own (its parsed request); ``fault`` is what is to go wrong with this call.
    """

    request: Request
    provider: str
    action: str
    request_id: str
    region: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    access_key_id: str | None = None
    instance_ids: tuple[str, ...] = ()
    write: bool = False
    payload: Any = None
    fault: Fault | None = None

    @property
    def operation_fails(self) -> bool:
        """Is the operation that this call starts to end in failure?"""
        return self.fault is not None and self.fault.kind == "operation_failed"


class Dialect(Protocol):
    """One vendor's protocol: requests in, envelopes out."""

    def identify(self, request: Request) -> Call:
        """Tell what is asked for, without judging it: never raises, whatever the request looks like."""

    def answer(self, call: Call) -> Response:
        """Check and execute the call; raises ApiError. Runs under the cloud's lock, with the world settled."""

    def refuse(self, call: Call, error: ApiError) -> Response:
        """Return the vendor's error envelope."""
