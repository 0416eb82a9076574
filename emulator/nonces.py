# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Memory for the nonces of signed requests."""

from __future__ import annotations

#: nobody remembers a nonce for longer, seconds
LONGEST = 7200.0


class Nonces:
    """Remembers which nonces were used with which access key."""

    def __init__(self) -> None:
        self._used: dict[tuple[str, str], float] = {}

    def seen(self, key_id: str, nonce: str, now: float, lifetime: float) -> bool:
        """Was this nonce used in the last ``lifetime`` (up to LONGEST) seconds? From now on it was."""
        while self._used and next(iter(self._used.values())) < now - LONGEST:
            del self._used[next(iter(self._used))]
        before = self._used.pop((key_id, nonce), None)
        self._used[key_id, nonce] = now
        return before is not None and now - before <= lifetime
