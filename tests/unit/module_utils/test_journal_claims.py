# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Claims: alone with the instances, aware of what earlier runs left, and out of the way when all is done."""

from __future__ import annotations

import os
import socket
import stat
import threading
import time
from pathlib import Path

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import KeyfleetError
from ansible_collections.keyfleet.cloud.plugins.module_utils._journal.claim import claim
from ansible_collections.keyfleet.cloud.plugins.module_utils._journal.folder import unfinished
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.rollout_model import InstanceRef
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


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "journal"


def test_a_folder_that_is_not_there_holds_nothing(folder: Path) -> None:
    assert unfinished(str(folder)) == []
    assert not folder.exists()


def test_folder_and_files_are_for_their_owner_only(folder: Path) -> None:
    former = os.umask(0)
    try:
        with claimed(folder, A) as held:
            held.write([intention(A)])
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    finally:
        os.umask(former)
    assert modes == {f"{held.run.id}.json": 0o600, f"{held.run.id}.lock": 0o600, ".keyfleet.lock": 0o600}
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder.parent)] == [0o700, 0o700]


def test_a_run_that_completes_everything_leaves_nothing(folder: Path) -> None:
    with claimed(folder, A, B) as held:
        held.write([intention(A), intention(B)])
        held.release([A])
        held.release([B])
    assert files(folder) == []


def test_a_claim_without_a_record_leaves_nothing(folder: Path) -> None:
    with claimed(folder, A):
        pass
    assert files(folder) == []
    assert unfinished(str(folder)) == []


def test_what_is_not_released_is_unfinished(folder: Path) -> None:
    with claimed(folder, A, B, C) as held:
        held.write([intention(B, "running"), intention(A, "stopped", bind=("lhkp-00000new",))])
        assert unfinished(str(folder)) == [], "the run is still alive"
        held.release([B, C])
    (record,) = unfinished(str(folder))
    assert (record.instance, record.power, record.run, record.bind) == (A, "stopped", held.run.id, ("lhkp-00000new",))


def test_the_next_claim_takes_the_record_over_and_keeps_its_beginning(folder: Path) -> None:
    clock = FakeClock()
    first = leave(folder, intention(A, "running", reboot_pending=True), intention(B), clock=clock)
    clock.sleep(60)

    with claimed(folder, A, C, clock=clock) as held:
        assert {ref: record.power for ref, record in held.records.items()} == {A: "running"}
        started = "2026-05-01T10:00:00Z"
        held.write([intention(A, "stopped", key_pairs=(), bind=("lhkp-00000new",), started=started), intention(C)])
        taken = held.records[A]
        assert (taken.power, taken.key_pairs, taken.run) == ("running", ("lhkp-00000old",), first)
        assert (taken.bind, taken.reboot_pending, taken.started) == (("lhkp-00000new",), True, started)
        assert taken.noted - taken.since == 60
        assert [record.instance for record in unfinished(str(folder))] == [B]

    assert {record.instance: record.run for record in unfinished(str(folder))} == {A: first, B: first, C: held.run.id}


def test_what_was_taken_over_and_completed_is_gone(folder: Path) -> None:
    leave(folder, intention(A), intention(B))
    with claimed(folder, A, B) as held:
        held.release([A, B])
    assert files(folder) == []


def test_a_pending_reboot_is_noted_and_taken_back(folder: Path) -> None:
    with claimed(folder, A, B) as held:
        held.write([intention(A), intention(B)])
        held.reboot_pending([A, B], pending=True)
        held.reboot_pending([B], pending=False)
    assert {record.instance: record.reboot_pending for record in unfinished(str(folder))} == {A: True, B: False}


def test_a_later_intention_does_not_take_a_pending_reboot_back(folder: Path) -> None:
    with claimed(folder, A) as held:
        held.write([intention(A, reboot_pending=True)])
        assert held.write([intention(A)])[A].reboot_pending


def test_others_may_claim_other_instances_and_what_was_released(folder: Path) -> None:
    with claimed(folder, A, B) as held:
        held.write([intention(A), intention(B)])
        with claimed(folder, C, D) as other:
            assert other.records == {}
        held.release([B])
        with claimed(folder, B) as other:
            assert other.records == {}


