# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What a drift report is made of: what was wanted and read of each place, and what came of comparing the two."""

from __future__ import annotations

import collections
import dataclasses
import functools
import typing as t

from .._models import ErrorInfo, Instance, KeyPair, Platform, Power
from .rollout_model import Place

# In the order in which reports count them.
#   in_sync      as wanted
#   missing      wanted, but not bound
#   extra        bound, but not wanted
#   unknown      the instance or the key pair does not exist, or may not be described
#   unreachable  the region could not be read
Status = t.Literal["in_sync", "missing", "extra", "unknown", "unreachable"]
STATUSES: tuple[Status, ...] = ("in_sync", "missing", "extra", "unknown", "unreachable")

Reason = t.Literal[
    "not_bound",
    "bound_for_another_user",
    "bound",
    "bound_beside_exclusive",
    "instance_not_found",
    "instance_not_described",
    "key_pair_not_found",
    "key_pair_ambiguous",
    "region_not_read",
]


@dataclasses.dataclass(frozen=True)
class PlaceView:
    """What was read of one place: all of its key pairs and instances, or ``error``.

    ``region`` is the resolved one. ``hidden`` are instances that these credentials may not describe.
    """

    place: Place
    region: str | None
    key_pairs: tuple[KeyPair, ...] = ()
    instances: tuple[Instance, ...] = ()
    hidden: tuple[Instance, ...] = ()
    error: ErrorInfo | None = None

    def called(self, reference: str) -> t.Sequence[KeyPair]:
        """Return the key pairs that have this ID or name; more than one if it is ambiguous."""
        return self._by_name.get(reference, ())

    def only(self, reference: str) -> KeyPair | None:
        """Return the one key pair that has this ID or name."""
        found = self.called(reference)
        return found[0] if len(found) == 1 else None

    @functools.cached_property
    def _by_name(self) -> dict[str, list[KeyPair]]:
        by_name: dict[str, list[KeyPair]] = collections.defaultdict(list)
        for pair in self.key_pairs:
            for name in dict.fromkeys((pair.id, pair.name)):
                by_name[name].append(pair)
        return dict(by_name)


@dataclasses.dataclass(frozen=True)
class Finding:
    """One instance and one key pair.

    ``key_pair`` is what the API calls it; where it does not exist, what the user wrote.
    ``bound`` is None where that is not known. ``reason`` and ``message`` are None where all is as wanted.
    """

    key_pair: str
    name: str | None
    wanted: t.Literal["present", "absent"]
    bound: bool | None
    status: Status
    username: str | None = None
    reason: Reason | None = None
    message: str | None = None


@dataclasses.dataclass(frozen=True)
class NamedKeyPair:
    """A key pair as reports name it; ``name`` is None where it does not exist any more."""

    key_pair: str
    name: str | None


@dataclasses.dataclass(frozen=True)
class InstanceReport:
    """What became of one instance that is wanted to have, or not to have, key pairs.

    ``instance_id`` is None for all those that a selector would mean, in a place that could not be read. ``entries`` are
    the names of the entries that speak of it. ``other_key_pairs`` are bound, and nobody says whether they should be.
    """

    instance_id: str | None
    name: str | None
    state: str | None
    power: Power | None
    platform: Platform | None
    exclusive: bool
    entries: tuple[str, ...]
    findings: tuple[Finding, ...]
    other_key_pairs: tuple[NamedKeyPair, ...] = ()


@dataclasses.dataclass(frozen=True)
class PlaceReport:
    """What became of one place.

    ``unmanaged``: instances that no entry names. ``orphans``: key pairs that are bound to nothing.
    """

    view: PlaceView
    instances: tuple[InstanceReport, ...]
    unmanaged: tuple[Instance, ...] = ()
    orphans: tuple[NamedKeyPair, ...] = ()
