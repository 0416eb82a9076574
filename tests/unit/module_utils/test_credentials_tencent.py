# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where Tencent Cloud's tools keep credentials: tccli's profiles, the SDKs' files, the instance's role, OIDC tokens."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.chain import resolve_credentials
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.model import Credentials
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.region import resolve_region
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.tencent import TENCENT
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import InputError, KeyfleetError
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.searching import FakeMetadata, Place

ROLES = "/latest/meta-data/cam/security-credentials/"
REGION = "/latest/meta-data/placement/region"
LENT = {
    "TmpSecretId": "lent-id",
    "TmpSecretKey": "lent-key",
    "Token": "lent-token",
    "ExpiredTime": 1_700_010_000,
    "Code": "Success",
}
TKE = {"TKE_ROLE_ARN": "role", "TKE_PROVIDER_ID": "cluster", "TKE_REGION": "ap-guangzhou"}


def resolve(place: Place, environ: dict[str, str] | None = None, **options: str) -> Credentials:
    return resolve_credentials(TENCENT, place.search(environ, **options))()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"secretId": "id", "secretKey": "key"}, Credentials("id", "key")),
        ({"secretId": "id", "secretKey": "key", "token": None}, Credentials("id", "key")),
        ({"secretId": "id", "secretKey": "key", "token": "t"}, Credentials("id", "key", "t")),
        ({"secretId": "id", "secretKey": "key", "type": "default"}, Credentials("id", "key")),
        (
            {"secretId": "id", "secretKey": "key", "token": "t", "type": "oauth", "expiresAt": 1_800_000_000},
            Credentials("id", "key", "t"),
        ),
    ],
)
def test_tccli(place: Place, content: dict[str, Any], expected: Credentials) -> None:
    place.write(".tccli/default.credential", content)
    assert resolve(place) == expected


def test_tccli_with_a_role(place: Place) -> None:
    key = {"secretId": "id", "secretKey": "key", "role-arn": "role", "role-session-name": "me"}
    place.write(".tccli/default.credential", key)
    assert resolve(place).access_key_id == "id>role"
    assert place.sts.roles[0].session_name == "me"


def test_the_options_role_goes_before_tcclis(place: Place) -> None:
    place.write(".tccli/default.credential", {"secretId": "id", "secretKey": "key", "role-arn": "role"})
    assert resolve(place, role_arn="other").access_key_id == "id>other"


def test_the_role_of_tcclis_file_is_not_for_other_keys(place: Place) -> None:
    place.write(".tccli/default.credential", {"secretId": "id", "secretKey": "key", "role-arn": "role"})
    assert resolve(place, access_key_id="o", access_key_secret="p").access_key_id == "o"


@pytest.mark.parametrize(
    ("content", "match"),
    [
        ("{", "is not a JSON object"),
        ("[]", "is not a JSON object"),
        ({"secretId": "shown"}, "secretId is set, but secretKey is not"),
        ({"secretKey": "x9"}, "secretKey is set, but secretId is not"),
        ({"type": "magic", "secretId": "shown", "secretKey": "x9"}, "type 'magic'"),
        ({"type": "oauth", "secretId": "shown", "secretKey": "x9", "expiresAt": 1}, r"login \(oauth\) .* expired"),
        ({"type": "sso", "secretId": "shown", "secretKey": "x9"}, r"login \(sso\) .* expired"),
    ],
)
def test_a_file_of_tccli_that_cannot_be_used(place: Place, content: Any, match: str) -> None:
    place.write(".tccli/default.credential", content)
    with pytest.raises(InputError, match=match) as caught:
        resolve(place)
    assert ".tccli/default.credential" in caught.value.info.message
    assert "x9" not in str(caught.value.info)
    assert "shown" not in str(caught.value.info)


def test_an_empty_profile_of_tccli_is_passed_over(place: Place) -> None:
    place.write(".tccli/default.credential", {"secretId": "", "secretKey": ""})
    place.write(".tencentcloud/credentials", "[default]\nsecret_id = id\nsecret_key = key\n")
    assert resolve(place) == Credentials("id", "key")


@pytest.mark.parametrize("content", ["{", "{}", '{"_sys_param": []}', '{"_sys_param": {}}'])
def test_a_configuration_of_tccli_without_region(place: Place, content: str) -> None:
    place.write(".tccli/default.configure", content)
    with pytest.raises(InputError, match=r"default\.configure"):
        resolve_region(TENCENT, None, place.search())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[default]\nsecret_id=id\nsecret_key=key\n", "id"),
        ("[default]\nsecret_id = id # mine\nsecret_key = %key%\n", "id"),
        ("[default]\nsecret_id=id\nsecret_key=key\nrole_arn=role\n", "id>role"),
    ],
)
def test_the_file_of_the_sdks(place: Place, text: str, expected: str) -> None:
    place.write(".tencentcloud/credentials", text)
    assert resolve(place).access_key_id == expected


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("secret_id=x9\n", "is not an INI file"),
        ("[default]\nsecret_id=id\n", "secret_key is not"),
        ("[other]\nsecret_id=id\nsecret_key=key\n", r"no section \[default\]"),
        ("[default]\n", "no access key"),
    ],
)
def test_a_file_of_the_sdks_that_cannot_be_used(place: Place, text: str, match: str) -> None:
    place.write(".tencentcloud/credentials", text)
    with pytest.raises(InputError, match=match) as caught:
        resolve(place)
    assert "x9" not in str(caught.value.info)


