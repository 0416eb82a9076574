# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The two ways in which the emulator says no: to a caller of a cloud API and to whoever sets the emulator up."""

from __future__ import annotations

from collections.abc import Mapping


class ApiError(Exception):
    """A cloud API refuses a call; the dialect turns it into its vendor's error envelope.

    ``code`` is the vendor's error code, ``status`` the HTTP status (Tencent Cloud answers errors with 200),
    ``extra`` holds further members of the vendor's error object.
    """

    def __init__(self, code: str, message: str, status: int = 200, extra: Mapping[str, object] | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.extra = dict(extra or {})


class ControlError(ValueError):
    """Bad input to the emulator itself: a seed, a setting or a fault. ``field`` is the path of the offending member."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem
