# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keypair_binding and who it is: options before variables, empty is unset, and no vendor gets another one's key."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import bind
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import alibaba_only, providers, tencent_only
from ansible_collections.keyfleet.cloud.tests.unit.modules.providers import SECRET
from ansible_collections.keyfleet.cloud.tests.unit.modules.result import Result

TENCENT = ("tencent_lighthouse", "tencent_cvm", "tencent_cvm_legacy")
ALIBABA = ("alibaba_ecs",)
TOKEN = "example-token/+="

#: the vendors' spellings: ID, secret, token
FAMILIES = [
    (TENCENT, "TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", "TENCENTCLOUD_TOKEN"),
    (TENCENT, "TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", "TENCENTCLOUD_SECURITY_TOKEN"),
    (ALIBABA, "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN"),
    (ALIBABA, "ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", "ALICLOUD_SECURITY_TOKEN"),
]
every_family = pytest.mark.parametrize(
    ("cloud", "names"),
    [pytest.param(cloud, names, id=f"{cloud}-{names[2]}") for clouds, *names in FAMILIES for cloud in clouds],
    indirect=["cloud"],
)
REGIONS = [
    (TENCENT, "TENCENTCLOUD_REGION"),
    (ALIBABA, "ALIBABA_CLOUD_REGION_ID"),
    (ALIBABA, "ALIBABACLOUD_REGION_ID"),
    (ALIBABA, "ALICLOUD_REGION"),
]
every_region_variable = pytest.mark.parametrize(
    ("cloud", "name"), [(cloud, name) for clouds, name in REGIONS for cloud in clouds], indirect=["cloud"]
)


def bind_with(cloud: Cloud, **options: Any) -> Result:
    """Bind with these credentials among the options, and with no others there."""
    return bind(cloud, ["deploy"], [cloud.add()], **{"access_key_id": None, "access_key_secret": None, **options})


def temporary_key(cloud: Cloud, **fields: Any) -> str:
    """Add an access key that needs a token and return its ID."""
    return cloud.add_access_key("TEMPORARY", token=TOKEN, **fields)


