# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The SSH protocol, spoken by asyncssh. Everything that needs that library is here."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress

import asyncssh

from ..world import Access
from .commands import Reply, Session


class Listener:
    """An open SSH server with its connections, from its creation on.

    It accepts by itself, because asyncio's servers lose a socket that they accept while they are being closed.
    ``endpoint`` is a bound socket, which belongs to the listener now; ``access`` says who may log in at that moment.
    """

    def __init__(
        self, endpoint: socket.socket, private_host_key: bytes, hostname: str, access: Callable[[], Access]
    ) -> None:
        self.access = access
        self.closed = False
        self.connections: set[asyncssh.SSHServerConnection] = set()
        self._hostname = hostname
        self._host_key = asyncssh.import_private_key(private_host_key)
        self._endpoint = endpoint
        self._endpoint.listen()
        self._endpoint.setblocking(False)
        self._serving: set[asyncio.Task[None]] = set()
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._endpoint, self._accept)

    async def close(self) -> None:
        """Refuse new connections and cut the present ones."""
        self.closed = True
        self._loop.remove_reader(self._endpoint)
        self._endpoint.close()
        for connection in tuple(self.connections):
            connection.abort()
        await asyncio.gather(*self._serving)

    def _accept(self) -> None:
        try:
            client, _address = self._endpoint.accept()
        except OSError:  # the client is gone already
            return
        task = self._loop.create_task(self._serve(client))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, client: socket.socket) -> None:
        """Speak SSH until the connection ends. No forwarding, no file transfer, no shell: fixed answers only."""
        with suppress(OSError, asyncssh.Error):
            connection = await asyncssh.run_server(
                client,
                config=None,
                server_factory=lambda: _Server(self),
                server_host_keys=[self._host_key],
                process_factory=self._answer,
                agent_forwarding=False,
                line_editor=False,
                gss_host=None,
            )
            await connection.wait_closed()

    def _answer(self, process: asyncssh.SSHServerProcess[str]) -> None:
        if process.command is None:
            reply = Reply(stderr="This guest gives out no shell and no files; run one command.\n", status=1)
        else:
            reply = Session(str(process.get_extra_info("username")), self._hostname).run(process.command)
        process.stdout.write(reply.stdout)
        process.stderr.write(reply.stderr)
        process.exit(reply.status)


class _Server(asyncssh.SSHServer):
    """One connection: every decision is what the guest accepts at that moment."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._connection: asyncssh.SSHServerConnection | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._listener.connections.add(conn)
        if self._listener.closed or not self._listener.access().up:
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
