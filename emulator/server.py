# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP server: keep-alive, one thread per connection, TLS if there is a certificate."""

from __future__ import annotations

import socket
import ssl
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from itertools import count
from socketserver import TCPServer, ThreadingMixIn
from typing import Any

from .http_types import Headers, Request, Response

Handler = Callable[[Request], "Response | None"]

_MAXIMUM_BODY = 11 * 1024 * 1024


class HttpServer(ThreadingMixIn, TCPServer):
    """Listens from its creation on; ``start`` answers in background threads until ``stop``."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, host: str, port: int, handler: Handler, cert: str | None = None, key: str | None = None) -> None:
        self._tls: ssl.SSLContext | None = None
        if cert is not None:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(cert, key)
        self.handler = handler
        self.connection_numbers = count(1)
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None
        super().__init__((host, port), _Connection)

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        """Scheme, host and port."""
        return f"{'https' if self._tls else 'http'}://{self.server_address[0]!s}:{self.port}"

    def start(self) -> None:
        """Answer requests in a background thread."""
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening and close all connections."""
        if self._thread is not None:
            self.shutdown()
            self._thread.join()
            self._thread = None
        self.server_close()
        with self._guard:
            for connection in self._open:
                _hang_up(connection)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one connection (in its own thread); handshakes happen here so that a slow one blocks nobody."""
        request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._guard:
            self._open.add(request)
        try:
            if self._tls is None:
                super().process_request_thread(request, client_address)
            else:
                self._serve_tls(self._tls, request, client_address)
        finally:
            with self._guard:
                self._open.discard(request)

    def _serve_tls(self, tls: ssl.SSLContext, request: Any, client_address: Any) -> None:
        try:
            secure = tls.wrap_socket(request, server_side=True)
        except (OSError, ValueError):
            self.shutdown_request(request)
            return
        super().process_request_thread(secure, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore clients that went away; anything else is a defect and must be seen."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError, ssl.SSLError)):
            super().handle_error(request, client_address)


class _Connection(BaseHTTPRequestHandler):
    """One TCP connection with any number of requests."""

    protocol_version = "HTTP/1.1"
    server_version = "keyfleet-emulator"
    server: HttpServer

    def setup(self) -> None:
        """Number the connection."""
        super().setup()
        self._number = next(self.server.connection_numbers)

    def handle_one_request(self) -> None:
        """Read one request and answer it."""
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline:
            self.close_connection = True
            return
        if len(self.raw_requestline) > 65536:
            self.requestline = self.request_version = self.command = ""
            self.send_error(414)
            return
        if not self.parse_request():
            return
        self._serve()

    def log_message(self, *_arguments: Any) -> None:
        """Stay silent: the call log is the record."""

    def _serve(self) -> None:
        length = self.headers.get("content-length", "0")
        if "transfer-encoding" in self.headers or not length.isdigit():
            self._refuse(411, b"Content-Length required\n")
            return
        if int(length) > _MAXIMUM_BODY:
            self._refuse(413, b"body too large\n")
            return
        body = self.rfile.read(int(length))
        target = self.requestline.split(" ")[1]
        response = self.server.handler(Request(self.command, target, Headers(self.headers.items()), body, self._number))
        if response is None:
            self.close_connection = True
            _hang_up(self.connection)
            return
        self._write(response)

    def _refuse(self, status: int, text: bytes) -> None:
        self.close_connection = True
        self._write(Response(status, "text/plain", text))

    def _write(self, response: Response) -> None:
        lines = [f"HTTP/1.1 {response.status} {self.responses.get(response.status, ('',))[0]}"]
        lines += [
            f"Date: {self.date_time_string()}",
            f"Content-Type: {response.content_type}",
            f"Content-Length: {len(response.body)}",
        ]
        lines += [f"{name}: {value}" for name, value in response.headers.items()]
        lines.append(f"Connection: {'close' if self.close_connection else 'keep-alive'}")
        body = b"" if self.command == "HEAD" else response.body
        self.wfile.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
