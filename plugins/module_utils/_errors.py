# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The small tree of exceptions. Only the module layer turns them into a failed task."""

from __future__ import annotations

import typing as t

from ._models import ErrorInfo

# What an answer means for the caller:
#   throttled   refused before it was processed; sending again later is safe
#   transient   the server failed; whether a write happened is unknown
#   busy        the instance is in the middle of another operation
#   done        the binding is already as asked for
#   instance    one of the named instances cannot take part
#   denied      the credentials may not do this, here or on one of the instances
#   request     the whole request is wrong, whichever the instances
Kind = t.Literal["throttled", "transient", "busy", "done", "instance", "denied", "request"]


class KeyfleetError(Exception):
    """Base class; carries what a user is told."""

    def __init__(self, info: ErrorInfo) -> None:
        super().__init__(info.message)
        self.info = info


class InputError(KeyfleetError):
    """The task's options are wrong; nothing was sent."""

    def __init__(self, message: str, hint: str = "", code: str = "InvalidOption") -> None:
        super().__init__(ErrorInfo(code=code, message=message, hint=hint))


class ApiError(KeyfleetError):
    """The API answered with an error code."""

    def __init__(self, action: str, kind: Kind, info: ErrorInfo) -> None:
        super().__init__(info)
        self.action = action
        self.kind = kind


class CredentialsError(KeyfleetError):
    """STS or a metadata service did not give credentials, or did not tell whose they are."""


class NotSentError(KeyfleetError):
    """No connection came about, so the server has not seen the request."""


class AnswerLostError(KeyfleetError):
    """The request left, but no readable answer came back: whether it was processed is unknown."""
