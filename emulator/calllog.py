# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The log of API calls: what tests and people look at to see what a client really sent."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from itertools import count
from typing import Any

_MASKED = "********"
_SECRET_NAMES = frozenset({"password", "secretkey", "oidctoken", "tokencode", "webidentitytoken"})


@dataclass(frozen=True)
class LogEntry:
    """One call. ``code`` is the error code or None, ``fault`` the kind of the injected fault or None."""

    n: int
    time: float
    provider: str
    action: str
    region: str | None
    params: dict[str, Any]
    access_key_id: str | None
    request_id: str
    code: str | None
    http_status: int | None
    write: bool
    fault: str | None
    connection: int


class CallLog:
    """Calls in the order in which they were answered."""

    def __init__(self) -> None:
        self._entries: list[LogEntry] = []
        self._numbers = count(1)

    def add(self, **values: Any) -> None:
        """Append an entry; members as in LogEntry without ``n``."""
        values["params"] = masked(values["params"])
        self._entries.append(LogEntry(n=next(self._numbers), **values))

    def entries(self) -> list[dict[str, Any]]:
        """Return all entries as plain dictionaries."""
        return [{**vars(entry), "params": deepcopy(entry.params)} for entry in self._entries]

    def clear(self) -> None:
        """Forget all entries and number from 1 again."""
        self._entries.clear()
        self._numbers = count(1)


def masked(params: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters with the values of secret ones replaced."""
    return {name: _MASKED if name.lower() in _SECRET_NAMES else value for name, value in params.items()}
