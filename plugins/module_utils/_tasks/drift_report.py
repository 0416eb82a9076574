# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The body of the module drift_report."""

from __future__ import annotations

import json
import time
import typing as t

from .._argspec import ArgumentSpec, drift_arguments, entries_arguments
from .._clock import Deadline
from .._errors import InputError
from .._plan.drift_assessment import assess, places_of
from .._plan.drift_report import DriftReport, Header
from .._report_file import ReportFile
from .._services.drift import read_places
from .._services.reading import READ_SECONDS
from .._task import Outcome, Task
from ._entries import CAPABILITIES, read_entries
from ._reading import ReadingBody


class DriftReportBody(ReadingBody):
    """Compare desired with actual bindings; see Body."""

    def arguments(self) -> ArgumentSpec:
        """See Body."""
        return {**entries_arguments(), **drift_arguments()}

    def run(self, task: Task) -> Outcome:
        """See Body. Without an entry that means any instance nothing is sent, and the report is empty."""
        most = task.params["max_rows"]
        if most < 0:
            raise InputError(f"max_rows must not be negative, but is {most}.")
        entries = read_entries(task)
        file = ReportFile("json_path", task.params["json_path"]) if task.params["json_path"] else None
        if file:
            file.check()
        deadline = Deadline(task.clock, READ_SECONDS)
        header = _header(task)
        views = read_places(places_of(entries), lambda place: task.connect_to(place, deadline))
        assessment = assess(entries, views, CAPABILITIES)
        report = DriftReport(header, assessment.places)
        if file:
            file.write(json.dumps(report.as_dict(), ensure_ascii=False, indent=1) + "\n")
        return Outcome(
            {**_result(report, most, file.path if file else None), "check_mode": task.check_mode},
            failure=_failure(report),
            warnings=(*assessment.warnings, *_unreachable(report)),
        )


def _header(task: Task) -> Header:
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(task.clock.timestamp()))
    return Header(task.params["title"], at, task.params["facts"])


def _result(report: DriftReport, most: int, path: str | None) -> dict[str, t.Any]:
    rows = report.drifted_rows()
    return {
        "counts": report.counts,
        "providers": report.providers(),
        "places": report.places(),
        "rows": rows[:most],
        "rows_total": len(rows),
        "rows_shown": min(most, len(rows)),
        "json_path": path,
        "generated": report.generated,
    }


def _unreachable(report: DriftReport) -> t.Iterator[str]:
    for label, reason in report.errors.items():
        yield f"{label} could not be read: {reason}"


def _failure(report: DriftReport) -> str | None:
    """Return the message of a task that could not read anything: a report of nothing must not look like a good one."""
    if not report.everything_failed:
        return None
    label, reason = next(iter(report.errors.items()))
    return f"None of the places could be read ({len(report.errors)}). {label}: {reason}"
