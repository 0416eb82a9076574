# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How Tencent's API 3.0 takes parameters: encodings, types, limits, sizes, regions, envelopes."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.emulator.tencent.parameters import nest
from ansible_collections.keyfleet.cloud.tests.unit.emulator.client import TencentCloud, flatten, tencent_cloud
from hypothesis import given, settings
from hypothesis import strategies as st

NAMES = st.text("abcXYZ", min_size=1, max_size=5)
VALUES = st.recursive(
    st.text(max_size=5),
    lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(NAMES, inner, min_size=1, max_size=3),
    max_leaves=4,
)


@pytest.fixture
def cloud() -> Iterator[TencentCloud]:
    with tencent_cloud(key_pairs=[{"key_id": "skey-00000one"}], instances=[{"instance_id": "ins-00000one"}]) as found:
        yield found


@given(st.dictionaries(NAMES, VALUES, max_size=3), st.sampled_from([0, 1, 7]))
@settings(max_examples=50)
def test_nesting_undoes_flattening(params: dict[str, Any], first_index: int) -> None:
    flat = flatten(params, first_index)
    if max((name.count(".") for name in flat), default=0) < 6:
        assert nest(flat) == params


def test_indexes_are_ordered_as_numbers() -> None:
    assert nest({"Ids.10": "c", "Ids.2": "b", "Ids.1": "a"}) == {"Ids": ["a", "b", "c"]}


@pytest.mark.parametrize("flat", [{"A": "1", "A.0": "2"}, {"A.0": "2", "A": "1"}, {".": "x"}, {"A..B": "x"}])
def test_contradictory_names_are_no_crash(flat: dict[str, str]) -> None:
    assert isinstance(nest(flat), dict)


@pytest.mark.parametrize("value", ["True", "TRUE", "true", "False", "FALSE", "false"])
def test_booleans_in_forms(cloud: TencentCloud, value: str) -> None:
    params = {"InstanceIds": ["ins-00000one"], "KeyIds": ["skey-00000one"], "ForceStop": value}
    answer = cloud.cvm.but(scheme="HmacSHA256").call("AssociateInstancesKeyPairs", params)
    assert answer.code == (None if value.lower() == "true" else "UnsupportedOperation.InstanceStateRunning")


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"Limit": "20"}, "InvalidParameter"),
        ({"Limit": 20.5}, "InvalidParameter"),
        ({"Limit": True}, "InvalidParameter"),
        ({"InstanceIds": "ins-00000one"}, "InvalidParameter"),
        ({"InstanceIds": [1]}, "InvalidParameter"),
        ({"InstanceIds": {"0": "ins-00000one"}}, "InvalidParameter"),
        ({"Instanceids": ["ins-00000one"]}, "UnknownParameter"),
        ({"InstanceIds.0": "ins-00000one"}, "UnknownParameter"),
        ({"Limit": None}, None),
    ],
)
def test_types_in_json(cloud: TencentCloud, params: dict[str, Any], code: str | None) -> None:
    assert cloud.cvm.call("DescribeInstances", params).code == code


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"Limit": 20}, None),
        ({"Limit": "twenty"}, "InvalidParameter"),
        ({"InstanceIds": "ins-00000one"}, "InvalidParameter"),
        ({"InstanceIds": ["ins-00000one"]}, None),
        ({"Bogus": 1}, "UnknownParameter"),
    ],
)
def test_types_in_query_strings(cloud: TencentCloud, params: dict[str, Any], code: str | None) -> None:
    for scheme in ("TC3", "HmacSHA1"):
        assert cloud.cvm.but(scheme=scheme, method="GET").call("DescribeInstances", params).code == code


def test_missing_is_reported_before_unknown_before_type(cloud: TencentCloud) -> None:
    assert cloud.cvm.refused("StopInstances", Bogus=1) == "MissingParameter"
    assert cloud.cvm.refused("StopInstances", InstanceIds="x", Bogus=1) == "UnknownParameter"
    assert cloud.cvm.refused("StopInstances", InstanceIds="x") == "InvalidParameter"


