# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Reading answers defensively: what came may be a gateway's HTML page or half a document."""

from __future__ import annotations

import datetime
import json
import typing as t

from .._errors import AnswerLostError
from .._models import ErrorInfo
from .._transport import HttpResponse


def decoded(action: str, response: HttpResponse) -> dict[str, t.Any]:
    """Return the JSON object of an answer with status 200. Raises AnswerLostError for anything else."""
    if response.status != 200:
        raise unreadable(action, response, "the status is not 200")
    return json_object(action, response)


def json_object(action: str, response: HttpResponse) -> dict[str, t.Any]:
    """Return the JSON object of an answer, whatever its status. Raises AnswerLostError when there is none."""
    try:
        document = json.loads(response.body)
    except ValueError:
        raise unreadable(action, response, "it is not JSON") from None
    if not isinstance(document, dict):
        raise unreadable(action, response, "it is not a JSON object")
    return document


def unreadable(action: str, response: HttpResponse, why: str) -> AnswerLostError:
    """Return the error for an answer that does not come from the API itself; whether the API saw the request is
    unknown.
    """
    kind = response.headers.get("content-type", "no content type")
    return AnswerLostError(
        ErrorInfo(
            code="UnreadableAnswer",
            message=f"{action}: the answer (HTTP {response.status}, {kind}) cannot be used: {why}.",
            hint="A gateway or proxy seems to answer instead of the API. Check endpoint and proxy variables, "
            "then run the task again.",
            retryable=True,
        )
    )


def text_or_none(value: t.Any) -> str | None:
    """Return the text; None for null, for an empty text, and for the text "null", which the vendors' examples print."""
    return str(value) if value not in (None, "", "null") else None


def texts(values: t.Any) -> tuple[str, ...]:
    """Return the texts of a list; none for null, which some answers print instead of an empty list."""
    return tuple(str(value) for value in values or () if value)


def utc_time(value: t.Any) -> str | None:
    """Return a time as ``2026-05-01T10:00:00Z``, however the vendor wrote it; a text that is no time stays as it is.

    The vendors' pages print ``…Z`` with and without seconds, and ``…+00:00``.
    """
    text = text_or_none(value)
    if text is None:
        return None
    try:
        moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return text
    if moment.tzinfo is not None:
        moment = moment.astimezone(datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
