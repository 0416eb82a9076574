# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The body of the module binding_plan."""

from __future__ import annotations

import typing as t

from .._argspec import ArgumentSpec, binding_plan_arguments, entries_arguments
from .._clock import Deadline
from .._errors import KeyfleetError
from .._journal.folder import Folder, unfinished
from .._plan.entries import of_state
from .._plan.plan import enumerate_some
from .._plan.rollout import Rollout
from .._plan.rollout_site import Policy
from .._plan.rollout_text import text_of
from .._plan.validation import split_list
from .._plan.waves import parse_sizes
from .._services.reading import READ_SECONDS
from .._services.rollout_plan import Request, plan_rollout
from .._task import Outcome, Task
from ._entries import CAPABILITIES, read_entries


class BindingPlan:
    """Say what a rollout would change and interrupt; see Body."""

    def arguments(self) -> ArgumentSpec:
        """See Body."""
        return {**entries_arguments(), **binding_plan_arguments()}

    def run(self, task: Task) -> Outcome:
        """See Body. Without instances nothing is sent, and no credentials are needed."""
        params = task.params
        entries, others = of_state(read_entries(task, params["default_state"]), params["only_state"])
        request = Request(
            entries=entries,
            policy=Policy(
                interruption=params["interruption"],
                make_effective=params["make_effective"],
                last_key_policy=params["last_key_policy"],
                expected=split_list(params["expected_key_pairs"]),
            ),
            sizes=parse_sizes(params["waves"]),
            unfinished=unfinished(params["journal_path"]) if params["journal_path"] else (),
            left_alone=[entry.label for entry in others],
            objection=_objection(params["journal_path"]),
        )
        deadline = Deadline(task.clock, READ_SECONDS)
        rollout = plan_rollout(request, lambda place: task.connect_to(place, deadline), CAPABILITIES, task.clock)
        return Outcome(
            result=_result(rollout),
            changed=rollout.changed,
            failure=_failure(rollout) if rollout.unreadable else None,
            diff=rollout.diff,
            warnings=rollout.warnings,
        )

    def failed(self, task: Task, error: KeyfleetError) -> t.Mapping[str, t.Any]:  # noqa: ARG002 — the same for all
        """See Body. There is no plan, and an empty one would look as if nothing had to be done."""
        return {}


def _objection(journal_path: str | None) -> str:
    """Return why the journal of a run could not be kept; empty if it could."""
    try:
        if journal_path:
            Folder(journal_path).check()
    except KeyfleetError as error:
        return f"{error.info.message} {error.info.hint}"
    return ""


def _result(rollout: Rollout) -> dict[str, t.Any]:
    return {
        "waves": [wave.as_dict() for wave in rollout.waves],
        "rows": rollout.rows(),
        "interruptions": [one.as_dict() for one in rollout.interruptions],
        "key_pairs": [known.as_dict() for known in rollout.known_key_pairs],
        "refusal": rollout.refusal,
        "unfinished": [record.as_dict() for record in rollout.unfinished],
        "left_alone": list(rollout.left_alone),
        "summary": rollout.summary(),
        "text": text_of(rollout),
    }


def _failure(rollout: Rollout) -> str:
    """Return the message of a task that could read no place at all."""
    error = rollout.lost[0].error
    places = enumerate_some([str(lost.place) for lost in rollout.lost])
    return f"Nothing could be read in {places}. {error.message} {error.hint}".rstrip()
