# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which instances DescribeInstances returns: IDs, filters, pages, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.emulator.client import TencentCloud, tencent_cloud
from ansible_collections.keyfleet.cloud.tests.unit.emulator.tencent_instances import INSTANCES


@pytest.fixture
def cloud() -> Iterator[TencentCloud]:
    with tencent_cloud(instances=INSTANCES) as found:
        yield found


def names(answer: dict[str, Any]) -> list[str]:
    return [found["InstanceName"] for found in answer["InstanceSet"]]


@pytest.mark.parametrize("product", ["lighthouse", "cvm"])
@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ([{"Name": "instance-name", "Values": ["web"]}], ["web-1", "web-2"]),
        ([{"Name": "instance-state", "Values": ["STOPPED"]}], ["web-2"]),
        ([{"Name": "zone", "Values": ["ap-guangzhou-6"]}], ["db-1"]),
        ([{"Name": "tag-key", "Values": ["env"]}], ["web-1", "web-2"]),
        ([{"Name": "tag-value", "Values": ["web"]}], ["web-1"]),
        ([{"Name": "tag:env", "Values": ["prod", "test"]}], ["web-1", "web-2"]),
        ([{"Name": "tag:env", "Values": ["prod"]}, {"Name": "tag:tier", "Values": ["db"]}], []),
        ([{"Name": "private-ip-address", "Values": ["10.0.0.1"]}], ["web-1"]),
    ],
)
def test_values_of_a_filter_are_alternatives_and_all_filters_count(
    cloud: TencentCloud, product: str, filters: list[dict[str, Any]], expected: list[str]
) -> None:
    client = getattr(cloud, product)
    if product == "cvm" and filters[0]["Name"] == "private-ip-address":
        filters = [{"Name": "private-ip-address", "Values": ["10.0.0.4"]}]
    answer = client.ok("DescribeInstances", Filters=filters)
    assert (names(answer), answer["TotalCount"]) == (expected, len(expected))


@pytest.mark.parametrize(
    ("filters", "lighthouse", "cvm"),
    [
        ("web", "InvalidParameter.InvalidFilterNotDict", "InvalidFilter"),
        (["web"], "InvalidParameter.InvalidFilterNotDict", "InvalidFilter"),
        ([{"Name": 1, "Values": ["a"]}], "InvalidParameter.InvalidFilterInvalidNameNotStr", "InvalidFilter"),
        ([{"Name": "zone", "Values": "a"}], "InvalidParameter.InvalidFilterInvalidValuesNotList", "InvalidFilter"),
        ([{"Name": "zone", "Value": ["a"]}], "InvalidParameter.InvalidFilterInvalidKey", "InvalidFilter"),
        ([{"Name": "colour", "Values": ["a"]}], "InvalidParameter.InvalidFilterNotSupportedName", "InvalidFilter"),
        (
            [{"Name": "instance-name", "Values": ["a"] * 101}],
            "InvalidParameter.FilterValueLimitExceeded",
            "InvalidFilterValue.LimitExceeded",
        ),
        (
            [{"Name": "tag-key", "Values": ["a"]}] * 11,
            "InvalidParameterValue.LimitExceeded",
            "InvalidParameterValue.LimitExceeded",
        ),
        (
            [{"Name": "private-ip-address", "Values": ["10.0.0"]}],
            "InvalidParameterValue.InvalidIpFormat",
            "InvalidParameterValue.IPAddressMalformed",
        ),
    ],
)
def test_bad_filters(cloud: TencentCloud, filters: Any, lighthouse: str, cvm: str) -> None:
    assert cloud.lighthouse.refused("DescribeInstances", Filters=filters) == lighthouse
    assert cloud.cvm.refused("DescribeInstances", Filters=filters) == cvm


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"Filters": [{"Name": "zone", "Values": ["guangzhou"]}]}, "InvalidParameterValue.InvalidZone"),
        ({"Filters": [{"Name": "instance-name", "Values": ["x" * 61]}]}, "InvalidParameterValue.InstanceNameTooLong"),
        ({"Order": "ASC"}, "MissingParameter.OrderFieldRequired"),
        ({"OrderField": "NAME"}, "InvalidParameterValue.OutOfRange"),
        ({"Offset": -1}, "InvalidParameterValue.Negative"),
        ({"Limit": -1}, "InvalidParameterValue.Negative"),
        ({"Limit": 0}, "InvalidParameterValue.OutOfRange"),
        ({"Limit": 101}, "InvalidParameterValue.OutOfRange"),
        ({"OrderField": "EXPIRED_TIME", "Order": "DESC"}, None),
    ],
)
def test_lighthouse_describe_parameters(cloud: TencentCloud, params: dict[str, Any], code: str | None) -> None:
    assert cloud.lighthouse.call("DescribeInstances", params).code == code


