# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tests of the journal share: instances, intentions, and the folder seen from outside."""

from __future__ import annotations

import typing as t
from pathlib import Path

from ansible_collections.keyfleet.cloud.plugins.module_utils._clock import Clock
from ansible_collections.keyfleet.cloud.plugins.module_utils._journal.claim import Claim, claim
from ansible_collections.keyfleet.cloud.plugins.module_utils._journal.model import Intention
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import Power
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.rollout_model import InstanceRef
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.fakes import FakeClock


def instance(name: str) -> InstanceRef:
    return InstanceRef("tencent_lighthouse", "ap-guangzhou", f"lhins-0000000{name}")


A, B, C, D = (instance(name) for name in "abcd")


def intention(ref: InstanceRef, power: Power = "running", **members: t.Any) -> Intention:
    return Intention(ref, power, members.pop("key_pairs", ("lhkp-00000old",)), **members)


def claimed(
    folder: Path, *instances: InstanceRef, clock: Clock | None = None, timeout: float = 0, role: str = "bind"
) -> Claim:
    """Claim, by default without waiting and on a clock of its own."""
    return claim(str(folder), instances, role=role, clock=clock or FakeClock(), timeout=timeout)


def leave(folder: Path, *intentions: Intention, clock: Clock | None = None, role: str = "bind") -> str:
    """Leave unfinished work behind, as a run that dies does, and return the ID of the run."""
    held = claimed(folder, *(wish.instance for wish in intentions), clock=clock, role=role)
    held.write(intentions)
    held.close()
    return held.run.id


def files(folder: Path) -> list[str]:
    """The names of all files, without the lock of the folder itself."""
    return sorted(path.name for path in folder.iterdir() if path.name != ".keyfleet.lock")
