# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Proofs of login with OpenSSH's client, against real SSH servers: this key opens this guest, or it does not."""

from __future__ import annotations

import dataclasses
import os
import shutil
import time
from pathlib import Path

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import InputError
from ansible_collections.keyfleet.cloud.plugins.module_utils._login.command import run
from ansible_collections.keyfleet.cloud.plugins.module_utils._login.model import Target
from ansible_collections.keyfleet.cloud.tests.unit.emulator.client import TencentCloud
from ansible_collections.keyfleet.cloud.tests.unit.emulator.openssh_server import USER, needs_sshd, openssh_server
from ansible_collections.keyfleet.cloud.tests.unit.emulator.ssh_client import new_key
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.login_guest import KEY, WEB, Guest, Keys, later


@pytest.mark.parametrize("user", ["root", "ubuntu"])
def test_the_right_key(guest: Guest, keys: Keys, user: str) -> None:
    assert guest.prove(keys.right, user=user).proved
    assert guest.clock.slept == []


@pytest.mark.parametrize("case", ["wrong key", "wrong user"])
def test_a_refusal_says_who_where_with_what_and_why(guest: Guest, keys: Keys, case: str) -> None:
    key, user = (keys.wrong, "root") if case == "wrong key" else (keys.right, "admin")
    result = guest.prove(key, user=user, denied_grace=3)
    assert not result.proved
    assert result.error is not None
    assert result.error.code == "LoginDenied"
    for part in (
        str(WEB),
        f"{user}@127.0.0.1:{guest.port}",
        str(key),
        guest.prover(key).public_key.fingerprint,
        f"ssh says: {user}@127.0.0.1: Permission denied (publickey",
    ):
        assert part in result.error.message
    assert sum(guest.clock.slept) == pytest.approx(3)


def test_a_key_of_the_kind_that_awx_writes(guest: Guest, keys: Keys) -> None:
    key = Path(shutil.copy(keys.right, guest.folder / "key"))
    key.chmod(0o660)
    key.write_text(key.read_text().rstrip())
    assert guest.outcome(key) == "proved"


def test_a_guest_that_is_down_is_waited_for(cloud: TencentCloud, guest: Guest, keys: Keys) -> None:
    cloud.lighthouse.ok("StopInstances", InstanceIds=[WEB.instance_id])
    later(cloud)
    guest.clock.events[3] = lambda: (
        cloud.lighthouse.ok("StartInstances", InstanceIds=[WEB.instance_id]),
        later(cloud),
    )
    assert guest.outcome(keys.right) == "proved"
    assert len(guest.clock.slept) == 3


def test_a_guest_that_stays_down_says_so(cloud: TencentCloud, guest: Guest, keys: Keys) -> None:
    cloud.lighthouse.ok("StopInstances", InstanceIds=[WEB.instance_id])
    later(cloud)
    result = guest.prove(keys.right, timeout=20)
    assert result.error is not None
    assert result.error.code == "LoginNotReached"
    assert "Connection refused" in result.error.message
    assert "\r" not in result.error.message
    assert sum(guest.clock.slept) == pytest.approx(20)


def test_a_guest_that_takes_its_time_to_apply_the_key(cloud: TencentCloud, guest: Guest, keys: Keys) -> None:
    place = {"InstanceIds": [WEB.instance_id], "KeyIds": [KEY]}
    cloud.lighthouse.ok("DisassociateInstancesKeyPairs", **place, DisassociateType="ONLINE")
    later(cloud)
    guest.clock.events[2] = lambda: (
        cloud.lighthouse.ok("AssociateInstancesKeyPairs", **place, AssociateType="ONLINE", Username="root"),
        later(cloud),
    )
    assert guest.outcome(keys.right) == "proved"
    assert len(guest.clock.slept) == 2


def test_host_keys_are_remembered_and_recognised(guest: Guest, keys: Keys) -> None:
    assert guest.outcome(keys.right, host_key_checking="strict") == "LoginHostKey"
    assert not guest.known_hosts.exists()
    assert guest.outcome(keys.right) == "proved"
    assert guest.server.host_key in guest.known_hosts.read_text()
    assert guest.outcome(keys.right, host_key_checking="strict") == "proved"


def test_a_changed_host_key_counts_only_where_nobody_checks(guest: Guest, keys: Keys) -> None:
    guest.known_as(new_key(guest.folder / "another-host-key"))
    known = guest.known_hosts.read_text()
    for checking in ("strict", "accept_new"):
        assert guest.outcome(keys.right, host_key_checking=checking) == "LoginHostKey"
    assert guest.outcome(keys.right, host_key_checking="off") == "proved"
    assert guest.outcome(keys.wrong, host_key_checking="off") == "LoginDenied"
    assert guest.known_hosts.read_text() == known


