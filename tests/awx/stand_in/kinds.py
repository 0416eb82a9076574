# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the stand-in knows of each kind of object: its fields with their defaults, references, and lists of others.

Names and defaults are those of the REST API of AWX 24.6.1 (``OPTIONS`` on each list).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

NOTIFICATIONS = dict.fromkeys(
    ("notification_templates_started", "notification_templates_success", "notification_templates_error"),
    "notification_templates",
)
PROMPTS = ("diff_mode", "variables", "limit", "tags", "skip_tags", "job_type", "verbosity", "inventory", "credential")
PROMPTS += ("execution_environment", "forks", "instance_groups", "job_slice_count", "labels", "timeout", "scm_branch")
WORKFLOW_PROMPTS = ("variables", "limit", "tags", "skip_tags", "inventory", "labels", "scm_branch")
ANSWERS = ("inventory", "scm_branch", "job_type", "job_tags", "skip_tags", "limit", "diff_mode", "verbosity")
ANSWERS += ("execution_environment", "forks", "job_slice_count", "timeout")
"""What a node or a schedule can answer to the prompts of its template; None is no answer."""


@dataclass(frozen=True)
class Kind:
    """A kind of object. ``type`` is what the API calls one of them."""

    type: str
    fields: dict[str, Any]
    """Fields that can be written, with their defaults. A default also says which type is taken; None takes any."""
    required: tuple[str, ...] = ("name",)
    references: dict[str, str] = field(default_factory=dict)
    """Field -> endpoint of the objects that it names by ID."""
    unique: tuple[tuple[str, ...], ...] = ()
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    """Sub-list -> endpoint of the objects in it."""
    shown: dict[str, Any] = field(default_factory=dict)
    """Fields that can only be read."""


ORGANIZATION = {"organization": "organizations"}
NAMED = {"name": "", "description": ""}

