# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The drift report as plain data: what docs/schemas/drift_report.schema.json describes."""

from __future__ import annotations

import collections
import dataclasses
import functools
import re
import typing as t

from .drift_model import STATUSES, InstanceReport, NamedKeyPair, PlaceReport
from .drift_same_keys import SameKey, same_keys
from .rollout_model import Place

# Changes when a reader of the report would have to change.
SCHEMA = 1

Data = dict[str, t.Any]

# Characters that XML does not allow, that end a line, or that turn the direction of text: names come from whoever may
# edit them in the cloud, and go into files that people open.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


@dataclasses.dataclass(frozen=True)
class Header:
    """What a report says of itself. ``at`` is a time such as ``2026-05-01T10:00:00Z``, ``facts`` are anybody's."""

    title: str
    at: str
    facts: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)


class DriftReport:
    """Everything that a report says. Its order depends on nothing but its content."""

    def __init__(self, header: Header, places: t.Iterable[PlaceReport]) -> None:
        ordered = sorted(places, key=_order)
        labels = _labels([(place.view.place, place.view.region) for place in ordered])
        self._header = header
        self._places = dict(zip(labels, ordered, strict=True))

    @functools.cached_property
    def counts(self) -> dict[str, int]:
        """Return how many rows have each status, and what else was counted, in all places together."""
        return {**_sum(map(_counts, self._places.values())), "same_public_key": len(self._same_keys)}

    @property
    def generated(self) -> Data:
        """Return what the report says of itself."""
        facts = {_printable(str(key)): str(value) for key, value in self._header.facts.items()}
        data = {"at": self._header.at, "title": self._header.title, "facts": dict(sorted(facts.items()))}
        return t.cast("Data", _printable(data))

    @property
    def errors(self) -> dict[str, str]:
        """Return the places that could not be read, and why."""
        found = {label: place.view.error for label, place in self._places.items()}
        return {label: f"{error.message} {error.hint}".rstrip() for label, error in found.items() if error is not None}

    @property
    def everything_failed(self) -> bool:
        """Whether there were places, and none of them could be read."""
        return bool(self._places) and len(self.errors) == len(self._places)

    def drifted_rows(self) -> list[Data]:
        """Return a flat row for each instance and key pair that is not in sync, in the report's order."""
        return [
            {**identity, "instance_name": instance["name"], **finding}
            for instance in self._instances
            for identity in [{key: instance[key] for key in ("place", "provider", "region", "instance_id")}]
            for finding in instance["bindings"]
            if finding["status"] != "in_sync"
        ]

    def places(self) -> list[Data]:
        """Return a row for each place."""
        rows = [
            {
                **_identity(label, place),
                "connection": dict(place.view.place.connection),
                "reachable": place.view.error is None,
                "error": place.view.error.as_dict() if place.view.error else None,
                "instances_read": len(place.view.instances),
                "key_pairs_read": len(place.view.key_pairs),
                "counts": _counts(place),
            }
            for label, place in self._places.items()
        ]
        return list(map(_printable, rows))

    def as_dict(self) -> Data:
        """Return the whole report."""
        places = self._places.items()
        information = {
            "unmanaged_instances": [row for label, place in places for row in _unmanaged(label, place)],
            "orphans": [
                {**_identity(label, place), **_key_pair(pair)} for label, place in places for pair in place.orphans
            ],
            "same_public_key": list(map(_same_key, self._same_keys)),
        }
        return {
            "schema": SCHEMA,
            "generated": self.generated,
            "counts": self.counts,
            "providers": self.providers(),
            "places": self.places(),
            "instances": self._instances,
            **_printable(information),
        }

    @functools.cached_property
    def _same_keys(self) -> tuple[SameKey, ...]:
        return same_keys({label: place.view for label, place in self._places.items()})

    @functools.cached_property
    def _instances(self) -> list[Data]:
        rows = [
            {**_identity(label, place), **_instance(instance)}
            for label, place in self._places.items()
            for instance in place.instances
        ]
        return t.cast("list[Data]", _printable(rows))

    def providers(self) -> list[Data]:
        """Return a row for each provider."""
        by_provider: dict[str, list[PlaceReport]] = collections.defaultdict(list)
        for place in self._places.values():
            by_provider[place.view.place.provider].append(place)
        return [
            {
                "provider": provider,
                "places": len(places),
                "places_unreachable": sum(place.view.error is not None for place in places),
                "counts": _sum(map(_counts, places)),
            }
            for provider, places in by_provider.items()
        ]


