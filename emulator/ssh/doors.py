# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The addresses of the SSH servers: ports that stay reserved and host keys that stay the same, open or not."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..errors import ControlError
from ..world import Instance

HOST = "127.0.0.1"


@dataclass
class Door:
    """Where the SSH server of an instance is.

    ``port`` stays the same while nobody listens there; ``host_key`` is the public key as an OpenSSH line,
    ``private_host_key`` the private one in OpenSSH's file format.
    """

    instance: Instance
    port: int
    host_key: str
    private_host_key: bytes
    reservation: socket.socket
    listening: bool = False

    def new_socket(self) -> socket.socket:
        """Return a socket to listen with on the port. The reservation itself never listens, so alone it refuses."""
        return _bound(self.port)


class Doors:
    """All doors, by instance. Protected by the lock of the cloud that they belong to."""

    def __init__(self) -> None:
        self._doors: dict[int, Door] = {}

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._doors)

    def __iter__(self) -> Iterator[Door]:
        """Iterate over the doors in the order of creation."""
        return iter(tuple(self._doors.values()))

    def of(self, instance: Instance) -> Door | None:
        """Return the instance's door; None if it was not chosen to have an SSH server."""
        return self._doors.get(instance.number)

    def reserve(self, wanted: Iterable[tuple[str, Instance]]) -> None:
        """Reserve a port and make a host key for each instance; ``wanted`` pairs the seed's member with it.

        Raises ControlError, and then nothing was reserved: a port is taken, or asyncssh is not installed.
        """
        made: list[Door] = []
        try:
            for field, instance in wanted:
                if instance.guest.ssh_port in {door.port for door in (*self, *made)}:
                    raise ControlError(f"{field}.port", f"{instance.guest.ssh_port} belongs to another instance")
                made.append(_new_door(field, instance))
        except ControlError:
            _release(made)
            raise
        self._doors.update({door.instance.number: door for door in made})

    def release(self) -> None:
        """Give all ports back."""
        _release(self._doors.values())
        self._doors.clear()


def _new_door(field: str, instance: Instance) -> Door:
    private, public = _new_host_key(field)
    port = instance.guest.ssh_port or 0
    try:
        reservation = _bound(port)
    except (OSError, OverflowError) as error:
        raise ControlError(f"{field}.port", f"cannot listen on {HOST}:{port}: {error}") from error
    return Door(instance, reservation.getsockname()[1], public, private, reservation)


def _new_host_key(field: str) -> tuple[bytes, str]:
    try:
        from .protocol import new_host_key  # noqa: PLC0415 - asyncssh may be missing
    except ImportError as error:
        raise ControlError(field, f"needs the Python library asyncssh, which cannot be imported: {error}") from error
    return new_host_key()


def _bound(port: int) -> socket.socket:
    """Bind without listening. SO_REUSEADDR lets a listening socket join a reservation, but no second listener."""
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((HOST, port))
    except (OSError, OverflowError):
        found.close()
        raise
    return found


def _release(doors: Iterable[Door]) -> None:
    for door in doors:
        door.reservation.close()
