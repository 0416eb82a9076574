# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""From what a rollout wants of instances to what a plan of bindings takes."""

from __future__ import annotations

import typing as t

from .._models import Desired
from .rollout_model import Unit

LastKeyPolicy = t.Literal["warn", "refuse", "allow"]


def desired_of(
    unit: Unit, *, last_key_policy: LastKeyPolicy, power_off: bool, instance_ids: t.Sequence[str] | None = None
) -> Desired:
    """Return what one plan needs to bring the unit about, or some of its instances.

    ``power_off``: plan as if running instances may be stopped for it; a change that needs it has ``force``.
    """
    ids = unit.instance_ids if instance_ids is None else tuple(instance_ids)
    return Desired(
        key_pairs=unit.present or unit.absent,
        instance_ids=ids,
        state="present" if unit.present else "absent",
        exclusive=unit.exclusive,
        force_stop=power_off,
        association_type=unit.association_type,
        username=unit.username,
        last_key_policy=last_key_policy,
        unwanted=unit.absent if unit.present else (),
    )
