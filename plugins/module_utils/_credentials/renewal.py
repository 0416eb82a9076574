# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Credentials that expire are fetched again before they do, so that a long wait does not outlive them."""

from __future__ import annotations

import threading
import typing as t

from .._clock import Clock
from .._errors import KeyfleetError
from .model import Credentials, CredentialsProvider

# As the vendors' SDKs: a signature is accepted for five minutes, so nothing is signed with less than that left.
MARGIN = 300.0
# A renewal that failed, or that brought a key which is about to expire as well, is not repeated at once.
PAUSE = 30.0


class Renewed:
    """Hands out what ``fetch`` returned, and fetches anew some time before that expires. See CredentialsProvider.

    ``keep_secret`` is told the secrets of all that was fetched.
    """

    def __init__(
        self, fetch: CredentialsProvider, clock: Clock, keep_secret: t.Callable[[t.Iterable[str]], None]
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._keep_secret = keep_secret
        self._lock = threading.Lock()
        self._known: Credentials | None = None
        self._tried_at = 0.0

    def __call__(self) -> Credentials:
        """Return valid credentials. Raises what ``fetch`` raises, unless those at hand are still valid."""
        with self._lock:
            if self._known is None or self._is_due(self._known):
                self._known = self._renew(self._known)
            return self._known

    def _is_due(self, known: Credentials) -> bool:
        if known.expires_at is None:
            return False
        now = self._clock.timestamp()
        return now >= known.expires_at or (now >= known.expires_at - MARGIN and now >= self._tried_at + PAUSE)

    def _renew(self, known: Credentials | None) -> Credentials:
        self._tried_at = self._clock.timestamp()
        try:
            fresh = self._fetch()
        except KeyfleetError:
            if known is None or known.expires_at is None or self._tried_at >= known.expires_at:
                raise
            return known
        self._keep_secret(fresh.secrets)
        return fresh
