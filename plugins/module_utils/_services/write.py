# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""One write call, taken apart if the API refuses it because of some of its instances."""

from __future__ import annotations

import dataclasses
import threading
import typing as t

from .._clock import Deadline
from .._errors import ApiError, KeyfleetError
from .._models import Call, ErrorInfo
from .._providers._protocol import Provider
from .._retry import answer_unknown

# After so many single denials without anything allowed, the credentials are taken to lack the permission altogether.
DENIALS = 16

Fate = t.Literal["accepted", "refused", "busy", "done", "lost"]


@dataclasses.dataclass(frozen=True)
class Answer:
    """What the API made of one instance's part in a call.

    "done": somebody was quicker, on this instance or on another one of the batch; "lost": whether it happened is
    unknown. ``request_id`` is that of an accepted call; an error answer has one too, but no operation carries it.
    """

    fate: Fate
    request_id: str | None = None
    error: ErrorInfo | None = None


class Writer:
    """Sends write calls. One writer serves all threads of a task.

    Tencent refuses a whole batch for one unsuitable instance, so a refused batch is halved until the culprits stand
    alone and the rest has gone through.
    """

    def __init__(self, provider: Provider, deadline: Deadline) -> None:
        self._provider = provider
        self._deadline = deadline
        self._lock = threading.Lock()
        self._allowed = False
        self._denials = 0

    def write(self, call: Call) -> dict[str, Answer]:
        """Return an answer for every instance of the call. Raises nothing."""
        answers: dict[str, Answer] = {}
        parts = [call]
        while parts:
            part = parts.pop()
            outcome = self._send(part)
            if isinstance(outcome, dict):
                answers.update(outcome)
            elif self._can_split(part, outcome):
                parts += _split(part)
            else:
                answers.update(_everyone(part, _fate(outcome), outcome.info))
        return answers

    def _send(self, call: Call) -> dict[str, Answer] | KeyfleetError:
        try:
            receipt = self._provider.write(call)
        except KeyfleetError as error:
            return error
        with self._lock:
            self._allowed = True
        answers = _everyone(call, "accepted", None, receipt.request_id)
        for instance_id, info in receipt.refused.items():
            answers[instance_id] = Answer("busy" if info.retryable else "refused", error=info)
        return answers

    def _can_split(self, call: Call, error: KeyfleetError) -> bool:
        if not isinstance(error, ApiError) or answer_unknown(error) or self._deadline.passed:
            return False
        alone = len(call.instance_ids) == 1
        if error.kind == "denied":
            with self._lock:
                self._denials += alone
                return not alone and (self._allowed or self._denials < DENIALS)
        return error.kind in ("instance", "busy") and not alone


def _split(call: Call) -> list[Call]:
    """Return the two halves, the first on top of the stack."""
    middle = len(call.instance_ids) // 2
    first, second = call.instance_ids[:middle], call.instance_ids[middle:]
    return [dataclasses.replace(call, instance_ids=second), dataclasses.replace(call, instance_ids=first)]


def _fate(error: KeyfleetError) -> Fate:
    if answer_unknown(error):
        return "lost"
    if isinstance(error, ApiError) and error.kind in ("busy", "done"):
        return t.cast(Fate, error.kind)
    return "refused"


def _everyone(call: Call, fate: Fate, error: ErrorInfo | None, request_id: str | None = None) -> dict[str, Answer]:
    return dict.fromkeys(call.instance_ids, Answer(fate, request_id, error))
