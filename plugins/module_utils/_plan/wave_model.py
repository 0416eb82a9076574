# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What one wave of a rollout is asked for, and what it says of every instance."""

from __future__ import annotations

import dataclasses
import typing as t

from .._models import ErrorInfo, Instance, StopType
from .rollout_model import InstanceRef, InterruptionPolicy
from .unit_desired import LastKeyPolicy

Rollback = t.Literal["none", "failed", "wave"]
LoginState = t.Literal["not_asked", "proved", "failed", "skipped"]
Cost = t.Literal["none", "stop", "reboot"]

#: The code of the error of an instance on which no login could be proved, as it is stopped.
STOPPED = "LoginNotPossible"


@dataclasses.dataclass(frozen=True)
class WavePolicy:
    """What a wave may do to instances.

    ``make_effective``: reboot running instances where the guest uses a change only after a restart.
    ``rollback``: whose key pairs are put back when a login is not proved. ``wait_timeout``: seconds for the changes;
    bringing instances back up has as much again.
    """

    interruption: InterruptionPolicy = "none"
    make_effective: bool = True
    last_key_policy: LastKeyPolicy = "refuse"
    rollback: Rollback = "none"
    prove_first: bool = False
    wait_timeout: float = 600.0

    @property
    def stop_type(self) -> StopType:
        """Return how instances are stopped or rebooted: always softly at first."""
        return "soft_first" if self.interruption == "force" else "soft"


@dataclasses.dataclass(frozen=True)
class InstanceReport:
    """What became of one instance, or in check mode would. The fields are those of the module's results.

    ``started``: it was stopped by an earlier run, and was brought back up.
    """

    ref: InstanceRef
    name: str | None = None
    power_before: str = "unknown"
    power_after: str = "unknown"
    interruption: Cost = "none"
    login: LoginState = "not_asked"
    started: bool = False
    rolled_back: bool = False
    error: ErrorInfo | None = None

    def as_dict(self) -> dict[str, t.Any]:
        """Return the shape that results use."""
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        del values["ref"]
        return {**self.ref.as_dict(), **values, "error": self.error and self.error.as_dict()}


def power_of(instance: Instance | None) -> str:
    """Return the power state as results show it."""
    return instance.power if instance is not None else "unknown"
