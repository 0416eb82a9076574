# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading lists in pages, while others add to them and take away from them."""

from __future__ import annotations

import collections
import math
import threading
import typing as t

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._providers._paging import ATTEMPTS, Page, all_elements

SIZE = 10


class Cloud:
    """A list that changes after some of the calls."""

    def __init__(self, length: int, changes: dict[int, t.Callable[[list[int]], None]] | None = None) -> None:
        self.elements = list(range(length))
        self.asked: collections.Counter[int] = collections.Counter()
        self._changes = changes or {}
        self._lock = threading.Lock()

    def fetch(self, number: int) -> Page:
        with self._lock:
            page = self.elements[number * SIZE : (number + 1) * SIZE]
            answer = Page([{"Id": element} for element in page], len(self.elements))
            self.asked[number] += 1
            self._changes.get(self.asked.total(), lambda _elements: None)(self.elements)
        return answer

    def read(self) -> list[int]:
        return sorted(element["Id"] for element in all_elements(self.fetch, SIZE, "Id"))


@pytest.mark.parametrize("length", [0, 1, 9, 10, 11, 20, 21, 95])
def test_every_element_is_read_once(length: int) -> None:
    cloud = Cloud(length)

    assert cloud.read() == list(range(length))
    assert cloud.asked == dict.fromkeys(range(max(1, math.ceil(length / SIZE))), 1)


def remove_first(elements: list[int]) -> None:
    del elements[0]


def add_first(elements: list[int]) -> None:
    elements.insert(0, 1000 + len(elements))


@pytest.mark.parametrize("after", [1, 2])
@pytest.mark.parametrize("change", [remove_first, add_first])
def test_an_element_that_moves_to_another_page_is_not_missed(after: int, change: t.Callable[[list[int]], None]) -> None:
    cloud = Cloud(35, {after: change})

    assert set(range(1, 35)) <= set(cloud.read())
    assert cloud.asked[0] == 2


def test_an_exchange_of_elements_is_noticed_although_the_total_stays() -> None:
    def exchange(elements: list[int]) -> None:
        add_first(elements)
        del elements[-1]

    cloud = Cloud(35, {1: exchange})

    assert set(range(34)) <= set(cloud.read())
    assert cloud.asked[0] == 2


def test_a_list_that_never_rests_is_read_so_often_and_no_more() -> None:
    cloud = Cloud(35, dict.fromkeys(range(1, 100), add_first))

    assert set(range(20)) <= set(cloud.read())
    assert cloud.asked[0] == ATTEMPTS
