# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parameters of an RPC call: merged from query and form, then read with their types.

An empty value counts as an absent one. Lists come in two spellings, and each
action knows its own: JSON text in one parameter, or ``Name.1``, ``Name.2``, …
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from .errors import invalid_parameter, missing_parameter, refusal

FORM = "application/x-www-form-urlencoded"
MAX_TAGS = 20

_WHOLE_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Tag:
    """``Tag.N.Key`` and ``Tag.N.Value``; ``value`` is None where only a key was given."""

    key: str
    value: str | None

    def matches(self, tags: Mapping[str, str]) -> bool:
        """As a filter: has a resource with these tags the key, and the value if one was given?"""
        return self.key in tags and self.value in (None, "", tags[self.key])


@dataclass(frozen=True)
class Parameters:
    """The decoded parameters of one call."""

    values: Mapping[str, str]

    def text(self, name: str) -> str | None:
        """The value, or None if it is absent or empty."""
        return self.values.get(name) or None

    def required(self, name: str) -> str:
        """The value.

        :raises ApiError: ``MissingParameter``.
        """
        value = self.text(name)
        if value is None:
            raise missing_parameter(name)
        return value

    def flag(self, name: str) -> bool:
        """A Boolean, ``true`` or ``false``; false if absent.

        :raises ApiError: ``InvalidParameter``.
        """
        value = (self.text(name) or "false").lower()
        if value not in ("true", "false"):
            raise invalid_parameter(name, "It must be true or false.")
        return value == "true"

    def number(self, name: str, *, default: int, minimum: int = 1, maximum: int = 10**9) -> int:
        """A whole number within bounds.

        :raises ApiError: ``InvalidParameter``.
        """
        value = self.text(name)
        if value is None:
            return default
        if not _WHOLE_NUMBER.fullmatch(value) or not minimum <= int(value) <= maximum:
            raise invalid_parameter(name, f"It must be between {minimum} and {maximum}.")
        return int(value)

    def choice(self, name: str, allowed: tuple[str, ...], *, code: str = "InvalidParameter") -> str | None:
        """One of ``allowed``, or None if absent.

        :raises ApiError: ``code``.
        """
        value = self.text(name)
        if value is not None and value not in allowed:
            if code == "InvalidParameter":
                raise invalid_parameter(name, f"It must be one of {', '.join(allowed)}.")
            raise refusal(code)
        return value

    def json_list(self, name: str, *, code: str = "InvalidParameter") -> list[str] | None:
        """A JSON array of texts, e.g. ``["i-1","i-2"]``; None if absent. ``[]`` is an empty list, not an absent one.

        :raises ApiError: ``code``, if the text is not such an array.
        """
        value = self.text(name)
        if value is None:
            return None
        try:
            items = json.loads(value)
        except ValueError:
            items = None
        if not isinstance(items, list) or not all(isinstance(item, str) and item for item in items):
            raise refusal(code)
        return items

    def repeated(self, name: str, *, maximum: int) -> list[str]:
        """``name.1``, ``name.2``, … in the order of their indexes; empty if there is none.

        :raises ApiError: ``InvalidParameter``, if there are more than ``maximum``.
        """
        indexed = {
            int(match[1]): value
            for key, value in self.values.items()
            if value and (match := re.fullmatch(rf"{re.escape(name)}\.([1-9][0-9]{{0,5}})", key))
        }
        if len(indexed) > maximum:
            raise invalid_parameter(name, f"At most {maximum} values are allowed.")
        return [indexed[index] for index in sorted(indexed)]

    def tags(self) -> list[Tag]:
        """``Tag.N.Key`` / ``Tag.N.Value`` in the order of their indexes.

        :raises ApiError: ``InvalidTag.Mismatch`` for a value without a key, ``InvalidTagCount`` for more than 20.
        """
        found: dict[int, dict[str, str]] = {}
        for key, value in self.values.items():
            if match := re.fullmatch(r"Tag\.([1-9][0-9]{0,5})\.(Key|Value)", key):
                found.setdefault(int(match[1]), {})[match[2]] = value
        if len(found) > MAX_TAGS:
            raise refusal("InvalidTagCount")
        if not all(parts.get("Key") for parts in found.values()):
            raise refusal("InvalidTag.Mismatch")
        return [Tag(found[index]["Key"], found[index].get("Value")) for index in sorted(found)]


def merge(raw_query: str, content_type: str, body: bytes) -> dict[str, str]:
    """All parameters of the query and, if the body is a form, of the body."""
    pairs = parse_qsl(raw_query, keep_blank_values=True)
    if content_type.partition(";")[0].strip().lower() == FORM:
        pairs += parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    return dict(pairs)
