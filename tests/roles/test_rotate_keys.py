# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the new key pair of a rotation comes from; and that no secret is ever printed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from ansible_collections.keyfleet.cloud.tests.roles.controller import Controller
from ansible_collections.keyfleet.cloud.tests.roles.guests import Guests
from ansible_collections.keyfleet.cloud.tests.unit.emulator.ssh_client import IN, SshClient
from ansible_collections.keyfleet.cloud.tests.unit.modules.providers import SECRET

Clouds = dict[str, Guests]
ROTATION = {"rotate_old_key_pair": "old", "rotate_new_key_pair": "fresh", "rotate_interruption": "soft"}
NAMES = ("tencent_cvm", "alibaba_ecs")


@pytest.mark.module_processes
def test_the_cloud_makes_it_and_no_secret_is_printed(clouds: Clouds, controller: Controller, tmp_path: Path) -> None:
    web = {name: clouds[name].add_guest("old") for name in NAMES}
    path = tmp_path / "fresh.pem"
    variables = {
        **ROTATION,
        "rotate_login": controller.login,
        "keyfleet_bindings": [clouds[name].entry([web[name]], "old") for name in NAMES],
        "rotate_new_key_source": "cloud",
        "rotate_private_key_path": str(path),
        "rotate_delete_old": True,
    }
    run = controller.run("rotate", variables, "-vvv")
    assert run.ok, run.output
    assert path.stat().st_mode & 0o777 == 0o600
    for name in NAMES:
        shown = clouds[name].instance(web[name])
        assert SshClient.of(tmp_path, shown).with_key(path) == IN
        assert clouds[name].who_gets_in(web[name]) == []
    assert [action for action in clouds["tencent_cvm"].calls(write=True) if "KeyPair" in action] == [
        "CreateKeyPair",
        "AssociateInstancesKeyPairs",
        "DisassociateInstancesKeyPairs",
        "DeleteKeyPairs",
    ]
    assert "ImportKeyPair" in clouds["alibaba_ecs"].calls()

    secret_lines = [line for line in path.read_text(encoding="utf-8").splitlines() if "PRIVATE KEY" not in line]
    assert len(secret_lines) > 10
    assert not any(secret in run.output for secret in (SECRET, "PRIVATE KEY", *secret_lines))


def test_it_is_made_here(clouds: Clouds, controller: Controller, tmp_path: Path) -> None:
    cloud = clouds["tencent_cvm"]
    web = cloud.add_guest("old")
    path = tmp_path / "new folder" / "fresh"
    variables = {
        **ROTATION,
        "rotate_login": controller.login,
        "keyfleet_bindings": [cloud.entry([web], "old")],
        "rotate_new_key_source": "local",
        "rotate_private_key_path": str(path),
    }
    checked = controller.run("rotate", variables, "--check")
    assert checked.ok, checked.output
    assert not path.exists()
    assert cloud.calls(write=True) == []
    assert checked.stats["counts"]["interrupted"] == 2, "once for each phase"

    run = controller.run("rotate", variables)
    assert run.ok, run.output
    assert (path.stat().st_mode & 0o777, sorted(found.name for found in path.parent.glob("fresh*"))) == (
        0o600,
        ["fresh", "fresh.pub"],
    )
    assert SshClient.of(tmp_path, cloud.instance(web)).with_key(path) == IN
    assert cloud.who_gets_in(web) == []


def test_it_is_imported(clouds: Clouds, controller: Controller, keys: dict[str, Path]) -> None:
    cloud = clouds["alibaba_ecs"]
    public = subprocess.run(["ssh-keygen", "-y", "-f", keys["new"]], check=True, capture_output=True, text=True).stdout
    web = cloud.add_guest("old")
    variables = {
        **ROTATION,
        "rotate_login": controller.login,
        "keyfleet_bindings": [cloud.entry([web], "old")],
        "rotate_new_key_source": "import",
        "rotate_public_key": public,
        "keyfleet_login_key_file": str(keys["new"]),
    }
    run = controller.run("rotate", variables)
    assert not run.ok, "the region has that key under another name"
    assert "new" in run.stats["message"]
    assert cloud.calls(write=True) == []
    assert cloud.who_gets_in(web) == ["old"]

    named = controller.run("rotate", {**variables, "rotate_new_key_pair": "new"})
    assert named.ok, named.output
    assert cloud.who_gets_in(web) == ["new"]
