# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task returned, made readable."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Result:
    """What a task returned.

    ``asked`` are its options, ``printed`` is everything that the module wrote, ``log`` the calls that the cloud saw.
    """

    asked: dict[str, Any]
    data: dict[str, Any]
    warnings: tuple[str, ...]
    printed: str
    log: list[dict[str, Any]]

    @property
    def changed(self) -> bool:
        """Did the task change anything, or would it?"""
        return bool(self.data["changed"])

    @property
    def failed(self) -> bool:
        """Did the task fail?"""
        return bool(self.data.get("failed", False))

    @property
    def msg(self) -> str:
        """The message of a failed task."""
        return str(self.data["msg"])

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows of ``bindings``."""
        return list(self.data["bindings"])

    @property
    def summary(self) -> dict[str, int]:
        """How many rows ended in which way."""
        return dict(self.data["summary"])

    @property
    def actions(self) -> list[str]:
        """The API actions that were called, in order."""
        return [entry["action"] for entry in self.log]

    @property
    def writes(self) -> list[str]:
        """The write actions that were called, in order."""
        return [entry["action"] for entry in self.log if entry["write"]]

    @property
    def written(self) -> list[tuple[str, list[str]]]:
        """The write actions that were called, each with the instances it named, sorted."""
        return [(entry["action"], named_instances(entry)) for entry in self.log if entry["write"]]

    @property
    def codes(self) -> dict[str, str]:
        """The error code of every instance that has one."""
        return {row["instance_id"]: row["error"]["code"] for row in self.rows if row["error"] is not None}

    def row(self, instance_id: str, key_pair: str | None = None) -> dict[str, Any]:
        """Return the only row of an instance (and key pair name)."""
        found = [
            row
            for row in self.rows
            if row["instance_id"] == instance_id and key_pair in (None, row["key_pair"], row["key_pair_name"])
        ]
        if len(found) != 1:
            raise AssertionError(f"{len(found)} rows for {instance_id}, {key_pair} in {self.rows}")
        return found[0]

    def column(self, name: str) -> list[Any]:
        """Return one field of every row."""
        return [row[name] for row in self.rows]


def named_instances(entry: dict[str, Any]) -> list[str]:
    """Return the instances that a call of the log names, sorted; each API writes lists in its own way."""
    params = entry["params"]
    listed = params.get("InstanceIds", [value for name, value in params.items() if name.startswith("InstanceId.")])
    return sorted(json.loads(listed) if isinstance(listed, str) else listed)
