# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""One place with an open connection, and what a wave is to do there."""

from __future__ import annotations

import dataclasses
import typing as t

from .._capabilities import Capabilities
from .._clock import Clock
from .._models import KeyPair
from .._plan.known_key_pairs import KnownKeyPairs
from .._plan.rollout_model import InstanceRef, Place, Unit
from .._plan.units import Wish, units_known
from .._providers._protocol import Provider


@dataclasses.dataclass(frozen=True)
class Reach:
    """How to reach a place."""

    provider: Provider
    capabilities: Capabilities
    clock: Clock


@dataclasses.dataclass(frozen=True)
class Part:
    """What a wave is to do in one place. ``place.region`` is the resolved one.

    ``units`` are what the ``wishes`` amount to. ``restore``: instances whose power is put back as an earlier run found
    it, and nothing else. ``told``: what a plan has read of the key pairs.
    """

    place: Place
    wishes: tuple[Wish, ...] = ()
    units: tuple[Unit, ...] = ()
    restore: tuple[str, ...] = ()
    told: KnownKeyPairs | None = None

    def known(self, key_pairs: t.Mapping[str, KeyPair], capabilities: Capabilities) -> Part:
        """Return the part once the key pairs were read: an ID and a name of the same one are one wish.

        Raises InputError when one of them shall be bound and the other unbound.
        """
        units = units_known(self.wishes, key_pairs, {capabilities.provider: capabilities})
        return dataclasses.replace(self, units=units)

    @property
    def instance_ids(self) -> tuple[str, ...]:
        """Return all instances, each once."""
        return tuple(dict.fromkeys((*self.changing, *self.restore)))

    @property
    def changing(self) -> tuple[str, ...]:
        """Return the instances of the units."""
        return tuple(name for unit in self.units for name in unit.instance_ids)

    def told_by(self, now: float) -> dict[str, KeyPair]:
        """Return the key pairs that need not be read, by ID and by name.

        Whether one is bound for a guest account is known from its own list only, which nobody tells.
        """
        accounts = any(unit.username for unit in self.units)
        return self.told.fresh(now) if self.told is not None and not accounts else {}

    def ref(self, instance_id: str) -> InstanceRef:
        """Return what the journal calls the instance."""
        return self.place.ref(instance_id)

    def unit_of(self, instance_id: str) -> Unit | None:
        """Return what is wanted of the instance."""
        return next((unit for unit in self.units if instance_id in unit.instance_ids), None)
