# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""awx_setup.yml, with the modules of the real awx.awx, on a stand-in for AWX's REST API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from ansible_collections.keyfleet.cloud.tests.awx import setup_run
from ansible_collections.keyfleet.cloud.tests.awx.conftest import SetUpAwx
from ansible_collections.keyfleet.cloud.tests.awx.stand_in import repository

TEMPLATES = ["bind", "bind by ID", "drift report", "revoke", "rotate", "unbind", "unbind by ID"]
NO_SECRET = "example-secret"


def test_everything_is_made(awx: SetUpAwx) -> None:
    assert awx.first.returncode == 0, awx.first.output
    assert "duplicate" not in awx.first.output, "Ansible warns of keys that overwrite merged ones"
    assert sorted(awx.names("job_templates")) == [f"Keyfleet {name}" for name in TEMPLATES]
    assert awx.names("workflow_job_templates") == ["Keyfleet report drift, then bind", "Keyfleet rotate with approval"]
    assert awx.names("inventory_sources") == ["Keyfleet tencent_cvm", "Keyfleet alibaba_ecs"]
    assert awx.names("schedules") == ["Keyfleet nightly drift report"]
    assert awx.names("execution_environments") == ["Keyfleet"]
    assert awx.names("credentials") == ["Ansible Galaxy", "Keyfleet Tencent Cloud", "Keyfleet Alibaba Cloud"]


def test_a_second_run_changes_nothing(awx: SetUpAwx) -> None:
    assert (awx.second.returncode, awx.second.changed) == (0, []), awx.second.output


def test_a_second_run_sends_nothing_but_the_wish_to_read_the_project(awx: SetUpAwx) -> None:
    project = awx.one("projects", "Keyfleet playbooks")
    assert awx.second_writes == [f"POST {project.url}update/"]


def test_check_mode_tells_that_nothing_would_change(awx: SetUpAwx, tmp_path: Path) -> None:
    run = setup_run.set_up(awx.stand_in, tmp_path, awx.settings, "--check")
    assert (run.returncode, run.changed) == (0, []), run.output


def test_no_secret_is_shown(awx: SetUpAwx) -> None:
    assert NO_SECRET not in awx.first.output + awx.second.output


def test_the_organization_can_install_collections(awx: SetUpAwx) -> None:
    assert awx.named("credentials", awx.one("organizations", "Default").lists["galaxy_credentials"]) == [
        "Ansible Galaxy"
    ]


def test_an_inventory_source_has_the_credential_of_its_cloud_and_is_cached(awx: SetUpAwx) -> None:
    for name, cloud in (("tencent_cvm", "Tencent Cloud"), ("alibaba_ecs", "Alibaba Cloud")):
        fields = awx.one("inventory_sources", f"Keyfleet {name}").fields
        assert fields["credential"] == awx.one("credentials", f"Keyfleet {cloud}").id
        assert (fields["update_on_launch"], fields["update_cache_timeout"]) == (True, 600)


def test_every_template_is_cheap_alone_on_its_account_and_can_be_tried_first(awx: SetUpAwx) -> None:
    for item in awx.stand_in.store.all("job_templates"):
        assert (item.fields["forks"], item.fields["allow_simultaneous"]) == (1, False)
        assert item.fields["ask_job_type_on_launch"]
        assert item.fields["ask_diff_mode_on_launch"]
        assert "keyfleet" in awx.named("labels", item.lists["labels"])
        assert awx.named("notification_templates", item.lists["notification_templates_error"]) == ["Keyfleet chat"]


def test_the_report_runs_in_check_mode_and_nothing_else_does_unasked(awx: SetUpAwx) -> None:
    modes = {item.fields["name"]: item.fields["job_type"] for item in awx.stand_in.store.all("job_templates")}
    assert [name for name, mode in modes.items() if mode == "check"] == ["Keyfleet drift report"]


def test_where_a_limit_would_not_narrow_anything_none_is_asked_for(awx: SetUpAwx) -> None:
    asked = {
        item.fields["name"]: item.fields["ask_limit_on_launch"] for item in awx.stand_in.store.all("job_templates")
    }
    without = sorted(name for name, limit in asked.items() if not limit)
    assert without == ["Keyfleet bind by ID", "Keyfleet revoke", "Keyfleet unbind by ID"]


def test_drift_leads_to_an_approval_and_then_to_bind(awx: SetUpAwx) -> None:
    assert _story(awx, "Keyfleet report drift, then bind") == {
        "report": ("Keyfleet drift report", {"failure_nodes": ["approve"]}),
        "approve": ("Bind what is missing?", {"success_nodes": ["bind"]}),
        "bind": ("Keyfleet bind", {}),
    }