def _order(place: PlaceReport) -> tuple[str, str, list[tuple[str, str]], str]:
    asked = place.view.place
    connection = [(name, str(value)) for name, value in asked.connection]
    return asked.provider, place.view.region or "", connection, asked.region or ""


def _labels(places: t.Sequence[tuple[Place, str | None]]) -> list[str]:
    """Return a name for each place: provider and region, and where several share these, how they are reached."""
    short = [f"{place.provider} {region}" if region else str(place) for place, region in places]
    uses = collections.Counter(short)
    labels: list[str] = []
    for label, (place, _region) in zip(short, places, strict=True):
        how = ", ".join(f"{name}: {value}" for name, value in place.connection)
        full = f"{label} ({how or 'as the task says'})" if uses[label] > 1 else label
        # The same options, once with the region and once without it.
        labels.append(full if full not in labels else f"{full} #{len(labels) + 1}")
    return labels


def _counts(place: PlaceReport) -> dict[str, int]:
    statuses = collections.Counter(finding.status for one in place.instances for finding in one.findings)
    others = sum(len(instance.other_key_pairs) for instance in place.instances)
    return {
        "rows": statuses.total(),
        **{status: statuses[status] for status in STATUSES},
        "drifted": statuses.total() - statuses["in_sync"],
        "instances": len(place.instances),
        "unmanaged_key_pairs": others,
        "unmanaged_instances": len(place.unmanaged),
        "unmanaged": others + len(place.unmanaged),
        "orphans": len(place.orphans),
    }


def _sum(parts: t.Iterable[t.Mapping[str, int]]) -> dict[str, int]:
    total = collections.Counter(_NOTHING)
    for part in parts:
        total.update(part)
    return dict(total)


def _identity(label: str, place: PlaceReport) -> Data:
    return {"place": label, "provider": place.view.place.provider, "region": place.view.region}


def _instance(instance: InstanceReport) -> Data:
    return {
        "instance_id": instance.instance_id,
        "name": instance.name,
        "state": instance.state,
        "power": instance.power,
        "platform": instance.platform,
        "exclusive": instance.exclusive,
        "entries": list(instance.entries),
        "bindings": [dict(vars(finding)) for finding in instance.findings],
        "other_key_pairs": list(map(_key_pair, instance.other_key_pairs)),
    }


def _unmanaged(label: str, place: PlaceReport) -> t.Iterator[Data]:
    names = {pair.id: pair.name for pair in place.view.key_pairs}
    for instance in place.unmanaged:
        yield {
            **_identity(label, place),
            "instance_id": instance.id,
            "name": instance.name,
            "platform": instance.platform,
            "key_pairs": [_key_pair(NamedKeyPair(key, names.get(key))) for key in sorted(instance.key_pairs)],
        }


def _key_pair(pair: NamedKeyPair) -> Data:
    return {"key_pair": pair.key_pair, "name": pair.name}


def _same_key(group: SameKey) -> Data:
    return {
        "fingerprint": group.fingerprint,
        "several_names": group.several_names,
        "key_pairs": [dataclasses.asdict(pair) for pair in group.key_pairs],
    }


def _printable(value: t.Any) -> t.Any:
    """Return plain data with every text in one line that any kind of file may hold."""
    if isinstance(value, str):
        return _UNPRINTABLE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {key: _printable(element) for key, element in value.items()}
    if isinstance(value, list):
        return [_printable(element) for element in value]
    return value


_NOTHING = dict.fromkeys(
    ("rows", *STATUSES, "drifted", "instances", "unmanaged_key_pairs", "unmanaged_instances", "unmanaged", "orphans"), 0
)
