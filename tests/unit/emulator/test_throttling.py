# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Request rates: documented defaults, settings, and what they are counted for."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.emulator.tencent.dialect import PRODUCTS
from ansible_collections.keyfleet.cloud.tests.unit.emulator.client import Client, TencentCloud, tencent_cloud

#: requests per second, as printed on the pages of the actions
DOCUMENTED = {
    "lighthouse": {
        "AssociateInstancesKeyPairs": 10,
        "DisassociateInstancesKeyPairs": 20,
        "DescribeKeyPairs": 100,
        "CreateKeyPair": 20,
        "ImportKeyPair": 10,
        "DeleteKeyPairs": 10,
        "DescribeInstances": 100,
        "DescribeInstancesDeniedActions": 10,
        "StopInstances": 10,
        "StartInstances": 10,
        "RebootInstances": 10,
        "ResetInstancesPassword": 10,
        "ModifyInstancesAttribute": 10,
        "DescribeRegions": 20,
    },
    "cvm": {
        "AssociateInstancesKeyPairs": 10,
        "DisassociateInstancesKeyPairs": 10,
        "DescribeKeyPairs": 10,
        "CreateKeyPair": 10,
        "ImportKeyPair": 10,
        "DeleteKeyPairs": 10,
        "ModifyKeyPairAttribute": 10,
        "DescribeInstances": 40,
        "DescribeInstancesStatus": 40,
        "StopInstances": 10,
        "StartInstances": 10,
        "RebootInstances": 10,
        "ResetInstancesPassword": 10,
        "DescribeRegions": 20,
    },
    "sts": {"GetCallerIdentity": 20, "AssumeRole": 600, "AssumeRoleWithWebIdentity": 20},
    "region": {"DescribeRegions": 20},
}


def accepted(client: Client, action: str, attempts: int) -> int:
    return [client.call(action).code for _number in range(attempts)].count(None)


def test_the_documented_rates_are_the_defaults() -> None:
    rates = {product.service: {name: action.rate for name, action in product.actions.items()} for product in PRODUCTS}
    assert rates == DOCUMENTED


def test_the_next_second_is_a_new_one() -> None:
    with tencent_cloud() as cloud:
        assert accepted(cloud.cvm, "DescribeKeyPairs", 12) == 10
        assert cloud.cvm.refused("DescribeKeyPairs") == "RequestLimitExceeded"
        cloud.clock.advance(1)
        assert accepted(cloud.cvm, "DescribeKeyPairs", 12) == 10


def test_refused_calls_do_nothing() -> None:
    settings = {"rates": {"tencent_lighthouse": {"StopInstances": 1}}}
    instances = [{"instance_id": "lhins-00000one"}, {"instance_id": "lhins-00000two"}]
    with tencent_cloud(instances=instances, settings=settings) as cloud:
        cloud.lighthouse.ok("StopInstances", InstanceIds=["lhins-00000one"])
        assert cloud.lighthouse.refused("StopInstances", InstanceIds=["lhins-00000two"]) == "RequestLimitExceeded"
        assert cloud.instance("lhins-00000two")["state"] == "RUNNING"


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        ({}, 10),
        ({"tencent_cvm": {"DescribeKeyPairs": 3}}, 3),
        ({"tencent_cvm": {"*": 4}}, 4),
        ({"tencent_cvm": {"*": 4, "DescribeKeyPairs": 5}}, 5),
        ({"tencent_cvm": {"DescribeInstances": 3}}, 10),
        ({"tencent_lighthouse": {"DescribeKeyPairs": 3}}, 10),
        ({"*": 2}, 2),
        ({"*": None}, 12),
        ({"*": None, "tencent_cvm": {"DescribeKeyPairs": 0}}, 0),
    ],
)
def test_rates_can_be_set(rates: dict[str, Any], expected: int) -> None:
    with tencent_cloud(settings={"rates": rates}) as cloud:
        assert accepted(cloud.cvm, "DescribeKeyPairs", 12) == expected


@pytest.fixture
def one_a_second() -> Any:
    access_keys = [
        {"id": "AKIDEXAMPLE", "secret": "example-secret-key"},
        {"id": "AKIDEXAMPLEsame", "secret": "s"},
    ]
    with tencent_cloud(settings={"rates": {"*": 1}}, access_keys=access_keys) as cloud:
        other = {"vendor": "tencent", "account_id": "2", "access_keys": [{"id": "AKIDEXAMPLEother", "secret": "s"}]}
        cloud.emulator.seed({"accounts": [other]})
        cloud.cvm.ok("DescribeInstances")
        yield cloud


def test_users_share_the_rate_of_their_account(one_a_second: TencentCloud) -> None:
    colleague = one_a_second.cvm.but(secret_id="AKIDEXAMPLEsame", secret="s")
    assert colleague.refused("DescribeInstances") == "RequestLimitExceeded"


def test_accounts_regions_actions_and_providers_have_rates_of_their_own(one_a_second: TencentCloud) -> None:
    cvm = one_a_second.cvm
    cvm.but(secret_id="AKIDEXAMPLEother", secret="s").ok("DescribeInstances")
    cvm.but(region="ap-tokyo").ok("DescribeInstances")
    cvm.ok("DescribeKeyPairs")
    one_a_second.lighthouse.ok("DescribeInstances")
    assert cvm.refused("DescribeInstances") == "RequestLimitExceeded"


def test_unauthenticated_calls_do_not_count() -> None:
    with tencent_cloud(settings={"rates": {"*": 1}}) as cloud:
        cloud.cvm.but(secret="wrong").call("DescribeInstances")
        cloud.cvm.ok("DescribeInstances")


def test_invalid_calls_do_count() -> None:
    with tencent_cloud(settings={"rates": {"*": 1}}) as cloud:
        assert cloud.cvm.refused("DescribeInstances", Bogus=1) == "UnknownParameter"
        assert cloud.cvm.refused("DescribeInstances") == "RequestLimitExceeded"