@pytest.mark.parametrize("recorded", [True, False])
def test_nobody_else_gets_a_held_instance(folder: Path, recorded: bool) -> None:
    with claimed(folder, A, B, role="rotate") as held:
        if recorded:
            held.write([intention(A)])
        with pytest.raises(KeyfleetError) as caught:
            claimed(folder, A, C, timeout=30)
    assert caught.value.info.code == "JournalBusy"
    for part in (held.run.id, "of rotate", socket.gethostname(), f"process {os.getpid()}", str(A), "30 s"):
        assert part in caught.value.info.message
    assert str(B) not in caught.value.info.message
    assert "lock_timeout" in caught.value.info.hint
    assert [name for name in files(folder) if not name.startswith(held.run.id)] == []


def test_it_is_told_whom_it_waits_for_and_gets_its_turn(folder: Path) -> None:
    class Waiting(FakeClock):
        """On the third look the other run is over."""

        def sleep(self, seconds: float) -> None:
            super().sleep(seconds)
            if len(self.slept) == 3:
                held.close()

    said: list[str] = []
    held = claimed(folder, A)
    held.write([intention(A, "running")])
    with claim(str(folder), [A], role="bind", clock=Waiting(), timeout=900, on_wait=said.append) as mine:
        assert mine.records[A].power == "running"
    assert len(said) == 1
    assert held.run.id in said[0]


def test_the_same_instance_in_two_dead_files_counts_once_and_the_older_wins(folder: Path) -> None:
    """As a run leaves it that is killed between writing its own file and taking the record out of the old one."""
    clock = FakeClock()
    first = leave(folder, intention(A, "running"), intention(B), clock=clock)
    kept = (folder / f"{first}.json").read_bytes()
    clock.sleep(60)
    leave(folder, intention(A, "stopped"), clock=clock)
    (folder / f"{first}.json").write_bytes(kept)

    assert [(record.instance, record.power, record.run) for record in unfinished(str(folder))] == [
        (A, "running", first),
        (B, "running", first),
    ]
    with claimed(folder, A, clock=clock) as held:
        assert held.records[A].power == "running"
        held.release([A])
    assert [record.instance for record in unfinished(str(folder))] == [B]


def test_a_claim_of_nothing_writes_nothing(folder: Path) -> None:
    with claimed(folder) as held:
        assert held.write([]) == held.records == {}
        held.release([])
        held.reboot_pending([], pending=True)
    assert not folder.exists()


def test_nobody_writes_about_the_instances_of_others(folder: Path) -> None:
    with claimed(folder, A) as held:
        for misuse in (
            lambda: held.write([intention(B)]),
            lambda: held.release([B]),
            lambda: held.reboot_pending([A], pending=True),
        ):
            with pytest.raises(ValueError, match="not held by this run"):
                misuse()
        held.write([intention(A)])
    with pytest.raises(ValueError, match="closed"):
        held.write([intention(A, bind=("lhkp-00000new",))])
    held.close()


def test_threads_share_a_claim(folder: Path) -> None:
    instances = [InstanceRef("alibaba_ecs", "cn-hangzhou", f"i-{number:020}") for number in range(40)]
    with claimed(folder, *instances) as held:
        threads = [
            threading.Thread(
                target=lambda ref=ref: (held.write([intention(ref)]), held.release([ref]))  # type: ignore[misc]
            )
            for ref in instances[1:]
        ]
        held.write([intention(instances[0])])
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [record.instance for record in unfinished(str(folder))] == instances[:1]


def test_ten_thousand_instances_are_a_matter_of_moments(folder: Path) -> None:
    """Each step took about a tenth of a second of the processor; the bound only catches what is out of order."""
    instances = [InstanceRef("tencent_cvm", "ap-guangzhou", f"ins-{number:08}") for number in range(10_000)]
    started = time.process_time()
    held = claimed(folder, *instances)
    held.write([intention(ref, bind=("skey-00000new",)) for ref in instances])
    held.close()
    with claimed(folder, *instances) as held:
        assert len(held.records) == 10_000
        held.release(instances[:2500])
    assert len(unfinished(str(folder))) == 7500
    assert time.process_time() - started < 30
