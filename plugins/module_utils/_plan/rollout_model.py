# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What travels in a rollout: a change of key pair bindings across providers and regions, in waves."""

from __future__ import annotations

import dataclasses
import typing as t

InterruptionPolicy = t.Literal["none", "soft", "force"]


@dataclasses.dataclass(frozen=True)
class Place:
    """One region of one provider, and the connection options that lead there.

    ``connection`` holds what an entry gave of the options that all plugins share, sorted, without ``provider`` and
    ``region`` and never with a secret: places are printed, compared and handed from one task to the next.
    """

    provider: str
    region: str | None = None
    connection: tuple[tuple[str, t.Any], ...] = ()

    def __str__(self) -> str:
        return f"{self.provider} {self.region}" if self.region else f"{self.provider} (no region)"


@dataclasses.dataclass(frozen=True, order=True)
class InstanceRef:
    """One instance, as the journal, waves and messages name it. ``region`` is the resolved one."""

    provider: str
    region: str
    instance_id: str

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
