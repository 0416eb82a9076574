# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Waves: how many instances are changed at once, before the next ones have their turn."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from .._errors import InputError
from .validation import split_list

T = t.TypeVar("T")


@dataclasses.dataclass(frozen=True)
class Size:
    """The size of a wave: a number of instances, or a percentage of all that change."""

    number: int
    percent: bool = False

    def of(self, total: int) -> int:
        """Return how many of ``total`` that is, rounded down as Ansible's ``serial`` does, at least 1."""
        return max(1, total * self.number // 100) if self.percent else self.number


EVERYTHING = (Size(100, percent=True),)


def parse_sizes(raw: t.Iterable[str] | None) -> tuple[Size, ...]:
    """Return the sizes; without any, all in one wave. Raises InputError for what is none."""
    return tuple(_size(text) for text in split_list(raw)) or EVERYTHING


def cut(items: t.Sequence[T], sizes: t.Sequence[Size]) -> list[t.Sequence[T]]:
    """Return the items in waves, in their order; the last size repeats."""
    waves: list[t.Sequence[T]] = []
    start = 0
    while start < len(items):
        size = sizes[min(len(waves), len(sizes) - 1)].of(len(items))
        waves.append(items[start : start + size])
        start += size
    return waves


def _size(text: str) -> Size:
    match = re.fullmatch(r"([0-9]{1,9})\s*(%?)", text)
    size = Size(int(match[1]), bool(match[2])) if match else Size(0)
    if size.number < 1 or (size.percent and size.number > 100):
        raise InputError(
            f"waves has a malformed size: {text}.",
            "A size is a number of instances, such as 1, or a percentage, such as 25%, and never zero.",
        )
    return size
