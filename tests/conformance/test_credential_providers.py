# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The vendors' own searches for credentials: at the emulator's metadata and STS, and beside ours on the same files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from alibabacloud_credentials.provider.cli_profile import CLIProfileCredentialsProvider
from alibabacloud_credentials.provider.ecs_ram_role import EcsRamRoleCredentialsProvider
from alibabacloud_credentials.provider.profile import ProfileCredentialsProvider
from alibabacloud_sts20150401 import models as sts
from alibabacloud_sts20150401.client import Client as StsClient
from alibabacloud_tea_openapi.models import Config
from ansible_collections.keyfleet.cloud.emulator import Emulator
from ansible_collections.keyfleet.cloud.plugins.module_utils._clock import SystemClock
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.alibaba import ALIBABA
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.chain import resolve_credentials
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.metadata import MetadataService
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.search import CredentialOptions, Search
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.tencent import TENCENT
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.vendor import Vendor
from ansible_collections.keyfleet.cloud.tests.conformance.clouds import ACCOUNT_ID, TENCENT_REGION, address
from darabonba.runtime import RuntimeOptions
from tencentcloud.common import credential
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile

OIDC_TOKEN = "example-web-identity-token"
KEY_FILE = "[default]\nsecret_id = file-id\nsecret_key = file-key\n"
VARIABLES = {"TENCENTCLOUD_SECRET_ID": "variable-id", "TENCENTCLOUD_SECRET_KEY": "variable-key"}


@pytest.fixture
def cloud(emulator: Emulator) -> Emulator:
    """An emulator on whose machines the tests run, with an OIDC provider that both accounts trust."""
    provider = {"name": "cluster", "tokens": [OIDC_TOKEN]}
    accounts = [
        {
            "vendor": vendor,
            "account_id": ACCOUNT_ID[vendor],
            "identity_providers": [provider],
            "roles": [{"name": "ops"}],
        }
        for vendor in ACCOUNT_ID
    ]
    machines = [{"vendor": vendor, "region": TENCENT_REGION, "role": "ops"} for vendor in ACCOUNT_ID]
    emulator.seed({"accounts": accounts, "metadata": machines})
    return emulator


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home directory without credentials."""
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def account_of(cloud: Emulator, found: Any) -> str:
    """Return whose credentials the SDK has, by asking STS with them."""
    profile = ClientProfile(httpProfile=HttpProfile(protocol="http", endpoint=address(cloud)))
    client = CommonClient("sts", "2018-08-13", found, TENCENT_REGION, profile=profile)
    account: str = client.call_json("GetCallerIdentity", {})["Response"]["AccountId"]
    return account


def ours(vendor: Vendor, home: Path, cloud: Emulator, environ: dict[str, str]) -> str:
    """Return the key ID that our own search finds."""
    search = Search(
        options=CredentialOptions(),
        environ={"HOME": str(home), **environ},
        clock=SystemClock(),
        sts=vendor.sts(cloud.url, _no_client),
        metadata=MetadataService(cloud.url),
        keep_secret=set().update,
    )
    return resolve_credentials(vendor, search)().access_key_id


def _no_client(_dialect: Any) -> Any:
    raise AssertionError("STS is not needed here")


def write(path: Path, content: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def on_instance(cloud: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Tencent's SDK find the emulator's metadata service."""
    endpoint = f"{cloud.url}/latest/meta-data/cam/security-credentials/"
    monkeypatch.setattr(credential.CVMRoleCredential, "_role_endpoint", endpoint)


