# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Running examples: tasks and plays with ansible-playbook, inventory sources with ansible-inventory.

One ansible-playbook runs all of them, because its start costs more than what they do. Every source has playbooks of its
own in it, each on a host of its own, so that no variable comes from another, and with the world as it was.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.keyfleet.cloud.tests.examples.controller import Controller
from ansible_collections.keyfleet.cloud.tests.examples.sources import ExampleError, Source, is_inventory

FRESH = "lookup('fresh_world', '{url}', '{home}')"
WRITES = "lookup('ansible.builtin.url', '{url}/_emulator/log', split_lines=false) | from_json | selectattr('write')"
RECAP = "PLAY RECAP"
"""What ansible-playbook prints at the end of each playbook, the one that failed included."""


@dataclass(frozen=True)
class Turn:
    """A playbook with all examples of a source, and the host that it runs on."""

    source: Source
    playbook: Path
    host: str


def run(sources: Iterable[Source], controller: Controller) -> dict[str, str]:
    """Run all examples of all sources; returns what is wrong, by the name of the source."""
    complaints: dict[str, str] = {}
    turns: list[Turn] = []
    for source in sources:
        try:
            turns += _prepare(source, len(turns), controller)
        except ExampleError as error:
            complaints[source.name] = str(error)
    controller.write_hosts([turn.host for turn in turns])
    while turns:
        done = controller.run("ansible-playbook", "-i", "hosts.yml", *(str(turn.playbook) for turn in turns))
        if not done.returncode:
            break
        failed = _failed(turns, done.stdout)
        name = turns[failed].source.name
        output = done.stdout.split(RECAP)[failed]
        complaints[name] = f"{_failed_task(output) or name}\n\n{output}{done.stderr}"
        turns = [turn for turn in turns[failed:] if turn.source.name != name]
    return complaints


def _prepare(source: Source, number: int, controller: Controller) -> list[Turn]:
    """Run a source's inventories; write its playbooks: in check mode, which must not write anything, and for real."""
    documents = source.documents()
    for position, document in enumerate(documents, start=1):
        if is_inventory(document):
            _run_inventory(source.name, position, document, controller)
    items = [item for document in documents if not is_inventory(document) for item in document]
    if not items:
        return []
    name, url = source.name, controller.emulator.url
    fresh = _assertion(f"{name}, before", "The world is as it was", FRESH.format(url=url, home=controller.home))
    unwritten = _assertion(f"{name}, after check mode", "Nothing was written", f"{WRITES.format(url=url)} | list == []")
    check = [fresh, *_plays(name, items, "in check mode", check=True), unwritten]
    real = [fresh, *_plays(name, items, "for real", check=False)]
    return [
        _turn(source, f"examples-{number}", check, controller),
        _turn(source, f"examples-{number + 1}", real, controller),
    ]


def _turn(source: Source, host: str, plays: list[dict[str, Any]], controller: Controller) -> Turn:
    """Write a playbook whose plays run on a host."""
    return Turn(source, controller.write(f"{host}.yml", [{**play, "hosts": host} for play in plays]), host)


def _plays(name: str, items: list[dict[str, Any]], mode: str, *, check: bool) -> list[dict[str, Any]]:
    """Return plays that do what tasks and plays say, in their order."""
    common = {"name": f"{name}, {mode}", "check_mode": check, "gather_facts": False}
    return [
        {**common, **{key: value for key, value in item.items() if key != "name"}}
        if "hosts" in item
        else {**common, "tasks": [item]}
        for item in items
    ]


def _assertion(play: str, task: str, that: str) -> dict[str, Any]:
    """Return a play that asserts something."""
    return {"name": play, "gather_facts": False, "tasks": [{"name": task, "ansible.builtin.assert": {"that": that}}]}


def _run_inventory(name: str, number: int, document: Any, controller: Controller) -> None:
    """Read an inventory source. It must give hosts."""
    path = controller.write(f"example_{number}.keyfleet.yml", document)
    done = controller.run("ansible-inventory", "--inventory", str(path), "--list")
    if done.returncode:
        raise ExampleError(f"{name}, example {number}\n\n{done.stdout}{done.stderr}")
    if not json.loads(done.stdout)["_meta"]["hostvars"]:
        raise ExampleError(f"{name}, example {number}: no host\n\n{done.stderr}")


def _failed(turns: Sequence[Turn], output: str) -> int:
    """Return which turn failed: the last that has a recap, or the one after it, if it could not even begin."""
    *_earlier, recap = output.split(RECAP)
    ended = output.count(RECAP)
    if ended and not re.search(rf"^{turns[ended - 1].host} .* unreachable=0 +failed=0 ", recap, re.MULTILINE):
        return ended - 1
    return ended


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
