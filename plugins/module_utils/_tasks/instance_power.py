# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The body of the module instance_power."""

from __future__ import annotations

import typing as t

from .._argspec import ArgumentSpec, connection_arguments, power_arguments, wait_arguments
from .._errors import InputError, KeyfleetError
from .._plan.power import DesiredPower, validate_power
from .._plan.validation import split_list
from .._services.power import NOTHING, PowerService, not_read
from .._task import Outcome, Task


class InstancePower:
    """Start, stop or restart instances, or say in check mode what would be done; see Body."""

    def arguments(self) -> ArgumentSpec:
        """See Body."""
        return {**connection_arguments(), **wait_arguments(), **power_arguments()}

    def run(self, task: Task) -> Outcome:
        """See Body. Without instances nothing is sent, and no credentials are needed."""
        desired = _desired(task.params)
        validate_power(desired, task.options.capabilities)
        deadline = task.deadline()
        if not desired.instance_ids:
            return Outcome.of(NOTHING)
        connection = task.connect(deadline)
        service = PowerService(connection.provider, connection.capabilities, task.clock)
        return Outcome.of(service.ensure(desired, check=task.check_mode, wait=task.params["wait"], deadline=deadline))

    def failed(self, task: Task, error: KeyfleetError) -> t.Mapping[str, t.Any]:
        """See Body. When the power states could not be read, every row says so."""
        states = NOTHING if isinstance(error, InputError) else not_read(_desired(task.params), error.info)
        return states.as_dict()


def _desired(params: t.Mapping[str, t.Any]) -> DesiredPower:
    return DesiredPower(
        instance_ids=split_list(params["instance_ids"]),
        state=params["state"],
        stop_type=params["stop_type"],
        keep_charging=params["keep_charging"],
    )
