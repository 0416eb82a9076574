# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keypair_binding with ``expected_account_id``: in another account than this one nothing is done."""

from __future__ import annotations

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import ACCOUNT, Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import bind
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import api3_only


@pytest.mark.parametrize("check", [False, True])
def test_the_expected_account_costs_one_call(cloud: Cloud, check: bool) -> None:
    result = bind(cloud, ["deploy"], [cloud.add()], expected_account_id=ACCOUNT, check=check)

    assert result.changed
    assert result.actions[0] == "GetCallerIdentity"
    assert result.data["api_calls"]["GetCallerIdentity"] == 1


@pytest.mark.parametrize("check", [False, True])
def test_with_another_account_nothing_is_done(cloud: Cloud, check: bool) -> None:
    result = bind(cloud, ["deploy"], [cloud.add()], expected_account_id="999", check=check)

    assert result.failed
    assert result.data["error"]["code"] == "WrongAccount"
    assert f"belong to the account {ACCOUNT}, not to 999" in result.msg
    assert result.actions == ["GetCallerIdentity"]


@api3_only
def test_the_account_is_that_of_the_role(cloud: Cloud) -> None:
    cloud.emulator.seed({"accounts": [{"vendor": "tencent", "account_id": "2", "roles": [{"name": "ops"}]}]})
    role = "qcs::cam::uin/2:roleName/ops"

    result = bind(cloud, ["deploy"], [cloud.add()], role_arn=role, expected_account_id=ACCOUNT)

    assert result.actions == ["AssumeRole", "GetCallerIdentity"]
    assert "belong to the account 2" in result.msg


def test_whoever_may_not_ask_for_the_account_does_nothing(cloud: Cloud) -> None:
    key_id = cloud.add_access_key("POOR", denied_actions=["GetCallerIdentity"])

    result = bind(cloud, ["deploy"], [cloud.add()], expected_account_id=ACCOUNT, access_key_id=key_id)

    assert result.failed
    assert result.msg.startswith("The account could not be found out: ")
    assert result.actions == ["GetCallerIdentity"]


def test_without_instances_not_even_the_account_is_asked_for(cloud: Cloud) -> None:
    result = bind(cloud, ["deploy"], [], expected_account_id="999")

    assert not result.failed
    assert result.log == []
