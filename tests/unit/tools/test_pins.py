# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the versions that each Python resolves become one constraints file."""

from __future__ import annotations

import pins
import pytest


@pytest.mark.parametrize(
    ("resolved", "expected"),
    [
        ({"3.10": {"a": "1"}, "3.11": {"a": "1"}}, ["a==1"]),
        (
            {"3.10": {"a": "1"}, "3.11": {"a": "2"}, "3.12": {"a": "2"}},
            ['a==1 ; python_version < "3.11"', 'a==2 ; python_version >= "3.11"'],
        ),
        (
            {"3.10": {"a": "1"}, "3.11": {"a": "2"}, "3.12": {"a": "3"}},
            [
                'a==1 ; python_version < "3.11"',
                'a==2 ; python_version >= "3.11" and python_version < "3.12"',
                'a==3 ; python_version >= "3.12"',
            ],
        ),
        ({"3.10": {"a": "1"}, "3.11": {}}, ["a==1"]),
        ({"3.10": {}, "3.11": {"a": "1"}}, ["a==1"]),
        ({"3.10": {"b": "1"}, "3.11": {"b": "1", "a": "1"}}, ["a==1", "b==1"]),
    ],
    ids=["same", "older Python, older version", "three versions", "not in the newest", "not in the oldest", "sorted"],
)
def test_constraints(resolved: dict[str, dict[str, str]], expected: list[str]) -> None:
    assert pins.constraints(resolved) == expected
