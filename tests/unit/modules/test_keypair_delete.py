# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keypair with state=absent: a key pair goes only when nothing uses it and, if a key is given, when it is that one."""

from __future__ import annotations

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import bind, unbind
from ansible_collections.keyfleet.cloud.tests.unit.modules.keypair_tasks import code, ensure, held, key
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import lighthouse_only, tencent_only


def test_a_key_pair_is_deleted(cloud: Cloud) -> None:
    result = ensure(cloud, "deploy", state="absent")

    assert result.changed
    assert result.writes == ["DeleteKeyPairs"]
    assert result.data["key_pair"] is None
    assert "deploy" not in held(cloud)


def test_what_is_gone_stays_gone(cloud: Cloud) -> None:
    result = ensure(cloud, "release", state="absent", public_key=key("release"), tags={}, replace=True)

    assert not result.changed
    assert not result.failed
    assert result.data["key_pair"] is None
    assert result.actions == ["DescribeKeyPairs"]


def test_with_a_public_key_only_that_key_is_deleted(cloud: Cloud) -> None:
    other = ensure(cloud, "deploy", state="absent", public_key=key("new"))
    own = ensure(cloud, "deploy", state="absent", public_key=key("deploy", "mine"))

    assert code(other) == "KeyPairDiffers"
    assert other.writes == []
    assert own.changed
    assert "deploy" not in held(cloud)


def test_a_key_pair_that_is_bound_is_not_deleted(cloud: Cloud) -> None:
    holders = sorted([cloud.add("deploy"), cloud.add("deploy", power="running")])
    cloud.add("former")

    result = ensure(cloud, "deploy", state="absent")

    assert code(result) == "KeyPairInUse"
    assert all(holder in result.data["error"]["message"] for holder in holders)
    assert result.data["key_pair"]["instance_ids"] == holders
    assert not result.changed
    assert result.writes == []


def test_all_holders_of_many_are_told(cloud: Cloud) -> None:
    holders = cloud.add_fleet(130, "deploy")

    result = ensure(cloud, "deploy", state="absent")

    assert code(result) == "KeyPairInUse"
    assert result.data["key_pair"]["instance_ids"] == holders
    assert "130 instance(s)" in result.msg


def test_after_the_unbind_it_is_deleted_although_the_cloud_lags_behind(cloud: Cloud) -> None:
    web = cloud.add("deploy")
    cloud.emulator.configure({"switches": {"key_view_lag": 5}})
    unbind(cloud, ["deploy"], [web], last_key_policy="allow")

    result = ensure(cloud, "deploy", state="absent")

    assert not result.failed, result.msg
    assert result.changed
    assert "deploy" not in held(cloud)


@tencent_only
def test_a_fresh_bind_that_the_key_pair_does_not_show_yet_is_found(cloud: Cloud) -> None:
    web = cloud.add()
    cloud.emulator.configure({"switches": {"key_view_lag": 5}})
    bind(cloud, ["deploy"], [web])

    result = ensure(cloud, "deploy", state="absent")

    assert code(result) == "KeyPairInUse"
    assert web in result.msg
    assert "deploy" in held(cloud)


def image(cloud: Cloud) -> None:
    pair = {"provider": cloud.provider.world, "region": cloud.provider.region, "name": "golden"}
    cloud.emulator.seed({"key_pairs": [{**pair, "image_reference": True}]})


@lighthouse_only
def test_a_key_pair_of_an_image_is_not_deleted_and_not_waited_for(cloud: Cloud) -> None:
    image(cloud)

    result = ensure(cloud, "golden", state="absent")

    assert code(result) == "UnsupportedOperation.KeyPairBindToBlueprints"
    assert "image" in result.data["error"]["hint"]
    assert result.writes == ["DeleteKeyPairs"]


@pytest.mark.parametrize("cloud", ["tencent_cvm", "tencent_cvm_legacy"], indirect=True)
def test_where_an_image_looks_like_a_lag_the_wait_has_an_end(cloud: Cloud) -> None:
    image(cloud)

    result = ensure(cloud, "golden", state="absent", wait_timeout=3)

    assert code(result) == "InvalidParameterValue.KeyPairNotSupported"
    assert "image" in result.data["error"]["hint"]
    assert result.data["error"]["retryable"]
    assert len(result.writes) > 1
