# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""JMESPath queries over instances, in the shape in which results show them."""

from __future__ import annotations

import typing as t
import warnings

from .._errors import InputError

try:
    import jmespath
    import jmespath.exceptions

    HAS_JMESPATH = True
except ImportError:
    HAS_JMESPATH = False

Shown = t.Mapping[str, t.Any]


def compile_query(text: str) -> t.Callable[[list[Shown]], list[Shown]]:
    """Return a function that selects from a list of instances. Raises InputError for a query that cannot be read.

    The query may return instances, one instance, or instance IDs. Their order is kept. The function raises InputError
    when it returns anything else.
    """
    if not HAS_JMESPATH:
        raise InputError(
            "query needs the Python library jmespath, which is missing here.",
            "Install it for the Python that runs Ansible: pip install jmespath.",
            code="MissingLibrary",
        )
    try:
        with warnings.catch_warnings():
            # `text` in backticks instead of '"text"' is an older way to write a literal, and common.
            warnings.simplefilter("ignore", PendingDeprecationWarning)
            compiled = jmespath.compile(text)
    except jmespath.exceptions.JMESPathError as error:
        raise InputError(f"query is no JMESPath expression: {_in_one_line(error)}.", _HINT) from None

    def select(instances: list[Shown]) -> list[Shown]:
        try:
            found = compiled.search(instances)
        except jmespath.exceptions.JMESPathError as error:
            raise InputError(f"query failed: {_in_one_line(error)}.", _HINT) from None
        return _instances_of(found, {instance["instance_id"]: instance for instance in instances})

    return select


_HINT = "It is applied to a list of instances as instance_info returns them, for example [?zone=='ap-guangzhou-3']."


def _instances_of(found: t.Any, known: t.Mapping[str, Shown]) -> list[Shown]:
    elements = found if isinstance(found, list) else [] if found is None else [found]
    selected = {}
    for element in elements:
        instance_id = element.get("instance_id") if isinstance(element, dict) else element
        if not isinstance(instance_id, str) or instance_id not in known:
            raise InputError(f"query returns something that is no instance: {str(element)[:60]!r}.", _HINT)
        selected[instance_id] = known[instance_id]
    return list(selected.values())


def _in_one_line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")
