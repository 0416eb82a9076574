# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""A run's notes as text: JSON, a line for every instance, so that an operator can read and search it."""

from __future__ import annotations

import json
import typing as t

from .._models import Power
from .._plan.rollout_model import InstanceRef
from .model import Journal, Record, Run, merged

FORMAT = "keyfleet-journal"
VERSION = 1


class UnknownVersion(ValueError):
    """The text was written by a newer release."""


def to_text(journal: Journal) -> str:
    """Return the notes as text. Raises TypeError where a connection option is nothing that JSON knows."""
    claimed = (_reference(instance) for instance in sorted(journal.claimed))
    records = (_record(journal.records[instance]) for instance in sorted(journal.records))
    return "\n".join(
        [
            "{",
            f'"format": {json.dumps(FORMAT)}, "version": {VERSION},',
            f'"run": {json.dumps(vars(journal.run))},',
            f'"claimed": [{_lines(claimed)}],',
            f'"records": [{_lines(records)}]',
            "}",
            "",
        ]
    )


def from_text(text: str) -> Journal:
    """Return the notes. Raises UnknownVersion, and ValueError with a reason for any other text."""
    try:
        data = json.loads(text)
    except RecursionError:
        raise ValueError("it is not JSON") from None
    except ValueError as error:
        raise ValueError(f"it is not JSON: {error}") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ValueError("it is not one of Keyfleet's journals")
    if data.get("version") != VERSION:
        raise UnknownVersion(f"it has version {data.get('version')!r} of the format, this release knows {VERSION}")
    run = _part(data, "run", dict)
    claimed = frozenset(_instance(item, "claimed") for item in _part(data, "claimed", list))
    records = merged(_read_record(item) for item in _part(data, "records", list))
    return Journal(_read_run(run), claimed | records.keys(), records)


def _lines(items: t.Iterable[t.Any]) -> str:
    return ",".join("\n" + json.dumps(item) for item in items)


def _reference(instance: InstanceRef) -> list[str]:
    return [instance.provider, instance.region, instance.instance_id, instance.product]


def _record(record: Record) -> dict[str, t.Any]:
    return {**vars(record), "instance": _reference(record.instance), "connection": dict(record.connection)}


def _read_run(data: t.Mapping[str, t.Any]) -> Run:
    return Run(
        id=_part(data, "id", str),
        role=_part(data, "role", str),
        host=_part(data, "host", str),
        pid=_part(data, "pid", int),
        started=_number(data, "started"),
    )


def _read_record(data: t.Any) -> Record:
    if not isinstance(data, dict):
        raise ValueError("a record is not an object")
    power: t.Any = _part(data, "power", str)
    if power not in t.get_args(Power):
        raise ValueError(f"a record has the power {power!r}")
    return Record(
        instance=_instance(data.get("instance"), "a record"),
        power=power,
        key_pairs=_texts(data, "key_pairs"),
        since=_number(data, "since"),
        run=_part(data, "run", str),
        noted=_number(data, "noted"),
        bind=_texts(data, "bind"),
        unbind=_texts(data, "unbind"),
        reboot_pending=_part(data, "reboot_pending", bool),
        connection=tuple(sorted(_part(data, "connection", dict).items())),
        started=_part(data, "started", str) if data.get("started") is not None else None,
    )


def _instance(value: t.Any, where: str) -> InstanceRef:
    if not isinstance(value, list) or len(value) != 4 or not all(isinstance(part, str) for part in value):
        raise ValueError(f"{where}: an instance is not given as provider, region, ID and product")
    return InstanceRef(*value)


def _texts(data: t.Mapping[str, t.Any], name: str) -> tuple[str, ...]:
    values = _part(data, name, list)
    if not all(isinstance(value, str) for value in values):
        raise ValueError(f"{name} holds something else than text")
    return tuple(values)


def _number(data: t.Mapping[str, t.Any], name: str) -> float:
    value = data.get(name)
    # NaN and moments that no calendar has would only fail later, where nobody expects it.
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 2**36:
        raise ValueError(f"{name} is no moment")
    return float(value)


def _part(data: t.Mapping[str, t.Any], name: str, kind: type) -> t.Any:
    value = data.get(name)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ValueError(f"{name} is missing or of the wrong kind")
    return value
