# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keypair: import and tags. A key pair is known by its public key; nothing that is different is touched."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.emulator.rsa_keys import openssh_line
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import KEY_PAIRS, Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.keypair_tasks import blob, code, ensure, held, key, tagging
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import (
    alibaba_only,
    api3_only,
    legacy_only,
    lighthouse_only,
)


def test_a_public_key_is_imported(cloud: Cloud) -> None:
    result = ensure(cloud, "release", public_key=key("release"))

    assert result.changed
    assert result.writes == ["ImportKeyPair"]
    assert blob(held(cloud)["release"]["public_key"]) == blob(key("release"))
    shown = result.data["key_pair"]
    assert shown["name"] == "release"
    assert shown["id"] == held(cloud)["release"]["key_id"]
    assert blob(shown["public_key"]) == blob(key("release"))
    assert shown["tags"] == {}
    assert shown["instance_ids"] == []


@pytest.mark.parametrize("text", ["{}", "{} me@host", "  {}  a b c \n", "{}\r\n"])
def test_the_same_key_is_the_same_whatever_comment_and_white_space(cloud: Cloud, text: str) -> None:
    ensure(cloud, "release", public_key=key("release"))

    again = ensure(cloud, "release", public_key=text.format(blob(key("release")).replace(" ", "  ")), diff=True)

    assert not again.failed
    assert not again.changed
    assert again.data["diff"] == []
    assert again.actions == ["DescribeKeyPairs"]
    assert again.data["key_pair"]["name"] == "release"


def test_what_arrives_in_the_cloud_is_one_clean_line(cloud: Cloud) -> None:
    ensure(cloud, "release", public_key=f"\n  {key('release', 'me@host').replace(' ', '   ')} \r\n")

    assert held(cloud)["release"]["public_key"] == key("release", "me@host")


def test_another_key_under_the_name_is_an_error(cloud: Cloud) -> None:
    result = ensure(cloud, "deploy", public_key=key("new"))

    assert code(result) == "KeyPairDiffers"
    assert "replace=true" in result.msg
    assert not result.changed
    assert result.writes == []
    assert blob(result.data["key_pair"]["public_key"]) == blob(key("deploy"))


def test_the_same_key_under_another_name_is_an_error_that_names_it(cloud: Cloud) -> None:
    result = ensure(cloud, "release", public_key=key("deploy", "mine"))

    assert code(result) == "PublicKeyTaken"
    assert "deploy" in result.data["error"]["message"]
    assert result.writes == []
    assert set(held(cloud)) == set(KEY_PAIRS)


def test_a_twin_is_found_on_the_last_page(cloud: Cloud) -> None:
    pairs = [
        {"provider": cloud.provider.world, "region": cloud.provider.region, "name": f"crowd_{number:03d}"}
        for number in range(120)
    ]
    cloud.emulator.seed({"key_pairs": pairs})

    assert code(ensure(cloud, "release", public_key=key("crowd_119"))) == "PublicKeyTaken"


def test_a_name_alone_looks_at_what_is_there(cloud: Cloud) -> None:
    found, missing = ensure(cloud, "deploy"), ensure(cloud, "release")

    assert not found.changed
    assert found.data["key_pair"]["id"] == cloud.key_id("deploy")
    assert code(missing) == "KeyMaterialMissing"
    assert missing.data["key_pair"] is None


@lighthouse_only
def test_a_name_that_only_resembles_another_is_not_taken_for_it(cloud: Cloud) -> None:
    """Lighthouse's filter by name finds parts of names as well."""
    result = ensure(cloud, "deplo", public_key=key("deplo"))

    assert result.changed
    assert {"deploy", "deplo"} <= set(held(cloud))


@tagging
def test_tags_are_given_at_creation(cloud: Cloud) -> None:
    result = ensure(cloud, "release", public_key=key("release"), tags={"env": "prod", "count": 3})

    assert held(cloud)["release"]["tags"] == {"env": "prod", "count": "3"}
    assert result.data["key_pair"]["tags"] == {"env": "prod", "count": "3"}
    again = ensure(cloud, "release", public_key=key("release"), tags={"env": "prod", "count": 3})
    assert not again.changed


