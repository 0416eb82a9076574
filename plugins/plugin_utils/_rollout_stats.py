# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What a role tells in the end: the plans and the results of its waves, in one bounded summary."""

from __future__ import annotations

import dataclasses
import functools
import re
import typing as t

from ..module_utils._plan.wave_model import STOPPED

Shown = t.Mapping[str, t.Any]

COUNTS = ("requested", "unchanged", "changed", "failed", "skipped", "interrupted")
_NAMED = 5
"""How many instances a message names."""
_VARIABLES = re.compile(
    r"(?<![\w.])(?:(?:interruption|make_effective|association_type|rollback)(?==)"
    r"|last_key_policy|journal_path|login\.|wait_timeout)"
)
"""Options of the modules, as hints name them, which are variables of the roles."""


@dataclasses.dataclass(frozen=True)
class Rollout:
    """One plan, and the results of the waves of it that were begun; see the filter ``rollout_stats``.

    What goes through all rows is worked out once: there may be tens of thousands, and Ansible makes each look dear.
    """

    plan: Shown
    results: t.Sequence[Shown]
    check_mode: bool
    lenient: bool = False
    """Whether it is no failure that stopped instances could not prove a login."""

    @property
    def error(self) -> str:
        """Return why there is no plan; empty if there is one."""
        return str(self.plan.get("msg") or "")

    @property
    def refusal(self) -> str:
        """Return why the plan was not begun with; empty if it could be."""
        return str(self.plan.get("refusal") or "")

    @property
    def waves(self) -> t.Sequence[Shown]:
        """Return the waves that were planned."""
        return self.plan.get("waves") or ()

    @property
    def begun(self) -> bool:
        """Was it to be carried out?"""
        return not (self.check_mode or self.error or self.refusal)

    @property
    def left(self) -> t.Sequence[Shown]:
        """Return the waves that were not begun because of failures."""
        return self.waves[len(self.results) :] if self.begun else ()

    @property
    def changed(self) -> bool:
        """Did it change anything, or would it in check mode?"""
        return (
            bool(self.plan.get("changed")) if self.check_mode else any(result.get("changed") for result in self.results)
        )

    @functools.cached_property
    def failed_instances(self) -> list[str]:
        """Return the IDs of instances that failed in a wave, or stand in a wave that failed as a whole."""
        found: list[str] = []
        for wave, result in zip(self.waves, self.results, strict=False):
            reports = _with_errors(result)
            found += [str(one["instance_id"]) for one in reports if not _stopped(one)]
            found += wave.get("instances") or () if "msg" in result and not reports else ()
        return list(dict.fromkeys(found))

    @functools.cached_property
    def stopped_instances(self) -> list[str]:
        """Return the IDs of instances that could not prove a login, as they are stopped."""
        reports = [one for result in self.results for one in _with_errors(result) if _stopped(one)]
        return list(dict.fromkeys(str(one["instance_id"]) for one in reports))

    @property
    def planned(self) -> t.Sequence[Shown]:
        """Return the rows of the plan, which are those that change or fail."""
        return self.plan.get("rows") or ()

    @functools.cached_property
    def unplanned(self) -> list[Shown]:
        """Return the rows that failed in the plan already."""
        return [row for row in self.planned if row["outcome"] == "failed"]

    @functools.cached_property
    def rows(self) -> list[Shown]:
        """Return the rows that changed or failed, or would: as the waves ended, and those that failed in the plan."""
        if self.check_mode:
            return list(self.planned)
        done = [row for result in self.results for row in result.get("bindings") or ()]
        return [row for row in [*self.unplanned, *done] if row["outcome"] in ("changed", "failed")]

    @functools.cached_property
    def counts(self) -> dict[str, int]:
        """Return how many rows ended in which way, and how many instances were interrupted."""
        counts = {name: int((self.plan.get("summary") or {}).get(name, 0)) for name in COUNTS}
        if self.check_mode:
            return counts
        done = {_identity(row): row["outcome"] for result in self.results for row in result.get("bindings") or ()}
        outcomes = [done.get(_identity(row), "skipped") for row in self.planned if row["outcome"] == "changed"]
        reports = [report for result in self.results for report in result.get("instances") or ()]
        return {
            **counts,
            "unchanged": counts["unchanged"] + outcomes.count("unchanged"),
            "changed": sum(row["outcome"] == "changed" for row in self.rows),
            "failed": sum(row["outcome"] == "failed" for row in self.rows),
            "skipped": counts["skipped"] + outcomes.count("skipped"),
            "interrupted": sum(report.get("interruption", "none") != "none" for report in reports),
        }

    @property
    def reboot_required(self) -> list[t.Any]:
        """Return the instances that have to be restarted before they use what was changed."""
        sources = [self.plan] if self.check_mode else self.results
        return [found for source in sources for found in source.get("reboot_required") or ()]

    @property
    def unfinished(self) -> list[Shown]:
        """Return what earlier runs left behind and this one has not put right."""
        reports = [report for result in self.results for report in result.get("instances") or ()]
        right = {_reference(report) for report in reports if not report.get("error")}
        return [record for record in self.plan.get("unfinished") or () if _reference(record) not in right]

    def complaints(self) -> list[str]:
        """Return what went wrong, in sentences; nothing if it went well."""
        if self.error:
            return [self.error]
        found = [self.refusal] if self.refusal else []
        if self.unplanned:
            names = _named([_subject(row) for row in self.unplanned])
            found.append(f"Left alone in the plan: {names}. {_reason(self.unplanned[0])}".rstrip())
        if self.failed_instances:
            found.append(f"Failed: {_named(self.failed_instances)}. {self._first_reason()}".rstrip())
            back = [one for result in self.results for one in result.get("instances") or () if one.get("rolled_back")]
            undone = [str(one["instance_id"]) for one in back if not _stopped(one)]
            found += [f"Rolled back: {_named(undone)}."] if undone else []
        if self.left:
            size = sum(int(wave["size"]) for wave in self.left)
            found.append(f"After so many failures {len(self.left)} wave(s) with {size} instance(s) were not begun.")
        return found

    def _first_reason(self) -> str:
        """Return why the first instance failed, or the first wave, where no instance says it."""
        errors = [one for result in self.results for one in _with_errors(result) if not _stopped(one)]
        texts = [_reason(one) for one in errors] + [str(result["msg"]) for result in self.results if "msg" in result]
        return next((text for text in texts if text), "")


