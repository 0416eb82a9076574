# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The World: all instances and key pairs, indexed, and operations that advance when somebody looks."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count

from .ids import INSTANCE_IDS, KEY_IDS, IdSource
from .model import Binding, Instance, KeyPair, Operation

Place = tuple[str, str, str]


@dataclass
class Region:
    """One account's instances and key pairs of one provider in one region."""

    instances: dict[str, Instance] = field(default_factory=dict)
    order: list[Instance] = field(default_factory=list)
    key_pairs: dict[str, KeyPair] = field(default_factory=dict)
    key_names: dict[str, KeyPair] = field(default_factory=dict)


class World:
    """All instances and key pairs. There are no timers: call ``settle(now)`` before looking."""

    def __init__(self) -> None:
        self._regions: dict[Place, Region] = {}
        self._due: list[tuple[float, int, Instance, Operation]] = []
        self._sequence = count()
        self._ids = IdSource()
        self._instances = 0

    def region(self, provider: str, account_id: str, region: str) -> Region:
        """Return one account's part of the world; it is empty if nothing was ever put there."""
        return self._regions.setdefault((provider, account_id, region), Region())

    def all_regions(self) -> Iterator[Region]:
        """Iterate over every part of the world."""
        return iter(self._regions.values())

    def find_instance(self, provider: str, region: str, instance_id: str) -> Instance | None:
        """Return an instance of whatever account."""
        for (held_by, _account, where), content in self._regions.items():
            if (held_by, where) == (provider, region) and instance_id in content.instances:
                return content.instances[instance_id]
        return None

    def new_instance_number(self) -> int:
        """Return the next serial number of an instance."""
        self._instances += 1
        return self._instances

    def new_instance_id(self, provider: str, taken: Iterable[str] = ()) -> str:
        """Return an instance ID that occurs nowhere yet."""
        return self._unused(provider, instance=True, taken=taken)

    def new_key_id(self, provider: str, taken: Iterable[str] = ()) -> str:
        """Return a key pair ID that occurs nowhere yet."""
        return self._unused(provider, instance=False, taken=taken)

    def _unused(self, provider: str, instance: bool, taken: Iterable[str]) -> str:
        places = [region for (held_by, _account, _where), region in self._regions.items() if held_by == provider]
        pools = [region.instances if instance else region.key_pairs for region in places]
        while True:
            found = self._ids.next((INSTANCE_IDS if instance else KEY_IDS)[provider])
            if found not in taken and not any(found in pool for pool in pools):
                return found

    def add_instance(self, instance: Instance) -> None:
        """Put an instance into the world, with the bindings it has."""
        place = self.region(instance.provider, instance.account_id, instance.region)
        place.instances[instance.instance_id] = instance
        place.order.append(instance)
        for binding in instance.bindings:
            place.key_pairs[binding.key_id].bound[instance.instance_id] = binding.username

    def add_key_pair(self, key_pair: KeyPair) -> None:
        """Put a key pair into the world."""
        place = self.region(key_pair.provider, key_pair.account_id, key_pair.region)
        place.key_pairs[key_pair.key_id] = key_pair
        place.key_names[key_pair.name] = key_pair

    def remove_key_pair(self, key_pair: KeyPair) -> None:
        """Take a key pair out of the world."""
        place = self.region(key_pair.provider, key_pair.account_id, key_pair.region)
        del place.key_pairs[key_pair.key_id]
        del place.key_names[key_pair.name]

    def rename_key_pair(self, key_pair: KeyPair, name: str) -> None:
        """Give a key pair another name."""
        place = self.region(key_pair.provider, key_pair.account_id, key_pair.region)
        del place.key_names[key_pair.name]
        key_pair.name = name
        place.key_names[name] = key_pair

    def record(self, instance: Instance, bindings: Iterable[Binding], now: float) -> None:
        """Replace what the API records as bound to an instance. The guest is not touched: Instance.make_effective."""
        place = self.region(instance.provider, instance.account_id, instance.region)
        before, after = {b.key_id: b for b in instance.bindings}, {b.key_id: b for b in bindings}
        instance.bindings = tuple(after.values())
        for key_id in before.keys() | after.keys():
            key_pair, old, new = place.key_pairs.get(key_id), before.get(key_id), after.get(key_id)
            if key_pair is None or old == new:
                continue
            key_pair.history.append((now, instance.instance_id, old is not None, old.username if old else None))
            if new is None:
                key_pair.bound.pop(instance.instance_id, None)
            else:
                key_pair.bound[instance.instance_id] = new.username

    def begin(self, instance: Instance, operation: Operation, now: float) -> None:
        """Start an operation, now the instance's latest: its steps happen when they are due and somebody looks."""
        instance.operation = operation
        self._schedule(instance, operation)
        self.settle(now)

    def settle(self, now: float) -> None:
        """Let everything happen that is due by ``now``, in order of time."""
        while self._due and self._due[0][0] <= now:
            _at, _number, instance, operation = heapq.heappop(self._due)
            if operation is not instance.operation:
                continue
            step = operation.steps.popleft()
            if step.state is not None:
                instance.state = step.state
                if instance.up:
                    instance.start_time = step.at
            if step.effect is not None:
                step.effect()
            if step.outcome is not None:
                operation.status = step.outcome
            self._schedule(instance, operation)

    def _schedule(self, instance: Instance, operation: Operation) -> None:
        if operation.steps:
            heapq.heappush(self._due, (operation.steps[0].at, next(self._sequence), instance, operation))
