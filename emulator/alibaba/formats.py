# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Small shapes that several answers and filters share."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from .errors import invalid_parameter


def resource_time(moment: float) -> str:
    """A resource's time as ECS prints it: to the minute, ``2023-11-14T22:13Z``."""
    return datetime.fromtimestamp(moment, tz=timezone.utc).strftime("%Y-%m-%dT%H:%MZ")


def tag_set(tags: Mapping[str, str]) -> dict[str, Any]:
    """``Tags`` of a resource."""
    return {"Tag": [{"TagKey": key, "TagValue": value} for key, value in tags.items()]}


def wildcard(pattern: str) -> re.Pattern[str]:
    """A name filter in which ``*`` stands for any text and everything else for itself."""
    return re.compile(".*".join(re.escape(part) for part in pattern.split("*")), re.DOTALL)


def page_token(position: int) -> str:
    """The opaque ``NextToken`` of a list that goes on at ``position``."""
    return base64.urlsafe_b64encode(f"position={position}".encode()).decode()


def position_of(token: str | None) -> int:
    """Where a ``NextToken`` continues; 0 without one.

    :raises ApiError: ``InvalidParameter``, if it is none of ours.
    """
    if token is None:
        return 0
    try:
        match = re.fullmatch(r"position=(\d{1,9})", base64.urlsafe_b64decode(token.encode()).decode())
    except (binascii.Error, ValueError):
        match = None
    if match is None:
        raise invalid_parameter("NextToken")
    return int(match[1])
