# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""In which order credentials and region are looked for, and what is said when they are missing."""

from __future__ import annotations

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.alibaba import ALIBABA
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.chain import resolve_credentials
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.model import Credentials
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.region import resolve_region
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.search import CredentialOptions
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.tencent import TENCENT
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.vendor import Vendor
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import InputError
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.searching import Place

Options = dict[str, str]

NO_OPTIONS: Options = {}
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
        (TENCENT, {"access_key_id": "o", "access_key_secret": "p"}, TENCENT_ENV, Credentials("o", "p")),
        # the token of the environment belongs to the key of the environment
        (
            TENCENT,
            {"access_key_id": "o", "access_key_secret": "p"},
            {**TENCENT_ENV, "TENCENTCLOUD_TOKEN": "t"},
            Credentials("o", "p"),
        ),
        (TENCENT, {"access_key_id": "", "access_key_secret": ""}, TENCENT_ENV, Credentials("id", "key")),
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
    place: Place, vendor: Vendor, options: Options, environ: dict[str, str], expected: Credentials
) -> None:
    assert resolve_credentials(vendor, place.search(environ, **options))() == expected


@pytest.mark.parametrize(
    ("vendor", "options", "environ", "names"),
    [
        (TENCENT, NO_OPTIONS, ALIBABA_ENV, ("access_key_id", "TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY")),
        (ALIBABA, NO_OPTIONS, TENCENT_ENV, ("access_key_secret", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY")),
        (TENCENT, NO_OPTIONS, {"TENCENTCLOUD_SECRET_ID": "shown"}, ("TENCENTCLOUD_SECRET_KEY is not",)),
        (TENCENT, NO_OPTIONS, {"TENCENTCLOUD_SECRET_KEY": "x9"}, ("TENCENTCLOUD_SECRET_ID is not",)),
        (TENCENT, {"access_key_id": "shown"}, TENCENT_ENV, ("access_key_secret is not",)),
        (ALIBABA, {"access_key_secret": "x9"}, ALIBABA_ENV, ("access_key_id is not",)),
        (ALIBABA, {"security_token": "x9"}, ALIBABA_ENV, ("security_token",)),
    ],
)
def test_missing_credentials_are_named_and_values_are_not(
    place: Place, vendor: Vendor, options: Options, environ: dict[str, str], names: tuple[str, ...]
) -> None:
    with pytest.raises(InputError) as caught:
        resolve_credentials(vendor, place.search(environ, **options))
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
def test_region(place: Place, vendor: Vendor, option: str | None, environ: dict[str, str], expected: str) -> None:
    assert resolve_region(vendor, option, place.search(environ)) == expected


def test_a_missing_region_names_option_and_variable(place: Place) -> None:
    with pytest.raises(InputError) as caught:
        resolve_region(TENCENT, None, place.search({"ALICLOUD_REGION": "cn-beijing"}))
    assert "option region" in caught.value.info.hint
    assert "TENCENTCLOUD_REGION" in caught.value.info.hint


@pytest.mark.parametrize("region", ["evil.example.com/", "cn hangzhou", "CN-Hangzhou", "cn-hangzhou#", "é"])
def test_a_region_cannot_redirect_requests(place: Place, region: str) -> None:
    with pytest.raises(InputError, match="malformed"):
        resolve_region(ALIBABA, region, place.search())
