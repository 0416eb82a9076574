# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings: every switch, its values and its default; merging; complaints that name the member."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.emulator.errors import ControlError
from ansible_collections.keyfleet.cloud.emulator.settings import SWITCHES, Settings

#: switch -> values, the default first
EXPECTED = {
    "lighthouse_bind": ("replace", "add"),
    "cvm_bind": ("add", "replace"),
    "lighthouse_after_forced_stop": ("stopped", "as_before"),
    "cvm_force_restart": ("restart", "stay_stopped"),
    "region_required": ("true", "false"),
    "lighthouse_online": ("supported", "unknown_parameter"),
    "lighthouse_online_stopped": ("refuse", "accept"),
    "unknown_instance_ids": ("error", "empty"),
    "cvm_unknown_instance_ids": ("empty", "error"),
    "unknown_key_ids": ("empty", "error"),
    "cvm_unbind_unbound": ("ok", "error"),
    "cvm_bind_duplicate": ("ok", "error"),
    "cvm_malformed_instance_code": ("InvalidInstanceId.Malformed", "InvalidParameterValue.InstanceIdMalformed"),
    "legacy_running_with_force": ("refuse", "accept"),
    "legacy_latest_operation": ("absent", "present"),
    "legacy_request_id_field": ("RequestId", "RequestID"),
    "legacy_auth_errors": ("strings", "integers"),
    "alibaba_result_types": ("strings", "native"),
    "alibaba_unknown_instance": ("request_error", "result_error"),
    "alibaba_detach_unbound": ("ok", "result_error"),
    "alibaba_metadata_v1": ("allowed", "refused"),
    "alibaba_no_permission": ("empty_list", "error"),
    "soft_stop": ("works", "ignored"),
    "busy_code": ("in_progress", "latest_unfinished"),
    "key_view_lag": (),
}


def test_switches_and_values() -> None:
    assert {name: switch.values for name, switch in SWITCHES.items()} == EXPECTED
    assert all(switch.about for switch in SWITCHES.values())


@pytest.mark.parametrize("name", [name for name, values in EXPECTED.items() if values])
def test_every_switch_has_its_default_and_takes_its_values_only(name: str) -> None:
    settings = Settings()
    assert settings.switch(name) == EXPECTED[name][0]
    for value in reversed(EXPECTED[name]):
        settings.merge({"switches": {name: value}})
        assert settings.switch(name) == value
    with pytest.raises(ControlError, match=f"^switches.{name}: must be one of"):
        settings.merge({"switches": {name: "perhaps"}})


def test_json_booleans_will_do_for_true_and_false() -> None:
    settings = Settings()
    settings.merge({"switches": {"region_required": False}})
    assert settings.switch("region_required") == "false"


def test_durations_merge_per_phase_and_provider() -> None:
    settings = Settings()
    settings.merge({"durations": {"stop": 3, "alibaba_ecs": {"start": 0.1}}})
    settings.merge({"durations": {"alibaba_ecs": {"reboot": 0}, "tencent_cvm_legacy": {"bind": 9}}})
    assert settings.duration("alibaba_ecs", "start") == 0.1
    assert settings.duration("alibaba_ecs", "reboot") == 0
    assert settings.duration("alibaba_ecs", "stop") == 3
    assert settings.duration("tencent_lighthouse", "start") == 1.0
    assert settings.duration("tencent_cvm", "bind") == 9


def test_a_copy_can_be_merged_back() -> None:
    settings, other = Settings(), Settings()
    settings.merge({"durations": {"stop": 3}, "rates": {"*": None}, "clock_offset": -5, "quotas": {"tencent_cvm": 1}})
    other.merge(settings.as_dict())
    assert other.as_dict() == settings.as_dict()
    other.as_dict()["switches"]["busy_code"] = "changed"
    assert other.switch("busy_code") == "in_progress"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ([], "settings"),
        ({"colour": 1}, "colour"),
        ({"durations": 1}, "durations"),
        ({"durations": {"sleep": 1}}, "durations.sleep"),
        ({"durations": {"stop": -1}}, "durations.stop"),
        ({"durations": {"stop": "1"}}, "durations.stop"),
        ({"durations": {"stop": True}}, "durations.stop"),
        ({"durations": {"stop": float("nan")}}, "durations.stop"),
        ({"durations": {"alibaba_ecs": {"sleep": 1}}}, "durations.alibaba_ecs.sleep"),
        ({"rates": {"aws": {}}}, "rates.aws"),
        ({"rates": {"tencent_cvm": {"StopInstances": 1.5}}}, "rates.tencent_cvm.StopInstances"),
        ({"rates": {"*": -1}}, r"rates.\*"),
        ({"quotas": {"tencent_cvm": None}}, "quotas.tencent_cvm"),
        ({"clock_offset": "5"}, "clock_offset"),
        ({"switches": {"gravity": "on"}}, "switches.gravity"),
        ({"switches": {"key_view_lag": "1"}}, "switches.key_view_lag"),
    ],
)
def test_bad_settings_name_the_member_and_change_nothing(changes: Any, field: str) -> None:
    settings = Settings()
    before = settings.as_dict()
    with pytest.raises(ControlError, match=f"^{field}:"):
        settings.merge({"clock_offset": 7, **changes} if isinstance(changes, dict) else changes)
    assert settings.as_dict() == before
