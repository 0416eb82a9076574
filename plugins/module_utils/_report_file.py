# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""A report file that holds either the whole of a report or what it held before; the umask decides who may read it."""

from __future__ import annotations

import contextlib
import os
import secrets

from ._errors import InputError


class ReportFile:
    """A path for a report."""

    def __init__(self, option: str, path: str) -> None:
        self.path = os.path.abspath(path)
        self._option = option
        self._directory = os.path.dirname(self.path)

    def check(self) -> None:
        """Raise InputError when no file can be written there, as far as that shows without writing."""
        if os.path.isdir(self.path):
            raise self._error("it is a directory", "Give the path of a file.")
        if not os.path.isdir(self._directory):
            raise self._error(f"the directory {self._directory} does not exist", "Create the directory first.")
        if not os.access(self._directory, os.W_OK | os.X_OK):
            raise self._error(
                f"the directory {self._directory} is not writable", "Run the task as a user who may write."
            )

    def write(self, text: str) -> None:
        """Write the text, have it on the disk, and give the file its name. Raises InputError when that fails."""
        temporary = os.path.join(self._directory, f".keyfleet-{secrets.token_hex(8)}")
        try:
            with open(temporary, "x", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, self.path)
        except OSError as error:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise self._error((error.strerror or type(error).__name__).lower(), "Nothing else was written.") from None

    def _error(self, reason: str, hint: str) -> InputError:
        return InputError(f"{self._option}, {self.path}, cannot be written: {reason}.", hint, code="FileNotWritable")
