# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Roles on top of what was found: when one is assumed, under which name, and which options cannot be right."""

from __future__ import annotations

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.alibaba import ALIBABA
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.chain import (
    check_options,
    resolve_credentials,
)
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


@pytest.mark.parametrize(
    ("vendor", "options", "environ", "expected"),
    [
        (TENCENT, {"role_arn": "a"}, TENCENT_ENV, ("id>a", "keyfleet")),
        (TENCENT, {"role_arn": "a", "role_session_name": "me"}, TENCENT_ENV, ("id>a", "me")),
        (TENCENT, {}, {**TENCENT_ENV, "TENCENTCLOUD_ROLE_ARN": "b"}, ("id>b", "keyfleet")),
        (
            TENCENT,
            {},
            {**TENCENT_ENV, "TENCENTCLOUD_ROLE_ARN": "b", "TENCENTCLOUD_ROLE_SESSION_NAME": "s"},
            ("id>b", "s"),
        ),
        (
            TENCENT,
            {"role_arn": "a"},
            {**TENCENT_ENV, "TENCENTCLOUD_ROLE_ARN": "b", "TENCENTCLOUD_ROLE_SESSION_NAME": "s"},
            ("id>a", "s"),
        ),
        (TENCENT, {"role_session_name": "me"}, {**TENCENT_ENV, "TENCENTCLOUD_ROLE_ARN": "b"}, ("id>b", "me")),
        (
            TENCENT,
            {"profile": "home", "role_arn": "a"},
            {"TENCENTCLOUD_ROLE_SESSION_NAME": "s"},
            ("home-id>a", "keyfleet"),
        ),
        (ALIBABA, {"role_arn": "a"}, ALIBABA_ENV, ("id>a", "keyfleet")),
        (ALIBABA, {}, {**ALIBABA_ENV, "ALIBABA_CLOUD_ROLE_ARN": "b"}, ("id>b", "keyfleet")),
    ],
)
def test_a_role_is_assumed_with_what_was_found(
    place: Place, vendor: Vendor, options: Options, environ: dict[str, str], expected: tuple[str, str]
) -> None:
    found = resolve_credentials(vendor, with_files(place).search(environ, **options))()
    assert (found.access_key_id, place.sts.roles[-1].session_name) == expected
    assert len(place.sts.roles) == 1


@pytest.mark.parametrize(
    ("vendor", "options", "environ", "expected"),
    [
        (TENCENT, {}, {**TENCENT_ENV, "TENCENTCLOUD_ROLE_ARN": ""}, "id"),
        (TENCENT, {"profile": "home"}, {"TENCENTCLOUD_ROLE_ARN": "b"}, "home-id"),
        (ALIBABA, {"profile": "home"}, {"ALIBABA_CLOUD_ROLE_ARN": "b"}, "home-id"),
        # beside a token file the variable names the role of the OIDC provider, not one on top of a key
        (ALIBABA, {}, {**ALIBABA_ENV, "ALIBABA_CLOUD_ROLE_ARN": "b", "ALIBABA_CLOUD_OIDC_TOKEN_FILE": "f"}, "id"),
    ],
)
def test_no_role_unless_it_is_asked_for(
    place: Place, vendor: Vendor, options: Options, environ: dict[str, str], expected: str
) -> None:
    assert resolve_credentials(vendor, with_files(place).search(environ, **options))().access_key_id == expected
    assert place.sts.roles == []


@pytest.mark.parametrize(
    ("vendor", "options", "account", "name"),
    [
        (TENCENT, {"role_arn": "acs:ram::1:role/ops"}, None, "role_arn"),
        (TENCENT, {"role_arn": "qcs::cam::uin/1:roleName/ops extra"}, None, "role_arn"),
        (ALIBABA, {"role_arn": "qcs::cam::uin/1:roleName/ops"}, None, "role_arn"),
        (TENCENT, {"role_session_name": "x"}, None, "role_session_name"),
        (TENCENT, {"role_session_name": "a b"}, None, "role_session_name"),
        (ALIBABA, {"role_session_name": "a+b"}, None, "role_session_name"),
        (TENCENT, {}, "deadbeef", "expected_account_id"),
        (ALIBABA, {"access_key_id": "half"}, None, "access_key_secret is not"),
    ],
)
def test_options_that_cannot_be_right(vendor: Vendor, options: Options, account: str | None, name: str) -> None:
    with pytest.raises(InputError, match=name):
        check_options(vendor, CredentialOptions(**options), account)


@pytest.mark.parametrize(
    ("vendor", "options", "account"),
    [
        (TENCENT, {"role_arn": "qcs::cam::uin/100000000001:roleName/ops"}, "100000000001"),
        (TENCENT, {"role_arn": "qcs::cam::uin/100000000001:role/4611686018427397919"}, ""),
        (TENCENT, {"role_arn": "qcs::cam::uin/1:role/tencentcloudServiceRoleName/CVM_QCSRole"}, None),
        (TENCENT, {"role_arn": "", "role_session_name": ""}, None),
        (ALIBABA, {"role_arn": "acs:ram::1:role/ops-1.x", "role_session_name": "me@example.com"}, None),
    ],
)
def test_options_that_may_be_right(vendor: Vendor, options: Options, account: str | None) -> None:
    check_options(vendor, CredentialOptions(**options), account)


def test_every_secret_on_the_way_is_kept(place: Place) -> None:
    environ = {**TENCENT_ENV, "TENCENTCLOUD_TOKEN": "base/token", "TENCENTCLOUD_ROLE_ARN": "b"}
    resolve_credentials(TENCENT, place.search(environ))()
    assert place.secrets == {"key", "base/token", "base%2Ftoken", "secret-1", "token-1"}
