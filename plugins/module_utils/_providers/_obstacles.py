# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Reasons for which an instance cannot take a change of key pairs, whatever is asked; the same words for every
provider.
"""

from __future__ import annotations

from .._models import ErrorInfo

WINDOWS = ErrorInfo(
    code="WindowsInstance",
    message="it runs Windows",
    hint="SSH key pairs exist for Linux instances only; take this instance out of the list.",
)
LOCKED = ErrorInfo(
    code="InstanceLocked",
    message="it is locked for security reasons",
    hint="Unlock it in the vendor's console first.",
)
STOPPED_WITHOUT_CHARGING = ErrorInfo(
    code="StoppedWithoutCharging",
    message="it was stopped without charging, and no key pair can be changed in that mode",
    hint="Start it, or start it and stop it again keeping charge, then run the task again.",
)


def unsupported_state(state: str) -> ErrorInfo:
    """Return the reason for an instance that is neither running nor stopped nor on its way there."""
    return ErrorInfo(
        code="InstanceStateUnsupported",
        message=f"it is in state {state}",
        hint="It can be changed while it is running or stopped; bring it there first.",
    )
