# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Short words for the plan's tests: capabilities, observations, and a model world that a plan can be applied to."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.keyfleet.cloud.plugins.module_utils._capabilities import Capabilities
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import (
    Desired,
    ErrorInfo,
    Holder,
    Instance,
    KeyPair,
    LatestOperation,
    Observation,
    Power,
)
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.change import Change
from ansible_collections.keyfleet.cloud.plugins.module_utils._providers._registry import PROVIDERS
from hypothesis import strategies as st

LIGHTHOUSE = PROVIDERS["tencent_lighthouse"].capabilities
CVM = PROVIDERS["tencent_cvm"].capabilities
ECS = PROVIDERS["alibaba_ecs"].capabilities


def instance(
    instance_id: str,
    *key_pairs: str,
    power: Power = "stopped",
    obstacle: ErrorInfo | None = None,
    operation: LatestOperation | None = None,
) -> Instance:
    return Instance(instance_id, "", power.upper(), power, key_pairs, operation, obstacle)


def observed(
    *instances: Instance, key_pairs: t.Iterable[str] = "abc", accounts: t.Mapping[tuple[str, str], str] | None = None
) -> Observation:
    """Return what a full read shows: key pairs (ID and name alike), their holders, and all instances described."""
    accounts = accounts or {}
    return Observation(
        {
            key: KeyPair(
                key, key, tuple(Holder(i.id, accounts.get((i.id, key))) for i in instances if key in i.key_pairs)
            )
            for key in key_pairs
        },
        {one.id: one for one in instances},
    )


def desire(key_pairs: str, instance_ids: str, **options: t.Any) -> Desired:
    """Return a Desired; every letter of the two texts is a key pair or an instance."""
    return Desired(tuple(key_pairs), tuple(instance_ids), **options)


@dataclasses.dataclass
class World:
    """A cloud in a few lines: who holds what. ``replaces``: whether a bind takes away what was there."""

    capabilities: Capabilities
    bound: dict[str, set[str]]
    power: dict[str, Power]
    replaces: bool

    def observe(self) -> Observation:
        everything = sorted({key for keys in self.bound.values() for key in keys} | set("abc"))
        return observed(
            *(instance(name, *sorted(keys), power=self.power[name]) for name, keys in self.bound.items()),
            key_pairs=everything,
        )

    def apply(self, change: Change) -> None:
        keys = self.bound[change.instance_id]
        stopped = self.power[change.instance_id] == "stopped"
        if self.capabilities.needs_stop and not stopped and not change.force and not change.online:
            raise PermissionError(f"{change} would interrupt a running instance unasked")
        if change.action == "unbind":
            keys -= set(change.key_pairs)
        elif self.replaces:
            self.bound[change.instance_id] = set(change.key_pairs)
        else:
            keys |= set(change.key_pairs)


KEYS = "abcde"
NAMES = "12345"

# Made once: making a strategy for each example takes longer than all that is tested.
_PLACE = {size: st.integers(0, size - 1) for size in (1, 2, 3)}
_POWER = st.sampled_from(["running", "stopped"])
_BOUND = {most: st.sets(st.sampled_from(KEYS), max_size=most) for most in range(len(KEYS) + 1)}


@st.composite
def worlds(draw: st.DrawFn, kinds: tuple[Capabilities, ...] = (LIGHTHOUSE, CVM, ECS)) -> World:
    """Return any world: five instances, each with any of five key pairs, running or stopped."""
    capabilities = kinds[draw(_PLACE[len(kinds)])]
    most = capabilities.key_pairs_per_instance or len(KEYS)
    return World(
        capabilities,
        bound={name: draw(_BOUND[min(most, len(KEYS))]) for name in NAMES},
        power={name: draw(_POWER) for name in NAMES},
        replaces=capabilities.bind_effect == "replaces",
    )
