# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What goes wrong with a journal folder, and what an operator can do about it."""

from __future__ import annotations

import typing as t

from .._errors import KeyfleetError
from .._models import ErrorInfo
from .._plan.plan import enumerate_some
from .._plan.rollout_model import InstanceRef
from .model import Run


def not_usable(path: str, error: OSError) -> KeyfleetError:
    """Return the error for a folder or file that cannot be read or written as a journal needs it."""
    reason = (error.strerror or type(error).__name__).lower()
    return KeyfleetError(
        ErrorInfo(
            code="JournalNotUsable",
            message=f"The journal cannot be kept: {path}: {reason}.",
            hint="journal_path must be a folder in which this user may create files, on a file system with locks. "
            "Without it, a run that is killed could not be completed by the next one.",
        )
    )


def not_readable(path: str, reason: str) -> KeyfleetError:
    """Return the error for a file that may tell of unfinished work, but nobody can say of which."""
    return KeyfleetError(
        ErrorInfo(
            code="JournalNotReadable",
            message=f"The file {path} in the journal folder cannot be read: {reason}.",
            hint="Nothing was deleted. If it is not Keyfleet's, choose a folder for journal_path in which nobody else "
            "keeps files. If it is, look in it for instances that a run may have left stopped, see to them, and then "
            "move the file away.",
        )
    )


def too_new(path: str, reason: str) -> KeyfleetError:
    """Return the error for a file of a newer release."""
    return KeyfleetError(
        ErrorInfo(
            code="JournalTooNew",
            message=f"The file {path} in the journal folder is of a newer release of keyfleet.cloud: {reason}.",
            hint="Let that release complete what it tells of, or install it here.",
        )
    )


def busy(holders: t.Mapping[Run, t.Sequence[InstanceRef]], seconds: float) -> KeyfleetError:
    """Return the error for instances that other runs still held after so many seconds."""
    return KeyfleetError(
        ErrorInfo(
            code="JournalBusy",
            message=f"Other runs still hold some of the instances after {seconds:g} s: {describe(holders)}.",
            hint="Nothing was touched. Run this again when they have ended, or give it a longer lock_timeout. "
            "What a run leaves that has to be ended is completed by the next one.",
            retryable=True,
        )
    )


def folder_busy(path: str, holder: str, seconds: float) -> KeyfleetError:
    """Return the error for a folder whose lock, held for moments only, was not to be had."""
    return KeyfleetError(
        ErrorInfo(
            code="JournalBusy",
            message=f"The lock {path} was not to be had within {seconds:g} s; it was last taken by {holder}.",
            hint="A run holds it for moments only, so that process seems to be halted: continue or end it.",
            retryable=True,
        )
    )


def describe(holders: t.Mapping[Run, t.Sequence[InstanceRef]]) -> str:
    """Return who holds what."""
    return "; ".join(
        f"{run} holds {enumerate_some([str(instance) for instance in sorted(holders[run])])}"
        for run in sorted(holders, key=lambda run: run.id)
    )
