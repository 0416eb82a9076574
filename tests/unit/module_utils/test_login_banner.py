# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting until an SSH server greets, without a login."""

from __future__ import annotations

import contextlib
import dataclasses
import socket
import threading
from collections.abc import Iterator

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import InputError
from ansible_collections.keyfleet.cloud.plugins.module_utils._login.banner import greeting, wait_for_ssh
from ansible_collections.keyfleet.cloud.plugins.module_utils._login.model import LoginResult, Target
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.login_guest import WEB, EventfulClock


@contextlib.contextmanager
def server(says: bytes | None, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[int]:
    """Greet whoever comes with these words and hang up; None: say nothing and stay."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
        stayed = []

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    client, _address = listener.accept()
                    if says is None:
                        stayed.append(client)
                        continue
                    client.sendall(says)
                    client.close()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            for client in stayed:
                client.close()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def wait(port: int, clock: EventfulClock, *, host: str = "127.0.0.1", seconds: float = 30) -> LoginResult:
    return wait_for_ssh([Target(WEB, host, port, "root")], clock=clock, seconds=seconds, connect_timeout=60)[WEB]


@pytest.mark.parametrize(
    ("says", "kind"),
    [
        (b"SSH-2.0-OpenSSH_9.2p1\r\n", "in"),
        (b"Welcome to web-1\r\nPlease behave\r\nSSH-2.0-OpenSSH_9.2p1\r\n", "in"),
        (b"", "not_yet"),
        (b"SSH", "not_yet"),
        (None, "not_yet"),
        (b"HTTP/1.1 400 Bad Request\r\n" * 1000, "never"),
    ],
)
def test_what_a_server_says_first(says: bytes | None, kind: str) -> None:
    with server(says) as port:
        assert greeting("127.0.0.1", port, 0.5 if says is None else 60).kind == kind


def test_ipv6() -> None:
    with server(b"SSH-2.0-x\r\n", host="::1") as port:
        assert wait(port, EventfulClock(), host="[::1]").proved


def test_it_waits_for_a_server_that_comes_up() -> None:
    clock, port = EventfulClock(), free_port()
    with contextlib.ExitStack() as stack:
        clock.events[2] = lambda: stack.enter_context(server(b"SSH-2.0-x\r\n", port=port))
        assert wait(port, clock).proved
    assert len(clock.slept) == 2


def test_it_says_where_nobody_answered_and_why() -> None:
    clock, port = EventfulClock(), free_port()
    error = wait(port, clock, seconds=20).error
    assert error is not None
    assert error.code == "SshNotReached"
    for part in (str(WEB), f"root@127.0.0.1:{port}", "within 20 s", "connection refused"):
        assert part in error.message
    assert sum(clock.slept) == pytest.approx(20)


def test_a_name_that_nobody_has_is_not_waited_for() -> None:
    clock = EventfulClock()
    assert not wait(22, clock, host="no-such-host.invalid", seconds=1).proved


def test_a_hostile_host_is_refused() -> None:
    with pytest.raises(InputError, match=WEB.instance_id):
        wait(22, EventfulClock(), host="-oProxyCommand=id")


def test_many_at_once() -> None:
    refs = [dataclasses.replace(WEB, instance_id=f"lhins-{number:08}") for number in range(30)]
    with server(b"SSH-2.0-x\r\n") as port:
        found = wait_for_ssh([Target(ref, "127.0.0.1", port, "root") for ref in refs], clock=EventfulClock(), seconds=5)
    assert [found[ref].proved for ref in refs] == [True] * 30
