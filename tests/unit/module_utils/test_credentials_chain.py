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
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.searching import (
    ALIBABA_ENV,
    TENCENT_ENV,
    Options,
    Place,
    with_files,
)

NO_OPTIONS: Options = {}
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


@pytest.mark.parametrize(
    ("vendor", "options", "environ", "expected"),
    [
        (TENCENT, {}, {}, "file-id"),
        (TENCENT, {}, TENCENT_ENV, "id"),
        (TENCENT, {}, {"TCCLI_PROFILE": "home"}, "home-id"),
        (TENCENT, {}, {**TENCENT_ENV, "TCCLI_PROFILE": "home"}, "id"),
        (TENCENT, {"profile": "home"}, {}, "home-id"),
        # tccli --profile: the environment does not count
        (TENCENT, {"profile": "home"}, {**TENCENT_ENV, "TCCLI_PROFILE": "default"}, "home-id"),
        (TENCENT, {"profile": "home"}, {"TENCENTCLOUD_SECRET_ID": "half"}, "home-id"),
        (TENCENT, {"profile": "home", "access_key_id": "o", "access_key_secret": "p"}, TENCENT_ENV, "o"),
        (TENCENT, {"profile": ""}, TENCENT_ENV, "id"),
        (ALIBABA, {}, {}, "file-id"),
        (ALIBABA, {}, ALIBABA_ENV, "id"),
        (ALIBABA, {}, {"ALIBABA_CLOUD_PROFILE": "home"}, "home-id"),
        (ALIBABA, {"profile": "home"}, ALIBABA_ENV, "home-id"),
        (ALIBABA, {"profile": "home"}, {"ALIBABA_CLOUD_PROFILE": "work"}, "home-id"),
    ],
)
def test_the_order_of_environment_and_files(
    place: Place, vendor: Vendor, options: Options, environ: dict[str, str], expected: str
) -> None:
    search = with_files(place).search(environ, **options)
    assert resolve_credentials(vendor, search)().access_key_id == expected


@pytest.mark.parametrize(
    ("vendor", "options", "environ", "expected"),
    [
        (TENCENT, {}, {}, "ap-file"),
        (TENCENT, {}, {"TENCENTCLOUD_REGION": "ap-tokyo"}, "ap-tokyo"),
        (TENCENT, {"profile": "home"}, {"TENCENTCLOUD_REGION": "ap-tokyo"}, "ap-home"),
        (ALIBABA, {"profile": "home"}, {"ALICLOUD_REGION": "cn-beijing"}, "cn-home"),
    ],
)
def test_the_region_comes_from_the_same_places(
    place: Place, vendor: Vendor, options: Options, environ: dict[str, str], expected: str
) -> None:
    assert resolve_region(vendor, None, with_files(place).search(environ, **options)) == expected


@pytest.mark.parametrize(
    ("vendor", "options", "environ", "places"),
    [
        (TENCENT, {"profile": "none"}, TENCENT_ENV, (".tccli/none.credential (no such file)",)),
        (TENCENT, {}, {"TCCLI_PROFILE": "none"}, (".tccli/none.credential (no such file)",)),
        (
            ALIBABA,
            {"profile": "none"},
            ALIBABA_ENV,
            ("config.json (no profile 'none')", "credentials.ini (no such file)"),
        ),
        (ALIBABA, {}, {"ALIBABA_CLOUD_PROFILE": "none"}, ("config.json (no profile 'none')",)),
    ],
)
def test_a_profile_that_somebody_named_is_used_or_nothing(
    place: Place, vendor: Vendor, options: Options, environ: dict[str, str], places: tuple[str, ...]
) -> None:
    with_files(place).write(".tencentcloud/credentials", "[default]\nsecret_id = other\nsecret_key = other\n")
    with pytest.raises(InputError) as caught:
        resolve_credentials(vendor, place.search(environ, **options))
    assert all(text in caught.value.info.message for text in places)
    assert place.metadata.requests == []


@pytest.mark.parametrize("name", ["../other", "a/b", "a\\b", ".hidden"])
@pytest.mark.parametrize("vendor", [TENCENT, ALIBABA])
def test_a_profile_is_no_path(place: Place, vendor: Vendor, name: str) -> None:
    with pytest.raises(InputError, match="malformed"):
        resolve_credentials(vendor, place.search(profile=name))


def test_without_any_the_message_names_every_place(place: Place) -> None:
    with pytest.raises(InputError) as caught:
        resolve_credentials(TENCENT, place.search())
    for text in (
        "options access_key_id and access_key_secret (not given)",
        "TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY (not set, or empty)",
        ".tccli/default.credential (no such file)",
        ".tencentcloud/credentials (no such file)",
        "/etc/tencentcloud/credentials (",
        "instance role at http://metadata.example (no answer)",
        "TKE_ROLE_ARN, TKE_PROVIDER_ID, TKE_WEB_IDENTITY_TOKEN_FILE not set, or empty",
    ):
        assert text in caught.value.info.message


def test_without_any_alibabas_message_names_every_place(place: Place) -> None:
    with pytest.raises(InputError) as caught:
        resolve_credentials(ALIBABA, place.search({"ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "arn"}, disabled="it is off"))
    for text in (
        "ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY (not set, or empty)",
        "OIDC token file (ALIBABA_CLOUD_ROLE_ARN, ALIBABA_CLOUD_OIDC_TOKEN_FILE not set, or empty)",
        ".aliyun/config.json (no such file)",
        ".alibabacloud/credentials.ini (no such file)",
        ".alibabacloud/credentials (no such file)",
        "instance role at http://metadata.example (it is off)",
        "ALIBABA_CLOUD_CREDENTIALS_URI (not set, or empty)",
    ):
        assert text in caught.value.info.message


def test_a_silent_metadata_service_is_asked_once_for_region_and_credentials(place: Place) -> None:
    search = place.search()
    for resolve in (lambda: resolve_region(TENCENT, None, search), lambda: resolve_credentials(TENCENT, search)):
        with pytest.raises(InputError):
            resolve()
    assert len(place.metadata.requests) == 1
