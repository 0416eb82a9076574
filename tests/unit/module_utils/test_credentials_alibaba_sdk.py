# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where Alibaba Cloud's SDKs find credentials: their own file, the instance's role, OIDC tokens, a URL."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.alibaba import ALIBABA
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.model import Credentials, Role
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.region import resolve_region
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import InputError, KeyfleetError
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.alibaba_searching import (
    KEY,
    LENT,
    LENT_CREDENTIALS,
    ROLES,
    TOKEN,
    configure,
    lend,
    resolve,
)
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.searching import METADATA, FakeMetadata, Place

INI = "[default]\ntype = access_key\naccess_key_id = id  # mine\naccess_key_secret = key\n"


@pytest.mark.parametrize("name", ["credentials.ini", "credentials"])
def test_keys_in_the_sdks_file(place: Place, name: str) -> None:
    place.write(f".alibabacloud/{name}", INI)
    assert resolve(place) == Credentials("id", "key")


def test_the_file_with_the_suffix_goes_first(place: Place) -> None:
    place.write(".alibabacloud/credentials", INI.replace("id  # mine", "plain"))
    place.write(".alibabacloud/credentials.ini", INI)
    assert resolve(place).access_key_id == "id"


def test_a_variable_names_another_file(place: Place) -> None:
    place.write(".alibabacloud/credentials.ini", INI)
    place.write("mine.ini", INI.replace("id  # mine", "chosen"))
    assert resolve(place, {"ALIBABA_CLOUD_CREDENTIALS_FILE": str(place.home / "mine.ini")}).access_key_id == "chosen"


def test_with_a_variable_no_other_file_is_read(place: Place) -> None:
    place.write(".alibabacloud/credentials", INI)
    with pytest.raises(InputError, match="ALIBABA_CLOUD_CREDENTIALS_FILE names another file"):
        resolve(place, {"ALIBABA_CLOUD_CREDENTIALS_FILE": str(place.home / "none.ini")})


def test_a_profile_is_a_section(place: Place) -> None:
    place.write(".alibabacloud/credentials.ini", f"{INI}\n[work]\naccess_key_id = work\naccess_key_secret = key\n")
    assert resolve(place, profile="work").access_key_id == "work"


def test_a_role_in_the_sdks_file(place: Place) -> None:
    role = "[default]\ntype=ram_role_arn\naccess_key_id=id\naccess_key_secret=k\nrole_arn=role\nrole_session_name=me\n"
    place.write(".alibabacloud/credentials.ini", role)
    assert resolve(place).access_key_id == "id>role"
    assert place.sts.roles == [Role("role", "me")]


def test_a_token_file_in_the_sdks_file(place: Place) -> None:
    place.write("token", "example-token")
    path = place.home / "token"
    text = f"[default]\ntype=oidc_role_arn\noidc_provider_arn=cluster\noidc_token_file_path={path}\nrole_arn=role\n"
    place.write(".alibabacloud/credentials.ini", text)
    assert resolve(place).access_key_id == "cluster>role"


def test_the_role_of_the_instance_in_the_sdks_file(place: Place) -> None:
    place.write(".alibabacloud/credentials.ini", "[default]\ntype=ecs_ram_role\nrole_name=ops\n")
    lend(place)
    assert resolve(place) == LENT_CREDENTIALS


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("[default]\ntype=rsa_key_pair\n", "type rsa_key_pair, which is not supported"),
        ("[default]\ntype=ram_role_arn\naccess_key_id=id\naccess_key_secret=k\n", "lacks role_arn"),
        ("[default]\ntype=oidc_role_arn\nrole_arn=r\n", "lacks oidc_provider_arn"),
        ("[default]\naccess_key_id=id\n", "access_key_secret is not"),
        ("nonsense", "is not an INI file"),
    ],
)
def test_a_file_of_the_sdks_that_is_wrong(place: Place, text: str, match: str) -> None:
    place.write(".alibabacloud/credentials.ini", text)
    with pytest.raises(InputError, match=match):
        resolve(place)


