# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What travels in a rollout: a change of key pair bindings across providers and regions, in waves."""

from __future__ import annotations

import dataclasses
import functools
import typing as t

InterruptionPolicy = t.Literal["none", "soft", "force"]


@dataclasses.dataclass(frozen=True)
class Place:
    """One region of one provider, and the connection options that lead there.

    ``connection`` holds what an entry gave of the options that all plugins share, sorted, without ``provider`` and
    ``region`` and never with a secret: places are printed, compared and handed from one task to the next.
    ``product``: whose instances are there, where that is not the provider alone; see Capabilities.
    """

    provider: str
    region: str | None = None
    connection: tuple[tuple[str, t.Any], ...] = ()
    product: str = dataclasses.field(default="", compare=False, repr=False)

    @property
    def ground(self) -> tuple[str, str | None]:
        """Return what all places have in common that lead to the same instances."""
        return (self.product or self.provider, self.region)

    def ref(self, instance_id: str) -> InstanceRef:
        """Return what journal, waves and messages call an instance of this place."""
        return InstanceRef(self.provider, self.region or "", instance_id, self.product)

    def __str__(self) -> str:
        return f"{self.provider} {self.region}" if self.region else f"{self.provider} (no region)"


@functools.total_ordering
@dataclasses.dataclass(frozen=True)
class InstanceRef:
    """One instance, as the journal, waves and messages name it. ``region`` is the resolved one.

    ``product`` is the provider's, unless several providers lead to the same instances: whichever of them was used, it
    is the same instance.
    """

    provider: str = dataclasses.field(compare=False)
    region: str
    instance_id: str
    product: str = ""

    def __post_init__(self) -> None:
        if not self.product:
            object.__setattr__(self, "product", self.provider)

    def __lt__(self, other: InstanceRef) -> bool:
        return (self.product, self.region, self.instance_id) < (other.product, other.region, other.instance_id)

    @property
    def ground(self) -> tuple[str, str | None]:
        """Return where the instance is; see Place."""
        return (self.product, self.region)

    def as_dict(self) -> dict[str, str]:
        """Return the shape that results use."""
        return {"provider": self.provider, "region": self.region, "instance_id": self.instance_id}

    def __str__(self) -> str:
        return f"{self.instance_id} ({self.provider} {self.region})"


@dataclasses.dataclass(frozen=True)
class Login:
    """Where the SSH server of an instance answers, as far as it is known; None means: see the options of the proof."""

    host: str | None = None
    port: int | None = None
    user: str | None = None


@dataclasses.dataclass(frozen=True)
class Unit:
    """What is wanted of a set of instances in one place. All that it changes on an instance shares one power cycle.

    ``present`` and ``absent`` are key pairs as the user wrote them; ``exclusive`` unbinds every other key pair.
    """

    place: Place
    instance_ids: tuple[str, ...]
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    exclusive: bool = False
    association_type: t.Literal["online", "offline"] | None = None
    username: str | None = None
    logins: t.Mapping[str, Login] = dataclasses.field(default_factory=dict)