@every_family
def test_credentials_come_from_the_environment(cloud: Cloud, names: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(names[0], cloud.provider.access_key_id)
    monkeypatch.setenv(names[1], SECRET)

    assert bind_with(cloud).changed


@every_family
def test_so_does_a_token(cloud: Cloud, names: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in zip(names, (temporary_key(cloud), SECRET, TOKEN), strict=True):
        monkeypatch.setenv(name, value)

    assert bind_with(cloud).changed


@every_family
def test_an_empty_variable_counts_as_unset(cloud: Cloud, names: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in names:
        monkeypatch.setenv(name, "")

    without = bind_with(cloud)

    assert without.failed
    assert without.log == []
    assert names[0] in without.msg
    assert names[1] in without.msg
    assert "access_key_id" in without.msg


@every_family
def test_an_empty_token_is_not_sent(cloud: Cloud, names: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in zip(names, (cloud.provider.access_key_id, SECRET, ""), strict=True):
        monkeypatch.setenv(name, value)

    assert bind_with(cloud).changed


@every_family
@pytest.mark.parametrize("present", [0, 1])
def test_half_a_pair_is_an_error(cloud: Cloud, names: list[str], present: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(names[present], "example-half")

    result = bind_with(cloud)

    assert result.failed
    assert result.log == []
    assert f"{names[present]} is set, but {names[1 - present]} is not" in result.msg
    assert "example-half" not in result.msg


@pytest.mark.parametrize("given", ["access_key_id", "access_key_secret"])
def test_half_a_pair_of_options_is_an_error(cloud: Cloud, given: str) -> None:
    (missing,) = {"access_key_id", "access_key_secret"} - {given}

    result = bind_with(cloud, **{given: "example-half"})

    assert result.failed
    assert result.log == []
    assert f"{given} is set, but {missing} is not" in result.msg


@every_family
def test_an_id_from_the_options_is_not_completed_by_the_environment(
    cloud: Cloud, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(names[0], cloud.provider.access_key_id)
    monkeypatch.setenv(names[1], SECRET)

    result = bind_with(cloud, access_key_id=cloud.provider.access_key_id)

    assert result.failed
    assert result.log == []


@every_family
def test_options_come_before_the_environment(cloud: Cloud, names: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in names:
        monkeypatch.setenv(name, "example-of-somebody-else")

    assert bind(cloud, ["deploy"], [cloud.add()]).changed


@every_family
def test_one_vendors_variables_are_never_used_for_the_other(
    cloud: Cloud, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for clouds, *others in FAMILIES:
        if cloud.provider.name not in clouds:
            for name, value in zip(others, (cloud.provider.access_key_id, SECRET, TOKEN), strict=True):
                monkeypatch.setenv(name, value)

    result = bind_with(cloud)

    assert result.failed
    assert result.log == []
    assert names[0] in result.msg


@alibaba_only
def test_the_two_families_of_alibaba_are_not_mixed(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", cloud.provider.access_key_id)
    monkeypatch.setenv("ALICLOUD_SECRET_KEY", SECRET)

    result = bind_with(cloud)

    assert result.failed
    assert result.log == []


def test_without_credentials_the_message_says_where_they_were_looked_for(cloud: Cloud) -> None:
    result = bind_with(cloud)

    assert result.failed
    assert result.log == []
    assert result.data["error"]["code"] == "CredentialsMissing"
    for name in ("access_key_id", "access_key_secret"):
        assert name in result.msg


@tencent_only
def test_options_go_by_the_vendors_words_too(cloud: Cloud) -> None:
    result = bind_with(cloud, secret_id=temporary_key(cloud), secret_key=SECRET, token=TOKEN)

    assert result.changed


def test_a_token_as_an_option(cloud: Cloud) -> None:
    temporary = {"access_key_id": temporary_key(cloud), "access_key_secret": SECRET}

    assert bind_with(cloud, **temporary, security_token=TOKEN).changed
    assert bind_with(cloud, **temporary, security_token="example-wrong-token").failed
    assert bind_with(cloud, **temporary).failed


def test_an_expired_token_is_named_as_the_cause(cloud: Cloud) -> None:
    expired = temporary_key(cloud, token_expires_in=-60)

    result = bind_with(cloud, access_key_id=expired, access_key_secret=SECRET, security_token=TOKEN)

    assert result.failed
    assert "token" in result.msg
    assert "expired" in result.msg
    assert TOKEN not in result.printed


@pytest.mark.parametrize("fields", [{"disabled": True}, None], ids=["disabled", "unknown"])
def test_a_key_that_is_no_good(cloud: Cloud, fields: dict[str, Any] | None) -> None:
    key_id = cloud.provider.access_key_id + "NOGOOD" if fields is None else cloud.add_access_key("NOGOOD", **fields)

    result = bind(cloud, ["deploy"], [cloud.add()], access_key_id=key_id)

    assert result.failed
    assert "access_key_id" in result.msg
    assert len(result.log) == 1


@providers(*TENCENT[:2], *ALIBABA)
@pytest.mark.parametrize("hours", [-3, 3])
def test_a_clock_that_is_wrong_is_named_as_the_cause(cloud: Cloud, hours: int) -> None:
    cloud.emulator.configure({"clock_offset": hours * 3600})

    result = bind(cloud, ["deploy"], [cloud.add()])

    assert result.failed
    assert "clock" in result.msg
    assert result.writes == []


@every_region_variable
def test_the_region_comes_from_the_environment(cloud: Cloud, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, cloud.provider.region)

    assert bind(cloud, ["deploy"], [cloud.add()], region=None).changed


@every_region_variable
def test_an_empty_region_variable_counts_as_unset(cloud: Cloud, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "")

    result = bind(cloud, ["deploy"], [cloud.add()], region=None)

    assert result.failed
    assert name in result.msg
    assert result.log == []


@every_region_variable
def test_the_option_region_comes_first(cloud: Cloud, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "ap-elsewhere")

    assert bind(cloud, ["deploy"], [cloud.add()]).changed


def test_the_endpoint_comes_from_a_variable_of_the_provider(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"KEYFLEET_ENDPOINT_{cloud.provider.name.upper()}", cloud.emulator.url + "/")

    assert bind(cloud, ["deploy"], [cloud.add()], endpoint=None).changed


def test_a_variable_with_a_bad_endpoint_is_named(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"KEYFLEET_ENDPOINT_{cloud.provider.name.upper()}"
    monkeypatch.setenv(name, cloud.emulator.url + "/v2/index.php")

    result = bind(cloud, ["deploy"], [cloud.add()], endpoint=None)

    assert result.failed
    assert name in result.msg
    assert result.log == []


def test_an_unknown_region_is_the_vendors_to_tell(cloud: Cloud) -> None:
    result = bind(cloud, ["deploy"], [cloud.add()], region="xx-nowhere")

    assert result.failed
    assert "option region" in result.msg
    assert result.data["error"]["request_id"]
