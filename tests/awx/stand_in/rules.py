# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWX asks of single kinds of objects beyond types, references and uniqueness."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ansible_collections.keyfleet.cloud.tests.awx.stand_in import credentials, surveys

if TYPE_CHECKING:
    from ansible_collections.keyfleet.cloud.tests.awx.stand_in.store import Item, Store

ASSIGNABLE = ("ssh", "vault", "cloud", "net", "kubernetes")


class Refused(Exception):
    """AWX answers 400 with these errors."""

    def __init__(self, **errors: Any) -> None:
        super().__init__(str(errors))
        self.errors = errors


def check(store: Store, item: Item, before: Item | None) -> None:
    """Check a new or changed object, and complete it. Raises Refused."""
    rule = _RULES.get(item.endpoint)
    if rule:
        rule(store, item, before)


def _credential_type(store: Store, item: Item, before: Item | None) -> None:
    fields, in_use = item.fields, any(one.fields["credential_type"] == item.id for one in store.all("credentials"))
    if before and in_use and before.fields["inputs"] != fields["inputs"]:
        raise Refused(inputs="Modifications to inputs are not allowed for credential types that are in use")
    for field in fields["inputs"].get("fields", []):
        field.setdefault("type", "string")
    try:
        credentials.check_type(fields["inputs"], fields["injectors"])
    except credentials.CredentialError as error:
        raise Refused(inputs=[str(error)]) from error


def _credential(store: Store, item: Item, before: Item | None) -> None:
    kind = store.get("credential_types", item.fields["credential_type"])
    try:
        kept = before.fields["inputs"] if before else {}
        item.fields["inputs"] = credentials.stored(kind.fields["inputs"], item.fields["inputs"], kept)
    except credentials.CredentialError as error:
        raise Refused(inputs=[str(error)]) from error


def _notification(_store: Store, item: Item, _before: Item | None) -> None:
    if item.fields["notification_type"] == "webhook":
        missing = {"url", "headers"} - set(item.fields["notification_configuration"])
        if missing:
            raise Refused(notification_configuration=[f"Missing required fields: {sorted(missing)}."])
        filled_in = {"http_method": "POST", "disable_ssl_verification": False, "username": "", "password": ""}
        item.fields["notification_configuration"] = {**filled_in, **item.fields["notification_configuration"]}


def _project(store: Store, item: Item, before: Item | None) -> None:
    if item.fields["scm_type"] != "git":
        return
    if not item.fields["scm_url"]:
        raise Refused(scm_url=["SCM URL is required."])
    if before is None or any(before.fields[name] != item.fields[name] for name in ("scm_url", "scm_branch")):
        store.update_project(item)


def _inventory_source(store: Store, item: Item, _before: Item | None) -> None:
    fields = item.fields
    if fields["source"] == "scm" and not fields["source_project"]:
        raise Refused(source_project=["Project required for scm type sources."])
    if fields["credential"]:
        credential = store.get("credentials", fields["credential"])
        kind = store.get("credential_types", credential.fields["credential_type"]).fields["kind"]
        if kind not in ("cloud", "kubernetes"):
            raise Refused(detail="Credentials of type machine, source control, insights and vault are disallowed.")
    _must_be_json(source_vars=fields["source_vars"])


def _job_template(store: Store, item: Item, _before: Item | None) -> None:
    fields = item.fields
    if not fields["inventory"] and not fields["ask_inventory_on_launch"]:
        raise Refused(inventory=["Must either set a default value or ask to prompt on launch."])
    if not fields["project"]:
        raise Refused(project=["Job Templates must have a project assigned."])
    project = store.get("projects", fields["project"])
    if fields["playbook"] not in project.extra.get("playbooks", ()):
        raise Refused(playbook=["Playbook not found for project."])
    item.extra["organization"] = project.fields["organization"]
    _must_be_json(extra_vars=fields["extra_vars"])


def _workflow(_store: Store, item: Item, _before: Item | None) -> None:
    _must_be_json(extra_vars=item.fields["extra_vars"])


def _node(store: Store, item: Item, _before: Item | None) -> None:
    _prompts(store, item, need_all=False)  # a workflow may have the missing answers