def test_tencents_role_of_the_instance(cloud: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    on_instance(cloud, monkeypatch)
    assert account_of(cloud, credential.CVMRoleCredential().get_credential()) == ACCOUNT_ID["tencent"]


def test_tencents_web_identity(cloud: Emulator) -> None:
    role = f"qcs::cam::uin/{ACCOUNT_ID['tencent']}:roleName/ops"
    found = credential.OIDCRoleArnCredential(
        TENCENT_REGION, "cluster", OIDC_TOKEN, role, "pod", endpoint=f"http://{address(cloud)}"
    )
    assert account_of(cloud, found) == ACCOUNT_ID["tencent"]


@pytest.mark.parametrize("metadata_v1", ["allowed", "refused"])
def test_alibabas_role_of_the_instance(cloud: Emulator, monkeypatch: pytest.MonkeyPatch, metadata_v1: str) -> None:
    cloud.configure({"switches": {"alibaba_metadata_v1": metadata_v1}})
    provider = EcsRamRoleCredentialsProvider(async_update_enabled=False)
    monkeypatch.setattr(provider, "_EcsRamRoleCredentialsProvider__metadata_service_host", address(cloud))
    found = provider.get_credentials()
    config = Config(
        access_key_id=found.get_access_key_id(),
        access_key_secret=found.get_access_key_secret(),
        security_token=found.get_security_token(),
        endpoint=address(cloud),
        protocol="HTTP",
    )
    assert StsClient(config).get_caller_identity().body.account_id == ACCOUNT_ID["alibaba"]


def test_alibabas_web_identity(cloud: Emulator) -> None:
    client = StsClient(Config(endpoint=address(cloud), protocol="HTTP", region_id="cn-hangzhou"))
    request = sts.AssumeRoleWithOIDCRequest(
        oidcprovider_arn=f"acs:ram::{ACCOUNT_ID['alibaba']}:oidc-provider/cluster",
        oidctoken=OIDC_TOKEN,
        role_arn=f"acs:ram::{ACCOUNT_ID['alibaba']}:role/ops",
        role_session_name="pod",
    )
    answer = client.assume_role_with_oidcwith_options(request, RuntimeOptions())
    assert answer.body.credentials.security_token


@pytest.mark.parametrize(
    ("environ", "file"),
    [
        (VARIABLES, None),
        (VARIABLES, KEY_FILE),
        ({}, KEY_FILE),
        ({"TENCENTCLOUD_SECRET_ID": "", "TENCENTCLOUD_SECRET_KEY": ""}, KEY_FILE),
        ({}, None),
    ],
)
def test_we_find_what_tencents_sdk_finds(
    cloud: Emulator, home: Path, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], file: str | None
) -> None:
    on_instance(cloud, monkeypatch)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    if file is not None:
        write(home / ".tencentcloud" / "credentials", file)
    theirs = credential.DefaultCredentialProvider().get_credentials()
    assert ours(TENCENT, home, cloud, environ) == theirs.secret_id


@pytest.mark.parametrize(
    "profile",
    [
        {"mode": "AK", "access_key_id": "file-id", "access_key_secret": "key"},
        {"mode": "StsToken", "access_key_id": "file-id", "access_key_secret": "key", "sts_token": "t"},
    ],
)
def test_we_read_the_clis_file_as_alibabas_sdk_does(cloud: Emulator, home: Path, profile: dict[str, str]) -> None:
    other = {"name": "other", "mode": "AK", "access_key_id": "other-id", "access_key_secret": "key"}
    config = {"current": "work", "profiles": [other, {"name": "work", **profile}]}
    path = write(home / ".aliyun" / "config.json", config)
    theirs = CLIProfileCredentialsProvider(profile_file=str(path)).get_credentials()
    assert ours(ALIBABA, home, cloud, {}) == theirs.get_access_key_id() == "file-id"


def test_we_read_the_sdks_file_as_alibabas_sdk_does(cloud: Emulator, home: Path) -> None:
    text = "[default]\ntype = access_key\naccess_key_id = file-id # mine\naccess_key_secret = key\n"
    path = write(home / ".alibabacloud" / "credentials.ini", text)
    theirs = ProfileCredentialsProvider(profile_file=str(path)).get_credentials()
    assert ours(ALIBABA, home, cloud, {}) == theirs.get_access_key_id() == "file-id"
