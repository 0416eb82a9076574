# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""tccli, unmodified, as a person at a terminal uses it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.emulator import Emulator
from ansible_collections.keyfleet.cloud.tests.conformance.clouds import (
    ACCOUNT_ID,
    KEY_ID,
    SECRET,
    TENCENT_REGION,
    bindings,
)

TCCLI = Path(sys.executable).parent / "tccli"
CREDENTIALS = {
    "TENCENTCLOUD_SECRET_ID": KEY_ID["tencent"],
    "TENCENTCLOUD_SECRET_KEY": SECRET,
    "TENCENTCLOUD_REGION": TENCENT_REGION,
}


class Cli:
    """The command with a home directory of its own, because it keeps its settings there."""

    def __init__(self, emulator: Emulator, home: Path) -> None:
        self.emulator = emulator
        self.environment = {"HOME": str(home), "PATH": str(TCCLI.parent), "NO_PROXY": "127.0.0.1", **CREDENTIALS}

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(TCCLI), *arguments, "--endpoint", self.emulator.url]
        return subprocess.run(
            command,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            stdin=subprocess.DEVNULL,
            check=False,
        )

    def ok(self, *arguments: str) -> dict[str, Any]:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer


@pytest.fixture
def cli(emulator: Emulator, tmp_path: Path) -> Cli:
    return Cli(emulator, tmp_path)


def test_lighthouse(cli: Cli) -> None:
    answer = cli.ok("lighthouse", "DescribeKeyPairs", "--KeyIds", '["lhkp-f7rjie1q"]')
    assert answer["KeyPairSet"][0]["KeyName"] == "deploy"
    named = ("--InstanceIds", "lhins-ruy9d2tw", "--KeyIds", "lhkp-f7rjie1q")
    cli.ok("lighthouse", "AssociateInstancesKeyPairs", "--cli-unfold-argument", *named)
    assert bindings(cli.emulator, "lhins-ruy9d2tw") == ["lhkp-f7rjie1q"]
    cli.ok("lighthouse", "DisassociateInstancesKeyPairs", "--cli-unfold-argument", *named)
    assert bindings(cli.emulator, "lhins-ruy9d2tw") == []


def test_cvm(cli: Cli) -> None:
    named = ("--InstanceIds", '["ins-3e56fg78"]', "--KeyIds", '["skey-4e5ty7i8"]')
    cli.ok("cvm", "AssociateInstancesKeyPairs", *named, "--ForceStop", "True")
    answer = cli.ok("cvm", "DescribeInstances", "--InstanceIds", '["ins-3e56fg78"]')
    assert answer["InstanceSet"][0]["LoginSettings"]["KeyIds"] == ["skey-4e5ty7i8"]
    assert answer["InstanceSet"][0]["InstanceState"] == "RUNNING"


def test_credentials_as_arguments(cli: Cli) -> None:
    for name in CREDENTIALS:
        del cli.environment[name]
    given = ("--secretId", KEY_ID["tencent"], "--secretKey", SECRET, "--region", TENCENT_REGION)
    assert cli.ok("sts", "GetCallerIdentity", *given)["AccountId"] == ACCOUNT_ID["tencent"]


@pytest.mark.parametrize(
    ("variable", "value", "code"),
    [
        ("TENCENTCLOUD_SECRET_KEY", "wrong", "AuthFailure.SignatureFailure"),
        ("TENCENTCLOUD_REGION", "ap-nowhere", "UnsupportedRegion"),
    ],
)
def test_errors_go_to_standard_error_with_the_vendors_code(cli: Cli, variable: str, value: str, code: str) -> None:
    cli.environment[variable] = value
    done = cli.run("lighthouse", "DescribeKeyPairs")
    assert done.returncode == 255
    assert f"code:{code}" in done.stderr
    assert "requestId:" in done.stderr
