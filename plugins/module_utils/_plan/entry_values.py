# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Reading the members of an entry of ``bindings``, whichever way YAML, Jinja or an AWX survey wrote them."""

from __future__ import annotations

import typing as t

from .._errors import InputError
from .validation import split_list

_TRUE = frozenset({"true", "yes", "on", "1", "y", "t"})
_FALSE = frozenset({"false", "no", "off", "0", "n", "f"})


class Members:
    """The members of one dictionary; None and an empty text count as not given. Errors begin with ``label``."""

    def __init__(self, label: str, values: t.Any) -> None:
        self.label = label
        if not isinstance(values, t.Mapping):
            raise self.error(f"it is no dictionary, but {_shown(values)}.", "Write it as name: value.")
        self._values = {str(name): value for name, value in values.items()}

    def __contains__(self, name: str) -> bool:
        return self.value(name) is not None

    def error(self, message: str, hint: str = "") -> InputError:
        """Return an error about these members."""
        return InputError(f"{self.label}: {message}", hint)

    def check_names(self, known: t.Collection[str]) -> None:
        """Raise InputError for members that nobody knows."""
        unknown = sorted(set(self._values) - set(known))
        if unknown:
            raise self.error(f"unknown member {', '.join(unknown)}.", f"Known are {', '.join(sorted(known))}.")

    def value(self, name: str) -> t.Any:
        """Return a member as it was written."""
        value = self._values.get(name)
        return None if isinstance(value, str) and not value.strip() else value

    def text(self, name: str) -> str | None:
        """Return a text; numbers count as texts."""
        value = self.value(name)
        if value is None:
            return None
        if isinstance(value, (bool, list, tuple, t.Mapping)):
            raise self.error(f"{name} is no text, but {_shown(value)}.")
        return str(value).strip()

    def texts(self, name: str) -> tuple[str, ...] | None:
        """Return a list of texts, which may have come as one text; an empty text or list is an empty list."""
        value = self._values.get(name)
        if value is None:
            return None
        if isinstance(value, (bool, t.Mapping)):
            raise self.error(f"{name} is no list, but {_shown(value)}.")
        elements = list(value) if isinstance(value, (list, tuple)) else [value]
        if any(isinstance(element, (list, tuple, t.Mapping)) for element in elements):
            raise self.error(f"{name} is no list of texts.")
        return split_list(elements)

    def choice(self, name: str, known: t.Sequence[str]) -> str | None:
        """Return one of the known words."""
        value = self.text(name)
        if value is not None and value not in known:
            raise self.error(f"{name} is {value!r}, which is none of {', '.join(known)}.")
        return value

    def flag(self, name: str) -> bool | None:
        """Return a truth value; the words of YAML count."""
        value = self.value(name)
        if value is None or isinstance(value, bool):
            return value
        word = str(value).strip().lower()
        if word in _TRUE or word in _FALSE:
            return word in _TRUE
        raise self.error(f"{name} is neither true nor false, but {_shown(value)}.")

    def number(self, name: str) -> int | None:
        """Return a whole number, which may have come as text."""
        value = self.value(name)
        if value is None:
            return None
        try:
            if isinstance(value, (bool, float)):
                raise ValueError
            return int(value)
        except (TypeError, ValueError):
            raise self.error(f"{name} is no whole number, but {_shown(value)}.") from None


def _shown(value: t.Any) -> str:
    """Return what kind of thing a value is; the value itself might be a secret in the wrong place."""
    kinds = {bool: "true or false", str: "a text", list: "a list", tuple: "a list", dict: "a dictionary"}
    return kinds.get(type(value), "a text" if isinstance(value, str) else type(value).__name__)
