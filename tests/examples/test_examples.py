# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs every example in the documentation against the emulator, as a user would who copies it into a playbook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import stage
from ansible_collections.keyfleet.cloud.emulator import Emulator
from ansible_collections.keyfleet.cloud.tests.examples import controller as surroundings
from ansible_collections.keyfleet.cloud.tests.examples.controller import Controller
from ansible_collections.keyfleet.cloud.tests.examples.runner import run
from ansible_collections.keyfleet.cloud.tests.examples.sources import Guide, Plugin, Source, guides, plugins
from ansible_collections.keyfleet.cloud.tests.in_process.shadow import shadow

ROOT = Path(__file__).parents[2]
SOURCES: list[Plugin | Guide] = [
    *plugins(ROOT / "plugins"),
    *guides(ROOT / "docs" / "docsite" / "rst", ROOT / ".config" / "sphinx"),
]


def label(source: Plugin | Guide) -> str:
    """Return how a test calls a source."""
    return f"{source.path.parent.name}/{source.path.stem}"


@pytest.fixture(scope="session")
def collections(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collections path with this collection, whose modules run within Ansible's workers."""
    return shadow(stage.collections_path() / stage.IN_TREE, tmp_path_factory.mktemp("collections"))


@pytest.fixture(scope="module")
def controller(tmp_path_factory: pytest.TempPathFactory, collections: Path) -> Iterator[Controller]:
    """A machine with Ansible, and clouds that hold what world.yml says."""
    with Emulator(seed=surroundings.world(), settings=surroundings.SETTINGS) as emulator:
        yield Controller(tmp_path_factory.mktemp("controller"), emulator, collections)


@pytest.fixture(scope="module")
def complaints(request: pytest.FixtureRequest, controller: Controller) -> dict[str, str]:
    """What is wrong with the examples of the sources that are to be tried, by the name of the source."""
    asked = {item.name for item in request.session.items}
    sources = [source for source in SOURCES if f"{test_every_example_runs.__name__}[{label(source)}]" in asked]
    return run(sources, controller)


@pytest.mark.parametrize("source", SOURCES, ids=label)
def test_every_example_runs(source: Source, complaints: dict[str, str]) -> None:
    assert source.name not in complaints, complaints[source.name]


# A runner that cannot fail would prove nothing.

WRONG_EXAMPLES = {
    "no_examples": ("", "there are no EXAMPLES"),
    "not_yaml": ("- {", "is not YAML"),
    "another_plugin": ("- ansible.builtin.debug:", "does not use the plugin"),
    "neither_tasks_nor_plays": ("keyfleet.cloud.neither_tasks_nor_plays: {}", "is no list of tasks or plays"),
    "inventory_without_hosts": (
        "plugin: ansible.builtin.constructed\ncompose: {note: keyfleet.cloud.inventory_without_hosts}",
        "keyfleet.cloud.inventory_without_hosts, example 1: no host",
    ),
    "unknown_plugin": ("- name: Try\n  keyfleet.cloud.unknown_plugin:", "keyfleet.cloud.unknown_plugin"),
    "instance_that_is_not_in_the_world": (
        "- {name: Fine, ansible.builtin.debug: {msg: keyfleet.cloud.instance_that_is_not_in_the_world}}\n"
        "- name: Bind to nothing\n"
        "  keyfleet.cloud.keypair_binding:\n"
        "    {provider: tencent_cvm, region: ap-guangzhou, key_pairs: deploy, instance_ids: ins-aaaaaaaa}",
        "keyfleet.cloud.instance_that_is_not_in_the_world, in check mode: Bind to nothing",
    ),
    "write_in_check_mode": (
        "- name: Bind in any case\n"
        "  keyfleet.cloud.keypair_binding:\n"
        "    {provider: alibaba_ecs, region: cn-hangzhou, key_pairs: deploy, instance_ids: i-bp1d6tsvznfghy7yaaaa}\n"
        "  check_mode: false\n"
        "  vars: {note: keyfleet.cloud.write_in_check_mode}",
        "keyfleet.cloud.write_in_check_mode, after check mode: Nothing was written",
    ),
    "variable_of_another_source": (
        "- {name: Use it, ansible.builtin.debug: {msg: 'keyfleet.cloud.variable_of_another_source {{ registered }}'}}",
        "keyfleet.cloud.variable_of_another_source, in check mode: Use it",
    ),
}
RIGHT_EXAMPLES = {
    "first": "- {name: Ask, ansible.builtin.debug: {msg: keyfleet.cloud.first}, register: registered}",
    "last": "- {name: Ask, ansible.builtin.debug: {msg: keyfleet.cloud.last}}",
}


def test_wrong_examples_are_found(controller: Controller, tmp_path: Path) -> None:
    wrong = {name: examples for name, (examples, _complaint) in WRONG_EXAMPLES.items()}
    texts = {"first": RIGHT_EXAMPLES["first"], **wrong, "last": RIGHT_EXAMPLES["last"]}
    complaints = run([_plugin(tmp_path, name, examples) for name, examples in texts.items()], controller)
    assert complaints.keys() == {f"keyfleet.cloud.{name}" for name in wrong}
    for name, (_examples, complaint) in WRONG_EXAMPLES.items():
        assert complaint in complaints[f"keyfleet.cloud.{name}"].splitlines()[0]


def _plugin(directory: Path, name: str, examples: str) -> Plugin:
    path = directory / f"{name}.py"
    path.write_text(f"EXAMPLES = r'''{examples}'''\n", encoding="utf-8")
    return Plugin(path)
