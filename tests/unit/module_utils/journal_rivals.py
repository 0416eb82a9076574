# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Other processes that want instances of a journal; started by test_journal_deaths.py."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from ansible_collections.keyfleet.cloud.plugins.module_utils._clock import Deadline, SystemClock
from ansible_collections.keyfleet.cloud.plugins.module_utils._journal.claim import claim
from ansible_collections.keyfleet.cloud.plugins.module_utils._journal.folder import Folder
from ansible_collections.keyfleet.cloud.plugins.module_utils._journal.model import Run
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.journal_folder import A, B, C, claimed, intention

ROUNDS = 8


class Impatient(SystemClock):
    """Real time, but nobody sleeps for long."""

    def sleep(self, seconds: float) -> None:
        time.sleep(min(seconds, 0.005))


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the test listens


def hold(folder: Path) -> None:
    """Hold A until the test closes our input, or kills us."""
    with claimed(folder, A, clock=SystemClock()) as held:
        held.write([intention(A)])
        say(held.run.id)
        sys.stdin.read()


def wait(folder: Path) -> None:
    """Wait for A."""
    with claim(str(folder), [A], role="wait", clock=Impatient(), timeout=30, on_wait=say) as held:
        say(f"got it: {held.records[A].power}")


def compete(folder: Path, number: int, log: Path) -> None:
    """Claim two of three instances, round after round, and write down when we have them."""
    mine = [one for index, one in enumerate((A, B, C)) if index != number]
    with open(log, "a", encoding="utf-8", buffering=1) as lines:
        for turn in range(ROUNDS):
            with claimed(folder, *mine, clock=Impatient(), timeout=60) as held:
                lines.write(f"enter {number} {turn}\n")
                held.write([intention(one) for one in mine])
                lines.write(f"leave {number} {turn}\n")
                held.release(mine)


def halt(folder: Path) -> None:
    """Take the lock of the folder and never go on."""
    clock = SystemClock()
    run = Run("20260501T100000Z-0000000a", "halt", "host-1", os.getpid(), clock.timestamp())
    home = Folder(str(folder))
    home.prepare()
    with home.exclusive(run, clock, Deadline(clock, 5)):
        say(run.id)
        sys.stdin.read()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["hold", place]:
            hold(Path(place))
        case ["wait", place]:
            wait(Path(place))
        case ["compete", place, which, file]:
            compete(Path(place), int(which), Path(file))
        case ["halt", place]:
            halt(Path(place))
