# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults: what is to go wrong with which of the next calls."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from . import checks
from .errors import ApiError
from .providers import CALLABLE

#: refused by the gateway in front of the API: the dialect never sees the call
TRANSPORT_KINDS = ("http_5xx", "html", "garbage", "cut_before")
#: answered by the API with an error, after its own authentication
REFUSAL_KINDS = ("throttle", "busy", "error")
#: the call goes through, something around it does not
OTHER_KINDS = ("cut_after", "delay", "operation_failed", "partial_failure")
KINDS = (*TRANSPORT_KINDS, *REFUSAL_KINDS, *OTHER_KINDS)


@dataclass(frozen=True)
class Fault:
    """One rule. ``times`` None: always; ``after``: how many matching calls pass first. None elsewhere: anything."""

    kind: str
    provider: str | None = None
    action: str | None = None
    instance_ids: tuple[str, ...] | None = None
    times: int | None = 1
    after: int = 0
    seconds: float = 1.0
    status: int = 503
    code: str | None = None
    message: str | None = None

    def matches(self, provider: str, action: str, instance_ids: Collection[str]) -> bool:
        """Is that a call this fault is about? Actions are compared without regard to case."""
        if self.provider not in (None, provider):
            return False
        if self.action is not None and self.action.lower() != action.lower():
            return False
        return self.instance_ids is None or not set(self.instance_ids).isdisjoint(instance_ids)

    def refusal(self, throttled: str, busy: str) -> ApiError | None:
        """Return the error this fault answers with, given the dialect's own codes; None if it is of another kind."""
        if self.kind not in REFUSAL_KINDS:
            return None
        code = self.code or (throttled if self.kind == "throttle" else busy)
        return ApiError(code, self.message or f"Injected by a fault of kind {self.kind}.")


class Faults:
    """The rules in force. The first one that matches a call fires; all that match count it."""

    def __init__(self) -> None:
        self._rules: list[Fault] = []
        self._matched: list[int] = []
        self._fired: list[int] = []

    def add(self, value: Any) -> None:
        """Add one fault or a list of them, as in the control interface; raises ControlError and then adds none."""
        items = [value] if isinstance(value, dict) else checks.items(value, "faults")
        rules = [_parse(item, f"faults[{index}]") for index, item in enumerate(items)]
        self._rules += rules
        self._matched += [0] * len(rules)
        self._fired += [0] * len(rules)

    def take(self, provider: str, action: str, instance_ids: Collection[str]) -> Fault | None:
        """Return the fault that this call suffers, if any."""
        chosen: Fault | None = None
        for index, fault in enumerate(self._rules):
            if not fault.matches(provider, action, instance_ids):
                continue
            self._matched[index] += 1
            spent = fault.times is not None and self._fired[index] >= fault.times
            if chosen is None and not spent and self._matched[index] > fault.after:
                self._fired[index] += 1
                chosen = fault
        return chosen

    def as_list(self) -> list[dict[str, Any]]:
        """Return the rules with ``fired``: how often each has fired."""
        return [{**asdict(fault), "fired": fired} for fault, fired in zip(self._rules, self._fired, strict=True)]

    def clear(self) -> None:
        """Remove all rules."""
        self._rules.clear()
        self._matched.clear()
        self._fired.clear()


def _parse(value: Any, field: str) -> Fault:
    found = checks.mapping(value, field)
    checks.only(found, Fault.__dataclass_fields__, field)
    kind = checks.choice(found.get("kind"), KINDS, f"{field}.kind")
    provider = found.get("provider")
    ids, times, code = found.get("instance_ids"), found.get("times", 1), found.get("code")
    if kind in ("error", "partial_failure"):
        code = checks.text(code, f"{field}.code")
    return Fault(
        kind=kind,
        provider=None if provider is None else checks.choice(provider, CALLABLE, f"{field}.provider"),
        action=checks.optional_text(found.get("action"), f"{field}.action"),
        instance_ids=None if ids is None else tuple(checks.texts(ids, f"{field}.instance_ids")),
        times=None if times is None else checks.integer(times, f"{field}.times", 1),
        after=checks.integer(found.get("after", 0), f"{field}.after"),
        seconds=checks.number(found.get("seconds", 1.0), f"{field}.seconds"),
        status=checks.integer(found.get("status", 503), f"{field}.status", 400),
        code=checks.optional_text(code, f"{field}.code"),
        message=checks.optional_text(found.get("message"), f"{field}.message"),
    )
