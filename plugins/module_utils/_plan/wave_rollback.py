# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What a roll-back is: the key pairs that were there before, as the journal says, and none of those bound since."""

from __future__ import annotations

import dataclasses
import typing as t

from .._journal.model import Record
from .._models import Desired, ErrorInfo, Observation
from .change import is_bound
from .rollout_model import Unit


def undoing(
    records: t.Iterable[Record], units: t.Mapping[str, Unit | None], observation: Observation
) -> tuple[Desired, ...]:
    """Return what brings these instances back, those that need the very same together.

    ``units``: instance ID → what was wanted of it; a binding is undone in the way in which it was made. Instances that
    are as they were are left out, and so is what nobody of us has touched.
    """
    groups: dict[Desired, list[str]] = {}
    for record in records:
        name = record.instance.instance_id
        unit = units.get(name)
        new = tuple(key for key in record.bind if key not in record.key_pairs)
        if as_before(record, observation):
            continue
        like = Desired(
            key_pairs=record.key_pairs or new,
            instance_ids=(),
            state="present" if record.key_pairs else "absent",
            force_stop=True,
            association_type=unit.association_type if unit else None,
            username=unit.username if unit else None,
            last_key_policy="allow",
            unwanted=new if record.key_pairs else (),
        )
        groups.setdefault(like, []).append(name)
    return tuple(_for(like, names) for like, names in groups.items())


def as_before(record: Record, observation: Observation) -> bool:
    """Tell whether an instance has the key pairs that it had at the start, and none of those bound since."""
    name = record.instance.instance_id
    new = set(record.bind) - set(record.key_pairs)
    kept = all(is_bound(observation, name, key) for key in record.key_pairs)
    return kept and not any(is_bound(observation, name, key) for key in new)


def not_as_before(instance_id: str) -> ErrorInfo:
    """Return the error for an instance on which a roll-back does not show."""
    return ErrorInfo(
        code="NotApplied",
        message=f"what is bound to {instance_id} is not what was bound at the start",
        hint="Look at the instance in the vendor's console.",
    )


def _for(like: Desired, names: t.Sequence[str]) -> Desired:
    return dataclasses.replace(like, instance_ids=tuple(names))


def rolled_back_with(others: str) -> ErrorInfo:
    """Return the reason of an instance that was put back because of others in its wave."""
    return ErrorInfo(
        code="RolledBack",
        message=f"The key pairs were put back as they were, because the login failed in the same wave on {others}.",
        hint="Look at what the login says there, then run the task again.",
    )


def not_rolled_back(instance_id: str, cause: ErrorInfo | None, reason: ErrorInfo, bound: t.Sequence[str]) -> ErrorInfo:
    """Return the error of an instance that could not be put back. ``bound``: the key pairs that it has now."""
    why = f"{cause.message.rstrip('.')}, and " if cause else ""
    return ErrorInfo(
        code="RollbackFailed",
        message=f"{why}putting the key pairs of {instance_id} back failed: {reason.message.rstrip('.')}. "
        f"Bound now: {', '.join(bound) or 'none'}.",
        hint=f"{reason.hint} The journal keeps what was bound before; run the task again.".lstrip(),
        request_id=reason.request_id,
        retryable=reason.retryable,
    )