@pytest.mark.parametrize(
    ("action", "params", "code"),
    [
        ("DescribeInstances", {"Limit": 101}, "InvalidParameterValue.LimitExceeded"),
        ("DescribeInstances", {"Offset": -1}, "InvalidParameterValue"),
        ("DescribeInstancesStatus", {"Limit": 0}, "InvalidParameterValue.LimitExceeded"),
        ("DescribeKeyPairs", {"Limit": 101}, "InvalidParameterValueLimit"),
        ("DescribeKeyPairs", {"Offset": -1}, "InvalidParameterValueOffset"),
        ("DescribeInstancesStatus", {"Filters": []}, "UnknownParameter"),
    ],
)
def test_cvm_describe_parameters(cloud: TencentCloud, action: str, params: dict[str, Any], code: str) -> None:
    assert cloud.cvm.call(action, params).code == code


@pytest.mark.parametrize(
    ("product", "prefix", "code"),
    [("lighthouse", "lhins", "InvalidParameter.ParameterConflict"), ("cvm", "ins", "InvalidParameter")],
)
def test_ids_and_filters_exclude_each_other(cloud: TencentCloud, product: str, prefix: str, code: str) -> None:
    filters = [{"Name": "zone", "Values": ["ap-guangzhou-3"]}]
    client = getattr(cloud, product)
    assert client.refused("DescribeInstances", InstanceIds=[f"{prefix}-0000web1"], Filters=filters) == code


@pytest.mark.parametrize("product", ["lighthouse", "cvm"])
def test_pages(product: str) -> None:
    with tencent_cloud() as cloud:
        fleet = {"provider": f"tencent_{product}", "region": "ap-guangzhou", "count": 45, "name_prefix": "n"}
        cloud.emulator.seed({"fleets": [fleet]})
        client = getattr(cloud, product)
        first, last = client.ok("DescribeInstances"), client.ok("DescribeInstances", Offset=40, Limit=100)
        assert (first["TotalCount"], names(first)) == (45, [f"n{number}" for number in range(1, 21)])
        assert (last["TotalCount"], names(last)) == (45, ["n41", "n42", "n43", "n44", "n45"])
        assert names(client.ok("DescribeInstances", Offset=45)) == []


@pytest.mark.parametrize("product", ["lighthouse", "cvm"])
def test_an_empty_list_of_ids_means_all(cloud: TencentCloud, product: str) -> None:
    assert getattr(cloud, product).ok("DescribeInstances", InstanceIds=[])["TotalCount"] == 3


@pytest.mark.parametrize(
    ("product", "prefix", "switch", "value", "code"),
    [
        ("lighthouse", "lhins", "unknown_instance_ids", "error", "ResourceNotFound.InstanceIdNotFound"),
        ("lighthouse", "lhins", "unknown_instance_ids", "empty", None),
        ("cvm", "ins", "cvm_unknown_instance_ids", "empty", None),
        ("cvm", "ins", "cvm_unknown_instance_ids", "error", "InvalidInstanceId.NotFound"),
    ],
)
def test_unknown_instance_ids(
    cloud: TencentCloud, product: str, prefix: str, switch: str, value: str, code: str | None
) -> None:
    cloud.switch(**{switch: value})
    answer = getattr(cloud, product).call(
        "DescribeInstances", {"InstanceIds": [f"{prefix}-0000none", f"{prefix}-0000web1"]}
    )
    assert answer.code == code
    if code is None:
        assert names(answer.response) == ["web-1"]


@pytest.mark.parametrize("code", ["InvalidInstanceId.Malformed", "InvalidParameterValue.InstanceIdMalformed"])
def test_cvm_has_two_codes_for_malformed_instance_ids(cloud: TencentCloud, code: str) -> None:
    cloud.switch(cvm_malformed_instance_code=code)
    assert cloud.cvm.refused("DescribeInstances", InstanceIds=["ins-1122"]) == code
    assert cloud.cvm.refused("StopInstances", InstanceIds=["ins-1122"]) == code
