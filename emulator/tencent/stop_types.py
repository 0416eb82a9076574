# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a stop or reboot is asked for, and what comes of it when the guest does not obey (switch ``soft_stop``)."""

from __future__ import annotations

from .context import Context


def shutdown(context: Context, phase: str) -> tuple[float, bool]:
    """Return how many seconds the phase takes, and whether it works out.

    A guest that ignores a soft stop is forced with SOFT_FIRST, in a second attempt of the same length.
    """
    seconds, asked = context.duration(phase), _stop_type(context)
    if asked == "HARD" or context.settings.switch("soft_stop") == "works":
        return seconds, not context.call.operation_fails
    return 2 * seconds, asked == "SOFT_FIRST" and not context.call.operation_fails


def _stop_type(context: Context) -> str:
    """Return SOFT, SOFT_FIRST or HARD; the flags are older than StopType, and CVM's default is SOFT."""
    if context.params.get("ForceStop") or context.params.get("ForceReboot"):
        return "HARD"
    return context.params.get("StopType") or "SOFT"
