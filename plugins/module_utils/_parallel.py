# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Independent requests side by side."""

from __future__ import annotations

import typing as t
from concurrent.futures import ThreadPoolExecutor

T = t.TypeVar("T")
R = t.TypeVar("R")

# More workers than the slowest documented rate (10 calls a second) can use would only wait for the pacer.
WORKERS = 10


def parallel_map(function: t.Callable[[T], R], items: t.Sequence[T]) -> list[R]:
    """Return ``[function(item) for item in items]``, computed side by side.

    The first exception is raised after all have ended.
    """
    if len(items) < 2:
        return [function(item) for item in items]
    with ThreadPoolExecutor(max_workers=min(WORKERS, len(items))) as pool:
        return list(pool.map(function, items))


def chunks(items: t.Sequence[T], size: int) -> list[t.Sequence[T]]:
    """Cut a sequence into pieces of at most ``size``."""
    return [items[start : start + size] for start in range(0, len(items), size)]
