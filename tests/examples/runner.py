# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Running examples: tasks and plays with ansible-playbook, inventory sources with ansible-inventory."""

from __future__ import annotations

import json
import re
from typing import Any

from ansible_collections.keyfleet.cloud.tests.examples.controller import Controller
from ansible_collections.keyfleet.cloud.tests.examples.sources import ExampleError, Source, is_inventory

WRITES = "lookup('ansible.builtin.url', '{url}/_emulator/log', split_lines=false) | from_json | selectattr('write')"


def run(source: Source, controller: Controller) -> None:
    """Run all examples of a text; raises ExampleError, which names the text and the example that failed."""
    documents = source.documents()
    for number, document in enumerate(documents, start=1):
        if is_inventory(document):
            run_inventory(source.name, number, document, controller)
    tasks_and_plays = [item for document in documents if not is_inventory(document) for item in document]
    if tasks_and_plays:
        run_playbook(source.name, tasks_and_plays, controller)


def run_playbook(name: str, items: list[dict[str, Any]], controller: Controller) -> None:
    """Run tasks and plays twice in one go: in check mode, which must not write anything, and for real."""
    plays = [
        *_plays(name, items, "in check mode", check=True),
        _nothing_written(name, controller.emulator.url),
        *_plays(name, items, "for real", check=False),
    ]
    done = controller.run("ansible-playbook", "--inventory", "hosts.yml", str(controller.write("examples.yml", plays)))
    if done.returncode:
        raise ExampleError(f"{_failed_task(done.stdout) or name}\n\n{done.stdout}{done.stderr}")


def run_inventory(name: str, number: int, document: Any, controller: Controller) -> None:
    """Read an inventory source. It must give hosts."""
    path = controller.write(f"example_{number}.keyfleet.yml", document)
    done = controller.run("ansible-inventory", "--inventory", str(path), "--list")
    if done.returncode:
        raise ExampleError(f"{name}, example {number}\n\n{done.stdout}{done.stderr}")
    if not json.loads(done.stdout)["_meta"]["hostvars"]:
        raise ExampleError(f"{name}, example {number}: no host\n\n{done.stderr}")


def _plays(name: str, items: list[dict[str, Any]], mode: str, *, check: bool) -> list[dict[str, Any]]:
    """Return plays that do what tasks and plays say, in their order."""
    common = {"name": f"{name}, {mode}", "check_mode": check, "gather_facts": False}
    return [
        {**common, **{key: value for key, value in item.items() if key != "name"}}
        if "hosts" in item
        else {**common, "hosts": "localhost", "tasks": [item]}
        for item in items
    ]


def _nothing_written(name: str, url: str) -> dict[str, Any]:
    """Return a play that asks the emulator for what was sent so far."""
    check = {"that": f"{WRITES.format(url=url)} | list == []", "fail_msg": "Something was written in check mode."}
    task = {"name": "Nothing was written", "ansible.builtin.assert": check}
    return {"name": f"{name}, after check mode", "hosts": "localhost", "gather_facts": False, "tasks": [task]}


def _failed_task(output: str) -> str:
    """Return play and task of the first failure in what ansible-playbook printed."""
    play = task = ""
    for line in output.splitlines():
        if found := re.match(r"PLAY \[(.*)\]", line):
            play = found[1]
        elif found := re.match(r"TASK \[(.*)\]", line):
            task = found[1]
        elif line.startswith(("fatal:", "failed:", "[ERROR]:")):
            return f"{play}: {task}"
    return ""