@pytest.mark.parametrize(
    ("provider", "ids", "code"),
    [
        ("lighthouse", [], "InvalidParameterValue.OutOfRange"),
        ("lighthouse", ["lhins-00000one"] * 2, "InvalidParameterValue.Duplicated"),
        ("lighthouse", [f"lhins-{n:08}" for n in range(101)], "InvalidParameterValue.LimitExceeded"),
        ("lighthouse", ["lhins-1122"], "InvalidParameterValue.InstanceIdMalformed"),
        ("lighthouse", ["ins-00000one"], "InvalidParameterValue.InstanceIdMalformed"),
        ("lighthouse", ["lhins-0000ONE1"], "InvalidParameterValue.InstanceIdMalformed"),
        ("lighthouse", [f"lhins-{n:08}" for n in range(100)], "ResourceNotFound.InstanceIdNotFound"),
        ("cvm", [], "MissingParameter"),
        ("cvm", ["ins-00000one"] * 2, "InvalidParameterValue"),
        ("cvm", [f"ins-{n:08}" for n in range(101)], "InvalidParameterValue.LimitExceeded"),
        ("cvm", ["ins-1122"], "InvalidInstanceId.Malformed"),
        ("cvm", [f"ins-{n:08}" for n in range(100)], "InvalidInstanceId.NotFound"),
    ],
)
def test_lists_of_instance_ids(cloud: TencentCloud, provider: str, ids: list[str], code: str) -> None:
    client = getattr(cloud, provider)
    key = "lhkp-00000one" if provider == "lighthouse" else "skey-00000one"
    assert client.refused("StopInstances", InstanceIds=ids) == code
    assert client.refused("AssociateInstancesKeyPairs", InstanceIds=ids, KeyIds=[key]) == code


def test_the_shape_of_success(cloud: TencentCloud) -> None:
    answer = cloud.cvm.call("DescribeInstances")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert list(answer.data) == ["Response"]
    assert str(uuid.UUID(answer.response["RequestId"])) == answer.response["RequestId"]


def test_the_shape_of_errors(cloud: TencentCloud) -> None:
    answer = cloud.cvm.call("StopInstances", {"InstanceIds": ["ins-1122"]})
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert sorted(answer.response) == ["Error", "RequestId"]
    assert sorted(answer.response["Error"]) == ["Code", "Message"]
    entry = cloud.emulator.log()[-1]
    assert (entry["request_id"], entry["code"]) == (answer.response["RequestId"], "InvalidInstanceId.Malformed")


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b'"x"'])
def test_bodies_that_are_no_json_object(cloud: TencentCloud, body: bytes) -> None:
    client = cloud.cvm.but(headers={"Authorization": "TC3-HMAC-SHA256 nonsense"})
    target, _body, headers = client.tc3("DescribeInstances", {})
    assert client.send(target, body, headers).code == "AuthFailure.InvalidAuthorization"
    assert cloud.emulator.log()[-1]["params"] == {}


def test_a_signed_body_that_is_no_object(cloud: TencentCloud) -> None:
    answer = cloud.cvm.send(*cloud.cvm.tc3("DescribeInstances", ["x"]))  # type: ignore[arg-type]
    assert answer.code == "InvalidParameter"


@pytest.mark.parametrize(
    ("scheme", "method", "size", "code"),
    [
        ("TC3", "GET", 33 * 1024, "RequestSizeLimitExceeded"),
        ("HmacSHA1", "GET", 33 * 1024, "RequestSizeLimitExceeded"),
        ("HmacSHA1", "POST", 1025 * 1024, "RequestSizeLimitExceeded"),
        ("TC3", "POST", 1025 * 1024, "UnknownParameter"),
        ("TC3", "POST", 10241 * 1024, "RequestSizeLimitExceeded"),
    ],
)
def test_sizes(cloud: TencentCloud, scheme: str, method: str, size: int, code: str) -> None:
    assert cloud.cvm.but(scheme=scheme, method=method).refused("DescribeInstances", Bogus="x" * size) == code


@pytest.mark.parametrize("changes", [{"method": "PUT"}, {"headers": {"Content-Type": "text/plain"}}])
@pytest.mark.parametrize("scheme", ["TC3", "HmacSHA256"])
def test_unsupported_protocols(cloud: TencentCloud, scheme: str, changes: dict[str, Any]) -> None:
    assert cloud.cvm.but(scheme=scheme, **changes).refused("DescribeInstances") == "UnsupportedProtocol"


@pytest.mark.parametrize(
    ("region", "required", "code"),
    [
        ("ap-tokyo", "true", None),
        ("ap-chongqing", "true", "UnsupportedRegion"),
        ("mars-north", "true", "UnsupportedRegion"),
        (None, "true", "MissingParameter"),
        (None, "false", None),
    ],
)
def test_regions(cloud: TencentCloud, region: str | None, required: str, code: str | None) -> None:
    cloud.switch(region_required=required)
    assert cloud.lighthouse.but(region=region).call("DescribeInstances").code == code


def test_resources_are_regional(cloud: TencentCloud) -> None:
    elsewhere = cloud.cvm.but(region="ap-tokyo")
    assert elsewhere.ok("DescribeInstances")["TotalCount"] == 0
    assert elsewhere.refused("StopInstances", InstanceIds=["ins-00000one"]) == "InvalidInstanceId.NotFound"
    cloud.emulator.seed(
        {"instances": [{"provider": "tencent_cvm", "region": "ap-tokyo", "instance_id": "ins-00tokyo1"}]}
    )
    params = {"InstanceIds": ["ins-00tokyo1"], "KeyIds": ["skey-00000one"]}
    assert elsewhere.call("AssociateInstancesKeyPairs", params).code == "InvalidKeyPairId.NotFound"
