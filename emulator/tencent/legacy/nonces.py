# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Memory for nonces."""

from __future__ import annotations

from collections import deque


class Nonces:
    """Remembers, per access key, the nonces of the last ``lifetime`` seconds."""

    def __init__(self, lifetime: float) -> None:
        self._lifetime = lifetime
        self._known: set[tuple[str, str]] = set()
        self._ages: deque[tuple[float, tuple[str, str]]] = deque()

    def seen(self, key_id: str, nonce: str, now: float) -> bool:
        """Was this nonce used before? From now on it was."""
        while self._ages and self._ages[0][0] <= now - self._lifetime:
            self._known.discard(self._ages.popleft()[1])
        entry = (key_id, nonce)
        if entry in self._known:
            return True
        self._known.add(entry)
        self._ages.append((now, entry))
        return False
