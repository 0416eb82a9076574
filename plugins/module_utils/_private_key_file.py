# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The file for a private key that the cloud shows once: complete or not there, 0600, and never in place of another."""

from __future__ import annotations

import contextlib
import os
import secrets

from ._models import ErrorInfo
from ._private_key_pem import public_half
from ._public_key import PublicKey

MOST_READ = 65536


class PrivateKeyFile:
    """A path for a private key. ``reserve`` opens a temporary file beside it, ``fill`` completes it and gives it its
    name, ``abandon`` removes what is not complete.
    """

    def __init__(self, path: str) -> None:
        self.path = os.path.abspath(path)
        self._directory = os.path.dirname(self.path)
        self._temporary: tuple[str, int] | None = None

    @property
    def exists(self) -> bool:
        """Whether the path is taken, be it by a directory or by a link to nowhere."""
        return os.path.lexists(self.path)

    def public_key(self) -> PublicKey | None:
        """Return the public half of the key in the file; None where there is none that can be read."""
        try:
            with open(self.path, encoding="ascii", errors="replace") as file:
                return public_half(file.read(MOST_READ))
        except OSError:
            return None

    def problem(self) -> ErrorInfo | None:
        """Say why no file can be written there, as far as that shows without writing; None when it can."""
        if not os.path.isdir(self._directory):
            return self._error(f"the directory {self._directory} does not exist", "Create the directory first.")
        if not os.access(self._directory, os.W_OK | os.X_OK):
            return self._error(
                f"the directory {self._directory} is not writable", "Run the task as a user who may write there."
            )
        return None

    def reserve(self) -> ErrorInfo | None:
        """Open a temporary file in the same directory, so that the directory is known to take one.

        Returns why that is impossible, or None.
        """
        temporary = os.path.join(self._directory, f".keyfleet-{secrets.token_hex(8)}")
        try:
            self._temporary = temporary, _create(temporary)
        except OSError as error:
            return self._error(reason_of(error), "Nothing was created. Choose a path that can be written.")
        return None

    def fill(self, private_key: str) -> None:
        """Write the key, have it on the disk, and give the file its name.

        Raises OSError, FileExistsError among them; then no part of the key remains.
        """
        if self._temporary is None:
            raise FileNotFoundError("no file was reserved")
        temporary, descriptor = self._temporary
        text = "\n".join(private_key.strip().splitlines()) + "\n"
        try:
            with open(descriptor, "w", encoding="ascii", newline="\n", closefd=False) as file:
                file.write(text)
            os.fsync(descriptor)
            self._give_name(temporary)
            self._sync_directory()
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Remove the temporary file, if there is one."""
        if self._temporary is not None:
            temporary, descriptor = self._temporary
            self._temporary = None
            os.close(descriptor)
            with contextlib.suppress(OSError):
                os.unlink(temporary)

    def _give_name(self, temporary: str) -> None:
        """A hard link never replaces what is there. Where the file system has none, an empty file takes the name."""
        try:
            os.link(temporary, self.path)
        except FileExistsError:
            raise
        except OSError:
            os.close(_create(self.path))
            try:
                os.replace(temporary, self.path)
            except OSError:
                os.unlink(self.path)
                raise

    def _sync_directory(self) -> None:
        """Have the name on the disk as well; some file systems refuse that for directories."""
        with contextlib.suppress(OSError):
            descriptor = os.open(self._directory, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def _error(self, reason: str, hint: str) -> ErrorInfo:
        return ErrorInfo(
            code="PrivateKeyFileNotWritable",
            message=f"The private key cannot be written to {self.path}: {reason}.",
            hint=hint,
        )


def _create(path: str) -> int:
    """Create an empty file that only its owner can read, and return its descriptor.

    Raises FileExistsError rather than touch another.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.fchmod(descriptor, 0o600)
    return descriptor


def reason_of(error: OSError) -> str:
    """Return the reason of a failed write in a few words."""
    return (error.strerror or type(error).__name__).lower()
