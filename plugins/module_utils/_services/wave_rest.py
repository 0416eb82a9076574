# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Waiting until nothing is under way any more, such as what a run that was killed has begun."""

from __future__ import annotations

import typing as t

from .._clock import Deadline
from .._models import ErrorInfo, Observation
from .._waiting import poll_until
from .binding_observe import look_again
from .rounds import still_busy
from .settle import FIRST_PAUSE_SECONDS
from .wave_part import Reach


def on_their_way(observation: Observation, instance_ids: t.Iterable[str]) -> frozenset[str]:
    """Return those of the instances that are busy."""
    found = {name: observation.instances.get(name) for name in instance_ids}
    return frozenset(name for name, one in found.items() if one is not None and one.busy)


def wait_for_rest(reach: Reach, observation: Observation, moved: frozenset[str], seconds: float) -> Observation:
    """Return the observation when these instances are at rest, or the time is over. Raises the errors of the reads."""
    latest = observation

    def at_rest() -> bool:
        nonlocal latest
        latest = look_again(reach.provider, latest, sorted(moved), with_key_pairs=False)
        return not any((one := latest.instances[name]) is not None and one.busy for name in moved)

    reach.clock.sleep(FIRST_PAUSE_SECONDS)
    poll_until(at_rest, clock=reach.clock, deadline=Deadline(reach.clock, seconds))
    return look_again(reach.provider, latest, (), with_key_pairs=True)


def too_late(
    reach: Reach, observation: Observation, instance_ids: t.Iterable[str], seconds: float
) -> dict[str, ErrorInfo]:
    """Return an error for each of these instances, which did not come to rest in time."""
    deadline = Deadline(reach.clock, seconds)
    return {name: still_busy(name, observation.instances.get(name), deadline) for name in instance_ids}
