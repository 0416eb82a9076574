# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The profiles of Alibaba Cloud's CLI: every mode, roles on top of each other, and what is wrong with them."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.model import Credentials, Role
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import InputError
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.alibaba_searching import (
    KEY,
    LENT_CREDENTIALS,
    ROLES,
    TOKEN,
    configure,
    lend,
    resolve,
)
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.searching import METADATA, Place

ROLE = {"ram_role_arn": "role", "ram_session_name": "me"}


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ({"mode": "AK", **KEY}, Credentials("id", "key")),
        ({"mode": "AK", **KEY, "sts_token": "left over"}, Credentials("id", "key")),
        (KEY, Credentials("id", "key")),
        ({"mode": "StsToken", **KEY, "sts_token": "t"}, Credentials("id", "key", "t")),
    ],
)
def test_keys_in_the_clis_file(place: Place, profile: dict[str, Any], expected: Credentials) -> None:
    configure(place, profile)
    assert resolve(place) == expected


def test_a_role_with_a_key(place: Place) -> None:
    more = {"expired_seconds": 900, "policy": "{}", "external_id": "x"}
    configure(place, {"mode": "RamRoleArn", **KEY, **ROLE, **more})
    assert resolve(place).access_key_id == "id>role"
    assert place.sts.roles == [Role("role", "me", 900, "{}", "x")]


def test_the_role_of_the_options_comes_on_top_of_a_profiles(place: Place) -> None:
    configure(place, {"mode": "RamRoleArn", **KEY, **ROLE})
    assert resolve(place, role_arn="other").access_key_id == "id>role>other"


def test_the_role_of_the_environment_does_not(place: Place) -> None:
    configure(place, {"mode": "RamRoleArn", **KEY, **ROLE})
    assert resolve(place, {"ALIBABA_CLOUD_ROLE_ARN": "other"}).access_key_id == "id>role"


def test_the_role_of_the_instance_by_a_profile(place: Place) -> None:
    configure(place, {"mode": "EcsRamRole", "ram_role_name": "ops"})
    lend(place)
    assert resolve(place) == LENT_CREDENTIALS
    assert [request.url.removeprefix(METADATA) for request in place.metadata.requests] == [TOKEN, f"{ROLES}ops"]


def test_a_chain_of_roles(place: Place) -> None:
    configure(
        place,
        {"mode": "ChainableRamRoleArn", "source_profile": "middle", "ram_role_arn": "last"},
        {"name": "middle", "mode": "ChainableRamRoleArn", "source_profile": "first", "ram_role_arn": "second"},
        {"name": "first", "mode": "AK", **KEY},
    )
    assert resolve(place).access_key_id == "id>second>last"


def test_a_chain_that_begins_with_the_instance(place: Place) -> None:
    configure(
        place,
        {"mode": "ChainableRamRoleArn", "source_profile": "vm", "ram_role_arn": "role"},
        {"name": "vm", "mode": "EcsRamRole"},
    )
    lend(place)
    assert resolve(place).access_key_id == "lent-id>role"


def test_a_token_file_by_a_profile(place: Place) -> None:
    place.write("token", "example-token")
    oidc = {"oidc_provider_arn": "cluster", "oidc_token_file": str(place.home / "token"), "ram_role_arn": "role"}
    configure(place, {"mode": "OIDC", **oidc, "role_session_name": "pod"})
    assert resolve(place).access_key_id == "cluster>role"
    assert place.sts.roles[0].session_name == "pod"


@pytest.mark.parametrize("mode", ["CloudSSO", "OAuth", "External", "RsaKeyPair"])
def test_modes_that_only_the_cli_can_use(place: Place, mode: str) -> None:
    configure(place, {"mode": mode, "access_key_id": "shown", "access_key_secret": "x9"})
    with pytest.raises(InputError, match=f"mode {mode}, which is not supported") as caught:
        resolve(place)
    assert "x9" not in str(caught.value.info)
    assert "shown" not in str(caught.value.info)


@pytest.mark.parametrize(
    ("profiles", "match"),
    [
        ([{"mode": "AK", "access_key_id": "id"}], "access_key_secret is not"),
        ([{"mode": "StsToken", **KEY}], "sts_token is missing"),
        ([{"mode": "RamRoleArn", **KEY}], "ram_role_arn is missing"),
        ([{"mode": "OIDC", **ROLE}], "oidc_provider_arn or oidc_token_file is missing"),
        ([{"mode": "ChainableRamRoleArn", **ROLE}], "source_profile is missing"),
        ([{"mode": "ChainableRamRoleArn", **ROLE, "source_profile": "x"}], "no profile 'x'"),
        ([{"mode": "ChainableRamRoleArn", **ROLE, "source_profile": "default"}], "default → default"),
        (
            [
                {"mode": "ChainableRamRoleArn", **ROLE, "source_profile": "b"},
                {"name": "b", "mode": "ChainableRamRoleArn", **ROLE, "source_profile": "default"},
            ],
            "default → b → default",
        ),
    ],
)
def test_profiles_that_are_wrong(place: Place, profiles: list[dict[str, Any]], match: str) -> None:
    configure(place, *profiles)
    with pytest.raises(InputError, match=match) as caught:
        resolve(place)
    assert ".aliyun/config.json" in caught.value.info.message


@pytest.mark.parametrize(
    "content",
    [
        {"current": "default", "profiles": [{"name": "default", "mode": "AK", "access_key_id": ""}]},
        {"current": "gone", "profiles": []},
        {"current": "default", "profiles": "none"},
        {},
    ],
)
def test_a_file_of_the_cli_with_nothing_in_it_is_passed_over(place: Place, content: dict[str, Any]) -> None:
    place.write(".aliyun/config.json", content)
    place.write(".alibabacloud/credentials", "[default]\naccess_key_id = id\naccess_key_secret = key\n")
    assert resolve(place) == Credentials("id", "key")


def test_the_clis_file_can_be_forbidden(place: Place) -> None:
    configure(place, KEY)
    with pytest.raises(InputError, match="ALIBABA_CLOUD_CLI_PROFILE_DISABLED is true"):
        resolve(place, {"ALIBABA_CLOUD_CLI_PROFILE_DISABLED": "true"})
