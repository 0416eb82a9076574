# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a guest answers to commands: enough for ``ssh … true`` and for Ansible's raw module, and nothing else."""

from __future__ import annotations

import pytest
from ansible_collections.keyfleet.cloud.emulator.ssh.commands import Session

SESSION = Session("ubuntu", "web-1")


@pytest.mark.parametrize(
    ("line", "stdout", "status"),
    [
        ("true", "", 0),
        (":", "", 0),
        ("false", "", 1),
        ("exit 3", "", 3),
        ("whoami", "ubuntu\n", 0),
        ("hostname", "web-1\n", 0),
        ("echo one  'two  words'", "one two  words\n", 0),
        ("echo -n", "", 0),
        ("sleep 100", "", 0),
        ("", "", 0),
        ("whoami && hostname", "ubuntu\nweb-1\n", 0),
        ("false && whoami", "", 1),
        ("false || whoami", "ubuntu\n", 0),
        ("true || whoami", "", 0),
        ("false; whoami;", "ubuntu\n", 0),
        ("exit 4; whoami", "", 4),
        ("/bin/sh -c 'whoami && sleep 0'", "ubuntu\n", 0),
        ("bash -c 'exit 5' || echo five", "five\n", 0),
    ],
)
def test_what_is_answered(line: str, stdout: str, status: int) -> None:
    reply = SESSION.run(line)
    assert (reply.stdout, reply.stderr, reply.status) == (stdout, "", status)


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("cat /etc/passwd", 127),
        ("/usr/bin/whoami", 127),
        ("sh", 127),
        ("whoami > file", 2),
        ("whoami | cat", 2),
        ("(whoami)", 2),
        ("whoami &", 2),
        ("echo 'unfinished", 2),
    ],
)
def test_what_is_not(line: str, status: int) -> None:
    reply = SESSION.run(line)
    assert (reply.stdout, reply.status) == ("", status)
    assert reply.stderr.startswith("sh: ")


def test_nothing_is_expanded() -> None:
    assert SESSION.run("echo $HOME ~ * `id`").stdout == "$HOME ~ * `id`\n"
