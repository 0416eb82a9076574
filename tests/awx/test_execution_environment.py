# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The execution environment: what its image would hold, and that AWX's jobs run in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import stage
from ansible_collections.keyfleet.cloud.emulator import Emulator
from ansible_collections.keyfleet.cloud.tests.awx import image as images
from ansible_collections.keyfleet.cloud.tests.awx.conftest import SetUpAwx
from ansible_collections.keyfleet.cloud.tests.awx.image import Image
from ansible_collections.keyfleet.cloud.tests.awx.jobs import Node


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    """What the image would hold."""
    return images.build(tmp_path_factory.mktemp("image"))


def test_it_holds_what_the_collection_needs_and_no_more(image: Image) -> None:
    assert image.installed == ["ansible-core~=2.21.0", "ansible-runner~=2.4", "jmespath>=1.0.0", "requests>=2.27.0"]
    assert image.system == [
        "glibc-langpack-en [platform:rpm]",
        "openssh-client [platform:dpkg]",
        "openssh-clients [platform:rpm]",
    ]


def test_it_holds_the_collection_as_the_archive_does(image: Image) -> None:
    held = {path.name for path in (image.collections / stage.IN_TREE).iterdir()}
    assert {"MANIFEST.json", "extensions", "meta", "playbooks", "plugins", "roles"} <= held
    assert "tests" not in held


def test_no_registry_is_named(image: Image) -> None:
    """The base image comes from where the user's container engine finds it, or from where a build argument says."""
    containerfile = (image.context / "Containerfile").read_text(encoding="utf-8")
    names = re.findall(r'^ARG EE_BASE_IMAGE="(.+)"$', containerfile, re.MULTILINE)
    assert len(names) == 1
    assert "/" not in names[0]


def test_from_drift_to_none_in_both_kinds_of_project(
    awx: SetUpAwx, emulator: Emulator, image: Image, tmp_path: Path
) -> None:
    """The report tells drift, bind repairs it, the report is content, from this repository and from a user's own."""
    repository = stage.copy("ee")
    own = tmp_path / "requirements_collections"
    images.install_collections(repository / "collections" / "requirements.yml", repository, own)
    project = repository / "docs" / "examples" / "awx_project"
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    ours = Node(awx, image.bin, own, repository, tmp_path / "first")
    theirs = Node(awx, image.bin, image.collections, project, tmp_path / "second")
    theirs_hosts = "playbooks/inventories/awx.keyfleet.yml"  # a test of playbooks: the same instances for both
    (project / "playbooks" / "inventories").mkdir(parents=True, exist_ok=True)
    (project / theirs_hosts).write_text((repository / theirs_hosts).read_text(encoding="utf-8"), encoding="utf-8")
    before = {one["instance_id"]: one["state"] for one in emulator.state()["instances"]}

    report = ours.launch("Keyfleet drift report")
    assert report.returncode == 2, report.stdout + report.stderr
    assert "3 missing" in report.stdout, report.stdout + report.stderr

    bind = theirs.launch("Keyfleet bind", bind_interruption="soft")
    assert bind.returncode == 0, bind.stdout + bind.stderr
    bound = {one["instance_id"]: len(one["effective_key_pairs"]) for one in emulator.state()["instances"]}
    assert bound == dict.fromkeys(before, 1)
    assert {one["instance_id"]: one["state"] for one in emulator.state()["instances"]} == before

    report = theirs.launch("Keyfleet drift report")
    assert report.returncode == 0, report.stdout + report.stderr


def test_no_secret_is_printed_by_jobs(awx: SetUpAwx, image: Image, tmp_path: Path) -> None:
    node = Node(awx, image.bin, image.collections, stage.copy("ee"), tmp_path)
    by_id = {"bind_region": "ap-guangzhou", "bind_key_pairs": "deploy", "bind_instance_ids": "ins-awxweb01"}
    done = node.launch("Keyfleet bind by ID", bind_provider="tencent_cvm", bind_interruption="soft", **by_id)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "example-secret" not in done.stdout + done.stderr
