# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The private key of a proof: read once, and laid out for ssh so that it is the only key that can be meant."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
import typing as t

from .._errors import InputError
from .._private_key_file import MOST_READ, reason_of
from .._private_key_pem import encrypted, public_half
from .._public_key import PublicKey
from .options import require_path


class PrivateKey:
    """A private key file that ssh can use, and its public half.

    Raises InputError for a file that is missing, unreadable, open to everybody, encrypted or no private key.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        try:
            with open(path, encoding="ascii", errors="replace", newline="") as file:
                self._text = file.read(MOST_READ)
                status = os.fstat(file.fileno())
        except OSError as error:
            raise InputError(
                f"The private key {path} cannot be read: {reason_of(error)}.",
                "login.private_key_path names a file on the host where the task runs, usually localhost.",
            ) from None
        _require_private(path, status)
        if encrypted(self._text):
            raise InputError(
                f"The private key {path} is encrypted.",
                "A proof of login asks nobody for a passphrase. Give a key without one; it can be a copy, removed "
                "after the run.",
            )
        public = public_half(self._text)
        if public is None:
            raise InputError(
                f"The file {path} is no private key whose public half can be read.",
                "OpenSSH's own format (any type) and PEM (RSA) can be. ssh-keygen -p -f FILE writes a key anew in "
                "OpenSSH's format.",
            )
        self.public_key: PublicKey = public
        # ssh insists on a file that only its owner can open, and on line ends of its own kind.
        ours = status.st_uid == os.geteuid()
        self._as_it_is = self._text == self._normal and not (ours and status.st_mode & 0o077)

    @property
    def _normal(self) -> str:
        return "\n".join(self._text.strip().splitlines()) + "\n"

    @contextlib.contextmanager
    def laid_out(self) -> t.Iterator[str]:
        """Give the path by which ssh gets the key, in a folder of its own that is gone after the block.

        Beside it lies its real public half, so that ssh offers this very key and says its fingerprint: a certificate,
        or a public key that belongs to another, as they may lie beside the original, do not count. The folder holds a
        link; only where ssh would refuse the file itself (AWX writes keys with mode 0660) it holds a copy, 0600.
        """
        folder = tempfile.mkdtemp(prefix="keyfleet-login-")
        try:
            require_path("The folder for temporary files", folder)
            path = os.path.join(folder, "key")
            if self._as_it_is:
                os.symlink(self.path, path)
            else:
                _write(path, self._normal)
            _write(f"{path}.pub", f"{self.public_key.line}\n")
            yield path
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _require_private(path: str, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise InputError(f"The private key {path} is not a file.")
    if status.st_uid == os.geteuid() and status.st_mode & 0o007:
        raise InputError(
            f"The private key {path} is open to everybody on this host (mode {stat.S_IMODE(status.st_mode):04o}).",
            f"Take that away: chmod 0600 {path}. If others may have read it, make a new key pair.",
        )


def _write(path: str, text: str) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii", newline="\n") as file:
        file.write(text)