def summary(
    rollouts: t.Sequence[Rollout],
    *,
    role: str,
    check_mode: bool,
    limit: int,
    failure: str = "",
    changed: bool = False,
) -> dict[str, t.Any]:
    """Return the statistics of a role; ``failure`` and ``changed`` are of what it did besides the rollouts.

    Lists in them have at most ``limit`` members, so that they can be passed on.
    """
    rows = [row for rollout in rollouts for row in rollout.rows]
    complaints = [text for rollout in rollouts for text in rollout.complaints()]
    stopped = [name for rollout in rollouts if not rollout.lenient for name in rollout.stopped_instances]
    if stopped:
        complaints.append(
            f"No login could be proved on stopped instances, which keep what they had: {_named(stopped)}. "
            "Start them, then run it again."
        )
    complaints += [failure] if failure else []
    counts = {name: sum(rollout.counts[name] for rollout in rollouts) for name in COUNTS}
    changed = changed or any(rollout.changed for rollout in rollouts)
    shown = rows[: max(0, limit)]
    return {
        "role": role,
        "check_mode": check_mode,
        "changed": changed,
        "failed": bool(complaints),
        "message": _message([_own_words(text, role) for text in complaints], counts, changed, check_mode),
        "counts": counts,
        "rows": shown,
        "rows_total": len(rows),
        "rows_shown": len(shown),
        "waves": {
            "planned": sum(len(rollout.waves) for rollout in rollouts),
            "done": sum(len(rollout.results) for rollout in rollouts),
            "stopped_early": any(rollout.left for rollout in rollouts),
        },
        "reboot_required": [found for rollout in rollouts for found in rollout.reboot_required][: max(0, limit)],
        "unfinished": [record for rollout in rollouts for record in rollout.unfinished][: max(0, limit)],
        "files": {},
        "drift": {},
    }


def _message(complaints: t.Sequence[str], counts: t.Mapping[str, int], changed: bool, check_mode: bool) -> str:
    verb = "would change" if check_mode else "changed"
    done = f"{counts['changed']} {verb}, {counts['unchanged']} were right"
    if not complaints:
        nothing = f"Nothing {'has' if check_mode else 'had'} to change."
        return f"Bindings: {done}." if changed else nothing
    if not any(counts.values()):
        return " ".join(complaints)
    others = f"{counts['failed']} failed, {counts['skipped']} were not tried"
    return " ".join(
        [*complaints, f"Bindings: {done}, {others}. Run it again when that is mended, it goes on from there."]
    )


def _own_words(text: str, role: str) -> str:
    """Return a message of a module as one of the role, whose variables have its name in front; as a whole sentence."""
    named = _VARIABLES.sub(rf"{role}_\g<0>", text.rstrip())
    return named if named.endswith((".", "!", "?")) else f"{named}."


def _with_errors(result: Shown) -> list[Shown]:
    """Return the reports of instances and rows that have an error."""
    return [one for one in (*(result.get("instances") or ()), *(result.get("bindings") or ())) if one.get("error")]


def _stopped(report: Shown) -> bool:
    return (report.get("error") or {}).get("code") == STOPPED


def _subject(row: Shown) -> str:
    """Return what a row is about: its instance, or the place that could not be asked which instances there are."""
    return str(row.get("instance_id") or f"{row.get('provider')} {row.get('region')}")


def _reason(row: Shown) -> str:
    error = row.get("error") or {}
    return f"{error.get('message', '')} {error.get('hint', '')}".strip()


def _named(instance_ids: t.Sequence[str]) -> str:
    unique = list(dict.fromkeys(instance_ids))
    more = f" and {len(unique) - _NAMED} more" if len(unique) > _NAMED else ""
    return ", ".join(unique[:_NAMED]) + more


def _identity(row: Shown) -> tuple[t.Any, ...]:
    return tuple(row.get(name) for name in ("provider", "region", "instance_id", "key_pair", "username"))


def _reference(shown: Shown) -> tuple[str, str, str]:
    return (str(shown["provider"]), str(shown["region"]), str(shown["instance_id"]))
