# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The body of the module binding_wave."""

from __future__ import annotations

import dataclasses
import typing as t

from .._argspec import ArgumentSpec, binding_wave_arguments, entries_arguments
from .._clock import Deadline
from .._errors import InputError, KeyfleetError
from .._login.options import LOGIN_ARGUMENTS
from .._plan.entries import CONNECTION_MEMBERS, read_place
from .._plan.entry_values import Members
from .._plan.known_key_pairs import parse_known
from .._plan.rollout_model import Place
from .._plan.validation import validate_instance_ids
from .._plan.wave_model import WavePolicy
from .._plan.wave_report import WaveReport
from .._services.rollout_places import visit_sites
from .._services.wave import JournalOptions, Wave
from .._services.wave_parts import Restore, make_parts
from .._task import Outcome, Task
from ._entries import CAPABILITIES, check_access_key, defaults_of, read_entries
from ._logins import read_logins

# Reading again, starting what was stopped and putting back have as much time again as the change, each.
TURNS = 4


class BindingWave:
    """Bring one wave of a rollout about, or say in check mode what would be done; see Body."""

    def arguments(self) -> ArgumentSpec:
        """See Body."""
        return {
            **entries_arguments(),
            **binding_wave_arguments(),
            "login": {"type": "dict", "options": LOGIN_ARGUMENTS},
        }

    def run(self, task: Task) -> Outcome:
        """See Body. Without instances nothing is sent, and no credentials are needed."""
        entries, restores = read_entries(task), read_restores(task)
        check_access_key(task.params, [*(entry.place for entry in entries), *(restore.place for restore in restores)])
        told = parse_known(task.params["known_key_pairs"], defaults_of(task.params))
        policy, journal = _policy(task), _journal(task)
        logins = read_logins(task, policy)
        deadline = Deadline(task.clock, journal.lock_timeout + TURNS * policy.wait_timeout)

        def connect(place: Place) -> t.Any:
            return task.connect_to(place, deadline)

        sites = visit_sites(entries, connect, CAPABILITIES)
        parts = make_parts(sites, restores, connect, task.clock, policy, told)
        wave = Wave(parts.places, journal, task.clock, logins)
        report = wave.check() if task.check_mode else wave.run()
        return Outcome.of(
            dataclasses.replace(
                report,
                places=(*report.places, *parts.unreachable),
                notices=(*sites.warnings, *report.notices),
            )
        )

    def failed(self, task: Task, error: KeyfleetError) -> t.Mapping[str, t.Any]:  # noqa: ARG002 — the same for all
        """See Body."""
        return WaveReport().as_dict()


def read_restores(task: Task) -> list[Restore]:
    """Return what the option ``restore`` asks for. Raises InputError for what cannot be right."""
    defaults = defaults_of(task.params)
    restores: dict[Restore, None] = {}
    for number, values in enumerate(task.params["restore"], start=1):
        members = Members(f"Restore {number}", values)
        members.check_names(("provider", "region", "instance_id", *CONNECTION_MEMBERS))
        place, instance_id = read_place(members, defaults), members.text("instance_id")
        if instance_id is None:
            raise members.error("instance_id is missing.")
        validate_instance_ids([instance_id], CAPABILITIES[place.provider])
        restores[Restore(place, instance_id)] = None
    return list(restores)


def _policy(task: Task) -> WavePolicy:
    params = task.params
    return WavePolicy(
        interruption=params["interruption"],
        make_effective=params["make_effective"],
        last_key_policy=params["last_key_policy"],
        rollback=params["rollback"],
        prove_first=params["prove_first"],
        wait_timeout=task.deadline().seconds,
    )


def _journal(task: Task) -> JournalOptions:
    params = task.params
    if params["lock_timeout"] < 0:
        raise InputError(f"lock_timeout must not be negative, not {params['lock_timeout']}.")
    return JournalOptions(params["journal_path"], params["run_name"] or "", float(params["lock_timeout"]))
