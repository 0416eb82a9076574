# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The SSH protocol, spoken by asyncssh. Everything that needs that library is here."""

from __future__ import annotations

import socket
from collections.abc import Callable

import asyncssh

from ..world import Access
from .commands import Reply, Session


class Listener:
    """An open SSH server with its connections."""

    def __init__(self, access: Callable[[], Access]) -> None:
        self.access = access
        self.connections: set[asyncssh.SSHServerConnection] = set()
        self._acceptor: asyncssh.SSHAcceptor | None = None

    async def listen(self, endpoint: socket.socket, private_host_key: bytes, hostname: str) -> None:
        """Accept connections on a bound socket. No forwarding, no file transfer, no shell: fixed answers only."""

        def answer(process: asyncssh.SSHServerProcess[str]) -> None:
            _answer(process, hostname)

        self._acceptor = await asyncssh.listen(
            sock=endpoint,
            config=None,
            server_factory=lambda: _Server(self),
            server_host_keys=[asyncssh.import_private_key(private_host_key)],
            process_factory=answer,
            agent_forwarding=False,
            line_editor=False,
            gss_host=None,
        )

    def close(self) -> None:
        """Refuse new connections and cut the present ones."""
        if self._acceptor is not None:
            self._acceptor.close()
        for connection in tuple(self.connections):
            connection.abort()


class _Server(asyncssh.SSHServer):
    """One connection: every decision is what the guest accepts at that moment."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._connection: asyncssh.SSHServerConnection | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._listener.connections.add(conn)
        if not self._listener.access().up:
            conn.abort()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        if self._connection is not None:
            self._listener.connections.discard(self._connection)

    def begin_auth(self, username: str) -> bool:  # noqa: ARG002
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return self._listener.access().admits_key(username, key.public_data)

    def password_auth_supported(self) -> bool:
        return bool(self._listener.access().passwords)

    def validate_password(self, username: str, password: str) -> bool:
        return self._listener.access().admits_password(username, password)


def new_host_key() -> tuple[bytes, str]:
    """Return a new Ed25519 key: the private one in OpenSSH's file format, and the public one as a line."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    return key.export_private_key(), key.export_public_key().decode().strip()


def _answer(process: asyncssh.SSHServerProcess[str], hostname: str) -> None:
    if process.command is None:
        reply = Reply(stderr="This guest gives out no shell and no files; run one command.\n", status=1)
    else:
        reply = Session(str(process.get_extra_info("username")), hostname).run(process.command)
    process.stdout.write(reply.stdout)
    process.stderr.write(reply.stderr)
    process.exit(reply.status)
