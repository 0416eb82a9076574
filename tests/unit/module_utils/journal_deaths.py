# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run of the journal that dies, or halts, at one of its steps. A program of its own, since it forks.

``python -m …journal_deaths FOLDER`` tries every step, each in a fresh folder inside FOLDER, and prints a JSON list of
what was found afterwards. A step is any call by which the run touches a file.
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
import typing as t
from pathlib import Path

from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import KeyfleetError
from ansible_collections.keyfleet.cloud.plugins.module_utils._journal.folder import unfinished
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.fakes import FakeClock
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.journal_folder import (
    A,
    B,
    C,
    D,
    claimed,
    files,
    intention,
    leave,
)

STEPS = {
    os: ("open", "close", "ftruncate", "pwrite", "fsync", "rename", "unlink", "mkdir", "listdir"),
    fcntl: ("flock",),
}
NOTED, RELEASED = b"n", b"r"


class Steps:
    """Counts what touches files, and calls ``act`` before step number ``at``."""

    def __init__(self, at: int, act: t.Callable[[], None]) -> None:
        self.count = 0
        self._at, self._act = at, act

    def install(self) -> None:
        for module, names in STEPS.items():
            for name in names:
                setattr(module, name, self._wrapped(getattr(module, name)))

    def _wrapped(self, function: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
        def step(*arguments: t.Any, **named: t.Any) -> t.Any:
            self.count += 1
            if self.count == self._at:
                self._act()
            return function(*arguments, **named)

        return step


def prepare(folder: Path) -> None:
    """Leave behind what two earlier runs did not finish. A was running at first, stopped when the second looked."""
    clock = FakeClock()
    first = leave(folder, intention(A, "running"), intention(B, "stopped"), clock=clock)
    kept = (folder / f"{first}.json").read_bytes()
    clock.sleep(60)
    leave(folder, intention(A, "stopped"), intention(D, "running"), clock=clock)
    (folder / f"{first}.json").write_bytes(kept)


def work(folder: Path, progress: int) -> None:
    """Take over A, begin with C, complete C, and end with A unfinished."""
    clock = FakeClock()
    clock.sleep(600)
    with claimed(folder, A, C, clock=clock) as held:
        held.write([intention(C, "running"), intention(A, "stopped", bind=("lhkp-00000new",))])
        os.write(progress, NOTED)
        held.reboot_pending([C], pending=True)
        held.release([C])
        os.write(progress, RELEASED)


def fork(function: t.Callable[[], None]) -> int:
    """Run a function in a child; exit code 0 when it returned, 1 when the claim was refused."""
    child = os.fork()
    if child:
        return child
    try:
        function()
    except KeyfleetError as error:
        os._exit(1 if error.info.code == "JournalBusy" else 2)
    except BaseException:  # noqa: BLE001 - nothing may leave a child but its exit code
        os._exit(3)
    os._exit(0)


def killed(folder: Path, at: int) -> dict[str, t.Any]:
    """Kill the run before a step; tell what it had reached, what is noted, and what the next run gets."""
    prepare(folder)
    reading, writing = os.pipe()

    def run() -> None:
        Steps(at, lambda: os._exit(9)).install()
        work(folder, writing)

    child = fork(run)
    os.close(writing)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with open(reading, "rb") as pipe:
        reached = pipe.read().decode()
    left = {record.instance.instance_id[-1]: record.power for record in unfinished(str(folder))}
    with claimed(folder, A, B, C, D) as held:
        records = {record.instance.instance_id[-1]: record.power for record in held.records.values()}
        held.release([A, B, C, D])
    return {"code": code, "reached": reached, "left": left, "records": records, "files": files(folder)}


def halted(folder: Path, at: int) -> dict[str, t.Any]:
    """Halt the run before a step, let another try to get A, and go on; tell who got it and what is noted."""
    prepare(folder)
    at_step, go_on = os.pipe(), os.pipe()

    def pause() -> None:
        os.write(at_step[1], b"!")
        os.read(go_on[0], 1)

    def run() -> None:
        os.close(at_step[0])
        Steps(at, pause).install()
        work(folder, os.open(os.devnull, os.O_WRONLY))

    child = fork(run)
    os.close(at_step[1])
    paused = bool(os.read(at_step[0], 1))
    try:
        other = claimed(folder, A)
    except KeyfleetError as error:
        other, refusal = None, error.info.code
    else:
        refusal = ""
    os.write(go_on[1], b"!")
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if other is not None:
        other.close()
    for descriptor in (at_step[0], *go_on):
        os.close(descriptor)
    left = {record.instance.instance_id[-1]: record.power for record in unfinished(str(folder))}
    return {"paused": paused, "code": code, "refusal": refusal, "left": left}


def main(folder: Path) -> None:
    os.fsync = lambda _descriptor: None  # a step like the others, but a disk has no part in these deaths
    results: dict[str, list[dict[str, t.Any]]] = {"killed": [], "halted": []}
    for at in range(1, 1000):
        found = killed(folder / f"killed-{at}", at)
        results["killed"].append(found)
        if found["code"] == 0:
            break
    for at in range(1, 1000):
        found = halted(folder / f"halted-{at}", at)
        results["halted"].append(found)
        if not found["paused"]:
            break
    print(json.dumps(results))  # noqa: T201 - the answer to the test


if __name__ == "__main__":
    main(Path(sys.argv[1]))
