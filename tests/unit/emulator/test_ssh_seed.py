# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a seed may say about SSH, what the emulator's state shows of it, and what happens without asyncssh."""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.emulator import Emulator
from ansible_collections.keyfleet.cloud.emulator.errors import ControlError

PLACE = {"provider": "tencent_lighthouse", "region": "ap-guangzhou"}
PROTOCOL = "ansible_collections.keyfleet.cloud.emulator.ssh.protocol"


def seed(*instances: dict[str, Any]) -> dict[str, Any]:
    return {
        "accounts": [{"vendor": "tencent", "account_id": "1"}],
        "key_pairs": [{**PLACE, "key_id": "lhkp-00000000", "name": "deploy", "public_key": "ssh-ed25519 AAAA"}],
        "instances": [{**PLACE, **instance} for instance in instances],
    }


@pytest.mark.parametrize(
    ("members", "users"),
    [
        ({"ssh": True}, ["root"]),
        ({"ssh": {}}, ["root"]),
        ({"ssh": {"users": ["ubuntu", "root"]}}, ["ubuntu", "root"]),
        ({"ssh": True, "state": "STOPPED"}, ["root"]),
    ],
)
def test_a_chosen_instance_shows_its_server(members: dict[str, Any], users: list[str]) -> None:
    with Emulator(seed=seed({"key_pairs": ["lhkp-00000000"], **members})) as emulator:
        (found,) = emulator.state()["instances"]
        assert found["ssh"] == {
            "host": "127.0.0.1",
            "port": found["ssh"]["port"],
            "host_key": found["ssh"]["host_key"],
            "listening": "state" not in members,
        }
        logins = emulator.logins("tencent_lighthouse", "ap-guangzhou", found["instance_id"])
        assert logins["users"] == {user: ["ssh-ed25519 AAAA"] for user in users}


@pytest.mark.parametrize("members", [{}, {"ssh": False}])
def test_other_instances_have_none(members: dict[str, Any]) -> None:
    with Emulator(seed=seed(members)) as emulator:
        assert emulator.state()["instances"][0]["ssh"] is None


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"ssh": "yes"}, "ssh"),
        ({"ssh": {"host": "0.0.0.0"}}, "ssh.host"),
        ({"ssh": {"port": -1}}, "ssh.port"),
        ({"ssh": {"port": 65536}}, "ssh.port"),
        ({"ssh": {"users": ["root", "root"]}}, "ssh.users"),
        ({"ssh": {"users": [""]}}, "ssh.users[0]"),
        ({"ssh": {"password": ""}}, "ssh.password"),
        ({"ssh": {"password": "example-password"}, "password": False}, "ssh.password"),
        ({"ssh": True, "platform": "windows"}, "ssh"),
        ({"guest_applies_keys": "no"}, "guest_applies_keys"),
    ],
)
def test_mistakes_are_named(members: dict[str, Any], field: str) -> None:
    with pytest.raises(ControlError) as caught:
        Emulator(seed=seed(members))
    assert caught.value.field == f"instances[0].{field}"


def test_a_port_that_is_taken_is_a_mistake_and_nothing_is_added() -> None:
    with socket.socket() as other, Emulator(seed=seed()) as emulator:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(ControlError, match=r"instances\[1\].ssh.port: cannot listen"):
            emulator.seed({"instances": [{**PLACE, "ssh": True}, {**PLACE, "ssh": {"port": other.getsockname()[1]}}]})
        assert emulator.state()["instances"] == []


@pytest.mark.parametrize("state", ["RUNNING", "STOPPED"])
def test_one_port_is_for_one_instance(state: str) -> None:
    with Emulator(seed=seed({"ssh": True, "state": state})) as emulator:
        port = emulator.state()["instances"][0]["ssh"]["port"]
        with pytest.raises(ControlError, match=rf"instances\[0\].ssh.port: {port} belongs to another instance"):
            emulator.seed({"instances": [{**PLACE, "ssh": {"port": port}}]})


def test_a_seed_that_asks_for_ssh_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, PROTOCOL, raising=False)
    monkeypatch.setitem(sys.modules, "asyncssh", None)
    with pytest.raises(ControlError, match=r"^instances\[0\].ssh: needs the Python library asyncssh"):
        Emulator(seed=seed({"ssh": True}))


def test_everything_else_works_without_asyncssh() -> None:
    program = (
        "import sys; sys.modules['asyncssh'] = None\n"
        "from ansible_collections.keyfleet.cloud.emulator import Emulator\n"
        f"with Emulator(seed={seed({})!r}) as emulator: print(len(emulator.state()['instances']))\n"
    )
    paths = repr([path for path in sys.path if path])
    command = [sys.executable, "-c", f"import sys; sys.path = {paths}\n{program}"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "1\n"
