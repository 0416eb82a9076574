# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where requests go."""

from __future__ import annotations

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._endpoint import resolve_endpoint
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import InputError
from ansible_collections.keyfleet.cloud.plugins.module_utils._providers._registry import PROVIDERS


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