def test_the_old_key_pair_goes_only_after_an_approval(awx: SetUpAwx) -> None:
    assert _story(awx, "Keyfleet rotate with approval") == {
        "prepare": ("Keyfleet rotate", {"success_nodes": ["approve"]}),
        "approve": ("Take the old key pair away?", {"success_nodes": ["finish"]}),
        "finish": ("Keyfleet rotate", {}),
    }
    workflow = awx.one("workflow_job_templates", "Keyfleet rotate with approval")
    assert awx.named("notification_templates", workflow.lists["notification_templates_approvals"]) == ["Keyfleet chat"]


def test_with_other_settings_only_what_they_concern_changes(awx: SetUpAwx, tmp_path: Path) -> None:
    """From the collection's repository to one of the user's that has the variables, secrets sent anew, no schedule."""
    url = "https://git.example.com/ops/keyfleet.git"
    project = Path(__file__).parents[2] / "docs" / "examples" / "awx_project"
    awx.stand_in.store.add_repository(url, repository.playbooks(project))
    settings = {
        **awx.settings,
        "keyfleet_awx_project_url": url,
        "keyfleet_awx_playbooks": "",
        "keyfleet_awx_inventory_file": "inventories/fleet.keyfleet.yml",
        "keyfleet_awx_update_secrets": True,
        "keyfleet_awx_schedule_enabled": False,
        "keyfleet_awx_inventory_variables": {},
    }
    gathered = awx.one("inventories", "Keyfleet instances").fields["variables"]
    run = setup_run.set_up(awx.stand_in, tmp_path, settings)
    assert run.returncode == 0, run.output
    assert sorted({change.partition(" (")[0] for change in run.changed}) == [
        "Make the credentials",
        "Make the inventory's sources",
        "Make the job templates",
        "Make the project and let AWX read it",
        "Make the schedule",
    ]
    assert awx.one("job_templates", "Keyfleet bind").fields["playbook"] == "bind.yml"
    assert awx.one("inventories", "Keyfleet instances").fields["variables"] == gathered


def test_an_unknown_provider_is_told(awx: SetUpAwx, tmp_path: Path) -> None:
    run = setup_run.set_up(awx.stand_in, tmp_path, {"keyfleet_awx_regions": {"tencent_cwm": ["ap-guangzhou"]}})
    assert (run.returncode, run.changed) == (2, [])
    assert "Known are tencent_lighthouse" in run.output


def test_the_lists_have_the_members_that_awx_takes() -> None:
    """Every member of a list is an option of the module of awx.awx, whose names infra.aap_configuration uses, too."""
    modules = {
        "controller_labels": "label",
        "controller_credential_types": "credential_type",
        "keyfleet_awx_given_credentials": "credential",
        "keyfleet_awx_given_execution_environments": "execution_environment",
        "controller_projects": "project",
        "controller_inventories": "inventory",
        "keyfleet_awx_given_sources": "inventory_source",
        "controller_templates": "job_template",
        "controller_workflows": "workflow_job_template",
        "controller_schedules": "schedule",
    }
    lists = _variable_files()
    strangers = {
        name: sorted({member for item in lists[name] for member in item} - setup_run.options(module))
        for name, module in modules.items()
    }
    assert {name: members for name, members in strangers.items() if members} == {
        "controller_workflows": ["simplified_workflow_nodes"]  # a word of infra.aap_configuration
    }
    nodes = [node for workflow in lists["controller_workflows"] for node in workflow["simplified_workflow_nodes"]]
    assert {member for node in nodes for member in node} <= setup_run.options("workflow_job_template_node")


def _story(awx: SetUpAwx, workflow: str) -> dict[str, Any]:
    """Return what each node runs and what follows on it."""
    store, number = awx.stand_in.store, awx.one("workflow_job_templates", workflow).id
    nodes = [
        item for item in store.all("workflow_job_template_nodes") if item.fields["workflow_job_template"] == number
    ]
    names = {item.id: item.fields["identifier"] for item in nodes}
    return {
        item.fields["identifier"]: (
            store.unified(item.fields["unified_job_template"]).fields["name"],
            {
                link: [names[one] for one in item.lists[link]]
                for link in ("success_nodes", "failure_nodes", "always_nodes")
                if item.lists[link]
            },
        )
        for item in nodes
    }


def _variable_files() -> dict[str, Any]:
    """Return what the variable files say, templates not filled in."""

    class Loader(yaml.SafeLoader):
        """Takes ``!unsafe``."""

    Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))
    found: dict[str, Any] = {}
    for path in (Path(__file__).parents[2] / "playbooks" / "vars" / "awx").glob("*.yml"):
        found |= yaml.load(path.read_text(encoding="utf-8"), Loader)
    return found
