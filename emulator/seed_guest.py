# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading what a seed says about the operating system inside an instance."""

from __future__ import annotations

from typing import Any

from . import checks
from .errors import ControlError
from .world import Guest
from .world.guest import EXAMPLE_PASSWORD

#: members of an instance that are read here
MEMBERS = ("ssh", "guest_applies_keys")

_SSH = ("port", "users", "password")


def read_guest(found: dict[str, Any], field: str, *, platform: str, has_password: bool) -> Guest:
    """Return the guest of a seed's instance.

    ``ssh`` is true, or an object with ``port`` (0: any), ``users`` (accounts) and ``password``; raises ControlError.
    """
    wanted = found.get("ssh", False)
    serves = wanted is not False
    ssh = {} if isinstance(wanted, bool) else checks.mapping(wanted, f"{field}.ssh")
    checks.only(ssh, _SSH, f"{field}.ssh")
    if serves and platform != "linux":
        raise ControlError(f"{field}.ssh", "only Linux instances have an SSH server")
    password = checks.optional_text(ssh.get("password"), f"{field}.ssh.password")
    if password is not None and not has_password:
        raise ControlError(f"{field}.ssh.password", "contradicts the member password, which is false")
    users = tuple(checks.texts(ssh.get("users"), f"{field}.ssh.users")) or ("root",)
    if len(set(users)) < len(users):
        raise ControlError(f"{field}.ssh.users", "names an account twice")
    port = checks.integer(ssh.get("port", 0), f"{field}.ssh.port")
    return Guest(
        users=users,
        passwords=dict.fromkeys(users, password or EXAMPLE_PASSWORD) if has_password else {},
        applies_keys=checks.boolean(found.get("guest_applies_keys", True), f"{field}.guest_applies_keys"),
        ssh_port=port if serves else None,
    )
