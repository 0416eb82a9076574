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
from ansible_collections.keyfleet.cloud.tests.examples.sources import ExampleError, Plugin, Source, guides, plugins
from ansible_collections.keyfleet.cloud.tests.in_process.shadow import shadow

ROOT = Path(__file__).parents[2]
SOURCES = [*plugins(ROOT / "plugins"), *guides(ROOT / "docs" / "docsite" / "rst", ROOT / ".config" / "sphinx")]


@pytest.fixture(scope="session")
def collections(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collections path with this collection, whose modules run within Ansible's workers."""
    return shadow(stage.collections_path() / stage.IN_TREE, tmp_path_factory.mktemp("collections"))


@pytest.fixture
def controller(tmp_path: Path, collections: Path) -> Iterator[Controller]:
    """A machine with Ansible, and clouds that hold what world.yml says."""
    with Emulator(seed=surroundings.world(), settings=surroundings.SETTINGS) as emulator:
        yield Controller.make(tmp_path, emulator, collections)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: f"{source.path.parent.name}/{source.path.stem}")
def test_every_example_runs(source: Source, controller: Controller) -> None:
    run(source, controller)


# A runner that cannot fail would prove nothing.

WRONG_EXAMPLES = {
    "no examples": ("", "there are no EXAMPLES"),
    "not YAML": ("- {", "is not YAML"),
    "another plugin": ("- ansible.builtin.debug:", "does not use the plugin"),
    "neither tasks nor plays": ("keyfleet.cloud.broken: {}", "is no list of tasks or plays"),
    "an unknown plugin": ("- name: Try\n  keyfleet.cloud.broken:", "keyfleet.cloud.broken"),
    "a task that fails": (
        "- {name: Fine, ansible.builtin.debug: {msg: keyfleet.cloud.broken}}\n"
        "- {name: Bad luck, ansible.builtin.fail: }",
        "keyfleet.cloud.broken, in check mode: Bad luck",
    ),
    "an instance that is not in the world": (
        "- name: Bind to nothing\n"
        "  keyfleet.cloud.keypair_binding: # keyfleet.cloud.broken\n"
        "    {provider: tencent_cvm, region: ap-guangzhou, key_pairs: deploy, instance_ids: ins-aaaaaaaa}\n"
        "  vars: {note: keyfleet.cloud.broken}",
        "keyfleet.cloud.broken, in check mode: Bind to nothing",
    ),
    "a write in check mode": (
        "- name: Bind in any case\n"
        "  keyfleet.cloud.keypair_binding:\n"
        "    {provider: alibaba_ecs, region: cn-hangzhou, key_pairs: deploy, instance_ids: i-bp1d6tsvznfghy7yaaaa}\n"
        "  check_mode: false\n"
        "  vars: {note: keyfleet.cloud.broken}",
        "keyfleet.cloud.broken, after check mode: Nothing was written",
    ),
}


@pytest.mark.parametrize(("examples", "complaint"), WRONG_EXAMPLES.values(), ids=WRONG_EXAMPLES)
def test_wrong_examples_are_found(examples: str, complaint: str, controller: Controller, tmp_path: Path) -> None:
    with pytest.raises(ExampleError) as failure:
        run(_plugin(tmp_path, examples), controller)
    assert complaint in str(failure.value).splitlines()[0]


def test_an_inventory_without_hosts_is_found(controller: Controller, tmp_path: Path) -> None:
    nobody = "plugin: ansible.builtin.constructed\ncompose: {note: keyfleet.cloud.broken}"
    with pytest.raises(ExampleError, match=r"keyfleet\.cloud\.broken, example 1: no host"):
        run(_plugin(tmp_path, nobody), controller)


def _plugin(tmp_path: Path, examples: str) -> Plugin:
    path = tmp_path / "broken.py"
    path.write_text(f"EXAMPLES = r'''{examples}'''\n", encoding="utf-8")
    return Plugin(path)
