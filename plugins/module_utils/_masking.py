# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Keeping secrets out of texts, for plugins that have no AnsibleModule to do it."""

from __future__ import annotations

import threading
import typing as t

MASK = "********"


class Secrets:
    """Every secret that was found so far. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: set[str] = set()

    def keep(self, secrets: t.Iterable[str]) -> None:
        """Remember these; an empty text is none."""
        with self._lock:
            self._known.update(str(secret) for secret in secrets if secret)

    def masked(self, text: str) -> str:
        """Return the text without any of them."""
        with self._lock:
            known = sorted(self._known, key=len, reverse=True)
        for secret in known:
            text = text.replace(secret, MASK)
        return text
