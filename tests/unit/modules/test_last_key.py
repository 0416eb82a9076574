# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keypair_binding with ``last_key_policy``: what happens when an unbind takes the last key pair of an instance."""

from __future__ import annotations

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import unbind
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import tencent_only


def test_by_default_it_warns(cloud: Cloud) -> None:
    web = cloud.add("leaver")

    result = unbind(cloud, ["leaver"], [web])

    assert cloud.keys_of(web) == []
    assert not result.failed
    assert any(web in warning and "without any key pair" in warning for warning in result.warnings)


def test_allow_unbinds_silently(cloud: Cloud) -> None:
    web = cloud.add("leaver")

    result = unbind(cloud, ["leaver"], [web], last_key_policy="allow")

    assert cloud.keys_of(web) == []
    assert result.warnings == ()


def test_refuse_makes_it_a_failed_row(cloud: Cloud) -> None:
    last, already_without = cloud.add("leaver"), cloud.add()

    result = unbind(cloud, ["leaver"], [last, already_without], last_key_policy="refuse")

    assert cloud.keys_of(last) == ["leaver"]
    assert result.failed
    assert not result.changed
    assert result.writes == []
    assert result.codes == {last: "LastKeyPair"}
    assert "last_key_policy" in result.row(last)["error"]["hint"]
    assert result.row(already_without)["outcome"] == "unchanged"


@tencent_only
@pytest.mark.parametrize("policy", ["warn", "refuse"])
def test_an_instance_with_another_key_pair_is_no_lock_out(cloud: Cloud, policy: str) -> None:
    web = cloud.add("deploy", "leaver")

    result = unbind(cloud, ["leaver"], [web], last_key_policy=policy)

    assert cloud.keys_of(web) == ["deploy"]
    assert not result.failed
    assert result.warnings == ()


@tencent_only
def test_unbinding_all_of_them_at_once_is_a_lock_out(cloud: Cloud) -> None:
    web = cloud.add("deploy", "leaver")

    result = unbind(cloud, ["leaver", "deploy"], [web], last_key_policy="refuse")

    assert cloud.keys_of(web) == ["deploy", "leaver"]
    assert result.column("outcome") == ["failed", "failed"]


@pytest.mark.parametrize("policy", ["warn", "refuse"])
def test_check_mode_tells(cloud: Cloud, policy: str) -> None:
    web = cloud.add("leaver")

    result = unbind(cloud, ["leaver"], [web], last_key_policy=policy, check=True)

    assert result.failed == (policy == "refuse")
    assert bool(result.warnings) == (policy == "warn")
    assert cloud.keys_of(web) == ["leaver"]


def test_the_others_go_on(cloud: Cloud) -> None:
    last = cloud.add("leaver")
    others = [cloud.add("deploy", "leaver")] if cloud.provider.tencent else []

    result = unbind(cloud, ["leaver"], [last, *others], last_key_policy="refuse")

    assert [cloud.keys_of(other) for other in others] == [["deploy"]] * len(others)
    assert result.changed == bool(others)
