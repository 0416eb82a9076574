# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What a wave tells: the rows of all places, what became of every instance, and what all of it adds up to."""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from .plan import enumerate_some
from .rollout_model import Place
from .rows import Row, diff, is_changed, reboot_required, summary
from .wave_model import STOPPED, InstanceReport


@dataclasses.dataclass(frozen=True)
class PlaceReport:
    """One place.

    ``requested``: pairs of instance and key pair asked for. ``not_effective``: running instances that need a reboot
    because of an earlier run, and did not get it.
    """

    place: Place
    rows: tuple[Row, ...] = ()
    instances: tuple[InstanceReport, ...] = ()
    requested: int = 0
    not_effective: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def reboot_required(self) -> list[str]:
        """Return the running instances whose guests do not use a change yet."""
        running = {one.ref.instance_id for one in self.instances if one.power_after == "running"}
        return sorted({*reboot_required(self.rows, running), *self.not_effective})


@dataclasses.dataclass(frozen=True)
class WaveReport:
    """All places; see Report."""

    places: tuple[PlaceReport, ...] = ()
    notices: tuple[str, ...] = ()

    @functools.cached_property
    def rows(self) -> tuple[Row, ...]:
        """Return the rows of all places."""
        return tuple(row for place in self.places for row in place.rows)

    @functools.cached_property
    def instances(self) -> tuple[InstanceReport, ...]:
        """Return the instances of all places, sorted."""
        return tuple(sorted((one for place in self.places for one in place.instances), key=lambda one: one.ref))

    @property
    def changed(self) -> bool:
        """Whether anything changed, or in check mode would: key pairs, or the power of an instance for a moment."""
        return is_changed(self.rows) or any(one.interruption != "none" or one.started for one in self.instances)

    @property
    def failed(self) -> bool:
        """Whether any row or instance failed."""
        return bool(self.failed_instances) or any(row.outcome == "failed" for row in self.rows)

    @property
    def failed_instances(self) -> list[str]:
        """Return the IDs of the instances that are not as they should be."""
        return [one.ref.instance_id for one in self.instances if one.error is not None]

    @property
    def diff(self) -> list[dict[str, str]]:
        """Return the diff, an entry for every instance that changes."""
        return [entry for place in self.places for entry in diff(place.rows)]

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return what a user should notice."""
        return (*self.notices, *(f"{place.place}: {text}" for place in self.places for text in place.warnings))

    def as_dict(self) -> dict[str, t.Any]:
        """Return the keys of the module's result."""
        interrupted = sum(one.interruption != "none" for one in self.instances)
        return {
            "bindings": [
                {"provider": place.place.provider, "region": place.place.region, **row.as_dict()}
                for place in self.places
                for row in place.rows
            ],
            "instances": [one.as_dict() for one in self.instances],
            "summary": {
                **summary(self.rows, sum(place.requested for place in self.places)),
                "interrupted": interrupted,
            },
            "failed_instances": self.failed_instances,
            "reboot_required": sorted(name for place in self.places for name in place.reboot_required),
        }

    def failure(self) -> str:
        """Return the message of a failed task: which instances failed, why the first did, and where to read on."""
        wrong = {one.ref.instance_id: one.error for one in self.instances if one.error is not None}
        wrong = wrong or {row.instance_id: row.error for row in self.rows if row.error is not None}
        stopped = [name for name, error in wrong.items() if error.code == STOPPED]
        errors = {name: error for name, error in wrong.items() if error.code != STOPPED}
        back = [one.ref.instance_id for one in self.instances if one.rolled_back and one.ref.instance_id not in stopped]
        found = []
        if errors:
            found.append(f"{len(errors)} instance(s) failed: {enumerate_some(list(errors))}.")
        if back:
            found.append(f"Rolled back: {enumerate_some(back)}.")
        if errors:
            first = next(iter(errors.values()))
            found.append(f"First error: {first.message} {first.hint}".rstrip())
        if stopped:
            found.append(
                f"No login could be proved on {len(stopped)} stopped instance(s): {enumerate_some(stopped)}. "
                "Start them and run the task again."
            )
        return " ".join([*found, "instances and bindings say what became of each."])