@alibaba_only
def test_tags_of_a_key_pair_change(cloud: Cloud) -> None:
    ensure(cloud, "release", public_key=key("release"), tags={"env": "test", "team": "a"})

    result = ensure(cloud, "release", tags={"env": "prod", "cost": "1"}, diff=True)
    again = ensure(cloud, "release", tags={"env": "prod", "cost": "1"})

    assert result.changed
    assert result.writes == ["TagResources"]
    assert held(cloud)["release"]["tags"] == {"env": "prod", "team": "a", "cost": "1"}
    assert result.data["key_pair"]["tags"] == {"env": "prod", "team": "a", "cost": "1"}
    assert "  env: prod\n" in result.data["diff"][0]["after"]
    assert not again.changed


@api3_only
def test_where_tags_cannot_change_a_difference_is_an_error(cloud: Cloud) -> None:
    ensure(cloud, "release", public_key=key("release"), tags={"env": "test"})

    result = ensure(cloud, "release", public_key=key("release"), tags={"env": "prod"})

    assert code(result) == "TagsNotChangeable"
    assert "env=prod" in result.msg
    assert result.writes == []


@legacy_only
def test_where_there_are_no_tags_they_are_refused(cloud: Cloud) -> None:
    result = ensure(cloud, "release", public_key=key("release"), tags={"env": "prod"})

    assert code(result) == "InvalidOption"
    assert result.actions == []


ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
BAD: dict[str, tuple[dict[str, Any], str]] = {
    "ed25519": ({"public_key": ED25519}, "ssh-ed25519"),
    "no key": ({"public_key": "deploy"}, "public_key is malformed"),
    "two lines": ({"public_key": f"{key('a')}\n{key('b')}"}, "public_key is malformed"),
    "too short": ({"public_key": openssh_line(1 << 511 | 1)}, "512 bits"),
    "two sources": ({"public_key": key("a"), "private_key_path": "/tmp/a"}, "exclude each other"),
    "name": ({"name": "no spaces, please"}, "name is malformed"),
    "empty name": ({"name": ""}, "name is malformed"),
    "tag key": ({"public_key": key("a"), "tags": {"": "x"}}, "tags"),
    "tag value": ({"public_key": key("a"), "tags": {"x": {"y": 1}}}, "tag"),
    "wait_timeout": ({"wait_timeout": 0}, "wait_timeout"),
}


@pytest.mark.parametrize(("options", "told"), BAD.values(), ids=BAD)
@pytest.mark.parametrize("state", ["present", "absent"])
def test_bad_input_is_refused_before_anything_is_sent(
    cloud: Cloud, options: dict[str, Any], told: str, state: str
) -> None:
    result = ensure(cloud, **{"name": "release", "state": state, **options})

    assert result.failed
    assert told in result.msg.replace("tags are", "tags")
    assert result.actions == []


def test_a_private_key_pasted_by_mistake_is_not_repeated(cloud: Cloud) -> None:
    pasted = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1leGFtcGxl\n-----END OPENSSH PRIVATE KEY-----\n"

    result = ensure(cloud, "release", public_key=pasted)

    assert "private key" in result.msg
    assert "b3BlbnNzaC1leGFtcGxl" not in result.printed
    assert result.actions == []


def test_a_short_key_is_imported_with_a_warning(cloud: Cloud) -> None:
    result = ensure(cloud, "release", public_key=openssh_line(1 << 1023 | 1))

    assert result.changed
    assert any("1024 bits" in warning for warning in result.warnings)


@alibaba_only
def test_alibaba_takes_ecdsa(cloud: Cloud) -> None:
    line = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAAAEAAAAAA== me"

    assert ensure(cloud, "release", public_key=line).changed
    assert not ensure(cloud, "release", public_key=line).changed


def test_the_quota_is_told(cloud: Cloud) -> None:
    cloud.emulator.configure({"quotas": {cloud.provider.world: len(KEY_PAIRS)}})

    result = ensure(cloud, "release", public_key=key("release"))

    assert result.failed
    assert "quota" in result.data["error"]["hint"]
    assert not result.changed
    assert result.data["key_pair"] is None
