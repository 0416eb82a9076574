# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The body of the module keypair_binding."""

from __future__ import annotations

import typing as t

from .._argspec import ArgumentSpec, binding_arguments, connection_arguments, wait_arguments
from .._errors import InputError, KeyfleetError
from .._models import Desired
from .._plan.validation import split_list, validate
from .._services.bindings import NOTHING, BindingService, not_read
from .._task import Outcome, Task


class KeypairBinding:
    """Bind or unbind key pairs, or say in check mode what would be done; see Body."""

    def arguments(self) -> ArgumentSpec:
        """See Body."""
        return {**connection_arguments(), **wait_arguments(), **binding_arguments()}

    def run(self, task: Task) -> Outcome:
        """See Body. Without instances nothing is sent, and no credentials are needed."""
        desired = _desired(task.params)
        validate(desired, task.options.capabilities)
        deadline = task.deadline()
        if not desired.instance_ids:
            return Outcome.of(NOTHING)
        connection = task.connect(deadline)
        service = BindingService(connection.provider, connection.capabilities, task.clock)
        return Outcome.of(service.ensure(desired, check=task.check_mode, wait=task.params["wait"], deadline=deadline))

    def failed(self, task: Task, error: KeyfleetError) -> t.Mapping[str, t.Any]:
        """See Body. When the bindings could not be read, every row says so."""
        bindings = NOTHING if isinstance(error, InputError) else not_read(_desired(task.params), error.info)
        return bindings.as_dict()


def _desired(params: t.Mapping[str, t.Any]) -> Desired:
    return Desired(
        key_pairs=split_list(params["key_pairs"]),
        instance_ids=split_list(params["instance_ids"]),
        state=params["state"],
        exclusive=params["exclusive"],
        force_stop=params["force_stop"],
        association_type=params["association_type"],
        username=params["username"] or None,
        last_key_policy=params["last_key_policy"],
    )
