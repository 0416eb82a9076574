# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The journal folder. Every run has two files in it:

``<run>.lock``  is locked (flock) by the process as long as it lives, so that its death, however sudden, shows.
                It is never replaced, so that whoever lists the folder sees the run.
``<run>.json``  holds its notes and is replaced as a whole: a temporary file, on the disk, then renamed.

``.keyfleet.lock`` is held for the moments in which a run looks who holds what and claims what nobody does.
A folder may lie on a volume that several hosts share, if its locks hold across them.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import os
import re
import stat
import typing as t

from .._clock import Clock, Deadline
from .._waiting import intervals
from .errors import folder_busy, not_readable, not_usable, too_new
from .model import Journal, Record, Run, merged
from .text import UnknownVersion, from_text, to_text

_LOCK, _NOTES, _TEMPORARY = ".lock", ".json", ".tmp"
_FLAGS = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
_RUN = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")

#: Seconds for which the lock of the folder is waited for at least: others have it for moments, however many they are.
_PATIENCE = 10.0


@dataclasses.dataclass(frozen=True)
class Found:
    """The notes of one run as they were found. ``live``: its process has not ended."""

    journal: Journal
    live: bool


def unfinished(folder: str) -> list[Record]:
    """Return what runs that have ended left unfinished, a record for each instance, sorted by instance.

    Only reads; a folder that does not exist holds nothing. What a live run has taken over is not unfinished.
    Raises KeyfleetError for a folder or a file that cannot be read.
    """
    found = Folder(folder).found()
    held = {instance for notes in found if notes.live for instance in notes.journal.claimed}
    records = merged(record for notes in found if not notes.live for record in notes.journal.records.values())
    return [record for instance, record in records.items() if instance not in held]


