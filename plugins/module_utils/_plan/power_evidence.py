# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What tells that a restart took place: an instance that runs looks the same before and after."""

from __future__ import annotations

import datetime

from .._models import Instance

# The clocks of client and API may differ by 15 minutes, else signatures are refused; start times are to the minute.
UNMISTAKABLE_SECONDS = 20 * 60.0


def has_restarted(before: Instance, after: Instance, *, moved: bool, now: float) -> bool | None:
    """Tell whether an instance has restarted since ``before``, or None when nobody can tell.

    ``moved``: it was seen on its way meanwhile. ``now``: Unix seconds. Where operations are reported, a new one tells;
    one of another kind may have come after it. Elsewhere a new start time tells, and an old one tells the contrary,
    unless it is so recent that the next would read the same.
    """
    if after.operation is not None:
        known = before.operation.request_id if before.operation else None
        if after.operation.request_id == known:
            return False
        return True if "reboot" in after.operation.name.lower() else None
    if moved or after.started != before.started:
        return True
    started = _unix_seconds(before.started)
    return False if started is not None and now - started > UNMISTAKABLE_SECONDS else None


def _unix_seconds(text: str | None) -> float | None:
    """Read a time such as ``2023-11-14T22:13:00Z``; None for anything else."""
    try:
        return datetime.datetime.fromisoformat((text or "").replace("Z", "+00:00")).timestamp()
    except ValueError:
        return None
