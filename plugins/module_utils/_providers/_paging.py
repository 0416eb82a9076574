# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Reading lists that come in numbered pages and tell their total, while others may change them."""

from __future__ import annotations

import dataclasses
import typing as t

from .._client import Answer
from .._parallel import parallel_map

# How often a list is read that changes all the time.
ATTEMPTS = 3


@dataclasses.dataclass(frozen=True)
class Page:
    """One page, and how many elements the whole list has."""

    elements: t.Sequence[Answer]
    total: int


def all_elements(fetch: t.Callable[[int], Page], size: int, identity: str) -> list[Answer]:
    """Return the elements of all pages, each once.

    ``fetch`` takes the number of a page, from 0. The pages after the first are read side by side. An element that is
    added or removed meanwhile shifts the others from page to page, so that one could be missed: then the list is read
    again, and what any reading showed counts. ``identity`` is the field that tells elements apart.
    """
    found: dict[str, Answer] = {}
    for _attempt in range(ATTEMPTS):
        first = fetch(0)
        pages = [first, *parallel_map(fetch, range(1, -(-first.total // size)))]
        found.update((str(element[identity]), element) for page in pages for element in page.elements)
        if _is_steady(pages, identity):
            break
    return list(found.values())


def _is_steady(pages: t.Sequence[Page], identity: str) -> bool:
    identities = [element[identity] for page in pages for element in page.elements]
    return len({page.total for page in pages}) == 1 and len(set(identities)) == len(identities)
