# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stand-ins for the two things that unit tests must not have: real time, and a network."""

from __future__ import annotations

import collections
import typing as t

from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import ApiError, Kind
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import Call, ErrorInfo, Instance, KeyPair, Receipt
from ansible_collections.keyfleet.cloud.plugins.module_utils._transport import HttpRequest, HttpResponse


class FakeClock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.seconds

    def timestamp(self) -> float:
        return 1_700_000_000.0 + self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


class FakeTransport:
    """Answers from a list; an exception in it is raised."""

    def __init__(self, *answers: HttpResponse | Exception) -> None:
        self.answers = collections.deque(answers)
        self.sent: list[HttpRequest] = []

    def send(self, request: HttpRequest) -> HttpResponse:
        self.sent.append(request)
        answer = self.answers.popleft()
        if isinstance(answer, Exception):
            raise answer
        return answer


def api_error(code: str, kind: Kind) -> ApiError:
    return ApiError("Action", kind, ErrorInfo(code, f"{code} happened"))


class FakeProvider:
    """A provider whose writes are answered by a function, and whose instances are given as a sequence of views."""

    def __init__(
        self,
        *views: t.Mapping[str, Instance],
        write: t.Callable[[Call], Receipt] | None = None,
    ) -> None:
        self.views = collections.deque(views)
        self.calls: list[Call] = []
        self.reads: list[tuple[str, ...]] = []
        self._write = write or (lambda _call: Receipt("req-1"))

    def key_pairs(self, references: t.Sequence[str]) -> dict[str, KeyPair]:
        return {reference: KeyPair(reference, reference, ()) for reference in references}

    def few_key_pairs(self) -> list[KeyPair] | None:
        return None

    def instances(self, instance_ids: t.Sequence[str]) -> dict[str, Instance]:
        self.reads.append(tuple(instance_ids))
        view = self.views.popleft() if len(self.views) > 1 else self.views[0]
        return {instance_id: view[instance_id] for instance_id in instance_ids if instance_id in view}

    def write(self, call: Call) -> Receipt:
        self.calls.append(call)
        return self._write(call)
