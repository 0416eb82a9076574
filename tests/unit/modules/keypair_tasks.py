# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks of the module keypair, the keys they are about, and the key pairs that the cloud holds afterwards."""

from __future__ import annotations

from typing import Any

from ansible_collections.keyfleet.cloud.emulator.rsa_keys import placeholder_public_key
from ansible_collections.keyfleet.cloud.plugins.modules import keypair
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import run_module
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import providers
from ansible_collections.keyfleet.cloud.tests.unit.modules.result import Result

#: providers by what they can do with key pairs
renaming = providers("tencent_cvm", "tencent_cvm_legacy")
replacing = providers("tencent_cvm", "tencent_cvm_legacy", "alibaba_ecs")
tagging = providers("tencent_lighthouse", "tencent_cvm", "alibaba_ecs")

FIELDS = {"id", "name", "public_key", "fingerprint", "created", "tags", "instance_ids"}
ERROR = {"code", "message", "hint", "request_id", "retryable"}


def key(text: str, comment: str | None = None) -> str:
    """Return the public key that belongs to a text, with the text as its comment, or with another one."""
    line = placeholder_public_key(text)
    return line if comment is None else f"{' '.join(line.split()[:2])} {comment}".rstrip()


def ensure(cloud: Cloud, name: str, **options: Any) -> Result:
    """Run a task of keypair, and see that its result keeps the contract, whatever the test is about."""
    result = run_module(keypair, cloud, name=name, **options)
    check_contract(result)
    return result


def check_contract(result: Result) -> None:
    """Raise AssertionError where the result is not as documented, or says what nobody may see."""
    pair = result.data["key_pair"]
    assert pair is None or set(pair) == FIELDS
    assert ("error" in result.data) == result.failed
    if result.failed:
        assert set(result.data["error"]) == ERROR
        assert result.data["error"]["code"]
        assert result.data["error"]["hint"] or result.data["error"]["code"] == "InvalidOption"
        assert result.msg.startswith(result.data["error"]["message"].rstrip("."))
    assert isinstance(result.data["api_calls"], dict)
    assert "PRIVATE KEY---" not in result.printed


def code(result: Result) -> str:
    """Return the code of the error that a task failed with."""
    assert result.failed, result.data
    return str(result.data["error"]["code"])


def held(cloud: Cloud) -> dict[str, dict[str, Any]]:
    """Return the key pairs of the cloud's region by name."""
    pairs = cloud.emulator.state()["key_pairs"]
    return {pair["name"]: pair for pair in pairs if pair["provider"] == cloud.provider.world}


def blob(public_key: str) -> str:
    """Return what makes a public key itself: type and data, without the comment."""
    return " ".join(public_key.split()[:2])
