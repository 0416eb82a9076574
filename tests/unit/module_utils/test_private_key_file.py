# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The file for a private key: complete or not there, for its owner only, never in the place of another."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._private_key_file import PrivateKeyFile

KEY = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deploy.pem"


@pytest.fixture
def file(path: Path) -> PrivateKeyFile:
    return PrivateKeyFile(str(path))


def refuse(monkeypatch: pytest.MonkeyPatch, function: str, code: int) -> None:
    """Let a function of the operating system fail."""

    def fail(*_arguments: Any, **_named: Any) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, function, fail)


def test_the_key_is_written_for_its_owner_only(file: PrivateKeyFile, path: Path) -> None:
    former = os.umask(0)
    try:
        assert file.reserve() is None
        file.fill(KEY)
    finally:
        os.umask(former)

    assert path.read_text() == KEY
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    "text", [KEY.rstrip(), KEY + "\n\n", KEY.replace("\n", "\r\n")], ids=["none", "three", "of another system"]
)
def test_whatever_line_breaks_came_it_ends_with_one(file: PrivateKeyFile, path: Path, text: str) -> None:
    file.reserve()
    file.fill(text)

    assert path.read_bytes() == KEY.encode()


def test_key_and_name_are_on_the_disk_before_anything_else(
    file: PrivateKeyFile, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[bool, bool]] = []
    fsync = os.fsync

    def watch(descriptor: int) -> None:
        synced.append((stat.S_ISDIR(os.fstat(descriptor).st_mode), path.exists()))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watch)
    file.reserve()
    file.fill(KEY)

    assert synced == [(False, False), (True, True)]


def test_the_reserved_file_is_not_the_file_yet_and_can_be_given_up(file: PrivateKeyFile, path: Path) -> None:
    file.reserve()
    (temporary,) = path.parent.iterdir()
    assert not file.exists
    assert stat.S_IMODE(temporary.stat().st_mode) == 0o600

    file.abandon()
    file.abandon()

    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("links", [True, False], ids=["hard links", "no hard links"])
def test_what_appeared_meanwhile_is_never_overwritten(
    file: PrivateKeyFile, path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        refuse(monkeypatch, "link", errno.EPERM)
    file.reserve()
    path.write_text("somebody else's")

    with pytest.raises(FileExistsError):
        file.fill(KEY)

    assert path.read_text() == "somebody else's"
    assert list(path.parent.iterdir()) == [path]


def test_a_file_system_without_hard_links_will_do(
    file: PrivateKeyFile, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, "link", errno.EOPNOTSUPP)
    file.reserve()
    file.fill(KEY)

    assert path.read_text() == KEY
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("broken", [("fsync",), ("link", "replace")], ids=["fsync", "rename"])
def test_after_a_failure_no_part_of_the_key_remains(
    file: PrivateKeyFile, path: Path, monkeypatch: pytest.MonkeyPatch, broken: tuple[str, ...]
) -> None:
    file.reserve()
    for function in broken:
        refuse(monkeypatch, function, errno.EIO)

    with pytest.raises(OSError, match="Input/output"):
        file.fill(KEY)

    assert list(path.parent.iterdir()) == []


def test_a_directory_that_cannot_be_synced_is_no_failure(
    file: PrivateKeyFile, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.reserve()
    opened = os.open

    def refuse_directories(name: Any, flags: int, *rest: Any) -> int:
        if flags & os.O_DIRECTORY:
            raise OSError(errno.EINVAL, "no directories")
        return opened(name, flags, *rest)

    monkeypatch.setattr(os, "open", refuse_directories)
    file.fill(KEY)

    assert path.read_text() == KEY


def test_it_says_beforehand_that_a_directory_is_missing(tmp_path: Path) -> None:
    file = PrivateKeyFile(str(tmp_path / "missing" / "deploy.pem"))

    problem = file.problem()

    assert problem is not None
    assert problem.code == "PrivateKeyFileNotWritable"
    assert "does not exist" in problem.message
    assert file.reserve() is not None


def test_it_says_beforehand_that_a_directory_takes_no_files(
    file: PrivateKeyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert file.problem() is None
    monkeypatch.setattr(os, "access", lambda *_arguments: False)

    problem = file.problem()

    assert problem is not None
    assert "not writable" in problem.message


def test_a_read_only_file_system_shows_when_the_file_is_reserved(
    file: PrivateKeyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, "open", errno.EROFS)

    problem = file.reserve()

    assert problem is not None
    assert "read-only file system" in problem.message


def test_nothing_is_filled_that_was_not_reserved(file: PrivateKeyFile) -> None:
    with pytest.raises(FileNotFoundError):
        file.fill(KEY)


@pytest.mark.parametrize("what", ["file", "directory", "dangling link"])
def test_a_path_is_taken_by_whatever_is_there(file: PrivateKeyFile, path: Path, what: str) -> None:
    assert not file.exists
    {"file": path.touch, "directory": path.mkdir, "dangling link": lambda: path.symlink_to("nowhere")}[what]()

    assert file.exists
    assert file.public_key() is None