KINDS = {
    "organizations": Kind(
        "organization",
        {**NAMED, "max_hosts": 0, "default_environment": None},
        references={"default_environment": "execution_environments"},
        unique=(("name",),),
        lists={"galaxy_credentials": "credentials", "instance_groups": "instance_groups", **NOTIFICATIONS},
    ),
    "instance_groups": Kind("instance_group", {"name": "", "max_concurrent_jobs": 0}, unique=(("name",),)),
    "labels": Kind(
        "label",
        {"name": "", "organization": None},
        required=("name", "organization"),
        references=ORGANIZATION,
        unique=(("name", "organization"),),
    ),
    "credential_types": Kind(
        "credential_type",
        {**NAMED, "kind": "", "inputs": {}, "injectors": {}},
        required=("name", "kind"),
        unique=(("name", "kind"),),
        choices={"kind": ("cloud", "net")},
        shown={"managed": False, "namespace": None},
    ),
    "credentials": Kind(
        "credential",
        {**NAMED, "organization": None, "credential_type": None, "inputs": {}},
        required=("name", "credential_type"),
        references={**ORGANIZATION, "credential_type": "credential_types"},
        unique=(("organization", "name", "credential_type"),),
        shown={"managed": False, "cloud": False, "kubernetes": False},
    ),
    "execution_environments": Kind(
        "execution_environment",
        {**NAMED, "organization": None, "image": "", "credential": None, "pull": ""},
        required=("name", "image"),
        references={**ORGANIZATION, "credential": "credentials"},
        unique=(("name",),),
        choices={"pull": ("", "always", "missing", "never")},
        shown={"managed": False},
    ),
    "notification_templates": Kind(
        "notification_template",
        {**NAMED, "organization": None, "notification_type": "", "notification_configuration": {}, "messages": None},
        required=("name", "organization", "notification_type"),
        references=ORGANIZATION,
        unique=(("organization", "name"),),
        choices={"notification_type": ("email", "slack", "webhook", "pagerduty", "mattermost", "rocketchat", "irc")},
    ),
    "projects": Kind(
        "project",
        {
            **NAMED,
            "organization": None,
            "local_path": "",
            "scm_type": "",
            "scm_url": "",
            "scm_branch": "",
            "scm_refspec": "",
            "scm_clean": False,
            "scm_track_submodules": False,
            "scm_delete_on_update": False,
            "credential": None,
            "timeout": 0,
            "scm_update_on_launch": False,
            "scm_update_cache_timeout": 0,
            "allow_override": False,
            "default_environment": None,
        },
        references={**ORGANIZATION, "credential": "credentials", "default_environment": "execution_environments"},
        unique=(("organization", "name"),),
        choices={"scm_type": ("", "git", "svn", "insights", "archive")},
        lists=NOTIFICATIONS,
        shown={"scm_revision": "", "status": "never updated"},
    ),
    "inventories": Kind(
        "inventory",
        {
            **NAMED,
            "organization": None,
            "kind": "",
            "host_filter": None,
            "variables": "",
            "prevent_instance_group_fallback": False,
        },
        required=("name", "organization"),
        references=ORGANIZATION,
        unique=(("name", "organization"),),
        choices={"kind": ("", "smart", "constructed")},
        lists={"instance_groups": "instance_groups"},
    ),
    "inventory_sources": Kind(
        "inventory_source",
        {
            **NAMED,
            "source": "",
            "source_path": "",
            "source_vars": "",
            "scm_branch": "",
            "credential": None,
            "enabled_var": "",
            "enabled_value": "",
            "host_filter": "",
            "overwrite": False,
            "overwrite_vars": False,
            "timeout": 0,
            "verbosity": 1,
            "limit": "",
            "execution_environment": None,
            "inventory": None,
            "update_on_launch": False,
            "update_cache_timeout": 0,
            "source_project": None,
        },
        required=("name", "inventory", "source"),
        references={
            "credential": "credentials",
            "execution_environment": "execution_environments",
            "inventory": "inventories",
            "source_project": "projects",
        },
        unique=(("inventory", "name"),),
        choices={"source": ("scm", "constructed", "ec2", "gce", "azure_rm", "vmware", "openstack", "controller")},
        lists=NOTIFICATIONS,
    ),
    "job_templates": Kind(
        "job_template",
        {
            **NAMED,
            "job_type": "run",
            "inventory": None,
            "project": None,
            "playbook": "",
            "scm_branch": "",
            "forks": 0,
            "limit": "",
            "verbosity": 0,
            "extra_vars": "",
            "job_tags": "",
            "skip_tags": "",
            "start_at_task": "",
            "force_handlers": False,
            "timeout": 0,
            "use_fact_cache": False,
            "execution_environment": None,
            "host_config_key": "",
            **{f"ask_{name}_on_launch": False for name in PROMPTS},
            "survey_enabled": False,
            "become_enabled": False,
            "diff_mode": False,
            "allow_simultaneous": False,
            "job_slice_count": 1,
            "webhook_service": "",
            "webhook_credential": None,
            "prevent_instance_group_fallback": False,
        },
        references={
            "inventory": "inventories",
            "project": "projects",
            "execution_environment": "execution_environments",
            "webhook_credential": "credentials",
        },
        unique=(("organization", "name"),),
        choices={"job_type": ("run", "check"), "webhook_service": ("", "github", "gitlab")},
        lists={
            "credentials": "credentials",
            "labels": "labels",
            "instance_groups": "instance_groups",
            **NOTIFICATIONS,
        },
        shown={"organization": None},
    ),
    "workflow_job_templates": Kind(
        "workflow_job_template",
        {
            **NAMED,
            "organization": None,
            "extra_vars": "",
            "inventory": None,
            "limit": None,
            "scm_branch": None,
            "job_tags": None,
            "skip_tags": None,
            "survey_enabled": False,
            "allow_simultaneous": False,
            **{f"ask_{name}_on_launch": False for name in WORKFLOW_PROMPTS},
            "webhook_service": "",
            "webhook_credential": None,
        },
        references={**ORGANIZATION, "inventory": "inventories", "webhook_credential": "credentials"},
        unique=(("organization", "name"),),
        lists={
            "labels": "labels",
            **NOTIFICATIONS,
            "notification_templates_approvals": "notification_templates",
        },
    ),
    "workflow_job_template_nodes": Kind(
        "workflow_job_template_node",
        {
            "identifier": "",
            "workflow_job_template": None,
            "unified_job_template": None,
            "extra_data": {},
            **dict.fromkeys(ANSWERS),
            "all_parents_must_converge": False,
        },
        required=("identifier", "workflow_job_template"),
        references={
            "workflow_job_template": "workflow_job_templates",
            "unified_job_template": "unified_job_templates",
            "inventory": "inventories",
            "execution_environment": "execution_environments",
        },
        unique=(("identifier", "workflow_job_template"),),
        lists={
            "success_nodes": "workflow_job_template_nodes",
            "failure_nodes": "workflow_job_template_nodes",
            "always_nodes": "workflow_job_template_nodes",
            "credentials": "credentials",
            "labels": "labels",
            "instance_groups": "instance_groups",
        },
    ),
    "workflow_approval_templates": Kind("workflow_approval_template", {**NAMED, "timeout": 0}),
    "schedules": Kind(
        "schedule",
        {
            **NAMED,
            "rrule": "",
            "extra_data": {},
            **dict.fromkeys(ANSWERS),
            "unified_job_template": None,
            "enabled": True,
        },
        required=("name", "rrule", "unified_job_template"),
        references={
            "unified_job_template": "unified_job_templates",
            "inventory": "inventories",
            "execution_environment": "execution_environments",
        },
        unique=(("unified_job_template", "name"),),
        lists={"credentials": "credentials", "labels": "labels", "instance_groups": "instance_groups"},
    ),
}

UNIFIED = ("job_templates", "workflow_job_templates", "projects", "inventory_sources", "workflow_approval_templates")
"""The endpoints whose objects also are unified job templates, with IDs of one sequence."""
