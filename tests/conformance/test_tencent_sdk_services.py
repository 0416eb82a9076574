# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""tencentcloud-sdk-python, unmodified: the generic client, STS, odd endpoints and TLS."""

from __future__ import annotations

import pytest
from ansible_collections.keyfleet.cloud.emulator import Emulator
from ansible_collections.keyfleet.cloud.tests.conformance.certificates import Certificates
from ansible_collections.keyfleet.cloud.tests.conformance.clouds import ACCOUNT_ID, KEY_ID, TENCENT_REGION
from ansible_collections.keyfleet.cloud.tests.conformance.tencent_sdk import DIALECTS, Sdk
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

ROLE = f"qcs::cam::uin/{ACCOUNT_ID['tencent']}:roleName/ops"


@pytest.fixture(params=DIALECTS)
def sdk(request: pytest.FixtureRequest, emulator: Emulator) -> Sdk:
    sign, method = request.param
    return Sdk(emulator, sign=sign, method=method)


def test_the_generic_client(emulator: Emulator) -> None:
    answer = Sdk(emulator).call_generic("lighthouse", "2020-03-24", "DescribeKeyPairs", Limit=20)
    assert [key_pair["KeyId"] for key_pair in answer["KeyPairSet"]] == ["lhkp-f7rjie1q"]
    assert answer["RequestId"]


@pytest.mark.parametrize("product", ["lighthouse", "cvm"])
def test_the_region_service(emulator: Emulator, product: str) -> None:
    answer = Sdk(emulator).call_generic("region", "2022-06-27", "DescribeRegions", Product=product)
    assert TENCENT_REGION in [region["Region"] for region in answer["RegionSet"]]
    assert answer["TotalCount"] == len(answer["RegionSet"])


def test_an_unknown_action_and_an_unknown_version(emulator: Emulator) -> None:
    sdk = Sdk(emulator)
    with pytest.raises(TencentCloudSDKException) as caught:
        sdk.call_generic("lighthouse", "2020-03-24", "DescribeTheSea")
    assert caught.value.get_code() == "InvalidAction"
    with pytest.raises(TencentCloudSDKException) as caught:
        sdk.call_generic("lighthouse", "1999-01-01", "DescribeKeyPairs")
    assert caught.value.get_code() == "NoSuchVersion"


@pytest.mark.parametrize("parameter", ["Nonsense", "instanceids"])
def test_an_unknown_parameter(emulator: Emulator, parameter: str) -> None:
    with pytest.raises(TencentCloudSDKException) as caught:
        Sdk(emulator).call_generic("lighthouse", "2020-03-24", "DescribeInstances", **{parameter: "x"})
    assert caught.value.get_code() == "UnknownParameter"


def test_an_endpoint_with_its_scheme_is_signed_as_such(sdk: Sdk) -> None:
    with_scheme = sdk.but(endpoint=sdk.emulator.url)
    assert with_scheme.call("lighthouse", "DescribeKeyPairs")["TotalCount"] == 1


def test_who_am_i(sdk: Sdk) -> None:
    identity = sdk.call("sts", "GetCallerIdentity")
    assert (identity["AccountId"], identity["Type"]) == (ACCOUNT_ID["tencent"], "CAMUser")


def test_temporary_keys_work(sdk: Sdk) -> None:
    answer = sdk.call("sts", "AssumeRole", RoleArn=ROLE, RoleSessionName="ansible", DurationSeconds=900)
    found = answer["Credentials"]
    session = sdk.but(secret_id=found["TmpSecretId"], secret_key=found["TmpSecretKey"], token=found["Token"])
    assert session.call("sts", "GetCallerIdentity")["Type"] == "CAMRole"
    assert session.call("cvm", "DescribeInstances")["TotalCount"] == 3
    assert session.but(token=None).refused("cvm", "DescribeInstances") == "AuthFailure.TokenFailure"
    assert session.but(token="stray").refused("cvm", "DescribeInstances") == "AuthFailure.TokenFailure"


def test_a_role_that_does_not_exist(sdk: Sdk) -> None:
    nobody = ROLE.replace("ops", "nobody")
    code = sdk.refused("sts", "AssumeRole", RoleArn=nobody, RoleSessionName="ansible")
    assert code == "ResourceNotFound.RoleNotFound"


def test_tls_with_an_authority_of_ones_own(tls_emulator: Emulator, certificates: Certificates) -> None:
    sdk = Sdk(tls_emulator, protocol="https", certification=str(certificates.authority))
    assert sdk.call("lighthouse", "DescribeKeyPairs")["TotalCount"] == 1


def test_tls_without_that_authority_is_refused_by_the_client(tls_emulator: Emulator) -> None:
    with pytest.raises(TencentCloudSDKException) as caught:
        Sdk(tls_emulator, protocol="https").call("lighthouse", "DescribeKeyPairs")
    assert caught.value.get_code() == "ClientNetworkError"
    assert tls_emulator.log() == []


def test_the_log_names_the_caller(emulator: Emulator) -> None:
    Sdk(emulator).call("lighthouse", "DescribeKeyPairs")
    entry = emulator.log()[-1]
    assert (entry["provider"], entry["action"], entry["region"], entry["access_key_id"]) == (
        "tencent_lighthouse",
        "DescribeKeyPairs",
        TENCENT_REGION,
        KEY_ID["tencent"],
    )
