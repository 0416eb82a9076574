# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Folders and files that a journal cannot be kept in or read from: named, with what to do, and nothing is deleted."""

from __future__ import annotations

import errno
import fcntl
import os
import typing as t
from pathlib import Path

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import KeyfleetError
from ansible_collections.keyfleet.cloud.plugins.module_utils._journal.folder import unfinished
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.journal_folder import (
    A,
    B,
    claimed,
    files,
    intention,
    leave,
)

OTHER_RUN = "20260501T100000Z-0000000a"


def refuse(monkeypatch: pytest.MonkeyPatch, module: t.Any, function: str, code: int, name: str = "") -> None:
    """Let a function of the operating system fail, for paths that contain ``name``."""
    original = getattr(module, function)

    def fail(*arguments: t.Any, **named: t.Any) -> t.Any:
        if any(name in str(argument) for argument in arguments):
            raise OSError(code, os.strerror(code))
        return original(*arguments, **named)

    monkeypatch.setattr(module, function, fail)


@pytest.mark.parametrize(
    ("name", "data", "code", "reason"),
    [
        (f"{OTHER_RUN}.json", b"", "JournalNotReadable", "not JSON"),
        (f"{OTHER_RUN}.json", b'{"format": "keyfleet-journal", "vers', "JournalNotReadable", "not JSON"),
        (f"{OTHER_RUN}.json", b"\xff\xfe", "JournalNotReadable", "decode"),
        (f"{OTHER_RUN}.json", b'{"format": "keyfleet-journal", "version": 1}', "JournalNotReadable", "run is missing"),
        (f"{OTHER_RUN}.json", b'{"format": "keyfleet-journal", "version": 2}', "JournalTooNew", "version 2"),
        ("package.json", b'{"name": "web"}', "JournalNotReadable", "not one of Keyfleet's journals"),
    ],
)
def test_a_file_that_may_tell_of_unfinished_work_stops_everything(
    tmp_path: Path, name: str, data: bytes, code: str, reason: str
) -> None:
    leave(tmp_path, intention(A))
    (tmp_path / name).write_bytes(data)
    before = {path.name: path.read_bytes() for path in tmp_path.glob("*.json")}

    for attempt in (lambda: unfinished(str(tmp_path)), lambda: claimed(tmp_path, B)):
        with pytest.raises(KeyfleetError) as caught:
            attempt()
        assert caught.value.info.code == code
        assert str(tmp_path / name) in caught.value.info.message
        assert reason in caught.value.info.message
        assert caught.value.info.hint

    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.json")} == before


@pytest.mark.parametrize("kind", ["folder", "pipe", "link"])
def test_what_is_no_file_is_refused_without_waiting_for_it(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"{OTHER_RUN}.json"
    {"folder": path.mkdir, "pipe": lambda: os.mkfifo(path), "link": lambda: path.symlink_to("/etc/passwd")}[kind]()
    with pytest.raises(KeyfleetError, match=str(path)):
        unfinished(str(tmp_path))


def test_notes_that_were_copied_under_another_name_are_refused(tmp_path: Path) -> None:
    run = leave(tmp_path, intention(A))
    (tmp_path / f"{OTHER_RUN}.json").write_bytes((tmp_path / f"{run}.json").read_bytes())
    with pytest.raises(KeyfleetError, match=f"about the run {run}, its name says otherwise"):
        unfinished(str(tmp_path))


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    for name in ("README", "poetry.lock", ".lock", "notes.tmp", ".DS_Store"):
        (tmp_path / name).write_text("mine", encoding="utf-8")
    with claimed(tmp_path, A) as held:
        held.write([intention(A)])
        held.release([A])
    assert {path.read_text(encoding="utf-8") for path in tmp_path.iterdir() if path.name != ".keyfleet.lock"} == {
        "mine"
    }
    assert len(files(tmp_path)) == 5


def test_notes_without_a_lock_are_those_of_a_run_that_ended(tmp_path: Path) -> None:
    run = leave(tmp_path, intention(A))
    (tmp_path / f"{run}.lock").unlink()
    assert [record.instance for record in unfinished(str(tmp_path))] == [A]
    with claimed(tmp_path, A) as held:
        held.release([A])
    assert files(tmp_path) == []


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    place = tmp_path / "journal"
    place.touch()
    for path in (place, place / "below"):
        with pytest.raises(KeyfleetError) as caught:
            claimed(path, A)
        assert caught.value.info.code == "JournalNotUsable"
        assert str(path) in caught.value.info.message
    with pytest.raises(KeyfleetError, match="not a directory"):
        unfinished(str(place))


@pytest.mark.parametrize(
    ("function", "code", "name", "reason"),
    [
        ("mkdir", errno.EACCES, "journal", "permission denied"),
        ("open", errno.EROFS, ".keyfleet.lock", "read-only file system"),
        ("open", errno.EACCES, ".json", "permission denied"),
        ("fsync", errno.EIO, "", "input/output error"),
        ("rename", errno.ENOSPC, ".json", "no space left"),
        ("listdir", errno.EACCES, "journal", "permission denied"),
    ],
)
def test_a_folder_that_cannot_be_used_is_named_before_anything_is_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str, code: int, name: str, reason: str
) -> None:
    folder = tmp_path / "journal"
    if name == ".json":
        leave(folder, intention(A))
    refuse(monkeypatch, os, function, code, name)
    with pytest.raises(KeyfleetError) as caught:
        claimed(folder, A, B)
    assert caught.value.info.code == "JournalNotUsable"
    assert str(folder) in caught.value.info.message
    assert reason in caught.value.info.message
    assert "journal_path" in caught.value.info.hint


def test_a_file_system_without_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, fcntl, "flock", errno.ENOLCK)
    with pytest.raises(KeyfleetError, match="no locks available") as caught:
        claimed(tmp_path, A)
    assert "a file system with locks" in caught.value.info.hint


@pytest.mark.parametrize("function", ["fsync", "rename"])
def test_a_disk_that_fails_later_leaves_what_was_noted_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    with claimed(tmp_path, A, B) as held:
        held.write([intention(A, "running")])
        with monkeypatch.context() as patched:
            refuse(patched, os, function, errno.ENOSPC)
            for attempt in (lambda: held.write([intention(B)]), lambda: held.release([A])):
                with pytest.raises(KeyfleetError, match="no space left"):
                    attempt()
        assert list(held.records) == [A]
        assert sorted(name.rpartition(".")[2] for name in files(tmp_path)) == ["json", "lock"]
    assert [(record.instance, record.power) for record in unfinished(str(tmp_path))] == [(A, "running")]
