# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The plan of a rollout as an operator reads it: what is interrupted first, then what fails, then wave by wave."""

from __future__ import annotations

import collections
import re
import typing as t

from .._journal.model import moment
from .._models import Action
from .plan import enumerate_some
from .rollout import Rollout, Wave, within
from .rollout_site import SitePlan
from .rows import Row

#: How many lines the whole plan has at most, and one of its sections.
LINES, SECTION = 60, 15
#: How many instances are named that cannot be changed for the same reason.
NAMED = 20
#: Except for this reason: somebody has to decide about each of them.
NAMED_ALL = "LastKeyPair"
_NOUNS: t.Mapping[Action, str] = {"bind": "to bind", "unbind": "to unbind", "displace": "displaced"}


def text_of(rollout: Rollout) -> list[str]:
    """Return the lines. Long lists are cut, and say how much more there is."""
    sections = (
        _interruptions(rollout),
        _unfinished(rollout),
        _failures(rollout),
        [f"Left alone, as their state is another one: {enumerate_some(rollout.left_alone)}."]
        if rollout.left_alone
        else [],
        _places(rollout),
        _waves(rollout),
    )
    lines = [line for section in sections for line in _cut(section, SECTION)]
    return _cut(lines, LINES)


def _cut(lines: list[str], most: int) -> list[str]:
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], f"  … and {len(lines) - most + 1} more"]


def _interruptions(rollout: Rollout) -> list[str]:
    found = rollout.interruptions
    if not found:
        return ["Nothing is interrupted."]
    consent = "" if rollout.policy.interruption != "none" else ", which is not allowed (interruption is none)"
    lines = [f"Interrupted: {len(found)} running instance(s){consent}:"]
    for one in found:
        verb = "stop and start" if one.action == "stop" else "reboot"
        lines.append(f"  {verb} {one}, {one.instance.provider} {one.instance.region}: {one.why}")
    return lines


def _unfinished(rollout: Rollout) -> list[str]:
    """Say which machines may be down since a run died, and what becomes of them."""
    records = within(rollout.sites, rollout.unfinished)
    if not records:
        return []
    title = f"Left unfinished by earlier runs: {len(records)} instance(s). They come first, and end as they were found:"
    found = [
        f"  {record.instance}: run {record.run} found it {record.power}, {moment(record.since)}" for record in records
    ]
    return [title, *found]


def _failures(rollout: Rollout) -> list[str]:
    lines = [f"Cannot be read: {lost.place}: {lost.error.message}" for lost in rollout.lost]
    for site in rollout.sites:
        groups: dict[str, dict[str, Row]] = {}
        for row in site.rows:
            if row.outcome == "failed" and row.error is not None:
                groups.setdefault(_common_reason(row), {})[row.instance_id] = row
        lines += [
            f"Cannot be done, {site.place}: {reason if len(rows) > 1 else _reason(next(iter(rows.values())))} "
            f"[{_names(rows)}]"
            for reason, rows in groups.items()
        ]
    return lines


def _names(rows: t.Mapping[str, Row]) -> str:
    all_of_them = any(row.error is not None and row.error.code == NAMED_ALL for row in rows.values())
    return enumerate_some(list(rows), len(rows) if all_of_them else NAMED)


def _common_reason(row: Row) -> str:
    """Return the reason without the instance, so that a hundred machines with the same trouble are one line."""
    named = re.compile(rf"{re.escape(row.instance_id)}( \([^)]*\))?")
    return named.sub("each of these", _reason(row)) if row.instance_id else _reason(row)


def _reason(row: Row) -> str:
    return f"{row.error.message} {row.error.hint}".rstrip() if row.error else ""


def _places(rollout: Rollout) -> list[str]:
    return [f"{site.place}: {_totals(site)}" for site in rollout.sites]


def _totals(site: SitePlan) -> str:
    total = len({name for unit in site.units for name in unit.instance_ids})
    changing = [row for row in site.rows if row.outcome == "changed"]
    counts = collections.Counter(row.action for row in changing if row.after != "unknown")
    what = [f"{counts[action]} {noun}" for action, noun in _NOUNS.items() if counts[action]]
    unsure = sum(row.after == "unknown" for row in changing)
    if unsure:
        what.append(f"{unsure} perhaps displaced, as the API may replace what was bound")
    parts = [f"{len(site.changing)} of {total} instance(s) change", *what]
    return ", ".join([*parts, f"{len(site.failing)} cannot"] if site.failing else parts)


def _waves(rollout: Rollout) -> list[str]:
    if not rollout.waves:
        return ["There is nothing to change."]
    lines = []
    for wave in rollout.waves:
        title = "Wave 0 (left unfinished by earlier runs)" if wave.number == 0 else f"Wave {wave.number}"
        ids = enumerate_some([one.instance_id for one in wave.instances], 5)
        lines.append(f"{title}: {len(wave.instances)} instance(s): {ids}")
        lines += _wishes(wave)
    return lines


def _wishes(wave: Wave) -> t.Iterator[str]:
    for entry in wave.bindings:
        verb = "bind" if entry["state"] == "present" else "unbind"
        only = " and no other" if entry.get("exclusive") else ""
        where = f"{entry['provider']} {entry['region']}"
        yield f"  {verb} {', '.join(entry['key_pairs'])}{only} on {len(entry['instance_ids'])} instance(s), {where}"
    if wave.restore:
        yield f"  put back the power of {len(wave.restore)} instance(s)"
