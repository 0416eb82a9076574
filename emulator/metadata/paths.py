# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a vendor's metadata service keeps what, and how it writes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..accounts import AccessKey
from ..cloud import Cloud
from ..http_types import Request
from .machine import Machine


@dataclass(frozen=True)
class Paths:
    """``roles`` ends in a slash: there is the role's name, and below it a key, as ``document`` writes it.

    ``may_read`` judges a request for anything but ``token``, where tokens are to be had, if there are any.
    """

    region: str
    roles: str
    document: Callable[[Machine, AccessKey], dict[str, Any]]
    may_read: Callable[[Cloud, Request], bool] = lambda _cloud, _request: True
    token: str | None = None

    def contain(self, path: str) -> bool:
        """Is there anything at that path?"""
        return path in (self.region, self.token) or path.startswith(self.roles)
