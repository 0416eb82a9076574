# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Death at any moment: no record is lost, no instance is held by two, and the next run goes on."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import typing as t
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._clock import SystemClock
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import KeyfleetError
from ansible_collections.keyfleet.cloud.plugins.module_utils._journal.folder import unfinished
from ansible_collections.keyfleet.cloud.tests.unit.module_utils import journal_deaths, journal_rivals
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.journal_folder import A, claimed

Found = dict[str, t.Any]

#: exit code of a run that was killed, of one that was refused, and of one that came to its end
KILLED, REFUSED, ENDED = 9, 1, 0


@pytest.fixture(scope="module")
def deaths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Found]]:
    """What was found after a run had died, or halted, at each of its steps."""
    command = [sys.executable, "-m", journal_deaths.__name__, str(tmp_path_factory.mktemp("journals"))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, list[Found]] = json.loads(done.stdout)
    return found


def test_the_run_dies_at_every_step_once(deaths: dict[str, list[Found]]) -> None:
    codes = [found["code"] for found in deaths["killed"]]
    assert codes.count(ENDED) == 1
    assert codes.count(KILLED) == len(codes) - 1 > 40
    assert {found["reached"] for found in deaths["killed"]} == {"", "n", "nr"}


def test_no_record_is_lost_and_the_oldest_power_stays(deaths: dict[str, list[Found]]) -> None:
    for found in deaths["killed"]:
        assert {"a": "running", "b": "stopped", "d": "running"}.items() <= found["left"].items(), found
        assert found["records"] == found["left"], "what the plan shows is what the next run gets"


def test_what_was_noted_is_there_until_it_is_released(deaths: dict[str, list[Found]]) -> None:
    for reached, expected in (("n", {"running", None}), ("nr", {None})):  # None with "n": died while releasing it
        powers = [found["left"].get("c") for found in deaths["killed"] if found["reached"] == reached]
        assert set(powers) == expected
        assert powers[0] == ("running" if reached == "n" else None)


def test_the_next_run_gets_everything_and_clears_up(deaths: dict[str, list[Found]]) -> None:
    assert [found["files"] for found in deaths["killed"] if found["files"]] == []


def test_a_run_that_halts_at_any_step_is_never_one_of_two_holders(deaths: dict[str, list[Found]]) -> None:
    paused = [found for found in deaths["halted"] if found["paused"]]
    assert len(paused) == len(deaths["halted"]) - 1 > 40
    assert {(found["code"], found["refusal"]) for found in paused} == {(ENDED, "JournalBusy"), (REFUSED, "")}
    assert all(found["left"]["a"] == "running" for found in deaths["halted"])


@contextlib.contextmanager
def rival(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", journal_rivals.__name__, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_sigkill_frees_what_was_held_and_leaves_the_record(tmp_path: Path) -> None:
    with rival("hold", str(tmp_path)) as holder:
        run = said(holder)
        with pytest.raises(KeyfleetError, match=f"process {holder.pid}"):
            claimed(tmp_path, A)
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    assert [(record.instance, record.power, record.run) for record in unfinished(str(tmp_path))] == [
        (A, "running", run)
    ]
    with claimed(tmp_path, A) as held:
        assert held.records[A].power == "running"


def test_it_waits_for_a_run_in_another_process(tmp_path: Path) -> None:
    with rival("hold", str(tmp_path)) as holder:
        said(holder)
        with rival("wait", str(tmp_path)) as waiting:
            assert said(waiting).startswith("Waiting for other runs: ")
            assert holder.stdin is not None
            holder.stdin.close()
            assert said(waiting) == "got it: running"


def test_processes_that_want_the_same_instances_take_turns(tmp_path: Path) -> None:
    """Each claims two of three instances again and again, and says when it enters and leaves."""
    journal = tmp_path / "journal"
    with contextlib.ExitStack() as stack:
        rivals = [
            stack.enter_context(rival("compete", str(journal), str(number), str(tmp_path / "log")))
            for number in range(3)
        ]
        assert [process.wait(60) for process in rivals] == [0, 0, 0]
    log = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    assert len(log) == 3 * journal_rivals.ROUNDS * 2
    assert [line.replace("leave", "enter") for line in log[1::2]] == log[::2], "any two claims share an instance"
    assert unfinished(str(journal)) == []


def test_a_halted_process_does_not_hold_up_the_others_for_ever(tmp_path: Path) -> None:
    """Whoever holds the lock of the folder and does not go on is named."""
    with rival("halt", str(tmp_path)) as halted:
        run = said(halted)
        with pytest.raises(KeyfleetError) as caught:
            claimed(tmp_path, A)
    assert caught.value.info.code == "JournalBusy"
    assert run in caught.value.info.message
    assert f"process {halted.pid}" in caught.value.info.message
    with claimed(tmp_path, A, clock=SystemClock()):
        pass
