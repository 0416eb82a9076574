# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Trying many servers side by side, again and again, until each has said something final or the time is over."""

from __future__ import annotations

import typing as t

from .._clock import Clock, Deadline
from .._models import ErrorInfo
from .._parallel import parallel_map
from .._plan.rollout_model import InstanceRef
from .._waiting import intervals
from .model import LoginResult, Target, Verdict

Attempt = t.Callable[[Target], Verdict]
Explain = t.Callable[[Target, Verdict], ErrorInfo]


def try_until_final(
    targets: t.Sequence[Target],
    attempt: Attempt,
    explain: Explain,
    *,
    clock: Clock,
    deadline: Deadline,
    denied_grace: float = 0.0,
) -> dict[InstanceRef, LoginResult]:
    """Return what became of each target, in their order. Each is tried once at least, however late it is.

    ``not_yet`` is tried again until the deadline, ``denied`` until it has been the answer for ``denied_grace``
    seconds without a break; every other verdict is final.
    """
    results: dict[Target, LoginResult] = {}
    denied_since: dict[Target, float] = {}
    for pause in intervals(1.0, cap=5.0):
        left = [target for target in targets if target not in results]
        if not left:
            break
        verdicts = parallel_map(attempt, left)
        now = clock.now()
        for target, verdict in zip(left, verdicts, strict=True):
            if verdict.kind != "denied":
                denied_since.pop(target, None)
            elif now - denied_since.setdefault(target, now) < denied_grace and not deadline.passed:
                continue
            if verdict.kind == "in":
                results[target] = LoginResult(target, proved=True)
            elif verdict.kind != "not_yet" or deadline.passed:
                results[target] = LoginResult(target, proved=False, error=explain(target, verdict))
        if len(results) < len(set(targets)):
            clock.sleep(min(pause, max(deadline.remaining, 0.01), *_ends(denied_since, results, now, denied_grace)))
    return {target.instance: results[target] for target in targets}


def _ends(denied_since: t.Mapping[Target, float], done: t.Container[Target], now: float, grace: float) -> list[float]:
    """Return in how many seconds the grace of each target ends that is still being denied."""
    return [max(since + grace - now, 0.01) for target, since in denied_since.items() if target not in done]
