# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OpenSSH's client, as a user has it: does this key or password open that guest?

Where ``ssh`` is missing everything here fails: a log-in that was not tried must not count as tried.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

IN, DENIED, CLOSED = "logged in", "permission denied", "connection refused"

_VERDICTS = {"Permission denied": DENIED, "Connection refused": CLOSED}


def program(name: str) -> str:
    """The path of an OpenSSH program."""
    found = shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin")))
    if found is None:
        raise AssertionError(f"NOT RUN: this test needs OpenSSH's {name}; on Debian: apt-get install openssh-client")
    return found


def new_key(path: Path) -> str:
    """Make an Ed25519 key without passphrase; the private key is in the file, the public line is returned."""
    subprocess.run([program("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path)], check=True)
    return path.with_suffix(".pub").read_text(encoding="utf-8").strip()


@dataclass(frozen=True)
class SshClient:
    """Logs in to one server, whose host key has to be the expected one. ``folder`` takes small files."""

    folder: Path
    port: int
    host_key: str

    @classmethod
    def of(cls, folder: Path, shown: Mapping[str, Any]) -> SshClient:
        """The client for an instance as the emulator's state shows it."""
        return cls(folder, shown["ssh"]["port"], shown["ssh"]["host_key"])

    def run(
        self, key: Path, *words: str, user: str = "root", options: Sequence[str] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Log in with a key and run a command, or with no words ask for a shell."""
        return self._run([*_with_key(key), *options], user, words)

    def with_key(self, key: Path, user: str = "root") -> str:
        """Try to log in with a key and nothing else: IN, DENIED or CLOSED."""
        return _verdict(self.run(key, "true", user=user))

    def with_password(self, password: str, user: str = "root") -> str:
        """Try to log in with a password and nothing else: IN, DENIED or CLOSED."""
        helper = self.folder / "askpass"
        helper.write_text('#!/bin/sh\necho "$PASSWORD_OF_TEST"\n', encoding="utf-8")
        helper.chmod(0o700)
        options = ["-o", "PubkeyAuthentication=no", "-o", "NumberOfPasswordPrompts=1"]
        environment = {"SSH_ASKPASS": str(helper), "SSH_ASKPASS_REQUIRE": "force", "PASSWORD_OF_TEST": password}
        return _verdict(self._run(options, user, ["true"], environment))

    @contextmanager
    def connected(self, key: Path) -> Iterator[subprocess.Popen[str]]:
        """Log in and stay: the client's process, in the block."""
        options = [*_with_key(key), "-N", "-o", "PermitLocalCommand=yes", "-o", "LocalCommand=echo in"]
        with subprocess.Popen(
            self._command(options, "root"), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                assert process.stdout is not None
                assert process.stdout.readline() == "in\n"
                yield process
            finally:
                process.kill()

    def _command(self, options: Sequence[str], user: str) -> list[str]:
        known = self.folder / "known_hosts"
        known.write_text(f"[127.0.0.1]:{self.port} {self.host_key}\n", encoding="utf-8")
        files = ["-F", "none", "-o", f"UserKnownHostsFile={known}", "-o", "StrictHostKeyChecking=yes"]
        return [program("ssh"), *files, "-o", "ConnectTimeout=60", *options, "-p", str(self.port), f"{user}@127.0.0.1"]

    def _run(
        self, options: Sequence[str], user: str, words: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        inherited = {name: value for name, value in os.environ.items() if name != "SSH_AUTH_SOCK"}
        return subprocess.run(
            [*self._command(options, user), *words],
            env={**inherited, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


def _with_key(key: Path) -> list[str]:
    return ["-i", str(key), "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes"]


def _verdict(result: subprocess.CompletedProcess[str]) -> str:
    if result.returncode == 0:
        return IN
    for text, verdict in _VERDICTS.items():
        if text in result.stderr:
            return verdict
    raise AssertionError(f"ssh failed in another way: {result.stderr}")
