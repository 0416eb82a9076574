# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keypair_binding and bad input: a clear message, and nothing is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import run

LIGHTHOUSE, CVM, LEGACY, ALIBABA = "tencent_lighthouse", "tencent_cvm", "tencent_cvm_legacy", "alibaba_ecs"
TENCENT = (LIGHTHOUSE, CVM, LEGACY)
ALL = (*TENCENT, ALIBABA)


@dataclass(frozen=True)
class Case:
    """A task that cannot be right. ``message``: words that its message has; None as an option leaves it out."""

    name: str
    providers: tuple[str, ...]
    options: dict[str, Any]
    message: tuple[str, ...]
    check: bool = field(default=False)


def malformed(option: str, value: Any, providers: tuple[str, ...], *shown: str) -> Case:
    """Return the case of a malformed entry of a list."""
    return Case(f"{option} {value!r}", providers, {option: value}, (option, "malformed", *shown))


CASES = [
    Case("username without online", (LIGHTHOUSE,), {"username": "ubuntu"}, ("username needs association_type=online",)),
    Case(
        "username with offline",
        (LIGHTHOUSE,),
        {"username": "ubuntu", "association_type": "offline"},
        ("username needs association_type=online",),
    ),
    Case(
        "association_type where there is none",
        (CVM, LEGACY, ALIBABA),
        {"association_type": "online"},
        ("association_type is not supported by",),
    ),
    Case(
        "username where there is none", (CVM, LEGACY, ALIBABA), {"username": "ubuntu"}, ("username is not supported",)
    ),
    Case(
        "two key pairs for one instance",
        (ALIBABA,),
        {"key_pairs": ["deploy", "backup"]},
        ("binds 1 key pair to an instance", "key_pairs has 2"),
    ),
    malformed("instance_ids", ["ins-1122"], ALL, "ins-1122"),
    malformed("instance_ids", ["web-1"], ALL, "web-1"),
    malformed("instance_ids", ["i-UPPER"], ALL, "i-UPPER"),
    malformed("instance_ids", ["ins-1e4r6y8i"], (LIGHTHOUSE, ALIBABA), "looks like"),
    malformed("instance_ids", ["lhins-ruy9d2tw"], (CVM, LEGACY, ALIBABA), "looks like"),
    malformed("instance_ids", ["i-bp1d6tsvznfghy7yaaaa"], TENCENT, "looks like"),
    malformed("instance_ids", "lhins-ruy9d2tw;ins-1e4r6y8i", ALL, "looks like"),
    malformed("key_pairs", ["skey-4e5ty7i8"], (LIGHTHOUSE,), "lhkp-"),
    malformed("key_pairs", ["lhkp-f7rjie1q"], (CVM, LEGACY), "skey-"),
    malformed("key_pairs", ["skey-1122"], (CVM, LEGACY), "skey-1122"),
    malformed("key_pairs", ["lhkp-f7rjie1"], (LIGHTHOUSE,), "lhkp-f7rjie1"),
    malformed("key_pairs", ["deploy key"], ALL, "deploy key"),
    malformed("key_pairs", ["9lives"], (ALIBABA,), "9lives"),
    malformed("key_pairs", ["a" * 26], TENCENT),
    malformed("key_pairs", ["http://deploy"], (ALIBABA,), "http://deploy"),
    malformed("key_pairs", ["*"], ALL),
    Case("no key pairs", ALL, {"key_pairs": []}, ("key_pairs is empty", "never means all")),
    Case("no key pairs as text", ALL, {"key_pairs": " , "}, ("key_pairs is empty",)),
    Case("no key pairs in check mode", ALL, {"key_pairs": []}, ("key_pairs is empty",), check=True),
    Case("no key pairs to unbind", ALL, {"key_pairs": [], "state": "absent"}, ("key_pairs is empty",)),
    Case("key_pairs missing", ALL, {"key_pairs": None}, ("missing required arguments", "key_pairs")),
    Case("instance_ids missing", ALL, {"instance_ids": None}, ("missing required arguments", "instance_ids")),
    Case("a key pair twice", TENCENT, {"key_pairs": ["deploy", "deploy"]}, ("key_pairs", "occur twice: deploy")),
    Case(
        "a key pair twice to unbind",
        ALL,
        {"key_pairs": "deploy,deploy", "state": "absent"},
        ("key_pairs", "occur twice: deploy"),
    ),
    Case("exclusive absent", ALL, {"exclusive": True, "state": "absent"}, ("exclusive goes with state=present only",)),
    Case("no region", ALL, {"region": None}, ("No region", "_REGION", "option region")),
    Case("empty region", ALL, {"region": ""}, ("No region",)),
    Case("malformed region", ALL, {"region": "example.com/"}, ("region", "malformed")),
    Case("wait_timeout 0", ALL, {"wait_timeout": 0}, ("wait_timeout must be at least 1",)),
    Case("api_timeout 0", ALL, {"api_timeout": 0}, ("api_timeout must be at least 1",)),
    Case("negative api_retries", ALL, {"api_retries": -1}, ("api_retries must not be negative",)),
    Case("endpoint without scheme", ALL, {"endpoint": "gateway.example.com"}, ("endpoint", "https://host[:port]")),
    Case("endpoint of another scheme", ALL, {"endpoint": "ftp://example.com"}, ("endpoint", "https://host[:port]")),
    Case("endpoint with a bad port", ALL, {"endpoint": "http://127.0.0.1:99999"}, ("endpoint", "https://host[:port]")),
    Case("endpoint with a path", ALL, {"endpoint": "http://127.0.0.1:1/v2"}, ("endpoint", "must not contain a path")),
    Case("endpoint with a query", ALL, {"endpoint": "http://127.0.0.1:1?a=b"}, ("endpoint", "must not contain a path")),
    Case("no such CA file", ALL, {"ca_path": "/nonexistent/ca.pem"}, ("ca_path does not exist",)),
    Case("no such provider", (LIGHTHOUSE,), {"provider": "example"}, ("provider", "example")),
    Case("no such policy", (LIGHTHOUSE,), {"last_key_policy": "maybe"}, ("last_key_policy", "maybe")),
]


