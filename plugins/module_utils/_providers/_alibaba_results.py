# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Answers that have a result for each instance; the call as a whole succeeds even when every instance failed."""

from __future__ import annotations

import typing as t

from .._client import Answer
from .._models import Receipt
from ._alibaba_errors import error_info
from ._answers import text_or_none


def receipt(answer: Answer, results: t.Iterable[Answer] | None, accepted: t.Callable[[Answer], bool]) -> Receipt:
    """Return the receipt of a write with these results; ``accepted`` tells the good ones."""
    request_id = text_or_none(answer.get("RequestId"))
    return Receipt(
        request_id,
        {
            str(result.get("InstanceId")): error_info(
                str(result.get("Code", "")), str(result.get("Message", "")), request_id
            )
            for result in results or ()
            if not accepted(result)
        },
    )
