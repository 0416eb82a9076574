# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Surveys: what AWX hands over is what the roles take."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.keyfleet.cloud.tests.awx.conftest import SetUpAwx
from ansible_collections.keyfleet.cloud.tests.awx.stand_in import surveys

ROLES = Path(__file__).parents[2] / "roles"
ROLE_OF = {
    "Keyfleet drift report": "drift_report",
    "Keyfleet bind": "bind",
    "Keyfleet bind by ID": "bind",
    "Keyfleet unbind": "unbind",
    "Keyfleet unbind by ID": "unbind",
    "Keyfleet rotate": "rotate",
    "Keyfleet revoke": "revoke",
    "Keyfleet report drift, then bind": "bind",
    "Keyfleet rotate with approval": "rotate",
}
FITS = {
    "text": {"str", "raw", "path"},
    "textarea": {"str", "raw", "list"},
    "multiplechoice": {"str", "bool"},
    "multiselect": {"list", "raw"},
    "integer": {"int", "raw"},
}
ON_PURPOSE = {"drift_report_fail_on_drift": ("true", False)}
"""Asked with a default that is not the role's."""
ANSWERS = {
    "key_pairs": "deploy\nskey-3glfot13",
    "instance_ids": "ins-1e4r6y8i\nins-3e56fg78",
    "region": "ap-guangzhou",
    "old_key_pair": "deploy-2025",
    "new_key_pair": "deploy-2026",
}
"""What somebody writes into the fields that must be filled in, by the end of the variable's name."""


def options(role: str) -> dict[str, Any]:
    """Return the options in the role's argument_specs."""
    text = (ROLES / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text)["argument_specs"]["main"]["options"])


def answers(survey: dict[str, Any], role: str) -> dict[str, Any]:
    """Return what a user who fills in what must be filled in hands over, as AWX does: multiselect as a list."""
    given = surveys.defaults(survey)
    for question in survey["spec"]:
        if question["type"] == "multiselect":
            given[question["variable"]] = question["default"].splitlines()
        elif "default" not in question:
            given[question["variable"]] = ANSWERS[question["variable"].removeprefix(f"{role}_")]
    return given


def test_each_template_is_known_here(awx: SetUpAwx) -> None:
    assert sorted(awx.surveys()) == sorted(ROLE_OF)


@pytest.mark.parametrize("template", ROLE_OF)
def test_every_variable_is_an_option_of_the_role_that_takes_such_an_answer(awx: SetUpAwx, template: str) -> None:
    known = options(ROLE_OF[template])
    for question in awx.surveys()[template]["spec"]:
        option = known[question["variable"]]
        assert option["type"] in FITS[question["type"]], question
        if question["type"] == "multiplechoice":
            taken = {"true", "false"} if option["type"] == "bool" else set(option["choices"])
            assert set(question["choices"]) <= taken, question


@pytest.mark.parametrize("template", ROLE_OF)
def test_what_is_asked_with_a_default_has_the_roles(awx: SetUpAwx, template: str) -> None:
    role = ROLE_OF[template]
    defaults = yaml.safe_load((ROLES / role / "defaults" / "main.yml").read_text(encoding="utf-8"))
    for question in awx.surveys()[template]["spec"]:
        if "default" in question and not question["variable"].endswith("_provider"):
            wanted = defaults[question["variable"]]
            if question["variable"] in ON_PURPOSE:
                assert (question["default"], wanted) == ON_PURPOSE[question["variable"]]
            else:
                assert question["default"] == _as_asked(question["type"], wanted), question


@pytest.mark.parametrize("template", ROLE_OF)
def test_awx_takes_the_answers(awx: SetUpAwx, template: str) -> None:
    survey = awx.surveys()[template]
    assert surveys.wrong_answers(survey, answers(survey, ROLE_OF[template])) == []


def test_the_roles_take_the_answers(awx: SetUpAwx, tmp_path: Path) -> None:
    """Ansible itself holds what AWX hands over to the roles' argument specifications."""
    tasks = [
        {
            "name": template,
            "ansible.builtin.validate_argument_spec": {
                "argument_spec": options(ROLE_OF[template]),
                "provided_arguments": answers(survey, ROLE_OF[template]),
            },
        }
        for template, survey in awx.surveys().items()
    ]
    playbook = tmp_path / "validate.yml"
    playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]), encoding="utf-8")
    program = str(Path(sys.executable).with_name("ansible-playbook"))
    environment = {**os.environ, "HOME": str(tmp_path), "ANSIBLE_LOCALHOST_WARNING": "false"}
    done = subprocess.run([program, str(playbook)], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


HOSTS_OWN = ("key_pairs", "association_type", "username", "exclusive")
"""What the roles read from each host. An extra variable, be it empty, would hide it."""


def test_no_answer_hides_what_hosts_say_themselves(awx: SetUpAwx) -> None:
    for template in ("Keyfleet drift report", "Keyfleet bind", "Keyfleet report drift, then bind"):
        own = {f"{role}_{name}" for role in ("drift_report", "bind") for name in HOSTS_OWN}
        assert [one for one in awx.surveys()[template]["spec"] if one["variable"] in own] == []


@pytest.mark.parametrize("template", ROLE_OF)
def test_what_has_a_default_need_not_be_answered(awx: SetUpAwx, template: str) -> None:
    """Schedules, workflows and clients of the API answer nothing that they need not. A provider is not guessed."""
    survey = awx.surveys()[template]
    asked = [question for question in survey["spec"] if question["required"]]
    assert [one["variable"] for one in asked if "default" in one and not one["variable"].endswith("_provider")] == []


def test_a_schedule_of_the_report_has_the_defaults(awx: SetUpAwx) -> None:
    """Those of multiselect questions do not count: the role's do."""
    survey = awx.surveys()["Keyfleet drift report"]
    assert surveys.wrong_answers(survey, {}) == []
    assert surveys.defaults(survey) == {"drift_report_fail_on_drift": "true", "drift_report_stats_rows": 50}


def _as_asked(kind: str, default: Any) -> Any:
    if kind == "multiselect":
        return "\n".join(default)
    if kind == "integer":
        return default
    if isinstance(default, bool):
        return str(default).lower()
    return ", ".join(map(str, default)) if isinstance(default, list) else str(default)
