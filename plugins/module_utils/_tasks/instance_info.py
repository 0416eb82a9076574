# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The body of the module instance_info."""

from __future__ import annotations

import typing as t

from .._argspec import ArgumentSpec, connection_arguments, instance_filter_arguments, raw_arguments
from .._plan.validation import validate_instance_ids
from .._selection.filters import Filters, optional_list
from .._services.reading import find_instances
from .._task import Outcome, Task
from ._reading import ReadingBody


class InstanceInfo(ReadingBody):
    """Describe instances; see Body."""

    def arguments(self) -> ArgumentSpec:
        """See Body."""
        return {**connection_arguments(), **instance_filter_arguments(), **raw_arguments()}

    def run(self, task: Task) -> Outcome:
        """See Body. Without anything to look for nothing is sent, and no credentials are needed."""
        filters = Filters.from_options(task.params.get)
        instance_ids = optional_list(task.params["instance_ids"])
        capabilities = task.options.capabilities
        validate_instance_ids(instance_ids or (), capabilities)
        if filters.criteria(capabilities).nothing or instance_ids == ():
            return Outcome(_result())
        connection = self.connect(task)
        found = find_instances(connection.provider, connection.capabilities, filters, instance_ids)
        shown = [
            instance.as_dict(capabilities.provider, connection.region, include_raw=task.params["include_raw"])
            for instance in found.instances
        ]
        return Outcome(_result(shown, found.missing), warnings=found.warnings)


def _result(instances: t.Sequence[t.Any] = (), missing: t.Sequence[str] = ()) -> dict[str, t.Any]:
    return {"instances": list(instances), "missing": list(missing)}
