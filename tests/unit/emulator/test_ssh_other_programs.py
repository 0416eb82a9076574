# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The same with other programs: Ansible against the emulator's server, and OpenSSH's server instead of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from ansible_collections.keyfleet.cloud.tests.unit.emulator.client import tencent_cloud
from ansible_collections.keyfleet.cloud.tests.unit.emulator.openssh_server import USER, needs_sshd, openssh_server
from ansible_collections.keyfleet.cloud.tests.unit.emulator.ssh_client import DENIED, IN, SshClient, new_key

WEB = "lhins-00000web"
KEY, OTHER = "lhkp-00000000", "lhkp-00000001"


def test_ansible_runs_raw_commands(tmp_path: Path) -> None:
    key = tmp_path / "key"
    instance = {"instance_id": WEB, "name": "web-1", "key_pairs": [KEY], "ssh": {"users": ["ubuntu"]}}
    with tencent_cloud(key_pairs=[{"key_id": KEY, "public_key": new_key(key)}], instances=[instance]) as cloud:
        shown = cloud.instance(WEB)["ssh"]
        (tmp_path / "known_hosts").write_text(f"[127.0.0.1]:{shown['port']} {shown['host_key']}\n", encoding="utf-8")
        options = f"-F none -o ControlMaster=no -o UserKnownHostsFile={tmp_path / 'known_hosts'}"
        result = subprocess.run(
            [
                *(sys.executable, "-m", "ansible", "adhoc", "all", "-i", "127.0.0.1,", "-u", "ubuntu", "-m", "raw"),
                *("--private-key", str(key), "--ssh-common-args", options, "-e", f"ansible_port={shown['port']}"),
                *("-a", "whoami && hostname"),
            ],
            env={**os.environ, "ANSIBLE_HOME": str(tmp_path), "ANSIBLE_HOST_KEY_CHECKING": "true"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.splitlines()[1:3] == ["ubuntu", "web-1"]


@needs_sshd
def test_openssh_admits_whom_the_emulator_admits(tmp_path: Path) -> None:
    """``logins()`` written to authorized_keys: before, during and after a change both servers say the same."""
    keys = [tmp_path / "key", tmp_path / "other"]
    authorized = tmp_path / "authorized_keys"
    lines = [new_key(key) for key in keys]
    with (
        tencent_cloud(
            key_pairs=[
                {"key_id": key_id, "public_key": line} for key_id, line in zip((KEY, OTHER), lines, strict=True)
            ],
            instances=[{"instance_id": WEB, "key_pairs": [KEY], "ssh": {"users": [USER]}}],
        ) as cloud,
        openssh_server(tmp_path, authorized) as openssh,
    ):
        ours = SshClient.of(tmp_path, cloud.instance(WEB))

        def verdicts() -> list[str]:
            authorized.write_text("\n".join(cloud.login(WEB)["users"].get(USER, [])) + "\n", encoding="utf-8")
            found = [ours.with_key(key, USER) for key in keys]
            assert [openssh.with_key(key, USER) for key in keys] == found
            return found

        assert verdicts() == [IN, DENIED]
        cloud.lighthouse.ok("AssociateInstancesKeyPairs", InstanceIds=[WEB], KeyIds=[OTHER], AssociateType="ONLINE")
        assert verdicts() == [IN, DENIED]
        cloud.clock.advance(1)
        assert verdicts() == [DENIED, IN]
