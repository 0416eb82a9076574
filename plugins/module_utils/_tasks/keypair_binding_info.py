# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The body of the module keypair_binding_info."""

from __future__ import annotations

import typing as t

from .._argspec import ArgumentSpec, binding_filter_arguments, connection_arguments
from .._connection import Connection
from .._models import Instance, KeyPair
from .._plan.overview import Overview
from .._plan.validation import validate_instance_ids
from .._selection.filters import Filters, check_key_pairs, optional_list
from .._services.reading import Found, find_instances
from .._task import Outcome, Task
from ._reading import ReadingBody


class KeypairBindingInfo(ReadingBody):
    """Say which instance has which key pair; see Body."""

    def arguments(self) -> ArgumentSpec:
        """See Body."""
        return {**connection_arguments(), **binding_filter_arguments()}

    def run(self, task: Task) -> Outcome:
        """See Body. Without anything to look for nothing is sent, and no credentials are needed."""
        references = optional_list(task.params["key_pairs"])
        instance_ids = optional_list(task.params["instance_ids"])
        capabilities = task.options.capabilities
        check_key_pairs("key_pairs", references or (), capabilities)
        validate_instance_ids(instance_ids or (), capabilities)
        if references == () or instance_ids == ():
            return Outcome(_result(Overview((), ())))
        connection = self.connect(task)
        known = tuple(connection.provider.list_key_pairs())
        # Only who looks at instances alone need not know whether a key pair is bound elsewhere.
        found = _find(connection, instance_ids if references is None else None)
        return _outcome(known, found, references, instance_ids)


def _find(connection: Connection, instance_ids: tuple[str, ...] | None) -> Found:
    return find_instances(connection.provider, connection.capabilities, Filters(), instance_ids)


def _outcome(
    known: tuple[KeyPair, ...],
    found: Found,
    references: tuple[str, ...] | None,
    instance_ids: tuple[str, ...] | None,
) -> Outcome:
    wanted = None if references is None else tuple(p.id for p in known if {p.id, p.name} & set(references))
    if references is None and instance_ids is None:
        wanted = tuple(pair.id for pair in known)
    shown: list[Instance] = []
    others: list[Instance] = []
    for instance in found.instances:
        by_key = instance_ids is None and (references is None or set(instance.key_pairs) & set(wanted or ()))
        (shown if by_key or instance.id in (instance_ids or ()) else others).append(instance)
    named = {name for pair in known for name in (pair.id, pair.name)}
    read = {instance.id for instance in found.instances}
    overview = Overview(known, tuple(shown), tuple(others), wanted)
    result = _result(
        overview,
        key_pairs=[reference for reference in references or () if reference not in named],
        instance_ids=[instance_id for instance_id in instance_ids or () if instance_id not in read],
    )
    return Outcome(result, warnings=found.warnings)


def _result(
    overview: Overview, key_pairs: t.Sequence[str] = (), instance_ids: t.Sequence[str] = ()
) -> dict[str, t.Any]:
    missing = {"key_pairs": sorted(key_pairs), "instance_ids": sorted(instance_ids)}
    return {**overview.as_dict(), "missing": missing}
