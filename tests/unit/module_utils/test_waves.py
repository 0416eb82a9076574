# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Specifies how instances are cut into waves."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import InputError
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.waves import EVERYTHING, Size, cut, parse_sizes
from hypothesis import given
from hypothesis import strategies as st

SIZES = st.lists(
    st.builds(Size, st.integers(1, 40)) | st.builds(Size, st.integers(1, 100), st.just(True)), min_size=1, max_size=5
).map(tuple)


@pytest.mark.parametrize(
    ("raw", "sizes"),
    [
        (None, EVERYTHING),
        ([], EVERYTHING),
        ([""], EVERYTHING),
        (["1", "25%"], (Size(1), Size(25, percent=True))),
        (["1, 25%\n50 %"], (Size(1), Size(25, percent=True), Size(50, percent=True))),
    ],
    ids=str,
)
def test_sizes_are_read(raw: Any, sizes: tuple[Size, ...]) -> None:
    assert parse_sizes(raw) == sizes


@pytest.mark.parametrize("raw", ["0", "-1", "0%", "101%", "1.5", "many", "%", "10%%", "1e3", "٣"])
def test_other_sizes_are_refused(raw: str) -> None:
    with pytest.raises(InputError, match="waves has a malformed size"):
        parse_sizes([raw])


@pytest.mark.parametrize(
    ("total", "sizes", "lengths"),
    [
        (0, "1", []),
        (7, "100%", [7]),
        (7, "1", [1] * 7),
        (7, "1,3", [1, 3, 3]),
        (7, "10", [7]),
        (9, "1,25%", [1, 2, 2, 2, 2]),
        (3, "10%", [1, 1, 1]),
        (200, "1%,50%", [2, 100, 98]),
    ],
)
def test_waves_have_the_sizes(total: int, sizes: str, lengths: list[int]) -> None:
    assert [len(wave) for wave in cut(range(total), parse_sizes([sizes]))] == lengths


@given(st.lists(st.integers(), max_size=200), SIZES)
def test_every_item_is_in_one_wave_and_the_order_stays(items: list[int], sizes: tuple[Size, ...]) -> None:
    waves = cut(items, sizes)
    assert [item for wave in waves for item in wave] == items
    assert all(waves)


@given(st.integers(1, 300), SIZES)
def test_no_wave_is_bigger_than_its_size_and_the_last_one_repeats(total: int, sizes: tuple[Size, ...]) -> None:
    waves = cut(range(total), sizes)
    allowed = [sizes[min(number, len(sizes) - 1)].of(total) for number in range(len(waves))]
    assert [len(wave) for wave in waves[:-1]] == allowed[:-1]
    assert 1 <= len(waves[-1]) <= allowed[-1]


@given(st.integers(1, 100), st.integers(1, 10_000))
def test_a_percentage_is_one_at_least_and_never_more_than_its_share(percent: int, total: int) -> None:
    number = Size(percent, percent=True).of(total)
    assert number >= 1
    assert number == 1 or number * 100 <= percent * total
