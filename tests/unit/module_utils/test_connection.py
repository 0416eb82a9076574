# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where credentials, region and endpoint come from, and what is said when they are missing."""

from __future__ import annotations

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials import (
    ALIBABA,
    TENCENT,
    CredentialOptions,
    Credentials,
    Vendor,
    resolve_credentials,
    resolve_region,
)
from ansible_collections.keyfleet.cloud.plugins.module_utils._endpoint import resolve_endpoint
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import InputError
from ansible_collections.keyfleet.cloud.plugins.module_utils._providers._registry import PROVIDERS

NO_OPTIONS = CredentialOptions()
TENCENT_ENV = {"TENCENTCLOUD_SECRET_ID": "id", "TENCENTCLOUD_SECRET_KEY": "key"}
ALIBABA_ENV = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "id", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "key"}
OLD_ENV = {"ALICLOUD_ACCESS_KEY": "old-id", "ALICLOUD_SECRET_KEY": "old-key"}


@pytest.mark.parametrize(
    ("vendor", "options", "environ", "expected"),
    [
        (TENCENT, NO_OPTIONS, TENCENT_ENV, Credentials("id", "key")),
        (TENCENT, NO_OPTIONS, {**TENCENT_ENV, "TENCENTCLOUD_TOKEN": "t"}, Credentials("id", "key", "t")),
        (TENCENT, NO_OPTIONS, {**TENCENT_ENV, "TENCENTCLOUD_SECURITY_TOKEN": "t"}, Credentials("id", "key", "t")),
        (TENCENT, NO_OPTIONS, {**TENCENT_ENV, "TENCENTCLOUD_TOKEN": ""}, Credentials("id", "key")),
        (TENCENT, CredentialOptions("o", "p"), TENCENT_ENV, Credentials("o", "p")),
        # the token of the environment belongs to the key of the environment
        (TENCENT, CredentialOptions("o", "p"), {**TENCENT_ENV, "TENCENTCLOUD_TOKEN": "t"}, Credentials("o", "p")),
        (TENCENT, CredentialOptions("", ""), TENCENT_ENV, Credentials("id", "key")),
        (ALIBABA, NO_OPTIONS, {**ALIBABA_ENV, **OLD_ENV}, Credentials("id", "key")),
        (ALIBABA, NO_OPTIONS, OLD_ENV, Credentials("old-id", "old-key")),
        (
            ALIBABA,
            NO_OPTIONS,
            {**OLD_ENV, "ALIBABA_CLOUD_ACCESS_KEY_ID": "", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": ""},
            Credentials("old-id", "old-key"),
        ),
        (ALIBABA, NO_OPTIONS, {**OLD_ENV, "ALICLOUD_SECURITY_TOKEN": "t"}, Credentials("old-id", "old-key", "t")),
    ],
)
def test_credentials(
    vendor: Vendor, options: CredentialOptions, environ: dict[str, str], expected: Credentials
) -> None:
    assert resolve_credentials(vendor, options, environ) == expected


@pytest.mark.parametrize(
    ("vendor", "options", "environ", "names"),
    [
        (TENCENT, NO_OPTIONS, ALIBABA_ENV, ("access_key_id", "TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY")),
        (ALIBABA, NO_OPTIONS, TENCENT_ENV, ("access_key_secret", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY")),
        (TENCENT, NO_OPTIONS, {"TENCENTCLOUD_SECRET_ID": "shown"}, ("TENCENTCLOUD_SECRET_KEY is not",)),
        (TENCENT, NO_OPTIONS, {"TENCENTCLOUD_SECRET_KEY": "x9"}, ("TENCENTCLOUD_SECRET_ID is not",)),
        (TENCENT, CredentialOptions("shown"), TENCENT_ENV, ("access_key_secret is not",)),
        (ALIBABA, CredentialOptions(None, "x9"), ALIBABA_ENV, ("access_key_id is not",)),
        (ALIBABA, CredentialOptions(None, None, "x9"), ALIBABA_ENV, ("security_token",)),
    ],
)
def test_missing_credentials_are_named_and_values_are_not(
    vendor: Vendor, options: CredentialOptions, environ: dict[str, str], names: tuple[str, ...]
) -> None:
    with pytest.raises(InputError) as caught:
        resolve_credentials(vendor, options, environ)
    text = f"{caught.value.info.message} {caught.value.info.hint}"
    assert all(name in text for name in names)
    assert "x9" not in text
    assert "shown" not in text


def test_credentials_do_not_show_their_secrets() -> None:
    assert "x9" not in repr(Credentials("id", "x9", "x9"))
    assert "x9" not in repr(CredentialOptions("id", "x9", "x9"))


@pytest.mark.parametrize(
    ("vendor", "option", "environ", "expected"),
    [
        (TENCENT, "ap-guangzhou", {"TENCENTCLOUD_REGION": "ap-tokyo"}, "ap-guangzhou"),
        (TENCENT, "", {"TENCENTCLOUD_REGION": "ap-tokyo"}, "ap-tokyo"),
        (ALIBABA, None, {"ALIBABA_CLOUD_REGION_ID": "", "ALIBABACLOUD_REGION_ID": "cn-hangzhou"}, "cn-hangzhou"),
        (ALIBABA, None, {"ALICLOUD_REGION": "cn-beijing"}, "cn-beijing"),
    ],
)
def test_region(vendor: Vendor, option: str | None, environ: dict[str, str], expected: str) -> None:
    assert resolve_region(vendor, option, environ) == expected


def test_a_missing_region_names_option_and_variable() -> None:
    with pytest.raises(InputError) as caught:
        resolve_region(TENCENT, None, {"ALICLOUD_REGION": "cn-beijing"})
    assert "option region" in caught.value.info.hint
    assert "TENCENTCLOUD_REGION" in caught.value.info.hint


@pytest.mark.parametrize("region", ["evil.example.com/", "cn hangzhou", "CN-Hangzhou", "cn-hangzhou#", "é"])
def test_a_region_cannot_redirect_requests(region: str) -> None:
    with pytest.raises(InputError, match="malformed"):
        resolve_region(ALIBABA, region, {})


@pytest.mark.parametrize(
    ("option", "environ", "expected"),
    [
        (None, {}, "https://cvm.tencentcloudapi.com"),
        ("http://127.0.0.1:8080", {}, "http://127.0.0.1:8080"),
        ("http://127.0.0.1:8080/", {}, "http://127.0.0.1:8080"),
        ("https://[::1]:8443", {}, "https://[::1]:8443"),
        ("", {"KEYFLEET_ENDPOINT_TENCENT_CVM": "http://gateway"}, "http://gateway"),
        (None, {"KEYFLEET_ENDPOINT_TENCENT_CVM": ""}, "https://cvm.tencentcloudapi.com"),
        ("http://a", {"KEYFLEET_ENDPOINT_TENCENT_CVM": "http://b"}, "http://a"),
        (None, {"KEYFLEET_ENDPOINT_TENCENT_LIGHTHOUSE": "http://b"}, "https://cvm.tencentcloudapi.com"),
    ],
)
def test_endpoint(option: str | None, environ: dict[str, str], expected: str) -> None:
    assert resolve_endpoint(option, "tencent_cvm", environ, "cvm.tencentcloudapi.com") == expected


@pytest.mark.parametrize(
    "option",
    [
        "localhost",
        "127.0.0.1:8080",
        "ftp://host",
        "https://",
        "http://host:port",
        "http://host:99999",
        "http://u:x9@host",
    ],
)
def test_an_endpoint_that_is_no_url(option: str) -> None:
    with pytest.raises(InputError, match="is not a URL") as caught:
        resolve_endpoint(option, "tencent_cvm", {}, "host")
    assert "x9" not in caught.value.info.message


def test_an_endpoint_with_a_path_is_refused_with_the_reason() -> None:
    with pytest.raises(InputError, match="must not contain a path"):
        resolve_endpoint("https://host/v2/index.php", "tencent_cvm_legacy", {}, "host")


@pytest.mark.parametrize(
    ("provider", "region", "host"),
    [
        ("tencent_lighthouse", "ap-guangzhou", "lighthouse.tencentcloudapi.com"),
        ("tencent_cvm", "ap-guangzhou", "cvm.tencentcloudapi.com"),
        ("tencent_cvm", "ap-shanghai-fsi", "cvm.ap-shanghai-fsi.tencentcloudapi.com"),
        ("tencent_cvm_legacy", "ap-guangzhou", "cvm.api.qcloud.com"),
        ("alibaba_ecs", "cn-beijing", "ecs.cn-beijing.aliyuncs.com"),
        ("alibaba_ecs", "cn-hangzhou", "ecs-cn-hangzhou.aliyuncs.com"),
    ],
)
def test_public_hosts(provider: str, region: str, host: str) -> None:
    assert PROVIDERS[provider].public_host(region) == host