def test_the_role_of_the_instance_with_a_token(place: Place) -> None:
    lend(place)
    assert resolve(place) == LENT_CREDENTIALS
    assert resolve_region(ALIBABA, None, place.search()) == "cn-hangzhou"
    asked = [request for request in place.metadata.requests if request.url != f"{METADATA}{TOKEN}"]
    assert {request.headers["X-aliyun-ecs-metadata-token"] for request in asked} == {"t0"}


def test_a_service_without_tokens_is_asked_as_in_version_1(place: Place) -> None:
    place.metadata = FakeMetadata({ROLES: "ops", f"{ROLES}ops": LENT})
    assert resolve(place) == LENT_CREDENTIALS
    assert all("X-aliyun-ecs-metadata-token" not in request.headers for request in place.metadata.requests)


def test_version_1_can_be_forbidden(place: Place) -> None:
    place.metadata = FakeMetadata({ROLES: "ops", f"{ROLES}ops": LENT})
    with pytest.raises(InputError, match="HTTP status 404 for /latest/api/token"):
        resolve(place, {"ALIBABA_CLOUD_IMDSV1_DISABLED": "true"})


def test_a_variable_names_the_role(place: Place) -> None:
    place.metadata = FakeMetadata({TOKEN: "t", f"{ROLES}chosen": LENT})
    assert resolve(place, {"ALIBABA_CLOUD_ECS_METADATA": "chosen"}) == LENT_CREDENTIALS


@pytest.mark.parametrize(
    "answers",
    [
        None,
        {},
        {TOKEN: "t", ROLES: ""},
        {ROLES: "ops", f"{ROLES}ops": {"Code": "Failed"}},
        {ROLES: "o", f"{ROLES}o": "<"},
    ],
)
def test_an_instance_without_a_role(place: Place, answers: dict[str, Any] | None) -> None:
    place.metadata = FakeMetadata(answers)
    with pytest.raises(InputError, match="instance role at http://metadata"):
        resolve(place)
    configure(place, {"mode": "EcsRamRole"})
    with pytest.raises(KeyfleetError) as named:
        resolve(place)
    assert named.value.info.code == "MetadataUnavailable"


def test_a_token_file_goes_before_the_profiles(place: Place) -> None:
    configure(place, KEY)
    place.write("token", "example-token")
    environ = {
        "ALIBABA_CLOUD_ROLE_ARN": "role",
        "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "cluster",
        "ALIBABA_CLOUD_OIDC_TOKEN_FILE": str(place.home / "token"),
        "ALIBABA_CLOUD_ROLE_SESSION_NAME": "pod",
    }
    assert resolve(place, environ).access_key_id == "cluster>role"
    assert (place.sts.tokens, place.sts.roles[0].session_name) == (["example-token"], "pod")


def test_a_url_that_hands_out_credentials(place: Place) -> None:
    place.metadata = FakeMetadata({"http://127.0.0.1:9/creds?a=b": LENT})
    assert resolve(place, {"ALIBABA_CLOUD_CREDENTIALS_URI": "http://127.0.0.1:9/creds?a=b"}) == LENT_CREDENTIALS


def test_a_url_with_nothing_behind_it(place: Place) -> None:
    place.metadata = FakeMetadata({})
    with pytest.raises(InputError, match=r"http://127.0.0.1:9\) \(HTTP status 404 for /creds\)") as caught:
        resolve(place, {"ALIBABA_CLOUD_CREDENTIALS_URI": "http://127.0.0.1:9/creds?key=x9"})
    assert "x9" not in str(caught.value.info)


@pytest.mark.parametrize("url", ["creds", "ftp://host/", "http://", "http://u:x9@host/"])
def test_a_url_that_is_none(place: Place, url: str) -> None:
    place.metadata = FakeMetadata({})
    with pytest.raises(InputError, match="ALIBABA_CLOUD_CREDENTIALS_URI holds no URL") as caught:
        resolve(place, {"ALIBABA_CLOUD_CREDENTIALS_URI": url})
    assert "x9" not in str(caught.value.info)
