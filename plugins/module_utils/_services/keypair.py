# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""One key pair: observe, plan, apply. Takes a provider, knows neither Ansible nor HTTP."""

from __future__ import annotations

import dataclasses
import typing as t

from .._capabilities import Capabilities
from .._errors import KeyfleetError
from .._models import ErrorInfo, KeyPair
from .._plan.keypair import plan_key_pair
from .._plan.keypair_model import KeyPairPlan, Seen, Step, Wish, holds
from .._private_key_file import PrivateKeyFile
from .._providers._protocol import Provider
from .keypair_write import KeyPairWriter, StrandedError


@dataclasses.dataclass(frozen=True)
class KeyPairResult:
    """The outcome of a task. ``key_pair`` is None when there is none."""

    key_pair: KeyPair | None
    changed: bool = False
    error: ErrorInfo | None = None
    diff: t.Sequence[t.Mapping[str, str]] = ()
    warnings: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, t.Any]:
        """Return the keys of the module's result that are about the key pair."""
        pair = self.key_pair
        shown = None if pair is None else {**pair.as_dict(), "id": pair.id or None}
        return {"key_pair": shown, **({"error": self.error.as_dict()} if self.error else {})}


class KeyPairService:
    """Brings one key pair to what is wanted."""

    def __init__(self, provider: Provider, capabilities: Capabilities, writer: KeyPairWriter) -> None:
        self._provider = provider
        self._rules = capabilities.key_pair_rules
        self._writer = writer

    def ensure(self, wish: Wish, file: PrivateKeyFile | None, *, check: bool) -> KeyPairResult:
        """Return what was done, or with ``check`` what would be done, after the same reads.

        Raises the errors of the first reads; those of writes are in the result.
        """
        plan = plan_key_pair(wish, self._observe(wish), self._rules)
        if check or plan.error or not plan.steps:
            changed = bool(plan.steps) and plan.error is None
            return KeyPairResult(plan.after, changed, plan.error, plan.diff, plan.warnings)
        problem = file.reserve() if file and any(step.kind == "create" for step in plan.steps) else None
        if problem is not None:
            return KeyPairResult(plan.before, error=problem)
        try:
            return self._apply(plan, wish, file)
        finally:
            if file:
                file.abandon()

    def _observe(self, wish: Wish) -> Seen:
        """Read no more than the plan can need: what is bound and where only for what may have to go."""
        may_stage = wish.replace and (self._rules.can_rename or self._rules.same_key_twice)
        present = wish.state == "present"
        found = self._provider.key_pairs([wish.name, wish.aside] if present and may_stage else [wish.name])
        existing, aside = found.get(wish.name), found.get(wish.aside) if present else None
        fits = existing is not None and holds(existing, wish.key)
        goes = not present or (wish.replace and not fits)
        twins: tuple[KeyPair, ...] = ()
        if present and wish.public_key is not None and not fits:
            listed = sorted(self._provider.list_key_pairs(), key=lambda pair: pair.name)
            twins = tuple(pair for pair in listed if pair.name != wish.name and holds(pair, wish.public_key))
        return Seen(
            existing=existing,
            holders=self._provider.holders_of(existing) if existing and goes else (),
            aside=aside,
            aside_holders=self._provider.holders_of(aside) if aside else (),
            twins=twins,
        )

    def _apply(self, plan: KeyPairPlan, wish: Wish, file: PrivateKeyFile | None) -> KeyPairResult:
        done: list[Step] = []
        for step in plan.steps:
            try:
                if self._writer.do(step, file):
                    done.append(step)
            except KeyfleetError as error:
                done = self._set_back(done, step, wish)
                info = _with_history(error.info, done)
                changed = bool(done) or isinstance(error, StrandedError)
                return KeyPairResult(self._look(plan.before, wish)[0], changed, info, plan.diff if changed else ())
        pair, warnings = self._look(plan.after, wish)
        if pair and pair.holders is None and plan.after and plan.after.holders == ():
            pair = dataclasses.replace(pair, holders=())
        return KeyPairResult(pair, bool(done), None, plan.diff if done else (), (*plan.warnings, *warnings))

    def _set_back(self, done: list[Step], failed: Step, wish: Wish) -> list[Step]:
        """Give the old key pair its name back when the new one could not be made. Returns what remains done."""
        last = done[-1] if done else None
        if failed.kind not in ("create", "import") or last is None or last.kind != "rename" or last.key_pair is None:
            return done
        try:
            self._writer.do(Step("rename", wish.name, dataclasses.replace(last.key_pair, name=last.name)), None)
        except KeyfleetError:
            return done
        return done[:-1]

    def _look(self, expected: KeyPair | None, wish: Wish) -> tuple[KeyPair | None, tuple[str, ...]]:
        """Return the key pair as it is now; as it should be, and a warning, where it cannot be read any more."""
        if wish.state == "absent":
            return expected, ()
        try:
            found = self._provider.key_pairs([wish.name]).get(wish.name)
        except KeyfleetError as error:
            return expected, (f"The key pair could not be read again: {error.info.message}",)
        return found or expected, ()


def _with_history(info: ErrorInfo, done: t.Sequence[Step]) -> ErrorInfo:
    """Add what was done before the error, so that nobody has to guess where things stand."""
    if not done:
        return info
    history = ", then ".join(step.done for step in done)
    return dataclasses.replace(
        info,
        message=f"{info.message.rstrip('.')}. Before that, {history}.",
        hint=f"{info.hint} Running the task again goes on from there.".lstrip(),
    )
