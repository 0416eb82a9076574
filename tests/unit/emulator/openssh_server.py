# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OpenSSH's server on loopback, where it is installed: what real guests run."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.emulator.ssh_client import SshClient, new_key, program

SSHD = shutil.which("sshd", path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin")))
USER = pwd.getpwuid(os.geteuid()).pw_name

needs_sshd = pytest.mark.skipif(
    SSHD is None, reason="NOT RUN: OpenSSH's sshd is missing; on Debian: apt-get install openssh-server"
)


@contextmanager
def openssh_server(folder: Path, authorized_keys: Path, **changed: object) -> Iterator[SshClient]:
    """Serve this user: public keys only, and one fixed command. ``changed``: other settings of sshd."""
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    host_key = new_key(folder / "host_key")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "ListenAddress": f"127.0.0.1:{port}",
        "HostKey": folder / "host_key",
        "PidFile": "none",
        "AuthorizedKeysFile": authorized_keys,
        "AuthenticationMethods": "publickey",
        "PermitRootLogin": "prohibit-password" if USER == "root" else "no",
        "StrictModes": "no",
        "UsePAM": "no",
        "DisableForwarding": "yes",
        "ForceCommand": "exit 0",
        **changed,
    }
    configuration = folder / "sshd_config"
    configuration.write_text("".join(f"{name} {value}\n" for name, value in settings.items()), encoding="utf-8")
    with subprocess.Popen([program("sshd"), "-D", "-e", "-f", str(configuration)], stderr=subprocess.PIPE) as server:
        try:
            _await_port(port, server)
            yield SshClient(folder, port, host_key)
        finally:
            server.terminate()


def _await_port(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        if server.poll() is not None:
            break
        time.sleep(0.01)
    server.terminate()
    raise AssertionError(f"sshd does not serve: {server.communicate()[1]!r}")
