# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Where the SSH server of an instance answers, and what is said where it cannot be asked."""

from __future__ import annotations

from .._errors import InputError
from .._login.model import Target
from .._login.options import LoginOptions, checked
from .._models import ErrorInfo, Instance
from .._plan.rollout_model import InstanceRef, Login, Unit
from .._plan.wave_model import STOPPED


def target_of(ref: InstanceRef, instance: Instance, unit: Unit | None, options: LoginOptions) -> Target | ErrorInfo:
    """Return whom to ask: what the entry says of the instance, else its address; or why that is not known."""
    login = (unit.logins.get(ref.instance_id) if unit else None) or Login()
    addresses = instance.public_addresses if options.address == "public" else instance.private_addresses
    host = login.host or next(iter(addresses), None)
    if host is None:
        return _no_address(ref, options)
    try:
        return checked(Target(ref, host, login.port or options.port, login.user or options.user))
    except InputError as error:
        return error.info


def _no_address(ref: InstanceRef, options: LoginOptions) -> ErrorInfo:
    other = "private" if options.address == "public" else "public"
    return ErrorInfo(
        code="NoAddress",
        message=f"{ref} has no {options.address} address, so that nobody can log in to it.",
        hint=f"Set login.address={other}, or give the instance a host in the entry's logins.",
    )


def not_running(ref: InstanceRef) -> ErrorInfo:
    """Return why nothing is unbound where the login has to be proved first, and cannot be."""
    return _stopped(ref, "It was left as it is.")


def not_provable(ref: InstanceRef) -> ErrorInfo:
    """Return why nothing is bound where that takes another key pair away, and the new one cannot be proved."""
    return _stopped(ref, "It was left as it is, as the key pair that it has would be displaced.")


def put_back_unproved(ref: InstanceRef) -> ErrorInfo:
    """Return the error for an instance that lost a key pair for one that cannot be proved, and has it again."""
    return _stopped(ref, "The new key pair had displaced the one that it has, which was put back.")


def bound_unproved(ref: InstanceRef) -> ErrorInfo:
    """Return the error for an instance that has the new key pair beside what it had."""
    return _stopped(ref, "The new key pair is bound, and it keeps what it had.")


def _stopped(ref: InstanceRef, what: str) -> ErrorInfo:
    return ErrorInfo(
        code=STOPPED,
        message=f"{ref} is stopped, so that no login can be proved. {what}",
        hint="Start it and run the task again.",
    )
