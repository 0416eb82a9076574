# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The ability to list what a region holds, without knowing its IDs."""

from __future__ import annotations

import typing as t

from .._models import Instance, KeyPair
from .._selection.criteria import Criteria


class Listing(t.Protocol):
    """All methods read every page and raise ApiError, NotSentError or AnswerLostError."""

    def list_instances(self, criteria: Criteria) -> list[Instance]:
        """Return every instance that fits, each once, in no order.

        The API may be asked to leave out some that do not fit, so that fewer pages are read; the caller filters again.
        """

    def list_key_pairs(self) -> list[KeyPair]:
        """Return every key pair with its public key, in no order."""

    def few_key_pairs(self) -> list[KeyPair] | None:
        """Return every key pair if one request tells them all.

        None if there are more than that, or these credentials may read only some of them.
        """
