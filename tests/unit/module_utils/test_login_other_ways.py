# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What proves nothing: another way into the guest than with the private key that is to be proved."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

from ansible_collections.keyfleet.cloud.tests.unit.emulator.client import TencentCloud
from ansible_collections.keyfleet.cloud.tests.unit.emulator.openssh_server import USER, needs_sshd, openssh_server
from ansible_collections.keyfleet.cloud.tests.unit.emulator.ssh_client import new_key, program
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.login_guest import KEY, WEB, Guest, Keys, later


def test_an_agent_with_the_right_key_proves_nothing(guest: Guest, keys: Keys) -> None:
    socket = guest.folder / "agent"
    with subprocess.Popen([program("ssh-agent"), "-D", "-a", str(socket)], stdout=subprocess.DEVNULL) as agent:
        try:
            while not socket.exists():
                time.sleep(0.01)
            environ = {**guest.environ, "SSH_AUTH_SOCK": str(socket)}
            subprocess.run([program("ssh-add"), "-q", str(keys.right)], env=environ, check=True)
            guest.environ = environ
            assert guest.outcome(keys.wrong) == "LoginDenied"
            config = guest.config(IdentityAgent=socket, IdentitiesOnly="no")
            assert guest.outcome(keys.wrong, ssh_config_path=config) == "LoginDenied"
        finally:
            agent.terminate()


def test_a_session_that_is_open_already_proves_nothing(guest: Guest, keys: Keys) -> None:
    place = guest.folder / "master"
    config = guest.config(ControlMaster="auto", ControlPath=place, ControlPersist="60")
    shared = ["-o", "ControlMaster=yes", "-o", f"ControlPath={place}", "-o", "ControlPersist=60"]
    assert guest.server.run(keys.right, "true", options=shared).returncode == 0
    try:
        assert place.exists()
        assert guest.outcome(keys.wrong, ssh_config_path=config) == "LoginDenied"
    finally:
        subprocess.run([program("ssh"), "-O", "exit", "-S", str(place), "x"], capture_output=True, check=True)


def test_another_key_of_the_configuration_proves_nothing(guest: Guest, keys: Keys) -> None:
    config = guest.config(IdentityFile=keys.right)
    result = guest.prove(keys.wrong, ssh_config_path=config)
    assert result.error is not None
    assert result.error.code == "LoginNotProved"
    assert guest.prover(keys.right).public_key.fingerprint in result.error.message
    assert guest.outcome(keys.right, ssh_config_path=guest.config(IdentityFile=keys.wrong)) == "proved"


def test_a_public_key_that_lies_beside_the_private_one_proves_nothing(guest: Guest, keys: Keys) -> None:
    """ssh would offer what it finds there, and the other way round would not use the right key at all."""
    mixed = Path(shutil.copy(keys.wrong, guest.folder / "mixed"))
    shutil.copy(f"{keys.right}.pub", f"{mixed}.pub")
    assert guest.outcome(mixed) == "LoginDenied"
    shutil.copy(keys.right, mixed)
    shutil.copy(f"{keys.wrong}.pub", f"{mixed}.pub")
    assert guest.outcome(mixed) == "proved"


def test_a_password_proves_nothing(cloud: TencentCloud, guest: Guest, keys: Keys) -> None:
    cloud.lighthouse.ok("DisassociateInstancesKeyPairs", InstanceIds=[WEB.instance_id], KeyIds=[KEY])
    later(cloud)
    cloud.lighthouse.ok("StartInstances", InstanceIds=[WEB.instance_id])
    later(cloud)
    helper = guest.folder / "askpass"
    helper.write_text("#!/bin/sh\necho Example-password-1\n", encoding="utf-8")
    helper.chmod(0o700)
    guest.environ |= {"SSH_ASKPASS": str(helper), "SSH_ASKPASS_REQUIRE": "force"}
    config = guest.config(PasswordAuthentication="yes", PreferredAuthentications="password", BatchMode="no")
    assert guest.outcome(keys.right, ssh_config_path=config) == "LoginDenied"


@needs_sshd
def test_a_certificate_proves_nothing(tmp_path: Path, keys: Keys) -> None:
    """The server would take the key without knowing it, because somebody signed it."""
    authorized = tmp_path / "authorized_keys"
    authorized.write_text("", encoding="utf-8")
    key = Path(shutil.copy(keys.right, tmp_path / "signed"))
    shutil.copy(f"{keys.right}.pub", f"{key}.pub")
    new_key(tmp_path / "authority")
    words = [program("ssh-keygen"), "-q", "-s", str(tmp_path / "authority"), "-I", "x", "-n", USER, f"{key}.pub"]
    subprocess.run(words, check=True)
    with openssh_server(tmp_path, authorized, TrustedUserCAKeys=tmp_path / "authority.pub") as server:
        assert server.run(key, "true", user=USER).returncode == 0
        guest = Guest(server, tmp_path)
        assert guest.outcome(key, user=USER, denied_grace=0) == "LoginDenied"
        config = guest.config(CertificateFile=f"{key}-cert.pub")
        assert guest.outcome(key, user=USER, ssh_config_path=config) == "LoginNotProved"
