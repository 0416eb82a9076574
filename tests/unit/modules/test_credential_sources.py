# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keypair_binding with credentials from profiles, roles, instances and token files, and the guard of the account."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials import metadata
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import ACCOUNT, Cloud, seed
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import bind
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import alibaba_only, api3_only, tencent_only
from ansible_collections.keyfleet.cloud.tests.unit.modules.providers import CVM, SECRET
from ansible_collections.keyfleet.cloud.tests.unit.modules.result import Result
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_clock import VirtualClock
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_emulator import VirtualEmulator

TOKEN = "example-web-identity-token"
Patch = pytest.MonkeyPatch


def bind_with(cloud: Cloud, *, check: bool = False, **options: Any) -> Result:
    """Bind with these credentials among the options, and with no others there."""
    without = {"access_key_id": None, "access_key_secret": None}
    return bind(cloud, ["deploy"], [cloud.add()], check=check, **{**without, **options})


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


def be_on_an_instance(cloud: Cloud, monkeypatch: Patch, role: str | None = "ops") -> None:
    """Let the emulator's metadata service be the one that the machine finds."""
    variable = f"KEYFLEET_METADATA_ENDPOINT_{cloud.provider.vendor.upper()}"
    monkeypatch.setenv(variable, cloud.emulator.url)
    monkeypatch.delenv("KEYFLEET_METADATA_DISABLED")
    monkeypatch.setattr(metadata, "TIMEOUT", 60)  # it does answer
    monkeypatch.setattr(metadata, "LIMIT", 120)
    machine = {"vendor": cloud.provider.vendor, "region": cloud.provider.region, "role": role}
    cloud.emulator.seed({"metadata": [machine]})


def callers(result: Result) -> set[str]:
    """Return the key IDs that were used, but for STS."""
    return {entry["access_key_id"] for entry in result.log if not entry["provider"].endswith("_sts")}


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


def test_the_role_and_the_region_of_the_instance(cloud: Cloud, monkeypatch: Patch) -> None:
    be_on_an_instance(cloud, monkeypatch)

    result = bind_with(cloud, region=None)

    assert result.changed
    assert cloud.provider.access_key_id not in callers(result)


def test_an_instance_without_a_role(cloud: Cloud, monkeypatch: Patch) -> None:
    be_on_an_instance(cloud, monkeypatch, role=None)

    result = bind_with(cloud)

    assert result.data["error"]["code"] == "CredentialsMissing"
    assert f"instance role at {cloud.emulator.url} (HTTP status 404" in result.msg


@alibaba_only
def test_an_instance_that_wants_tokens(cloud: Cloud, monkeypatch: Patch) -> None:
    be_on_an_instance(cloud, monkeypatch)
    cloud.switch(alibaba_metadata_v1="refused")

    assert bind_with(cloud, region=None).changed


@alibaba_only
def test_the_instances_role_can_be_forbidden(cloud: Cloud, monkeypatch: Patch) -> None:
    be_on_an_instance(cloud, monkeypatch)
    monkeypatch.setenv("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")

    assert "ALIBABA_CLOUD_ECS_METADATA_DISABLED is true" in bind_with(cloud).msg


def test_a_metadata_endpoint_that_is_no_url(cloud: Cloud, monkeypatch: Patch) -> None:
    variable = f"KEYFLEET_METADATA_ENDPOINT_{cloud.provider.vendor.upper()}"
    monkeypatch.setenv(variable, "nowhere")

    assert variable in bind_with(cloud).msg


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


# The guard of the account.


@pytest.mark.parametrize("check", [False, True])
def test_the_expected_account_costs_one_call(cloud: Cloud, check: bool) -> None:
    result = bind(cloud, ["deploy"], [cloud.add()], expected_account_id=ACCOUNT, check=check)

    assert result.changed
    assert result.actions[0] == "GetCallerIdentity"
    assert result.data["api_calls"]["GetCallerIdentity"] == 1


@pytest.mark.parametrize("check", [False, True])
def test_with_another_account_nothing_is_done(cloud: Cloud, check: bool) -> None:
    result = bind(cloud, ["deploy"], [cloud.add()], expected_account_id="999", check=check)

    assert result.failed
    assert result.data["error"]["code"] == "WrongAccount"
    assert f"belong to the account {ACCOUNT}, not to 999" in result.msg
    assert result.actions == ["GetCallerIdentity"]


@api3_only
def test_the_account_is_that_of_the_role(cloud: Cloud) -> None:
    cloud.emulator.seed({"accounts": [{"vendor": "tencent", "account_id": "2", "roles": [{"name": "ops"}]}]})
    role = "qcs::cam::uin/2:roleName/ops"

    result = bind(cloud, ["deploy"], [cloud.add()], role_arn=role, expected_account_id=ACCOUNT)

    assert result.actions == ["AssumeRole", "GetCallerIdentity"]
    assert "belong to the account 2" in result.msg


def test_whoever_may_not_ask_for_the_account_does_nothing(cloud: Cloud) -> None:
    key_id = cloud.add_access_key("POOR", denied_actions=["GetCallerIdentity"])

    result = bind(cloud, ["deploy"], [cloud.add()], expected_account_id=ACCOUNT, access_key_id=key_id)

    assert result.failed
    assert result.msg.startswith("The account could not be found out: ")
    assert result.actions == ["GetCallerIdentity"]


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


def test_without_instances_not_even_the_account_is_asked_for(cloud: Cloud) -> None:
    result = bind(cloud, ["deploy"], [], expected_account_id="999")

    assert not result.failed
    assert result.log == []


# A wait that is longer than the life of the credentials.


def test_credentials_are_renewed_during_a_long_wait(monkeypatch: Patch) -> None:
    clock = VirtualClock()
    with VirtualEmulator(seed=seed(), settings={"durations": {"bind": 240.0}}, clock=clock) as emulator:
        cloud = Cloud(emulator, clock, CVM)
        be_on_an_instance(cloud, monkeypatch)
        machine = {"vendor": "tencent", "region": CVM.region, "role": "ops", "lifetime": 220}
        emulator.seed({"metadata": [machine]})

        result = bind_with(cloud, wait_timeout=600)

        assert result.changed
        assert not result.failed
        assert len(callers(result)) > 1
        assert not any(entry["code"] for entry in result.log)