def test_a_file_that_may_not_be_read_is_not_there(place: Place) -> None:
    (place.home / ".tencentcloud" / "credentials").mkdir(parents=True)  # cannot be read as a file, not even by root
    with pytest.raises(InputError, match=r"credentials \(is a directory\)"):
        resolve(place)


def test_a_file_that_is_no_text(place: Place) -> None:
    place.write(".tencentcloud/credentials", "")
    (place.home / ".tencentcloud" / "credentials").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="is not a UTF-8 text"):
        resolve(place)


def test_the_role_of_the_instance(place: Place) -> None:
    place.metadata = FakeMetadata({ROLES: "ops", f"{ROLES}ops": LENT, REGION: "ap-guangzhou\n"})
    assert resolve(place) == Credentials("lent-id", "lent-key", "lent-token", 1_700_010_000)
    assert resolve_region(TENCENT, None, place.search()) == "ap-guangzhou"
    assert {"lent-key", "lent-token"} <= place.secrets


@pytest.mark.parametrize("answer", ["", "<html>Log in first</html>", "ap-guangzhou.evil.example/"])
def test_somebody_else_answers_for_the_metadata_service(place: Place, answer: str) -> None:
    place.metadata = FakeMetadata({REGION: answer})
    with pytest.raises(InputError, match="its answer is no region") as caught:
        resolve_region(TENCENT, None, place.search())
    assert "html" not in caught.value.info.message


def test_a_profile_of_tccli_may_mean_the_role_of_the_instance(place: Place) -> None:
    place.write(".tccli/vm.credential", {"type": "cvm-role"})
    place.metadata = FakeMetadata({ROLES: "ops", f"{ROLES}ops": LENT})
    assert resolve(place, profile="vm").access_key_id == "lent-id"


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        (None, "no answer"),
        ({}, "HTTP status 404 for /latest/meta-data/cam/security-credentials/"),
        ({ROLES: ""}, "the instance has no role"),
        ({ROLES: "ops", f"{ROLES}ops": {"Code": "InternalError"}}, "no credentials came"),
        ({ROLES: "ops", f"{ROLES}ops": {**LENT, "ExpiredTime": "soon"}}, "no credentials came"),
        ({ROLES: "ops", f"{ROLES}ops": "<html>"}, "no credentials came"),
        ({ROLES: "ops", f"{ROLES}ops": "[]"}, "no credentials came"),
    ],
)
def test_an_instance_without_a_role(place: Place, answers: dict[str, Any] | None, problem: str) -> None:
    place.metadata = FakeMetadata(answers)
    with pytest.raises(InputError) as caught:
        resolve(place)
    assert f"instance role at http://metadata.example ({problem})" in caught.value.info.message
    place.write(".tccli/default.credential", {"type": "cvm-role"})
    with pytest.raises(KeyfleetError) as named:
        resolve(place)
    assert named.value.info.code == "MetadataUnavailable"


def test_metadata_is_not_asked_where_it_is_forbidden(place: Place) -> None:
    with pytest.raises(InputError, match="KEYFLEET is set"):
        resolve_credentials(TENCENT, place.search(disabled="KEYFLEET is set"))
    assert place.metadata.requests == []


def test_a_token_file(place: Place) -> None:
    place.write("token", "example-token\n")
    found = resolve(place, {**TKE, "TKE_WEB_IDENTITY_TOKEN_FILE": str(place.home / "token")})
    assert found.access_key_id == "cluster>role"
    assert place.sts.tokens == ["example-token"]
    assert "example-token" in place.secrets


def test_the_instances_role_goes_before_the_token_file(place: Place) -> None:
    place.write("token", "example-token")
    place.metadata = FakeMetadata({ROLES: "ops", f"{ROLES}ops": LENT})
    assert resolve(place, {**TKE, "TKE_WEB_IDENTITY_TOKEN_FILE": str(place.home / "token")}).access_key_id == "lent-id"


@pytest.mark.parametrize("text", [None, "", "\n"])
def test_a_token_file_without_a_token(place: Place, text: str | None) -> None:
    if text is not None:
        place.write("token", text)
    with pytest.raises(InputError, match=r"token file .*: (no such file|empty)"):
        resolve(place, {**TKE, "TKE_WEB_IDENTITY_TOKEN_FILE": str(place.home / "token")})
