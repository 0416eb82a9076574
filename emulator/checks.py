# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading untrusted JSON of the control interface: every complaint names the member it is about."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from .errors import ControlError


def mapping(value: Any, field: str) -> dict[str, Any]:
    """Return a JSON object."""
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        raise ControlError(field, "must be an object")
    return dict(value)


def only(value: Mapping[str, Any], allowed: Iterable[str], field: str) -> None:
    """Refuse members that nobody would read."""
    known = set(allowed)
    for name in value:
        if name not in known:
            raise ControlError(f"{field}.{name}" if field else name, f"unknown; known are {', '.join(sorted(known))}")


def items(value: Any, field: str) -> list[Any]:
    """Return a JSON array; null counts as empty."""
    if value is None:
        return []
    if not isinstance(value, (list, tuple)):
        raise ControlError(field, "must be a list")
    return list(value)


def text(value: Any, field: str) -> str:
    """Return a non-empty string."""
    if not isinstance(value, str) or not value:
        raise ControlError(field, "must be a non-empty string")
    return value


def optional_text(value: Any, field: str) -> str | None:
    """Return a string or None."""
    return None if value is None else text(value, field)


def texts(value: Any, field: str) -> list[str]:
    """Return a list of non-empty strings."""
    return [text(item, f"{field}[{index}]") for index, item in enumerate(items(value, field))]


def text_map(value: Any, field: str) -> dict[str, str]:
    """Return an object whose values are strings (tags)."""
    if value is None:
        return {}
    found = mapping(value, field)
    for name, item in found.items():
        if not isinstance(item, str):
            raise ControlError(f"{field}.{name}", "must be a string")
    return found


def boolean(value: Any, field: str) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise ControlError(field, "must be true or false")
    return value


def number(value: Any, field: str, minimum: float | None = 0) -> float:
    """Return a number, not below ``minimum`` unless that is None."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or math.isnan(value):
        raise ControlError(field, "must be a number")
    if minimum is not None and value < minimum:
        raise ControlError(field, f"must not be below {minimum}")
    return value


def integer(value: Any, field: str, minimum: int = 0) -> int:
    """Return a whole number not below ``minimum``."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ControlError(field, "must be a whole number")
    return int(number(value, field, minimum))


def choice(value: Any, allowed: Iterable[str], field: str) -> str:
    """Return one of the allowed words."""
    words = tuple(allowed)
    if value not in words:
        raise ControlError(field, f"must be one of {', '.join(words)}")
    return str(value)