@pytest.mark.parametrize(
    ("cloud", "case"),
    [pytest.param(name, case, id=f"{name}: {case.name}") for case in CASES for name in case.providers],
    indirect=["cloud"],
)
def test_it_is_refused_before_anything_is_sent(cloud: Cloud, case: Case) -> None:
    options = {"key_pairs": ["deploy"], "instance_ids": [cloud.add()], **case.options}

    result = run(cloud, check=case.check, **options)

    assert result.failed
    assert result.log == []
    for words in case.message:
        assert words in result.msg
    assert "Traceback" not in result.printed


def test_an_instance_twice(cloud: Cloud) -> None:
    web = cloud.add()

    result = run(cloud, key_pairs=["deploy"], instance_ids=[web, web])

    assert result.failed
    assert f"instance_ids has entries that occur twice: {web}" in result.msg
    assert result.log == []


def test_bad_input_has_the_shape_of_every_result(cloud: Cloud) -> None:
    result = run(cloud, key_pairs=[], instance_ids=[cloud.add()])

    assert result.data["error"]["code"] == "InvalidOption"
    assert result.data["error"]["retryable"] is False
    assert result.rows == []
    assert result.data["api_calls"] == {}
    assert not result.changed


def test_an_endpoint_is_shown_without_the_password_in_it(cloud: Cloud) -> None:
    endpoint = "http://somebody:example-password@127.0.0.1:1"

    result = run(cloud, key_pairs=["deploy"], instance_ids=[cloud.add()], endpoint=endpoint)

    assert "https://host[:port]" in result.msg
    assert "example-password" not in result.msg


def test_a_wrong_secret_is_no_bad_input_but_says_which_option(cloud: Cloud) -> None:
    result = run(cloud, key_pairs=["deploy"], instance_ids=[cloud.add()], access_key_secret="example-wrong-secret")

    assert result.failed
    assert "access_key_secret" in result.msg
    assert len(result.log) == 1
    assert result.data["error"]["request_id"]
    assert not result.data["error"]["retryable"]
