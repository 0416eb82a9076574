# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ModifyInstanceAttribute, TagResources, UntagResources and ListTagResources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.emulator.alibaba_client import (
    AlibabaCloud,
    alibaba_cloud,
    numbered,
)

INSTANCES: list[dict[str, Any]] = [
    {"instance_id": "i-new", "password": False},
    {"instance_id": "i-keyed", "password": False, "key_pairs": ["deploy"]},
    {"instance_id": "i-starting", "state": "Starting"},
    {"instance_id": "i-seized", "locks": ["security"]},
]
PASSWORD = "Example-pass-1"


@pytest.fixture
def cloud() -> Iterator[AlibabaCloud]:
    with alibaba_cloud(instances=INSTANCES, key_pairs=("deploy",)) as running:
        yield running


def reboot(cloud: AlibabaCloud, instance_id: str) -> None:
    cloud.client.ok("RebootInstance", InstanceId=instance_id)
    cloud.clock.advance(2)


def test_a_password_works_after_the_reboot(cloud: AlibabaCloud) -> None:
    cloud.client.ok("ModifyInstanceAttribute", RegionId=None, InstanceId="i-new", Password=PASSWORD)
    assert cloud.login("i-new")["password"] is False
    reboot(cloud, "i-new")
    assert cloud.login("i-new")["password"] is True


def test_a_key_keeps_the_password_from_working(cloud: AlibabaCloud) -> None:
    cloud.client.ok("ModifyInstanceAttribute", InstanceId="i-keyed", Password=PASSWORD)
    reboot(cloud, "i-keyed")
    assert (cloud.login("i-keyed")["key_pairs"], cloud.login("i-keyed")["password"]) == (["deploy"], False)


def test_an_instance_is_renamed(cloud: AlibabaCloud) -> None:
    cloud.client.ok("ModifyInstanceAttribute", InstanceId="i-new", InstanceName="fresh")
    assert cloud.instance("i-new")["name"] == "fresh"


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({"Password": "Short-1"}, 400, "InvalidPassword.Malformed"),
        ({"Password": "Long-enough-1" * 3}, 400, "InvalidPassword.Malformed"),
        ({"Password": "onlyletters1"}, 400, "InvalidPassword.Malformed"),
        ({"Password": "Example pass 1"}, 400, "InvalidPassword.Malformed"),
        ({"InstanceId": None, "Password": PASSWORD}, 400, "MissingParameter"),
        ({"InstanceId": "i-nobody", "Password": PASSWORD}, 404, "InvalidInstanceId.NotFound"),
        ({"InstanceId": "i-starting", "Password": PASSWORD}, 403, "IncorrectInstanceStatus"),
        ({"InstanceId": "i-seized", "Password": PASSWORD}, 403, "InstanceLockedForSecurity"),
        ({"CreditSpecification": "Unlimited"}, 400, "UnsupportedParameter"),
    ],
)
def test_refused_modifications(cloud: AlibabaCloud, params: dict[str, str | None], status: int, code: str) -> None:
    request = {"InstanceId": "i-new", **params}
    assert cloud.client.refused("ModifyInstanceAttribute", **request) == (status, code)


def tag(cloud: AlibabaCloud, kind: str, names: tuple[str, ...], **tags: str) -> None:
    numbers = enumerate(tags.items(), 1)
    pairs = {f"Tag.{n}.{part}": text for n, tag in numbers for part, text in zip(("Key", "Value"), tag, strict=True)}
    cloud.client.ok("TagResources", ResourceType=kind, **numbered("ResourceId", *names), **pairs)


def tags(cloud: AlibabaCloud, kind: str, **params: str) -> list[tuple[str, str, str]]:
    answer = cloud.client.ok("ListTagResources", ResourceType=kind, **params)
    rows = answer["TagResources"]["TagResource"]
    assert {row["ResourceType"] for row in rows} <= {kind}
    return [(row["ResourceId"], row["TagKey"], row["TagValue"]) for row in rows]


@pytest.mark.parametrize(("kind", "name"), [("instance", "i-new"), ("keypair", "deploy")])
def test_tags_come_change_and_go(cloud: AlibabaCloud, kind: str, name: str) -> None:
    this = {"ResourceId.1": name}
    tag(cloud, kind, (name,), env="test", tier="web")
    tag(cloud, kind, (name,), env="prod")
    assert tags(cloud, kind, **this) == [(name, "env", "prod"), (name, "tier", "web")]
    cloud.client.ok("UntagResources", ResourceType=kind, **this, **{"TagKey.1": "tier"})
    assert tags(cloud, kind, **this) == [(name, "env", "prod")]
    cloud.client.ok("UntagResources", ResourceType=kind, **this, All="true")
    assert tags(cloud, kind, **this) == []


def test_resources_are_listed_by_tag(cloud: AlibabaCloud) -> None:
    tag(cloud, "instance", ("i-new", "i-keyed"), env="prod")
    tag(cloud, "instance", ("i-keyed",), tier="web")
    assert tags(cloud, "instance", **{"Tag.1.Key": "tier"}) == [("i-keyed", "env", "prod"), ("i-keyed", "tier", "web")]


def test_long_lists_of_tags_are_paged() -> None:
    seeded = {f"t{number:02}": "x" for number in range(19)}
    with alibaba_cloud(fleets=[{"count": 3, "tags": seeded}]) as cloud:
        answer = cloud.client.ok("ListTagResources", ResourceType="instance", **{"Tag.1.Key": "t00"})
        assert len(answer["TagResources"]["TagResource"]) == 50
        rest = tags(cloud, "instance", **{"Tag.1.Key": "t00", "NextToken": answer["NextToken"]})
        assert len(rest) == 7


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({"ResourceType": None}, 400, "MissingParameter"),
        ({"ResourceType": "ship"}, 404, "InvalidResourceType.NotFound"),
        ({"ResourceId.1": None}, 400, "MissingParameter"),
        ({"ResourceId.1": "i-nobody"}, 404, "InvalidResourceId.NotFound"),
        ({"Tag.1.Key": None}, 400, "MissingParameter"),
        ({"Tag.1.Key": "acs:mine"}, 400, "InvalidTagKey.Malformed"),
        ({f"Tag.{number}.Key": f"k{number}" for number in range(1, 22)}, 400, "InvalidTagCount"),
        (numbered("ResourceId", *(f"i-{number}" for number in range(51))), 400, "InvalidParameter"),
    ],
)
def test_refused_tags(cloud: AlibabaCloud, params: dict[str, str | None], status: int, code: str) -> None:
    request: dict[str, str | None] = {"ResourceType": "instance", "ResourceId.1": "i-new", "Tag.1.Key": "a", **params}
    assert cloud.client.refused("TagResources", **request) == (status, code)
    assert cloud.instance("i-new")["tags"] == {}


def test_a_resource_has_twenty_tags_at_most(cloud: AlibabaCloud) -> None:
    tag(cloud, "instance", ("i-new",), **{f"t{number}": "x" for number in range(20)})
    one_more = {"ResourceType": "instance", "ResourceId.1": "i-new", "Tag.1.Key": "more"}
    assert cloud.client.refused("TagResources", **one_more) == (400, "InvalidTagCount")


def test_a_list_needs_something_to_look_for(cloud: AlibabaCloud) -> None:
    assert cloud.client.refused("ListTagResources", ResourceType="instance") == (400, "MissingParameter")