class Folder:
    """A journal folder; it need not exist. All errors of the file system are raised as KeyfleetError."""

    def __init__(self, path: str) -> None:
        self.path = os.path.abspath(path)

    def prepare(self) -> None:
        """Create the folder, for its owner only, unless it is there."""
        missing, above = [], self.path
        while not os.path.lexists(above):
            missing.append(above)
            above = os.path.dirname(above)
        with _usable(self.path):
            for folder in reversed(missing):
                with contextlib.suppress(FileExistsError):
                    os.mkdir(folder, 0o700)
                _sync(os.path.dirname(folder))
            if not os.path.isdir(self.path):
                raise NotADirectoryError(0, "it is not a folder")

    def check(self) -> None:
        """Raise KeyfleetError when ``prepare`` or the first file would fail, as far as that shows without writing."""
        above = self.path
        while not os.path.lexists(above):
            above = os.path.dirname(above)
        if not os.path.isdir(above):
            raise not_usable(above, NotADirectoryError(0, "it is not a folder"))
        if not os.access(above, os.W_OK | os.X_OK):
            raise not_usable(above, PermissionError(0, "permission denied"))

    @contextlib.contextmanager
    def exclusive(self, run: Run, clock: Clock, deadline: Deadline) -> t.Iterator[None]:
        """Be the only one who claims, in the block. Whoever claims nothing does not need it."""
        path = self._file(".keyfleet.lock")
        patience = Deadline(clock, max(deadline.remaining, _PATIENCE))
        with _usable(path):
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | _FLAGS, 0o600)
        try:
            with _usable(path):
                for pause in intervals(0.01, cap=0.2):
                    if _locked(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB):
                        break
                    if patience.passed:
                        raise folder_busy(path, _text(descriptor) or "nobody knows whom", patience.seconds)
                    clock.sleep(pause)
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, str(run).encode(), 0)
            yield
        finally:
            os.close(descriptor)

    def found(self) -> list[Found]:
        """Return the notes of every run. Raises KeyfleetError for any file that cannot be understood."""
        runs = self._runs()
        found = (self._found(run) for run in sorted(runs))
        return [notes for notes in found if notes is not None]

    def open(self, run: Run) -> int:
        """Create and lock the file that shows that the run is alive; return its descriptor, to be closed at the end.

        To be called in ``exclusive``.
        """
        path = self._file(run.id + _LOCK)
        with _usable(path):
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _FLAGS, 0o600)
            try:
                _locked(descriptor, fcntl.LOCK_EX)
            except OSError:
                os.unlink(path)
                os.close(descriptor)
                raise
        return descriptor

    def store(self, journal: Journal) -> None:
        """Have the notes on the disk when it returns; before that, or after a failure, those that were there stay."""
        temporary, path = self._file(journal.run.id + _TEMPORARY), self._file(journal.run.id + _NOTES)
        data = to_text(journal).encode("utf-8")
        with _usable(path):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)
            try:
                with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FLAGS, 0o600), "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                os.rename(temporary, path)
            except OSError:
                with contextlib.suppress(OSError):
                    os.unlink(temporary)
                raise
            _sync(self.path)

    def remove(self, run_id: str) -> None:
        """Remove everything of a run, its notes first: without them it holds nothing."""
        with _usable(self._file(run_id + _NOTES)):
            for suffix in (_TEMPORARY, _NOTES):
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(self._file(run_id + suffix))
            # A removal that a power failure undid would have somebody start what an operator has stopped since.
            _sync(self.path)
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self._file(run_id + _LOCK))

    def remove_leftovers(self) -> None:
        """Remove what a killed run left of a file that never became one. To be called in ``exclusive``."""
        for run_id in self._runs():
            if self._is_live(run_id):
                continue
            if not os.path.lexists(self._file(run_id + _NOTES)):
                self.remove(run_id)
                continue
            temporary = self._file(run_id + _TEMPORARY)
            with _usable(temporary), contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)

    def _runs(self) -> set[str]:
        """Return the IDs of all runs that have a file here, and the names of what might tell of one."""
        with _usable(self.path):
            try:
                names = os.listdir(self.path)
            except FileNotFoundError:
                return set()
        parts = (os.path.splitext(name) for name in names)
        return {
            run for run, suffix in parts if suffix == _NOTES or (suffix in {_LOCK, _TEMPORARY} and _RUN.fullmatch(run))
        }

    def _found(self, run_id: str) -> Found | None:
        """Return the notes of a run; None when it has none (any more)."""
        # First whether it is live, then what it wrote: notes may be replaced or removed, by its process if that lives.
        live = self._is_live(run_id)
        path = self._file(run_id + _NOTES)
        with _usable(path):
            try:
                descriptor = os.open(path, os.O_RDONLY | _FLAGS)
            except FileNotFoundError:
                return None
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise not_readable(path, "it is not a file")
            with _usable(path):
                journal = from_text(_text(descriptor))
        except UnknownVersion as error:
            raise too_new(path, str(error)) from None
        except ValueError as error:
            raise not_readable(path, str(error)) from None
        finally:
            os.close(descriptor)
        if journal.run.id != run_id:
            raise not_readable(path, f"it is about the run {journal.run.id}, its name says otherwise")
        return Found(journal, live)

    def _is_live(self, run_id: str) -> bool:
        path = self._file(run_id + _LOCK)
        with _usable(path):
            try:
                descriptor = os.open(path, os.O_RDONLY | _FLAGS)
            except FileNotFoundError:
                return False
            try:
                # Shared, so that two who look at the same time do not take each other for the run.
                return not _locked(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            finally:
                os.close(descriptor)

    def _file(self, name: str) -> str:
        return os.path.join(self.path, name)


@contextlib.contextmanager
def _usable(path: str) -> t.Iterator[None]:
    """Tell what an error of the file system in the block means."""
    try:
        yield
    except OSError as error:
        raise not_usable(path, error) from error


def _sync(folder: str) -> None:
    """Have the names in a folder on the disk as well; some file systems refuse that for folders."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _locked(descriptor: int, how: int) -> bool:
    """Lock an open file; return whether it is locked now. Raises OSError where there are no locks."""
    try:
        fcntl.flock(descriptor, how)
    except BlockingIOError:
        return False
    return True


def _text(descriptor: int) -> str:
    """Return what is in an open file."""
    with open(os.dup(descriptor), "rb") as file:
        file.seek(0)
        return file.read().decode("utf-8")
