# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs playbooks/awx_setup.yml with the modules of the real awx.awx."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import awx_collection
import stage
import yaml
from ansible_collections.keyfleet.cloud.tests.awx.stand_in import repository
from ansible_collections.keyfleet.cloud.tests.awx.stand_in.server import TOKEN, AwxStandIn
from ansible_collections.keyfleet.cloud.tests.in_process.shadow import shadow

LONGEST = 300
REPOSITORY = "https://github.com/keyfleet/keyfleet.cloud.git"
SETTINGS: dict[str, Any] = {
    "keyfleet_awx_galaxy_credentials": ["Ansible Galaxy"],
    "keyfleet_awx_tencent": {"secret_id": "AKIDEXAMPLE", "secret_key": "example-secret-key", "token": ""},
    "keyfleet_awx_alibaba": {"access_key_id": "LTAIEXAMPLE", "access_key_secret": "example-secret", "region": ""},
    "keyfleet_awx_image": "keyfleet-ee:0.1.0",
    "keyfleet_awx_regions": {"tencent_cvm": ["ap-guangzhou", "ap-shanghai"], "alibaba_ecs": ["cn-hangzhou"]},
    "keyfleet_awx_inventory_variables": {"drift_report_key_pairs": ["deploy"], "bind_key_pairs": ["deploy"]},
    "keyfleet_awx_notifications": [
        {
            "name": "Keyfleet chat",
            "notification_type": "webhook",
            "notification_configuration": {"url": "http://127.0.0.1:9/", "http_method": "POST", "headers": {}},
        }
    ],
}


def awx(repositories: dict[str, list[str]] | None = None) -> AwxStandIn:
    """Return a stand-in as a new AWX is: with its first organization, and the credential that it makes for Galaxy."""
    stand_in = AwxStandIn(repositories or {REPOSITORY: repository.playbooks(stage.ROOT)})
    store = stand_in.store
    store.create("organizations", {"name": "Default"})
    kind = store.create("credential_types", {"name": "Ansible Galaxy/Automation Hub API Token", "kind": "cloud"})
    kind.fields["kind"] = "galaxy"  # one of AWX's own kinds, which nobody else can make
    store.create("credentials", {"name": "Ansible Galaxy", "credential_type": kind.id})
    return stand_in


@dataclass(frozen=True)
class Run:
    """What came of a run."""

    returncode: int
    output: str
    changed: list[str]
    """Tasks that changed something."""


def set_up(stand_in: AwxStandIn, directory: Path, settings: dict[str, Any] | None = None, *arguments: str) -> Run:
    """Run the playbook with settings (SETTINGS unless others are given)."""
    given = directory / "settings.json"
    given.write_text(json.dumps(SETTINGS if settings is None else settings), encoding="utf-8")
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "keyfleet.cloud.awx_setup", "-e", f"@{given}"]
    environment = {
        "HOME": str(directory),
        "PATH": os.environ["PATH"],
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_COLLECTIONS_PATH": f"{os.environ['ANSIBLE_COLLECTIONS_PATH']}:{_modules_in_process(directory)}",
        "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_PIPELINING": "true",
        "ANSIBLE_NOCOLOR": "true",
        "CONTROLLER_HOST": stand_in.url,
        "CONTROLLER_OAUTH_TOKEN": TOKEN,
        "SSL_CERT_FILE": os.devnull,  # awx.awx would read this machine's certificates for every request
    }
    done = subprocess.run(
        [*command, *arguments],
        cwd=directory,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST,
    )
    return Run(done.returncode, done.stdout + done.stderr, _changed(done.stdout))


def _modules_in_process(directory: Path) -> Path:
    """Return a collections path with awx.awx, of which a playbook runs some sixty modules."""
    place = directory / "collections"
    return place if place.exists() else shadow(awx_collection.provide() / awx_collection.IN_TREE, place)


def options(module: str) -> set[str]:
    """Return the options that a module of awx.awx documents, and their aliases."""
    path = awx_collection.provide() / awx_collection.IN_TREE / "plugins" / "modules" / f"{module}.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        if isinstance(node.targets[0], ast.Name)
    }
    documented = yaml.safe_load(ast.literal_eval(texts["DOCUMENTATION"]))["options"]
    return {name for option, about in documented.items() for name in (option, *about.get("aliases", ()))}


def _changed(output: str) -> list[str]:
    task, found = "", []
    for line in output.splitlines():
        if line.startswith("TASK ["):
            task = line[6:].partition("]")[0]
        elif line.startswith("changed:"):
            found.append(f"{task} {line.partition('=> ')[2]}".strip())
    return found
