# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets stay secret: nothing that ansible-playbook prints at -vvvv, or logs, contains a secret or a token."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from ansible_collections.keyfleet.cloud.emulator import Emulator
from ansible_collections.keyfleet.cloud.tests.unit.modules.providers import ALIBABA, LIGHTHOUSE

KEY_ID = "EXAMPLEKEY"
SECRET = "example-secret-never-shown"
WRONG = "example-wrong-never-shown"
TOKEN = "example-token-never-shown/+="
NEVER_SHOWN = {form for text in (SECRET, WRONG, TOKEN) for form in (text, quote(text), quote(text, safe=""))}

PROVIDERS = (LIGHTHOUSE, ALIBABA)
TASKS: list[dict[str, Any]] = [
    {"name": "Succeed", "vars": {"wanted": "present"}},
    {"name": "Fail with an error of the API", "vars": {"wanted": "absent"}},
    {"name": "Fail with a wrong secret", "vars": {"wanted": "present", "secret": WRONG}},
]
OPTIONS = {
    "access_key_id": KEY_ID,
    "access_key_secret": "{{ secret }}",
    "security_token": "{{ lookup('ansible.builtin.env', 'EXAMPLE_TOKEN') }}",
}
#: one vendor's secret is right, the other's is wrong
VARIABLES = {
    "TENCENTCLOUD_SECRET_ID": KEY_ID,
    "TENCENTCLOUD_SECRET_KEY": SECRET,
    "TENCENTCLOUD_TOKEN": TOKEN,
    "ALIBABA_CLOUD_ACCESS_KEY_ID": KEY_ID,
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": WRONG,
    "ALIBABA_CLOUD_SECURITY_TOKEN": TOKEN,
}


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """A cloud with the machine's time, for ansible-playbook is another process; each unbind is refused."""
    key = {"id": KEY_ID, "secret": SECRET, "token": TOKEN}
    seed = {
        "accounts": [{"vendor": one.vendor, "account_id": "1", "access_keys": [key]} for one in PROVIDERS],
        "key_pairs": [
            {"provider": one.name, "region": one.region, "name": "deploy", "key_id": one.key_id("deploy")}
            for one in PROVIDERS
        ],
        "instances": [
            {"provider": one.name, "region": one.region, "instance_id": one.instance_id(1), "state": one.stopped}
            for one in PROVIDERS
        ],
    }
    with Emulator(seed=seed, settings={"durations": {"bind": 0.05}}) as running:
        running.add_faults(
            [
                {"kind": "error", "provider": one.name, "action": one.unbind, "code": "Novel.Trouble", "times": None}
                for one in PROVIDERS
            ]
        )
        yield running


def playbook(credentials: dict[str, str]) -> str:
    """Return a playbook whose tasks have these options beside the usual ones. JSON is YAML."""
    options = {
        "provider": "{{ inventory_hostname }}",
        "region": "{{ region }}",
        "endpoint": "{{ endpoint }}",
        "key_pairs": ["deploy"],
        "instance_ids": ["{{ instance }}"],
        "state": "{{ wanted }}",
        **credentials,
    }
    wanted = TASKS if credentials else TASKS[:-1]  # the environment has one secret only
    tasks = [{**task, "keyfleet.cloud.keypair_binding": options, "ignore_errors": True} for task in wanted]
    play = {"name": "Bind", "hosts": "all", "connection": "local", "gather_facts": False, "tasks": tasks}
    return json.dumps([play])


def inventory(endpoint: str) -> str:
    """Return an inventory with a host for each provider, so that they are worked on side by side."""
    common = {"endpoint": endpoint, "secret": SECRET, "ansible_python_interpreter": sys.executable}
    hosts = {one.name: {"region": one.region, "instance": one.instance_id(1), **common} for one in PROVIDERS}
    return json.dumps({"all": {"hosts": hosts}})


def run_playbook(folder: Path, variables: dict[str, str]) -> tuple[str, str]:
    """Run the folder's playbook as loudly as possible; return what it printed and what it logged."""
    environment = {
        **os.environ,
        **variables,
        "ANSIBLE_LOG_PATH": str(folder / "ansible.log"),
        "ANSIBLE_LOCAL_TEMP": str(folder / "local"),
        "ANSIBLE_REMOTE_TEMP": str(folder / "remote"),
        "ANSIBLE_NOCOLOR": "1",
    }
    program = Path(sys.executable).with_name("ansible-playbook")
    done = subprocess.run(
        [program, "-vvvv", "-i", folder / "inventory.json", folder / "playbook.json"],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=600,
        stdin=subprocess.DEVNULL,
    )
    return done.stdout + done.stderr, (folder / "ansible.log").read_text()


@pytest.mark.parametrize(
    ("credentials", "variables", "codes"),
    [
        pytest.param(
            OPTIONS,
            {"EXAMPLE_TOKEN": TOKEN},
            ("Novel.Trouble", "AuthFailure.SignatureFailure", "SignatureDoesNotMatch"),
            id="options",
        ),
        pytest.param({}, VARIABLES, ("Novel.Trouble", "SignatureDoesNotMatch"), id="environment"),
    ],
)
def test_nothing_printed_or_logged_contains_a_secret(
    tmp_path: Path,
    emulator: Emulator,
    credentials: dict[str, str],
    variables: dict[str, str],
    codes: tuple[str, ...],
) -> None:
    (tmp_path / "inventory.json").write_text(inventory(emulator.url))
    (tmp_path / "playbook.json").write_text(playbook(credentials))

    printed, logged = run_playbook(tmp_path, variables)

    assert '"changed": true' in printed
    for text in (printed, logged):
        assert [code for code in codes if code not in text] == [], text
        assert [secret for secret in NEVER_SHOWN if secret in text] == []
