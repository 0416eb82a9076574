# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ends a playbook after a chosen call of each place, as a power cut would, until every call has been the last one."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.keyfleet.cloud.tests.roles.controller import Process
from ansible_collections.keyfleet.cloud.tests.roles.watched_emulator import WatchedEmulator

Place = tuple[str, str]
QUIET = 1.5
"""Seconds without a call after which the places that are not held wait for those that are."""
LONGEST = 600


@dataclass
class Deaths:
    """Which calls of a provider have been the last ones before a kill: 1 is the first call of a run in a region."""

    places: Iterable[Place]
    seen: dict[str, set[int]] = field(default_factory=dict)

    def targets(self) -> dict[Place, int]:
        """Return after which call each place is to be held next: the first ones that have not been the last yet."""
        chosen: dict[Place, int] = {}
        taken = {provider: set(numbers) for provider, numbers in self.seen.items()}
        for place in self.places:
            numbers = taken.setdefault(place[0], set())
            chosen[place] = next(number for number in range(1, len(numbers) + 2) if number not in numbers)
            numbers.add(chosen[place])
        return chosen

    def note(self, calls: Mapping[Place, int]) -> None:
        """Take down how many calls each place had made when the playbook was killed."""
        for (provider, _region), number in calls.items():
            self.seen.setdefault(provider, set()).add(number)


class Halt:
    """Holds back the answer to one call of each place, and whatever that place asks for afterwards."""

    def __init__(self, targets: Mapping[Place, int]) -> None:
        self.calls: Counter[Place] = Counter()
        self._targets = targets
        self._over = threading.Event()
        self._changed = threading.Condition()
        self._latest = time.monotonic()

    def listen(self, entry: dict[str, Any]) -> None:
        """Count a call, and keep its sender waiting when it was the one; see WatchedEmulator."""
        place = (entry["provider"], entry["region"])
        with self._changed:
            self.calls[place] += 1
            self._latest = time.monotonic()
            held = self.calls[place] >= self._targets.get(place, 1_000_000)
            self._changed.notify_all()
        if held:
            self._over.wait(LONGEST)

    def wait(self, process: Process) -> bool:
        """Return whether any place is held, once no place goes on or the playbook has come to its end."""
        deadline = time.monotonic() + LONGEST
        while time.monotonic() < deadline:
            with self._changed:
                self._changed.wait(0.05)
                held = [place for place, number in self._targets.items() if self.calls[place] >= number]
                if held and (len(held) == len(self._targets) or time.monotonic() - self._latest > QUIET):
                    return True
            if process.popen.poll() is not None:
                return False
        raise AssertionError(f"it does not come to an end: {self.calls}")

    def release(self) -> None:
        """Let everybody go on: the senders are dead."""
        self._over.set()


def kill_after_every_call(
    emulator: WatchedEmulator, places: Iterable[Place], start: Callable[[int], Process], most: int = 60
) -> Deaths:
    """Start playbooks and kill each, until one comes to its end before the first call that was not tried yet.

    ``start`` is given a number and starts a playbook on instances of its own in these places.
    """
    deaths = Deaths(list(places))
    for number in range(most):
        halt = Halt(deaths.targets())
        emulator.after_each(halt.listen)
        process = start(number)
        try:
            if not halt.wait(process):
                run = process.wait()
                assert run.ok, run.output
                return deaths
        finally:
            process.kill()
            halt.release()
            emulator.after_each(None)
            emulator.wait_until_quiet()
        deaths.note(halt.calls)
    raise AssertionError(f"still not through after {most} kills: {deaths.seen}")
