# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ModifyInstanceAttribute: the password and the name."""

from __future__ import annotations

import string
from typing import Any

from .context import Context
from .errors import refusal

_SYMBOLS = "()`~!@#$%^&*-_+=|{}[]:;'<>,.?/"
_CLASSES = (string.ascii_lowercase, string.ascii_uppercase, string.digits, _SYMBOLS)
_KNOWN = frozenset(("InstanceId", "Password", "InstanceName"))


def modify_instance_attribute(context: Context) -> dict[str, Any]:
    """``ModifyInstanceAttribute``; a password takes effect with the next start or reboot.

    Attributes that the emulated world does not have are refused rather than ignored.
    """
    parameters = context.parameters
    instance_id = parameters.required("InstanceId")
    unsupported = sorted(set(context.call.params) - _KNOWN)
    if unsupported:
        raise refusal("UnsupportedParameter", f"The emulator does not know {', '.join(unsupported)}.")
    context.authorize([instance_id])
    instance = context.find_anywhere(instance_id)
    if "security" in instance.locks:
        raise refusal("InstanceLockedForSecurity")
    password, name = parameters.text("Password"), parameters.text("InstanceName")
    if password is not None:
        if not acceptable(password):
            raise refusal("InvalidPassword.Malformed")
        if instance.state == "Starting":
            raise refusal("IncorrectInstanceStatus")
        instance.password, instance.pending_password = True, password
    if name is not None:
        instance.name = name
    return {}


def acceptable(password: str) -> bool:
    """8 to 30 characters of the four classes, from three of them at least (ModifyInstanceAttribute page)."""
    if not 8 <= len(password) <= 30 or not set(password) <= set("".join(_CLASSES)):
        return False
    return sum(not set(password).isdisjoint(members) for members in _CLASSES) >= 3
