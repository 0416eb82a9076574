# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decoding parameters: JSON bodies as they are, query strings and forms with their dotted names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from ..errors import ApiError

_DEPTH = 6


def decode_json(body: bytes) -> dict[str, Any]:
    """Return the members of a JSON body; null counts as absent, an empty body as ``{}``. Raises InvalidParameter."""
    if not body:
        return {}
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ApiError("InvalidParameter", "The request body is not valid JSON.") from error
    if not isinstance(found, dict):
        raise ApiError("InvalidParameter", "The request body must be a JSON object.")
    return {name: value for name, value in found.items() if value is not None}


def decode_form(text: str) -> dict[str, str]:
    """Return the names and values of a query string or form; of a repeated name the last value counts."""
    return dict(parse_qsl(text, keep_blank_values=True, encoding="utf-8", errors="replace"))


def nest(flat: Mapping[str, str]) -> dict[str, Any]:
    """Turn ``{"Filters.0.Name": "zone", "InstanceIds.1": "ins-…"}`` into nested objects and lists.

    Indexes may begin anywhere (the vendor's own pages begin at 0 and at 1) and are ordered as numbers.
    """
    tree: dict[str, Any] = {}
    for name, value in flat.items():
        parts = name.split(".")
        if len(parts) > _DEPTH:
            tree[name] = value
            continue
        node = tree
        for part in parts[:-1]:
            child = node.setdefault(part, {})
            if not isinstance(child, dict):
                child = node[part] = {"": child}
            node = child
        node[parts[-1]] = value
    return {name: _lists(value) for name, value in tree.items()}


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(name.isascii() and name.isdigit() for name in value):
        return [_lists(value[name]) for name in sorted(value, key=int)]
    return {name: _lists(item) for name, item in value.items()}
