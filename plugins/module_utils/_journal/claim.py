# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Claiming instances: who holds them is alone with them, and knows what earlier runs left of them."""

from __future__ import annotations

import dataclasses
import os
import secrets
import socket
import threading
import time
import types
import typing as t

from .._clock import Clock, Deadline
from .._plan.rollout_model import InstanceRef
from .._waiting import intervals
from .errors import busy, describe
from .folder import Folder, Found
from .model import Intention, Journal, Record, Run, merged, noted


def claim(
    folder: str,
    instances: t.Iterable[InstanceRef],
    *,
    role: str,
    clock: Clock,
    timeout: float,
    on_wait: t.Callable[[str], None] | None = None,
) -> Claim:
    """Return the claim of these instances, all of them or none, when it is on the disk.

    Waits up to ``timeout`` seconds for runs that hold one of them; ``on_wait`` is told who does, once for each
    different answer. What ended runs left of these instances becomes part of the claim. Without instances nothing is
    written.

    Raises KeyfleetError: JournalBusy when the time is over, JournalNotUsable for a folder that cannot be written,
    JournalNotReadable or JournalTooNew for a file that cannot be understood.
    """
    wanted = frozenset(instances)
    run = _new_run(role, clock)
    home = Folder(folder)
    if not wanted:
        return Claim(home, Journal(run, wanted, {}), None, clock)
    home.prepare()
    deadline = Deadline(clock, timeout)
    pauses = intervals(0.2, cap=2.0)
    told = None
    while True:
        with home.exclusive(run, clock, deadline):
            found = home.found()
            holders = _holders(found, wanted)
            if not holders:
                return _take(home, found, wanted, run, clock)
        if on_wait is not None and holders != told:
            told = holders
            on_wait(f"Waiting for other runs: {describe(holders)}.")
        if deadline.passed:
            raise busy(holders, timeout)
        clock.sleep(min(next(pauses), max(deadline.remaining, 0.01)))


class Claim:
    """Instances that this process holds, until they are released, the claim is closed or the process ends.

    Several threads may use it. Every change is on the disk when the method returns. All methods raise KeyfleetError
    where the folder cannot be written any more (what was there stays), and ValueError for instances of others.
    """

    def __init__(self, home: Folder, journal: Journal, descriptor: int | None, clock: Clock) -> None:
        self._home = home
        self._journal = journal
        self._descriptor = descriptor
        self._clock = clock
        self._guard = threading.Lock()

    def __enter__(self) -> Claim:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: types.TracebackType | None,
    ) -> None:
        self.close()

    @property
    def run(self) -> Run:
        """Who holds the instances: this run."""
        return self._journal.run

    @property
    def records(self) -> t.Mapping[InstanceRef, Record]:
        """The records of all held instances that have one: those that earlier runs left, and those written since."""
        return dict(self._journal.records)

    def write(self, intentions: t.Iterable[Intention]) -> t.Mapping[InstanceRef, Record]:
        """Note what is about to happen, and how the instances were found; return their records.

        An instance that has a record already keeps its beginning: its power and key pairs are those of the start.
        """
        given = tuple(intentions)
        now = self._clock.timestamp()
        with self._guard:
            known = self._journal.records
            new = {wish.instance: noted(known.get(wish.instance), wish, self.run, now) for wish in given}
            self._change(new)
            return new

    def reboot_pending(self, instances: t.Iterable[InstanceRef], *, pending: bool) -> None:
        """Note that these instances wait for a restart, or that they do not any more. Each must have a record."""
        given = tuple(instances)
        with self._guard:
            self._require(given, self._journal.records)
            known = self._journal.records
            self._change({one: dataclasses.replace(known[one], reboot_pending=pending) for one in given})

    def release(self, instances: t.Iterable[InstanceRef]) -> None:
        """Let go of instances that are as they should be: nothing of them is unfinished, and others may claim them."""
        given = frozenset(instances)
        with self._guard:
            self._require(given, self._journal.claimed)
            self._keep(self._journal.without(given))

    def close(self) -> None:
        """End the run. Records that are left are unfinished from now on; instances without a record are free."""
        with self._guard:
            if self._descriptor is None:
                return
            try:
                if not self._journal.records:
                    self._home.remove(self.run.id)
            finally:
                os.close(self._descriptor)
                self._descriptor = None

    def _change(self, records: t.Mapping[InstanceRef, Record]) -> None:
        self._require(records, self._journal.claimed)
        self._keep(dataclasses.replace(self._journal, records={**self._journal.records, **records}))

    def _keep(self, journal: Journal) -> None:
        if journal != self._journal:
            if self._descriptor is None:
                raise ValueError("the claim is closed")
            self._home.store(journal)
            self._journal = journal

    def _require(self, instances: t.Iterable[InstanceRef], known: t.Container[InstanceRef]) -> None:
        strangers = sorted(instance for instance in instances if instance not in known)
        if strangers:
            raise ValueError(f"not held by this run, or without a record: {strangers[0]}")


def _take(home: Folder, found: t.Sequence[Found], wanted: frozenset[InstanceRef], run: Run, clock: Clock) -> Claim:
    """Claim what nobody holds. At every moment each record is in at least one file of the folder."""
    home.remove_leftovers()
    dead = [notes.journal for notes in found if not notes.live]
    left = merged(record for journal in dead for record in journal.records.values() if record.instance in wanted)
    journal = Journal(run, wanted, left)
    descriptor = home.open(run)
    try:
        home.store(journal)
        for old in dead:
            _hand_over(home, old, wanted)
    except BaseException:
        os.close(descriptor)
        raise
    return Claim(home, journal, descriptor, clock)


def _hand_over(home: Folder, old: Journal, wanted: frozenset[InstanceRef]) -> None:
    """Take out of a dead run's notes what a live run has in its own."""
    rest = old.without(wanted)
    if not rest.records:
        home.remove(old.run.id)
    elif rest.records.keys() != old.records.keys():
        home.store(rest)


def _holders(found: t.Sequence[Found], wanted: frozenset[InstanceRef]) -> dict[Run, list[InstanceRef]]:
    held = {notes.journal.run: sorted(notes.journal.claimed & wanted) for notes in found if notes.live}
    return {run: instances for run, instances in held.items() if instances}


def _new_run(role: str, clock: Clock) -> Run:
    """Return who we are. The ID begins with the time, so that a folder lists runs in their order."""
    started = clock.timestamp()
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(started))
    return Run(f"{stamp}-{secrets.token_hex(4)}", role, socket.gethostname(), os.getpid(), started)
