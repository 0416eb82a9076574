# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Holds the tables of the guides to the code that they describe. A table is found by the label before it."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields
from pathlib import Path

import yaml
from ansible_collections.keyfleet.cloud.emulator import seed, seed_world
from ansible_collections.keyfleet.cloud.emulator.accounts import IdentityProvider, Role
from ansible_collections.keyfleet.cloud.emulator.clock import SystemClock
from ansible_collections.keyfleet.cloud.emulator.cloud import Cloud
from ansible_collections.keyfleet.cloud.emulator.control import PREFIX, Control
from ansible_collections.keyfleet.cloud.emulator.faults import KINDS, Fault
from ansible_collections.keyfleet.cloud.emulator.settings import DURATIONS, SWITCHES, Settings
from ansible_collections.keyfleet.cloud.plugins.module_utils._capabilities import Rate
from ansible_collections.keyfleet.cloud.plugins.module_utils._login import banner, proof
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan import wave_model
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.drift_model import STATUSES
from ansible_collections.keyfleet.cloud.plugins.module_utils._providers._registry import PROVIDERS
from ansible_collections.keyfleet.cloud.tests.unit.guides import GUIDES, first_column, literals, table

ROLES = Path(__file__).parents[2] / "roles"


def test_the_seed_is_one() -> None:
    text = (GUIDES / "emulator.rst").read_text(encoding="utf-8")
    document = json.loads(text.partition(".. code-block:: json\n")[2].partition("\nStart the server")[0])
    state = Control(Cloud(SystemClock()), document).state()
    assert len(state["instances"]) == 101


def test_every_member_of_a_seed_is_listed() -> None:
    written = {literals(row[0])[0]: set(literals(row[1])) for row in table("emulator.seeds")}
    taken = {
        "access_keys": seed._KEY_MEMBERS,
        "identity_providers": IdentityProvider.__dataclass_fields__,
        "roles": Role.__dataclass_fields__,
        "key_pairs": seed_world._KEY_PAIR,
        "instances": seed_world._INSTANCE,
        "fleets": seed_world._FLEET,
    }
    assert [
        (name, member) for name, members in taken.items() for member in members if member not in written[name]
    ] == []


def test_every_switch_is_listed_with_its_values_the_default_first() -> None:
    written = {literals(name)[0]: tuple(literals(values)) for name, values, _about in table("emulator.switches")}
    assert written == {name: switch.values or ("0",) for name, switch in SWITCHES.items()}


def test_every_setting_is_listed() -> None:
    assert sorted(first_column("emulator.settings")) == sorted(Settings().as_dict())


def test_every_duration_is_listed_with_its_default() -> None:
    written = {literals(name)[0]: float(literals(seconds)[0]) for name, seconds in table("emulator.durations")}
    assert written == DURATIONS


def test_every_kind_of_fault_is_listed() -> None:
    assert sorted(first_column("emulator.faults")) == sorted(KINDS)


def test_every_member_of_a_fault_is_listed_with_its_default() -> None:
    written = {literals(name)[0]: literals(default) for name, default, _about in table("emulator.fault_members")}
    words = {None: "null"}
    assert written == {
        field.name: [] if field.default is MISSING else [words.get(field.default, str(field.default))]
        for field in fields(Fault)
    }


def test_every_request_of_the_control_interface_is_listed() -> None:
    routes = Control(Cloud(SystemClock()))._routes
    assert sorted(first_column("emulator.control")) == sorted(f"{method} {PREFIX}{name}" for method, name in routes)


def test_the_limits_of_each_provider_are_those_that_are_kept() -> None:
    written = {literals(row[0])[0]: row[1:] for row in table("how_each_cloud_behaves.limits")}
    kept = {}
    for name, registration in PROVIDERS.items():
        facts = registration.capabilities
        bind, unbind = (
            ("AttachKeyPair", "DetachKeyPair")
            if facts.restart_needed
            else ("AssociateInstancesKeyPairs", "DisassociateInstancesKeyPairs")
        )
        rates = (facts.rates.get(action, facts.default_rate) for action in (bind, unbind, "DescribeInstances"))
        kept[name] = [str(facts.bind_batch), *map(_rate, rates)]
    assert written == kept


def test_every_way_in_which_a_login_fails_is_listed() -> None:
    codes = {code for code, _hint in proof.EXPLAINED.values()} | {banner.CODE, wave_model.STOPPED}
    assert sorted(first_column("running_machines.login")) == sorted(codes)


def test_the_defaults_of_the_role_bind_are_those_that_are_written() -> None:
    defaults = yaml.safe_load((ROLES / "bind" / "defaults" / "main.yml").read_text(encoding="utf-8"))
    rows = [(literals(name)[0], literals(default)) for name, default, _about in table("bind_and_unbind.decisions")]
    plain = [(name, default[0]) for name, default in rows if default]
    assert len(plain) > 5
    assert plain == [(name, _text(defaults[name])) for name, _default in plain]
    assert {name for name, _default in rows} <= defaults.keys()


def _text(value: object) -> str:
    """Return a default as a guide writes it."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _rate(rate: Rate) -> str:
    window = "s" if rate.seconds == 1.0 else "min"
    return f"{rate.calls}/{window}"


def test_statuses_of_the_drift_report() -> None:
    assert first_column("drift_report.statuses") == list(STATUSES)