def _prompts(store: Store, item: Item, *, need_all: bool) -> None:
    """Nodes and schedules: what they give must be what the template asks for."""
    fields = item.fields
    if not fields["unified_job_template"]:
        return
    template = store.unified(fields["unified_job_template"])
    asked = dict(template.fields)
    for name in ("limit", "job_type", "diff_mode", "inventory", "scm_branch", "verbosity", "forks", "timeout"):
        if fields.get(name) is not None and not asked.get(f"ask_{name}_on_launch"):
            raise Refused(**{name: ["Field is not configured to prompt on launch."]})
    survey = template.extra.get("survey") or {}
    errors = surveys.wrong_answers(survey, fields["extra_data"], need_all=need_all)
    known = {question["variable"] for question in survey.get("spec", [])}
    foreign = sorted(set(fields["extra_data"]) - known)
    if foreign and not asked.get("ask_variables_on_launch"):
        errors.append(f"Variables {', '.join(foreign)} are not allowed on launch.")
    if errors:
        raise Refused(variables_needed_to_start=errors)


def _schedule(store: Store, item: Item, before: Item | None) -> None:
    rule = item.fields["rrule"]
    starts = re.findall(r"DTSTART(?:;[^:]+)?:\d+T\d+Z?", rule)
    if len(starts) != 1:
        raise Refused(rrule=["Valid DTSTART required in rrule. Value should start with: DTSTART:YYYYMMDDTHHMMSSZ"])
    if re.search(r"DTSTART:\d+T\d+ ", rule):
        raise Refused(rrule=["DTSTART cannot be a naive datetime.  Specify ;TZINFO= or YYYYMMDDTHHMMSSZZ."])
    if not re.search(r"\bRRULE:", rule):
        raise Refused(rrule=["One or more rule required in rrule."])
    if "INTERVAL" not in rule:
        raise Refused(rrule=["INTERVAL required in rrule."])
    if "SECONDLY" in rule:
        raise Refused(rrule=["SECONDLY is not supported."])
    if before is None or before.fields["extra_data"] != item.fields["extra_data"]:
        _prompts(store, item, need_all=True)


def check_association(store: Store, parent: Item, name: str, child: Item) -> None:
    """Raise Refused if AWX would not put the object into the list of that name."""
    if child.endpoint == "credentials":
        kind = store.get("credential_types", child.fields["credential_type"]).fields["kind"]
        if name == "galaxy_credentials":
            if kind != "galaxy":
                raise Refused(msg="Credential must be a Galaxy credential, not another kind.")
            return
        if kind not in ASSIGNABLE:
            raise Refused(error=f"Cannot assign a Credential of kind `{kind}`.")
        others = [store.get("credentials", number) for number in parent.lists["credentials"]]
        if any(one.fields["credential_type"] == child.fields["credential_type"] for one in others):
            raise Refused(error="Cannot assign multiple credentials of one type.")
    if name.endswith("_nodes"):
        if child.fields["workflow_job_template"] != parent.fields["workflow_job_template"]:
            raise Refused(Error="Relationship not allowed.")
        if _reaches(store, child, parent):
            raise Refused(Error="Cycle detected.")


def _reaches(store: Store, start: Item, goal: Item) -> bool:
    if start.id == goal.id:
        return True
    following = [number for name in ("success_nodes", "failure_nodes", "always_nodes") for number in start.lists[name]]
    return any(_reaches(store, store.get(start.endpoint, number), goal) for number in following)


def _must_be_json(**texts: Any) -> None:
    for name, text in texts.items():
        try:
            good = text == "" or isinstance(json.loads(text), dict)
        except ValueError:
            good = False
        if not good:
            raise Refused(**{name: ["Must be a dictionary in JSON or YAML."]})


_RULES: Mapping[str, Any] = {
    "credential_types": _credential_type,
    "credentials": _credential,
    "notification_templates": _notification,
    "projects": _project,
    "inventory_sources": _inventory_source,
    "job_templates": _job_template,
    "workflow_job_templates": _workflow,
    "workflow_job_template_nodes": _node,
    "schedules": _schedule,
}
