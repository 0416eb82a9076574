# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Emulator as one object for Python programs and tests."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from .clock import Clock, SystemClock
from .cloud import Cloud
from .control import PREFIX, Control
from .gateway import Gateway
from .http_types import Request, Response
from .server import HttpServer
from .ssh.service import SshService


class Emulator(Control):
    """All emulated clouds on one port. A context manager: serves inside the ``with`` block.

    ``port`` 0 takes a free one; ``seed`` and ``settings`` are what ``reset`` returns to; ``cert`` and ``key`` are PEM
    files and turn TLS on; ``clock`` is where time comes from.
    Raises ControlError for a bad seed or setting and OSError if it cannot listen.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        seed: Any = None,
        settings: Any = None,
        cert: str | None = None,
        key: str | None = None,
        clock: Clock | None = None,
    ) -> None:
        cloud = Cloud(clock or SystemClock())
        self._ssh = SshService(cloud)
        super().__init__(cloud, seed, settings)
        self._gateway = Gateway(cloud)
        self._server = HttpServer(host, port, self.respond, cert, key)

    @property
    def url(self) -> str:
        """Scheme, host and port to send requests to."""
        return self._server.url

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return self._server.port

    def respond(self, request: Request) -> Response | None:
        """Answer one request; None means that the connection is to be closed without an answer."""
        response = self.handle(request) if request.path.startswith(PREFIX) else self._gateway.handle(request)
        self._ssh.refresh()
        return response

    def reset(self) -> None:
        """Return to the state right after the start; SSH connections are cut."""
        with self._ssh.paused():
            super().reset()

    def seed(self, value: Any) -> None:
        """Add accounts, key pairs, instances and fleets; all or nothing."""
        super().seed(value)
        self._ssh.refresh()

    def state(self) -> dict[str, Any]:
        """Return all instances and key pairs as they are now."""
        self._ssh.refresh()
        return super().state()

    def logins(self, provider: Any, region: Any, instance_id: Any) -> dict[str, Any]:
        """Return what the guest of an instance accepts now, which is what its SSH server does."""
        self._ssh.refresh()
        return super().logins(provider, region, instance_id)

    def start(self) -> None:
        """Answer requests, and log-ins where a seed wants them, in background threads."""
        self._ssh.start()
        self._server.start()

    def stop(self) -> None:
        """Stop answering and close all connections."""
        self._server.stop()
        self._ssh.stop()

    def __enter__(self) -> Emulator:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
