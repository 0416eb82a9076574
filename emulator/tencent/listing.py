# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filters and pages of the Describe actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from ..errors import ApiError
from .context import Context

MAXIMUM_FILTERS = 10


class Tagged(Protocol):
    """Anything with tags."""

    tags: dict[str, str]


Item = TypeVar("Item", bound=Tagged)
Test = Callable[[Any, str], bool]
Check = Callable[[str], object]


@dataclass(frozen=True)
class FilterRules:
    """Which filters an action knows (name -> does the item match that value) and its error codes."""

    tests: Mapping[str, Test]
    most_values: int
    not_object: str
    bad_name: str
    bad_values: str
    bad_member: str
    unsupported: str
    too_many_values: str
    #: name -> raises ApiError for a value that cannot be right
    checks: Mapping[str, Check] = field(default_factory=dict)


def filter_rules(
    tests: Mapping[str, Test],
    most_values: int,
    code: str,
    too_many_values: str,
    checks: Mapping[str, Check] | None = None,
) -> FilterRules:
    """Return rules of an action that has one code for all that may be wrong with a filter but the number of values."""
    return FilterRules(tests, most_values, code, code, code, code, code, too_many_values, checks or {})


def tag_test(name: str) -> Test | None:
    """Return the test for ``tag-key``, ``tag-value`` and ``tag:<key>``."""
    if name == "tag-key":
        return lambda item, value: value in item.tags
    if name == "tag-value":
        return lambda item, value: value in item.tags.values()
    if name.startswith("tag:") and len(name) > len("tag:"):
        return lambda item, value: item.tags.get(name[len("tag:") :]) == value
    return None


def select(items: Sequence[Item], filters: Any, rules: FilterRules) -> Sequence[Item]:
    """Return the items that match all filters (any value of each); the items themselves if there are none."""
    if not filters:
        return items
    tests = _tests(filters, rules)
    return [item for item in items if all(any(test(item, value) for value in values) for test, values in tests)]


def _tests(filters: Any, rules: FilterRules) -> list[tuple[Test, list[str]]]:
    if not isinstance(filters, list):
        raise ApiError(rules.not_object, "`Filters` must be an array.")
    if len(filters) > MAXIMUM_FILTERS:
        raise ApiError("InvalidParameterValue.LimitExceeded", f"More than {MAXIMUM_FILTERS} filters.")
    return [_test(value, rules, f"Filters.{number}") for number, value in enumerate(filters)]


def _test(value: Any, rules: FilterRules, path: str) -> tuple[Test, list[str]]:
    if not isinstance(value, dict):
        raise ApiError(rules.not_object, f"`{path}` must be an object with Name and Values.")
    for member in value:
        if member not in ("Name", "Values"):
            raise ApiError(rules.bad_member, f"`{path}.{member}` is not recognized.")
    name, values = value.get("Name"), value.get("Values")
    if not isinstance(name, str):
        raise ApiError(rules.bad_name, f"`{path}.Name` must be a string.")
    if not isinstance(values, list) or not all(isinstance(item, str) for item in values):
        raise ApiError(rules.bad_values, f"`{path}.Values` must be an array of strings.")
    test = rules.tests.get(name) or tag_test(name)
    if test is None:
        raise ApiError(rules.unsupported, f"The filter `{name}` is not supported.")
    if len(values) > rules.most_values:
        raise ApiError(rules.too_many_values, f"The filter `{name}` has more than {rules.most_values} values.")
    if name in rules.checks:
        for item in values:
            rules.checks[name](item)
    return test, values


def page(context: Context, items: Sequence[Item]) -> Sequence[Item]:
    """Return the part of the items that Offset and Limit ask for."""
    offset, limit = context.params["Offset"], context.params["Limit"]
    return items[offset : offset + limit]


def check_page(context: Context, negative: str | None = None) -> None:
    """Refuse an Offset below 0 and a Limit outside 1..100; ``negative``: the code for values below 0."""
    offset, limit = context.params["Offset"], context.params["Limit"]
    if offset < 0:
        raise ApiError(negative or context.codes.offset, f"`Offset` {offset} is negative.")
    if limit < 0 and negative:
        raise ApiError(negative, f"`Limit` {limit} is negative.")
    if not 1 <= limit <= 100:
        raise ApiError(context.codes.limit, f"`Limit` {limit} is not between 1 and 100.")


def refuse_ids_with_filters(context: Context, ids: str) -> None:
    """Refuse a call that names IDs and filters at once."""
    if context.params[ids] and context.params["Filters"]:
        raise ApiError(context.codes.conflict, f"`{ids}` and `Filters` must not be given together.")
