# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""instance_info: one shape for every provider, all pages, no list that only looks empty, and nothing written."""

from __future__ import annotations

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.instance_info_tasks import found, info, with_tags
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import alibaba_only, providers, tencent_only

KEYS = {
    "instance_id",
    "name",
    "provider",
    "region",
    "state",
    "power",
    "platform",
    "zone",
    "instance_type",
    "private_addresses",
    "public_addresses",
    "tags",
    "key_pairs",
    "charge_type",
    "stopped_without_charging",
    "created",
}


def test_every_provider_answers_in_the_same_shape(cloud: Cloud) -> None:
    web = cloud.add("deploy", power="running", name="web-1", zone=f"{cloud.provider.region}-4")

    (shown,) = info(cloud).data["instances"]

    assert set(shown) == KEYS
    assert (
        shown
        | {
            "instance_id": web,
            "name": "web-1",
            "provider": cloud.provider.name,
            "region": cloud.provider.region,
            "state": cloud.provider.running,
            "power": "running",
            "platform": "linux",
            "zone": f"{cloud.provider.region}-4",
            "key_pairs": [cloud.key_id("deploy")],
            "stopped_without_charging": False,
        }
        == shown
    )
    assert shown["instance_type"]
    assert shown["charge_type"]
    assert all(len(shown[f"{kind}_addresses"]) == 1 for kind in ("private", "public"))
    assert shown["created"].endswith("Z")
    assert len(shown["created"]) == len("2026-05-01T10:00:00Z")


@pytest.mark.parametrize(("check", "diff"), [(True, False), (False, True), (True, True)])
def test_modes_make_no_difference(cloud: Cloud, check: bool, diff: bool) -> None:
    cloud.add("deploy")

    plain, other = info(cloud).data, info(cloud, check=check, diff=diff).data

    assert other | {"diff": None} == plain | {"diff": None}


def test_raw_is_the_vendors_own_object(cloud: Cloud) -> None:
    web = cloud.add()

    (shown,) = info(cloud, include_raw=True).data["instances"]

    assert set(shown) == {*KEYS, "raw"}
    assert shown["raw"]["InstanceId"] == web


@with_tags
def test_tags_are_told(cloud: Cloud) -> None:
    cloud.add(tags={"env": "prod", "empty": ""})

    assert info(cloud).data["instances"][0]["tags"] == {"env": "prod", "empty": ""}


@pytest.mark.parametrize("platform", ["linux", "windows"])
def test_the_platform_is_told(cloud: Cloud, platform: str) -> None:
    cloud.add(platform=platform)

    assert info(cloud).data["instances"][0]["platform"] == platform


@providers("tencent_cvm", "tencent_cvm_legacy", "alibaba_ecs")
def test_a_stop_without_charging_is_told(cloud: Cloud) -> None:
    cloud.add(stop_charging=True)

    assert info(cloud).data["instances"][0]["stopped_without_charging"]


@tencent_only
@pytest.mark.parametrize(
    ("state", "power"),
    [("RUNNING", "running"), ("STOPPED", "stopped"), ("STARTING", "changing"), ("RESCUE_MODE", "unavailable")],
)
def test_power_says_what_the_vendors_word_means(cloud: Cloud, state: str, power: str) -> None:
    cloud.add(state=state)

    (shown,) = info(cloud).data["instances"]

    assert (shown["state"], shown["power"]) == (state, power)


def test_an_empty_region_has_no_instances(cloud: Cloud) -> None:
    assert found(cloud) == []


@pytest.mark.parametrize("size", [1, 99, 100, 101, 350])
def test_all_pages_are_read(cloud: Cloud, size: int) -> None:
    fleet = cloud.add_fleet(size)

    result = info(cloud)

    assert [one["instance_id"] for one in result.data["instances"]] == fleet
    assert result.data["api_calls"] == {"DescribeInstances": -(-size // 100)}


def test_a_failed_read_returns_no_list_that_looks_empty(cloud: Cloud) -> None:
    cloud.fault("error", "DescribeInstances", code="UnauthorizedOperation", message="no", times=None)

    result = info(cloud)

    assert result.failed
    assert "instances" not in result.data
    assert result.data["error"]["code"] == "UnauthorizedOperation"


@alibaba_only
@pytest.mark.parametrize("answer", ["empty_list", "error"])
def test_alibabas_empty_list_without_permission_is_an_error(cloud: Cloud, answer: str) -> None:
    cloud.switch(alibaba_no_permission=answer)
    cloud.add()
    key = cloud.add_access_key("NOBODY", denied_actions=["DescribeInstances"])

    result = info(cloud, access_key_id=key)

    assert result.failed
    assert result.data["error"]["code"].startswith("Forbidden")


@tencent_only
def test_an_instance_that_may_not_be_described_is_left_out_with_a_warning(cloud: Cloud) -> None:
    web, secret = cloud.add(), cloud.add()
    key = cloud.add_access_key("SOME", denied_instance_ids=[secret])

    result = info(cloud, access_key_id=key, instance_ids=[web, secret])

    assert [one["instance_id"] for one in result.data["instances"]] == [web]
    assert result.data["missing"] == []
    assert secret in result.warnings[0]


def test_passing_faults_are_survived(cloud: Cloud) -> None:
    web = cloud.add()
    for kind in ("throttle", "http_5xx", "cut_after", "html"):
        cloud.fault(kind, "DescribeInstances")

    assert found(cloud) == [web]
