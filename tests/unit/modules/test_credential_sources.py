# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keypair_binding with credentials from profiles, roles and token files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import ACCOUNT, Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.credential_tasks import (
    Patch,
    be_on_an_instance,
    bind_with,
    callers,
)
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import bind
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import alibaba_only, tencent_only
from ansible_collections.keyfleet.cloud.tests.unit.modules.providers import SECRET
from ansible_collections.keyfleet.cloud.tests.unit.modules.result import Result

TOKEN = "example-web-identity-token"


def role_arn(cloud: Cloud, name: str = "ops") -> str:
    """Return the vendor's spelling of a role of the account."""
    return f"qcs::cam::uin/{ACCOUNT}:roleName/{name}" if cloud.provider.tencent else f"acs:ram::{ACCOUNT}:role/{name}"


def write(path: str, content: Any) -> Path:
    """Write a file in the home directory, JSON unless it is a text."""
    file = Path.home() / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return file


def write_profile(cloud: Cloud, name: str, region: str | None = None, key_id: str | None = None) -> None:
    """Write a profile of the vendor's command line with the account's key."""
    key_id = key_id or cloud.provider.access_key_id
    if cloud.provider.tencent:
        write(f".tccli/{name}.credential", {"secretId": key_id, "secretKey": SECRET})
        write(f".tccli/{name}.configure", {"_sys_param": {"region": region} if region else {}})
    else:
        key = {"access_key_id": key_id, "access_key_secret": SECRET}
        profile = {"name": name, "mode": "AK", **key, **({"region_id": region} if region else {})}
        write(".aliyun/config.json", {"current": "default", "profiles": [profile]})


def assert_nothing_is_shown(result: Result, *secrets: str) -> None:
    for secret in secrets:
        assert secret not in result.printed


def test_a_profile_gives_key_and_region(cloud: Cloud) -> None:
    write_profile(cloud, "work", region=cloud.provider.region)

    result = bind_with(cloud, profile="work", region=None)

    assert result.changed
    assert_nothing_is_shown(result, SECRET)


def test_the_default_profile_needs_no_option(cloud: Cloud) -> None:
    write_profile(cloud, "default", region=cloud.provider.region)

    assert bind_with(cloud, region=None).changed


@tencent_only
def test_with_a_profile_the_environment_does_not_count(cloud: Cloud, monkeypatch: Patch) -> None:
    write_profile(cloud, "work")
    monkeypatch.setenv("TENCENTCLOUD_SECRET_ID", "AKIDEXAMPLEother")
    monkeypatch.setenv("TENCENTCLOUD_SECRET_KEY", "example-other-key")

    assert callers(bind_with(cloud, profile="work")) == {cloud.provider.access_key_id}


def test_a_profile_that_is_not_there(cloud: Cloud) -> None:
    result = bind_with(cloud, profile="work")

    assert result.data["error"]["code"] == "CredentialsMissing"
    assert "work" in result.msg
    assert result.log == []


@alibaba_only
def test_a_profile_of_a_mode_that_only_the_cli_can_use(cloud: Cloud) -> None:
    write(".aliyun/config.json", {"current": "default", "profiles": [{"name": "default", "mode": "CloudSSO"}]})

    result = bind_with(cloud)

    assert result.data["error"]["code"] == "UnsupportedProfile"
    assert "CloudSSO" in result.msg


@pytest.mark.parametrize("check", [False, True])
def test_a_role_is_assumed(cloud: Cloud, check: bool) -> None:
    options = {"access_key_id": cloud.provider.access_key_id, "access_key_secret": SECRET}

    result = bind_with(cloud, check=check, role_arn=role_arn(cloud), role_session_name="night-shift", **options)

    assert result.changed
    assert result.actions[0] == "AssumeRole"
    assert result.data["api_calls"]["AssumeRole"] == 1
    assert result.log[0]["params"]["RoleSessionName"] == "night-shift"
    assert cloud.provider.access_key_id not in callers(result)


def test_a_role_by_variables(cloud: Cloud, monkeypatch: Patch) -> None:
    prefix = "TENCENTCLOUD" if cloud.provider.tencent else "ALIBABA_CLOUD"
    monkeypatch.setenv(f"{prefix}_ROLE_ARN", role_arn(cloud))
    monkeypatch.setenv(f"{prefix}_ROLE_SESSION_NAME", "job")
    write_profile(cloud, "default")

    result = bind_with(cloud)

    assert result.changed
    assert result.log[0]["params"]["RoleSessionName"] == "job"


def test_a_role_that_may_not_be_assumed(cloud: Cloud) -> None:
    key_id = cloud.add_access_key("POOR", denied_actions=["AssumeRole"])

    result = bind_with(cloud, access_key_id=key_id, access_key_secret=SECRET, role_arn=role_arn(cloud))

    assert result.failed
    assert result.msg.startswith(f"The role {role_arn(cloud)} could not be assumed: ")
    assert result.actions == ["AssumeRole"]


def test_the_session_limits_what_the_task_may_do(cloud: Cloud) -> None:
    account = {"vendor": cloud.provider.vendor, "account_id": ACCOUNT, "roles": [{"name": "reader", "read_only": True}]}
    cloud.emulator.seed({"accounts": [account]})
    options = {"access_key_id": cloud.provider.access_key_id, "access_key_secret": SECRET}

    result = bind_with(cloud, role_arn=role_arn(cloud, "reader"), **options)

    assert result.failed
    assert result.writes == [cloud.provider.bind]


def test_a_token_file_speaks_for_a_role(cloud: Cloud, monkeypatch: Patch) -> None:
    provider = {"name": "cluster", "tokens": [TOKEN]}
    account = {"vendor": cloud.provider.vendor, "account_id": ACCOUNT, "identity_providers": [provider]}
    cloud.emulator.seed({"accounts": [account]})
    tencent = cloud.provider.tencent
    names = (
        ("TKE_ROLE_ARN", "TKE_PROVIDER_ID", "TKE_WEB_IDENTITY_TOKEN_FILE")
        if tencent
        else ("ALIBABA_CLOUD_ROLE_ARN", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "ALIBABA_CLOUD_OIDC_TOKEN_FILE")
    )
    provider_id = "cluster" if tencent else f"acs:ram::{ACCOUNT}:oidc-provider/cluster"
    for name, value in zip(names, (role_arn(cloud), provider_id, str(write("token", f"{TOKEN}\n"))), strict=True):
        monkeypatch.setenv(name, value)

    result = bind_with(cloud)

    assert result.changed
    assert result.actions[0] == ("AssumeRoleWithWebIdentity" if tencent else "AssumeRoleWithOIDC")
    assert_nothing_is_shown(result, TOKEN)


def test_empty_options_are_not_given(cloud: Cloud) -> None:
    names = ("profile", "role_arn", "role_session_name", "expected_account_id")

    result = bind(cloud, ["deploy"], [cloud.add()], **dict.fromkeys(names, ""))

    assert result.changed
    assert not {"AssumeRole", "GetCallerIdentity"} & set(result.actions)


@pytest.mark.parametrize(
    "options", [{"role_arn": "ops"}, {"role_arn": "", "role_session_name": "a b"}, {"expected_account_id": "me"}]
)
def test_bad_input_is_told_before_anybody_is_asked(cloud: Cloud, monkeypatch: Patch, options: dict[str, str]) -> None:
    be_on_an_instance(cloud, monkeypatch)

    result = bind_with(cloud, region=None, **options)

    assert result.data["error"]["code"] == "InvalidOption"
    assert result.log == []
    assert result.data["api_calls"] == {}
