# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What the bodies of modules that only read have in common."""

from __future__ import annotations

import typing as t

from .._clock import Deadline
from .._connection import Connection
from .._errors import KeyfleetError
from .._services.reading import READ_SECONDS
from .._task import Task


class ReadingBody:
    """Base of such bodies; see Body."""

    def connect(self, task: Task) -> Connection:
        """Open the connection of a task that has no option wait_timeout."""
        return task.connect(Deadline(task.clock, READ_SECONDS))

    def failed(self, task: Task, error: KeyfleetError) -> t.Mapping[str, t.Any]:  # noqa: ARG002 — the same for all
        """See Body. An empty list would look as if nothing were there, so that the result has none."""
        return {}
