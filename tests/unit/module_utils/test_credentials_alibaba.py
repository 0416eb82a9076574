# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where Alibaba Cloud's tools keep credentials: the CLI's profiles, the SDKs' files, metadata, OIDC tokens, a URL."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.alibaba import ALIBABA
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.chain import resolve_credentials
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.model import Credentials, Role
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.region import resolve_region
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import InputError, KeyfleetError
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.searching import METADATA, FakeMetadata, Place

ROLES = "/latest/meta-data/ram/security-credentials/"
REGION = "/latest/meta-data/region-id"
TOKEN = "/latest/api/token"
LENT = {
    "AccessKeyId": "lent-id",
    "AccessKeySecret": "lent-key",
    "SecurityToken": "lent-token",
    "Expiration": "2023-11-15T01:00:00Z",
    "Code": "Success",
}
LENT_CREDENTIALS = Credentials("lent-id", "lent-key", "lent-token", 1_700_010_000)
KEY = {"access_key_id": "id", "access_key_secret": "key"}
ROLE = {"ram_role_arn": "role", "ram_session_name": "me"}


def resolve(place: Place, environ: dict[str, str] | None = None, **options: str) -> Credentials:
    return resolve_credentials(ALIBABA, place.search(environ, **options))()


def configure(place: Place, *profiles: dict[str, Any], current: str = "default") -> None:
    """Write the CLI's file; a profile without a name is the default one."""
    named = [{"name": "default", **profile} for profile in profiles]
    place.write(".aliyun/config.json", {"current": current, "profiles": named})


def lend(place: Place) -> None:
    """Put the search on an instance with a role."""
    place.metadata = FakeMetadata({TOKEN: "t0", ROLES: "ops", f"{ROLES}ops": LENT, REGION: "cn-hangzhou"})


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ({"mode": "AK", **KEY}, Credentials("id", "key")),
        ({"mode": "AK", **KEY, "sts_token": "left over"}, Credentials("id", "key")),
        (KEY, Credentials("id", "key")),
        ({"mode": "StsToken", **KEY, "sts_token": "t"}, Credentials("id", "key", "t")),
    ],
)
def test_keys_in_the_clis_file(place: Place, profile: dict[str, Any], expected: Credentials) -> None:
    configure(place, profile)
    assert resolve(place) == expected


def test_a_role_with_a_key(place: Place) -> None:
    more = {"expired_seconds": 900, "policy": "{}", "external_id": "x"}
    configure(place, {"mode": "RamRoleArn", **KEY, **ROLE, **more})
    assert resolve(place).access_key_id == "id>role"
    assert place.sts.roles == [Role("role", "me", 900, "{}", "x")]


def test_the_role_of_the_options_comes_on_top_of_a_profiles(place: Place) -> None:
    configure(place, {"mode": "RamRoleArn", **KEY, **ROLE})
    assert resolve(place, role_arn="other").access_key_id == "id>role>other"


def test_the_role_of_the_environment_does_not(place: Place) -> None:
    configure(place, {"mode": "RamRoleArn", **KEY, **ROLE})
    assert resolve(place, {"ALIBABA_CLOUD_ROLE_ARN": "other"}).access_key_id == "id>role"


def test_the_role_of_the_instance_by_a_profile(place: Place) -> None:
    configure(place, {"mode": "EcsRamRole", "ram_role_name": "ops"})
    lend(place)
    assert resolve(place) == LENT_CREDENTIALS
    assert [request.url.removeprefix(METADATA) for request in place.metadata.requests] == [TOKEN, f"{ROLES}ops"]


def test_a_chain_of_roles(place: Place) -> None:
    configure(
        place,
        {"mode": "ChainableRamRoleArn", "source_profile": "middle", "ram_role_arn": "last"},
        {"name": "middle", "mode": "ChainableRamRoleArn", "source_profile": "first", "ram_role_arn": "second"},
        {"name": "first", "mode": "AK", **KEY},
    )
    assert resolve(place).access_key_id == "id>second>last"


def test_a_chain_that_begins_with_the_instance(place: Place) -> None:
    configure(
        place,
        {"mode": "ChainableRamRoleArn", "source_profile": "vm", "ram_role_arn": "role"},
        {"name": "vm", "mode": "EcsRamRole"},
    )
    lend(place)
    assert resolve(place).access_key_id == "lent-id>role"


def test_a_token_file_by_a_profile(place: Place) -> None:
    place.write("token", "example-token")
    oidc = {"oidc_provider_arn": "cluster", "oidc_token_file": str(place.home / "token"), "ram_role_arn": "role"}
    configure(place, {"mode": "OIDC", **oidc, "role_session_name": "pod"})
    assert resolve(place).access_key_id == "cluster>role"
    assert place.sts.roles[0].session_name == "pod"


@pytest.mark.parametrize("mode", ["CloudSSO", "OAuth", "External", "RsaKeyPair"])
def test_modes_that_only_the_cli_can_use(place: Place, mode: str) -> None:
    configure(place, {"mode": mode, "access_key_id": "shown", "access_key_secret": "x9"})
    with pytest.raises(InputError, match=f"mode {mode}, which is not supported") as caught:
        resolve(place)
    assert "x9" not in str(caught.value.info)
    assert "shown" not in str(caught.value.info)


@pytest.mark.parametrize(
    ("profiles", "match"),
    [
        ([{"mode": "AK", "access_key_id": "id"}], "access_key_secret is not"),
        ([{"mode": "StsToken", **KEY}], "sts_token is missing"),
        ([{"mode": "RamRoleArn", **KEY}], "ram_role_arn is missing"),
        ([{"mode": "OIDC", **ROLE}], "oidc_provider_arn or oidc_token_file is missing"),
        ([{"mode": "ChainableRamRoleArn", **ROLE}], "source_profile is missing"),
        ([{"mode": "ChainableRamRoleArn", **ROLE, "source_profile": "x"}], "no profile 'x'"),
        ([{"mode": "ChainableRamRoleArn", **ROLE, "source_profile": "default"}], "default → default"),
        (
            [
                {"mode": "ChainableRamRoleArn", **ROLE, "source_profile": "b"},
                {"name": "b", "mode": "ChainableRamRoleArn", **ROLE, "source_profile": "default"},
            ],
            "default → b → default",
        ),
    ],
)
def test_profiles_that_are_wrong(place: Place, profiles: list[dict[str, Any]], match: str) -> None:
    configure(place, *profiles)
    with pytest.raises(InputError, match=match) as caught:
        resolve(place)
    assert ".aliyun/config.json" in caught.value.info.message


@pytest.mark.parametrize(
    "content",
    [
        {"current": "default", "profiles": [{"name": "default", "mode": "AK", "access_key_id": ""}]},
        {"current": "gone", "profiles": []},
        {"current": "default", "profiles": "none"},
        {},
    ],
)
def test_a_file_of_the_cli_with_nothing_in_it_is_passed_over(place: Place, content: dict[str, Any]) -> None:
    place.write(".aliyun/config.json", content)
    place.write(".alibabacloud/credentials", "[default]\naccess_key_id = id\naccess_key_secret = key\n")
    assert resolve(place) == Credentials("id", "key")


def test_the_clis_file_can_be_forbidden(place: Place) -> None:
    configure(place, KEY)
    with pytest.raises(InputError, match="ALIBABA_CLOUD_CLI_PROFILE_DISABLED is true"):
        resolve(place, {"ALIBABA_CLOUD_CLI_PROFILE_DISABLED": "true"})


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
