# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The objects of the stand-in, and how they are made, changed, found and shown."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.keyfleet.cloud.tests.awx.stand_in import credentials, rules
from ansible_collections.keyfleet.cloud.tests.awx.stand_in.kinds import KINDS, UNIFIED
from ansible_collections.keyfleet.cloud.tests.awx.stand_in.rules import Refused

ROOT = "/api/v2"


@dataclass
class Item:
    """One object. ``extra`` is what no client writes into the object itself: a survey, playbooks, an organization."""

    endpoint: str
    id: int
    fields: dict[str, Any]
    lists: dict[str, list[int]]
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"{ROOT}/{self.endpoint}/{self.id}/"


class Missing(Exception):
    """AWX answers 404."""


class Store:
    """All objects. ``repositories`` are what a project's update finds: URL -> playbooks."""

    def __init__(self, repositories: Mapping[str, Iterable[str]]) -> None:
        self._repositories = dict(repositories)
        self._items: dict[str, dict[int, Item]] = {endpoint: {} for endpoint in KINDS}
        self._numbers = itertools.count(1)

    def add_repository(self, url: str, playbooks: Iterable[str]) -> None:
        self._repositories[url] = playbooks

    def all(self, endpoint: str) -> list[Item]:
        if endpoint == "unified_job_templates":
            return [item for one in UNIFIED for item in self.all(one)]
        return list(self._items[endpoint].values())

    def get(self, endpoint: str, number: Any) -> Item:
        """Return an object; raises Missing."""
        for item in self.all(endpoint):
            if item.id == number:
                return item
        raise Missing

    def unified(self, number: Any) -> Item:
        return self.get("unified_job_templates", number)

    def create(self, endpoint: str, given: Mapping[str, Any]) -> Item:
        """Make an object; raises Refused."""
        kind = KINDS[endpoint]
        absent = [name for name in kind.required if given.get(name) in (None, "")]
        if absent:
            raise Refused(**{name: ["This field is required."] for name in absent})
        lists: dict[str, list[int]] = {name: [] for name in kind.lists}
        item = Item(endpoint, next(self._numbers), copy.deepcopy(kind.fields), lists)
        self._write(item, given, None)
        self._items[endpoint][item.id] = item
        return item

    def change(self, item: Item, given: Mapping[str, Any]) -> None:
        """Change an object; raises Refused, and then nothing has changed."""
        before = copy.deepcopy(item)
        try:
            self._write(item, given, before)
        except Refused:
            item.fields = before.fields
            raise

    def _write(self, item: Item, given: Mapping[str, Any], before: Item | None) -> None:
        kind = KINDS[item.endpoint]
        for name, value in given.items():
            if name in kind.fields:  # as AWX does, what is unknown or cannot be written is passed over silently
                item.fields[name] = self._checked(item.endpoint, name, value)
        for names in kind.unique:
            values = [item.fields[name] for name in names if name in item.fields]
            for other in self._items[item.endpoint].values():
                if other.id != item.id and values == [other.fields[name] for name in names if name in other.fields]:
                    raise Refused(__all__=[f"{kind.type} with this {' and '.join(names)} already exists."])
        rules.check(self, item, before)

    def _checked(self, endpoint: str, name: str, value: Any) -> Any:
        kind = KINDS[endpoint]
        default = kind.fields[name]
        if name in kind.references:
            if value in (None, ""):
                return None
            if not any(item.id == value for item in self.all(kind.references[name])):
                raise Refused(**{name: [f'Invalid pk "{value}" - object does not exist.']})
        elif default is not None and type(value) is not type(default):
            raise Refused(**{name: [f"{value!r} is no {type(default).__name__}."]})
        if name in kind.choices and value not in kind.choices[name]:
            raise Refused(**{name: [f'"{value}" is not a valid choice.']})
        return copy.deepcopy(value)

    def find(self, endpoint: str, filters: Mapping[str, str]) -> list[Item]:
        """Return what a list shows with these filters; ``or__`` filters hold if one of them does. Raises Refused."""
        found = []
        for item in self.all(endpoint):
            shown = self.show(item)
            for name in filters:
                if name.removeprefix("or__") not in shown:
                    raise Refused(detail=f"{shown['type']} has no field named '{name}'")
            holds = {name: str(shown[name.removeprefix("or__")]) == value for name, value in filters.items()}
            one_of = [value for name, value in holds.items() if name.startswith("or__")]
            if all(value for name, value in holds.items() if not name.startswith("or__")) and (
                any(one_of) or not one_of
            ):
                found.append(item)
        return found

    def show(self, item: Item) -> dict[str, Any]:
        """Return an object as the API shows it."""
        kind = KINDS[item.endpoint]
        related = {name: f"{item.url}{name}/" for name in (*kind.lists, "survey_spec", "update", "copy")}
        if item.endpoint == "workflow_job_template_nodes" and item.fields["unified_job_template"]:
            related["unified_job_template"] = self.unified(item.fields["unified_job_template"]).url
        summary = {name: value for name, value in item.extra.items() if name == "current_update"}
        own = {name: item.extra.get(name, value) for name, value in kind.shown.items()}
        result = {"id": item.id, "type": kind.type, "url": item.url, "related": related, "summary_fields": summary}
        if item.endpoint in UNIFIED:
            result["organization"] = None
        result |= copy.deepcopy(item.fields) | own
        if item.endpoint == "credentials":
            kind_of_it = self.get("credential_types", item.fields["credential_type"])
            result["inputs"] = credentials.shown(kind_of_it.fields["inputs"], item.fields["inputs"])
        return result

    def update_project(self, item: Item) -> int:
        """Start an update of a project, which ends at once, and return its number. Other repositories are empty."""
        number = next(self._numbers)
        item.extra["pending"] = number
        item.extra["current_update"] = {"id": number, "status": "pending"}
        return number

    def finish_update(self, number: int) -> dict[str, Any]:
        """Return a project's update as the API shows it, which has now ended."""
        for item in self.all("projects"):
            if item.extra.get("pending") == number:
                item.extra.pop("current_update", None)
                item.extra["playbooks"] = tuple(self._repositories.get(item.fields["scm_url"], ()))
                item.extra |= {"scm_revision": "0123456789abcdef0123456789abcdef01234567", "status": "successful"}
                done = {"status": "successful", "failed": False, "finished": "2026-01-01T00:00:00Z"}
                done |= {"event_processing_finished": True, "scm_revision": item.extra["scm_revision"]}
                return {
                    "id": number,
                    "url": f"{ROOT}/project_updates/{number}/",
                    "elapsed": 1.0,
                    "started": None,
                    **done,
                }
        raise Missing
