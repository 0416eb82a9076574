# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in for OpenSSH's client: whether a guest lets somebody in is decided by the test."""

from __future__ import annotations

import functools
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud

#: the name of the key pair that the private key belongs to
KEY_PAIR = "proven"

_CLIENT = """#!/bin/sh
for word in "$@"; do
    case $word in --) found=;; *) [ -n "${{found-x}}" ] || {{ found=$word; }};; esac
done
echo "$found" >> {folder}/asked
if [ -e "{folder}/refusing/$found" ]; then
    echo "root@$found: Permission denied (publickey)." >&2
    exit 255
fi
echo "debug1: Server accepts key: key RSA {fingerprint} explicit" >&2
echo "Authenticated to $found ([192.0.2.1]:22) using \\"publickey\\"." >&2
"""


@functools.cache
def _key() -> tuple[str, str, str]:
    """Return a private key, its public line and its fingerprint."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "key"
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", "", "-C", "", "-f", str(path)],
            check=True,
        )
        shown = subprocess.run(["ssh-keygen", "-l", "-f", str(path)], check=True, capture_output=True, text=True)
        public = path.with_suffix(".pub").read_text(encoding="utf-8").strip()
        return path.read_text(encoding="utf-8"), public, shown.stdout.split()[1]


@dataclass(frozen=True)
class Guests:
    """The guests of a test. They let in whoever has the private key, but for those that are told not to."""

    folder: Path

    @classmethod
    def of(cls, cloud: Cloud, folder: Path) -> Guests:
        """Return guests, and add the key pair to the cloud."""
        private, public, fingerprint = _key()
        place = {"provider": cloud.provider.world, "region": cloud.provider.region}
        pair = {**place, "name": KEY_PAIR, "key_id": cloud.key_id(KEY_PAIR), "public_key": public}
        cloud.emulator.seed({"key_pairs": [pair]})
        (folder / "refusing").mkdir(parents=True)
        (folder / "key").write_text(private, encoding="utf-8")
        (folder / "key").chmod(0o600)
        (folder / "ssh").write_text(_CLIENT.format(folder=folder, fingerprint=fingerprint), encoding="utf-8")
        (folder / "ssh").chmod(0o700)
        return cls(folder)

    @property
    def login(self) -> dict[str, Any]:
        """The option ``login`` of a task."""
        return {
            "private_key_path": str(self.folder / "key"),
            "ssh_path": str(self.folder / "ssh"),
            "timeout": 30,
            "denied_grace": 0,
        }

    @staticmethod
    def logins(*instance_ids: str) -> dict[str, dict[str, str]]:
        """Return the ``logins`` of an entry."""
        return {instance_id: {"host": instance_id} for instance_id in instance_ids}

    def refuse(self, *instance_ids: str) -> None:
        """Let these guests refuse the key from now on."""
        for instance_id in instance_ids:
            (self.folder / "refusing" / instance_id).touch()

    def admit(self, *instance_ids: str) -> None:
        """Let these guests accept the key again."""
        for instance_id in instance_ids:
            (self.folder / "refusing" / instance_id).unlink()

    @property
    def asked(self) -> list[str]:
        """The guests that somebody has tried to log in to, in order."""
        path = self.folder / "asked"
        return path.read_text(encoding="utf-8").split() if path.exists() else []