def test_the_way_there_may_be_another(guest: Guest, keys: Keys) -> None:
    config = guest.config(ProxyCommand="false")
    assert guest.outcome(keys.right, ssh_config_path=config, timeout=2) == "LoginNotReached"
    config = guest.config(Host="bastion_alias", HostName="127.0.0.1")
    assert guest.outcome(keys.right, host="bastion_alias", ssh_config_path=config) == "proved"


def test_a_configuration_that_is_wrong_is_not_tried_for_long(guest: Guest, keys: Keys) -> None:
    assert guest.outcome(keys.right, ssh_config_path=guest.config(NoSuchOption="1")) == "LoginImpossible"
    assert guest.clock.slept == []


def test_hostile_targets_stop_everything_before_the_first_attempt(guest: Guest, keys: Keys) -> None:
    trace = guest.folder / "trace"
    spy = guest.folder / "ssh"
    spy.write_text(f"#!/bin/sh\ntouch '{trace}'\n", encoding="utf-8")
    spy.chmod(0o700)
    prover = guest.prover(keys.right, ssh_path=str(spy), timeout=1)
    fine = Target(WEB, "127.0.0.1", guest.port, "root")
    for hostile in ({"host": f"-oProxyCommand=touch {trace}"}, {"user": "-v"}, {"host": "a b"}, {"port": -1}):
        with pytest.raises(InputError, match=WEB.instance_id):
            prover.prove([fine, dataclasses.replace(fine, **hostile)])
    assert not trace.exists()
    prover.prove([fine])
    assert trace.exists()


def test_many_guests_side_by_side(guest: Guest, keys: Keys) -> None:
    refs = [dataclasses.replace(WEB, instance_id=f"lhins-{number:08}") for number in range(25)]
    targets = [
        Target(ref, "127.0.0.1", guest.port, "admin" if number == 7 else "root") for number, ref in enumerate(refs)
    ]
    results = guest.prover(keys.right).prove(targets)
    assert list(results) == refs
    assert [ref for ref in refs if not results[ref].proved] == [refs[7]]
    assert guest.prover(keys.right).prove([]) == {}


def test_nothing_is_left_behind(guest: Guest, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    place = guest.folder / "temporary files"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    assert [guest.outcome(keys.right), guest.outcome(keys.wrong)] == ["proved", "LoginDenied"]
    assert list(place.iterdir()) == []


def test_without_a_key_or_without_ssh_no_proof_is_begun(guest: Guest, keys: Keys) -> None:
    with pytest.raises(InputError, match="needs a private key"):
        guest.prover(keys.right, private_key_path="")
    with pytest.raises(InputError, match="/nowhere/ssh is not installed"):
        guest.prover(keys.right, ssh_path="/nowhere/ssh")
    guest.environ["PATH"] = str(guest.folder)
    with pytest.raises(InputError, match="client ssh is not installed") as caught:
        guest.prover(keys.right)
    assert "openssh-client" in caught.value.info.hint


def test_the_key_has_to_be_that_of_the_cloud(guest: Guest, keys: Keys) -> None:
    prover = guest.prover(keys.right)
    for same in (keys.line, f"{keys.line} another comment", None, "no key at all"):
        prover.require_same_key("deploy", same)
    with pytest.raises(InputError, match="does not belong to the key pair deploy") as caught:
        prover.require_same_key("deploy", Path(f"{keys.wrong}.pub").read_text())
    assert guest.prover(keys.wrong).public_key.fingerprint in caught.value.info.message


def test_what_ssh_started_is_ended_with_it() -> None:
    started = time.monotonic()
    assert run(["/bin/sh", "-c", "echo said; sleep 60 & sleep 60"], os.environ, 0.3) == (None, "said\n", "")
    assert time.monotonic() - started < 10


@needs_sshd
def test_with_the_server_of_openssh(tmp_path: Path, keys: Keys) -> None:
    authorized = tmp_path / "authorized_keys"
    authorized.write_text("", encoding="utf-8")
    with openssh_server(tmp_path, authorized) as server:
        guest = Guest(server, tmp_path)
        assert guest.outcome(keys.right, user=USER, denied_grace=0) == "LoginDenied"
        authorized.write_text(f"{keys.line}\n", encoding="utf-8")
        assert guest.outcome(keys.right, user=USER) == "proved"


@needs_sshd
def test_an_account_that_only_says_who_to_log_in_as(tmp_path: Path, keys: Keys) -> None:
    """As the images of many distributions do it for root."""
    authorized = tmp_path / "authorized_keys"
    authorized.write_text(f'command="echo Please login as ubuntu; exit 142" {keys.line}\n', encoding="utf-8")
    with openssh_server(tmp_path, authorized, ForceCommand="none") as server:
        result = Guest(server, tmp_path).prove(keys.right, user=USER)
    assert result.error is not None
    assert result.error.code == "LoginWithoutCommand"
    assert "142: Please login as ubuntu" in result.error.message
    assert "login.user" in result.error.hint
