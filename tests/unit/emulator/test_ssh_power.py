# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The SSH servers follow the power state: same address and host key all the time, open only while the guest runs."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.emulator import Emulator
from ansible_collections.keyfleet.cloud.tests.unit.emulator.client import TencentCloud, tencent_cloud
from ansible_collections.keyfleet.cloud.tests.unit.emulator.ssh_client import CLOSED, IN, SshClient, new_key

WEB, DB = "lhins-00000web", "lhins-000000db"
KEY = "lhkp-00000000"


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("key") / "key"
    new_key(found)
    return found


@pytest.fixture
def cloud(key: Path) -> Iterator[TencentCloud]:
    line = key.with_suffix(".pub").read_text(encoding="utf-8")
    instances = [{"instance_id": name, "name": name, "key_pairs": [KEY], "ssh": True} for name in (WEB, DB)]
    with tencent_cloud(key_pairs=[{"key_id": KEY, "public_key": line}], instances=instances) as found:
        yield found


def ssh_of(cloud: TencentCloud, instance_id: str = WEB) -> dict[str, Any]:
    found: dict[str, Any] = cloud.instance(instance_id)["ssh"]
    return found


def accepts(port: int) -> bool:
    """Does anybody listen there?"""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def in_the_end(port: int, expected: bool) -> bool:
    """Does the port open or close by itself, without anybody asking the emulator?"""
    deadline = time.monotonic() + 60
    while accepts(port) != expected and time.monotonic() < deadline:
        time.sleep(0.01)
    return accepts(port) == expected


@pytest.mark.parametrize(
    ("action", "between", "then"),
    [("StopInstances", "STOPPED", "StartInstances"), ("RebootInstances", "REBOOTING", None)],
)
def test_down_and_up_again(
    cloud: TencentCloud, tmp_path: Path, key: Path, action: str, between: str, then: str | None
) -> None:
    before = ssh_of(cloud)
    guest = SshClient.of(tmp_path, cloud.instance(WEB))
    assert (before["listening"], guest.with_key(key)) == (True, IN)

    cloud.lighthouse.ok(action, InstanceIds=[WEB])
    cloud.clock.advance(1.2)
    assert cloud.instance(WEB)["state"] == between
    assert ssh_of(cloud) == {**before, "listening": False}
    assert guest.with_key(key) == CLOSED

    if then is not None:
        cloud.lighthouse.ok(then, InstanceIds=[WEB])
    cloud.clock.advance(2)
    assert ssh_of(cloud) == before
    assert guest.with_key(key) == IN


def test_each_instance_has_its_own_address_and_host_key(cloud: TencentCloud, tmp_path: Path, key: Path) -> None:
    assert {ssh_of(cloud)["host"], ssh_of(cloud, DB)["host"]} == {"127.0.0.1"}
    assert ssh_of(cloud)["host_key"].split()[0] == "ssh-ed25519"
    assert ssh_of(cloud)["host_key"] != ssh_of(cloud, DB)["host_key"]
    guests = [SshClient.of(tmp_path, cloud.instance(name)) for name in (WEB, DB)]
    assert [guest.run(key, "hostname").stdout for guest in guests] == [f"{WEB}\n", f"{DB}\n"]

    cloud.lighthouse.ok("StopInstances", InstanceIds=[WEB])
    assert [ssh_of(cloud, name)["listening"] for name in (WEB, DB)] == [False, True]


def test_ports_follow_the_time_without_being_asked(cloud: TencentCloud) -> None:
    port = ssh_of(cloud)["port"]
    cloud.lighthouse.ok("RebootInstances", InstanceIds=[WEB])
    assert not accepts(port)
    cloud.clock.advance(2)
    assert in_the_end(port, expected=True)


@pytest.mark.parametrize("seconds", [0, 60])
def test_a_stop_cuts_connections(cloud: TencentCloud, tmp_path: Path, key: Path, seconds: float) -> None:
    """Also a reboot that is over before anybody looks: the guest that the client spoke to is gone."""
    with SshClient.of(tmp_path, cloud.instance(WEB)).connected(key) as connection:
        cloud.lighthouse.ok("RebootInstances", InstanceIds=[WEB])
        cloud.clock.advance(seconds)
        assert connection.wait(60) == 255
    assert accepts(ssh_of(cloud)["port"]) == bool(seconds)


def test_a_changed_binding_cuts_nothing(cloud: TencentCloud, tmp_path: Path, key: Path) -> None:
    with SshClient.of(tmp_path, cloud.instance(WEB)).connected(key) as connection:
        cloud.lighthouse.ok("DisassociateInstancesKeyPairs", InstanceIds=[WEB], KeyIds=[KEY], DisassociateType="ONLINE")
        cloud.clock.advance(1)
        assert cloud.login(WEB)["users"] == {}
        with pytest.raises(subprocess.TimeoutExpired):
            connection.wait(0.2)


def test_a_reset_cuts_connections_and_opens_anew(cloud: TencentCloud, tmp_path: Path, key: Path) -> None:
    with SshClient.of(tmp_path, cloud.instance(WEB)).connected(key) as connection:
        cloud.emulator.reset()
        assert connection.wait(60) == 255
    assert SshClient.of(tmp_path, cloud.instance(WEB)).with_key(key) == IN


def test_the_emulator_takes_its_servers_with_it(key: Path, tmp_path: Path) -> None:
    line = key.with_suffix(".pub").read_text(encoding="utf-8")
    with tencent_cloud(key_pairs=[{"key_id": KEY, "public_key": line}]) as cloud:
        place = {"provider": "tencent_lighthouse", "region": "ap-guangzhou"}
        cloud.emulator.seed({"instances": [{**place, "instance_id": WEB, "key_pairs": [KEY], "ssh": True}]})
        port = ssh_of(cloud)["port"]
        with SshClient.of(tmp_path, cloud.instance(WEB)).connected(key) as connection:
            cloud.emulator.stop()
            assert connection.wait(60) == 255
        assert not accepts(port)


def test_a_wanted_port_is_had_also_after_a_reset() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    instance = {"provider": "alibaba_ecs", "region": "cn-hangzhou", "ssh": {"port": port}}
    seed = {"accounts": [{"vendor": "alibaba", "account_id": "1"}], "instances": [instance]}
    with Emulator(seed=seed) as emulator:
        for _round in range(2):
            assert emulator.state()["instances"][0]["ssh"]["port"] == port
            assert accepts(port)
            emulator.reset()


@pytest.mark.parametrize(
    ("options", "words", "status"),
    [
        ((), ("cat", "/etc/passwd"), 127),
        ((), (), 1),
        (("-s",), ("sftp",), 255),
        (("-W", "127.0.0.1:22"), (), 255),
        (("-N", "-R", "0:127.0.0.1:22", "-o", "ExitOnForwardFailure=yes"), (), 255),
    ],
    ids=["command", "shell", "sftp", "forwarding", "remote forwarding"],
)
def test_nothing_of_this_machine_is_reached(
    cloud: TencentCloud, tmp_path: Path, key: Path, options: tuple[str, ...], words: tuple[str, ...], status: int
) -> None:
    result = SshClient.of(tmp_path, cloud.instance(WEB)).run(key, *words, options=options)
    assert (result.returncode, result.stdout) == (status, "")
