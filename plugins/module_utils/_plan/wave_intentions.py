# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What the journal has to know of an instance before anything is written to the cloud."""

from __future__ import annotations

import typing as t

from .._journal.model import Intention, Record
from .._models import Instance
from .rollout_model import InstanceRef
from .rows import Row
from .wave_model import Cost

Connection = tuple[tuple[str, t.Any], ...]


def intention_of(
    ref: InstanceRef,
    instance: Instance,
    rows: t.Iterable[Row],
    cost: Cost,
    earlier: Record | None,
    connection: Connection,
) -> Intention:
    """Return what is about to happen to an instance, as it was found now.

    What an earlier run meant to do stays in it, so that all of it can be put back.
    """
    own = [row for row in rows if row.instance_id == ref.instance_id and row.outcome == "changed"]
    bound = {row.key_pair for row in own if row.action == "bind"}
    unbound = {row.key_pair for row in own if row.action in ("unbind", "displace")}
    if earlier is not None:
        bound |= set(earlier.bind)
        unbound |= set(earlier.unbind)
    return Intention(
        instance=ref,
        power=instance.power,
        key_pairs=instance.key_pairs,
        bind=tuple(sorted(bound)),
        unbind=tuple(sorted(unbound)),
        reboot_pending=cost == "reboot",
        started=instance.started,
        connection=connection,
    )
