# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the vendors' objects to ours: fields that older answers lack, and values that are written in several ways."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import Holder
from ansible_collections.keyfleet.cloud.plugins.module_utils._providers import _alibaba_objects, _tencent_objects
from ansible_collections.keyfleet.cloud.plugins.module_utils._providers._answers import utc_time

TENCENT = {"InstanceId": "ins-1e4r6y8i", "InstanceState": "STOPPED"}
ALIBABA = {"InstanceId": "i-bp1d6tsvznfghy7yaaaa", "Status": "Stopped"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-09-22T00:00:00+00:00", "2020-09-22T00:00:00Z"),
        ("2020-09-22T08:00:00+08:00", "2020-09-22T00:00:00Z"),
        ("2026-05-01T10:00:00Z", "2026-05-01T10:00:00Z"),
        ("2017-12-10T04:04Z", "2017-12-10T04:04:00Z"),
        ("yesterday", "yesterday"),
        ("", None),
        ("null", None),
        (None, None),
    ],
)
def test_times(text: str | None, expected: str | None) -> None:
    assert utc_time(text) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {"platform": "unknown", "zone": None, "instance_type": None, "key_pairs": (), "operation": None}),
        ({"LoginSettings": None, "Tags": None, "PublicIpAddresses": None}, {"key_pairs": (), "tags": {}}),
        ({"LoginSettings": {"KeyIds": None}}, {"key_pairs": ()}),
        ({"LoginSettings": {"KeyIds": ["skey-4e5ty7i8"]}}, {"key_pairs": ("skey-4e5ty7i8",)}),
        ({"PlatformType": "WINDOWS", "OsName": "?"}, {"platform": "windows"}),
        ({"PlatformType": "LINUX_UNIX", "OsName": "Windows of opportunity"}, {"platform": "linux"}),
        ({"OsName": "Windows Server 2022"}, {"platform": "windows"}),
        ({"OsName": "TencentOS Server 3.1"}, {"platform": "linux"}),
        ({"Placement": {"Zone": "ap-guangzhou-3"}}, {"zone": "ap-guangzhou-3"}),
        ({"Zone": "ap-guangzhou-4"}, {"zone": "ap-guangzhou-4"}),
        ({"BundleId": "bundle_1"}, {"instance_type": "bundle_1"}),
        ({"PrivateIpAddresses": ["10.0.0.1"]}, {"private_addresses": ("10.0.0.1",)}),
        (
            {"PublicAddresses": ["203.0.113.7"], "PublicIpv6Addresses": ["2001:db8::7"]},
            {"public_addresses": ("203.0.113.7", "2001:db8::7")},
        ),
        ({"StopChargingMode": "STOP_CHARGING"}, {"stopped_without_charging": True}),
        ({"StopChargingMode": "STOP_CHARGING", "InstanceState": "RUNNING"}, {"stopped_without_charging": False}),
        ({"Tags": [{"Key": "a", "Value": "b"}, {"Key": "c", "Value": None}]}, {"tags": {"a": "b", "c": ""}}),
        ({"CreatedTime": "2020-09-22T00:00:00+00:00"}, {"created": "2020-09-22T00:00:00Z"}),
        ({"CreateTime": "2020-09-22T00:00:00Z"}, {"created": "2020-09-22T00:00:00Z"}),
    ],
)
def test_instances_of_tencent(fields: dict[str, t.Any], expected: dict[str, t.Any]) -> None:
    instance = _tencent_objects.to_instance({**TENCENT, **fields})

    assert {name: getattr(instance, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {"platform": "unknown", "zone": None, "key_pairs": (), "private_addresses": (), "public_addresses": ()}),
        ({"KeyPairName": ""}, {"key_pairs": ()}),
        ({"KeyPairName": "deploy"}, {"key_pairs": ("deploy",)}),
        ({"OSType": "Windows"}, {"platform": "windows"}),
        ({"OSType": "linux"}, {"platform": "linux"}),
        (
            {"VpcAttributes": {"PrivateIpAddress": {"IpAddress": ["10.0.0.1"]}}},
            {"private_addresses": ("10.0.0.1",)},
        ),
        ({"InnerIpAddress": {"IpAddress": ["10.1.0.1"]}, "VpcAttributes": None}, {"private_addresses": ("10.1.0.1",)}),
        (
            {"PublicIpAddress": {"IpAddress": []}, "EipAddress": {"IpAddress": "203.0.113.7"}},
            {"public_addresses": ("203.0.113.7",)},
        ),
        ({"EipAddress": {"IpAddress": ""}}, {"public_addresses": ()}),
        ({"StoppedMode": "StopCharging"}, {"stopped_without_charging": True}),
        ({"StoppedMode": "KeepCharging"}, {"stopped_without_charging": False}),
        ({"Tags": {"Tag": [{"TagKey": "a", "TagValue": "b"}]}}, {"tags": {"a": "b"}}),
        ({"CreationTime": "2017-12-10T04:04Z"}, {"created": "2017-12-10T04:04:00Z"}),
    ],
)
def test_instances_of_alibaba(fields: dict[str, t.Any], expected: dict[str, t.Any]) -> None:
    instance = _alibaba_objects.to_instance({**ALIBABA, **fields})

    assert {name: getattr(instance, name) for name in expected} == expected


@pytest.mark.parametrize("field", ["CreatedTime", "CreateTime"])
def test_key_pairs_of_tencent(field: str) -> None:
    pair = _tencent_objects.to_key_pair(
        {
            "KeyId": "lhkp-f7rjie1q",
            "KeyName": "deploy",
            "PublicKey": "ssh-rsa AAAA deploy",
            field: "2020-09-22T00:00:00Z",
            "AssociatedInstanceIds": ["lhins-b", "lhins-a"],
            "AssociatedInstanceSet": [{"InstanceId": "lhins-a", "Username": "ubuntu"}],
            "PrivateKey": "-----BEGIN example-private-key",
            "Tags": [{"Key": "team", "Value": "web"}],
        }
    )

    assert pair.holders == (Holder("lhins-a", "ubuntu"), Holder("lhins-b"))
    assert "example-private-key" not in repr(pair) + str(pair.as_dict(include_raw=True))
    assert pair.as_dict() == {
        "id": "lhkp-f7rjie1q",
        "name": "deploy",
        "public_key": "ssh-rsa AAAA deploy",
        "fingerprint": None,
        "created": "2020-09-22T00:00:00Z",
        "tags": {"team": "web"},
        "instance_ids": ["lhins-a", "lhins-b"],
    }


def test_key_pairs_of_alibaba() -> None:
    raw = {"KeyPairName": "deploy", "KeyPairFingerPrint": "5b:b3", "CreationTime": "2017-12-10T04:04Z", "Tags": None}

    assert _alibaba_objects.to_key_pair(raw).as_dict(include_raw=True) == {
        "id": "deploy",
        "name": "deploy",
        "public_key": None,
        "fingerprint": "5b:b3",
        "created": "2017-12-10T04:04:00Z",
        "tags": {},
        "instance_ids": None,
        "raw": raw,
    }
