# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything that can be adjusted about the emulated clouds: one table of names, allowed values and defaults."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from . import checks
from .errors import ControlError
from .providers import CALLABLE, CVM, ECS, LIGHTHOUSE, WORLD_OF

#: how long the phases of an operation take, in seconds
DURATIONS: dict[str, float] = {
    "stop": 1.0,
    "start": 1.0,
    "reboot": 1.5,
    "bind": 0.5,
    "unbind": 0.5,
    "reset_password": 0.5,
}

#: key pairs per account and region
QUOTAS: dict[str, int] = {LIGHTHOUSE: 10, CVM: 100, ECS: 500}


@dataclass(frozen=True)
class Switch:
    """A behaviour that the vendors' texts leave open.

    ``values`` starts with the default; without values it is a number of seconds, by default 0.
    """

    values: tuple[str, ...]
    about: str


SWITCHES: dict[str, Switch] = {
    "lighthouse_bind": Switch(("replace", "add"), "does binding a key drop the keys bound before"),
    "cvm_bind": Switch(("add", "replace"), "the same on CVM"),
    "lighthouse_after_forced_stop": Switch(
        ("stopped", "as_before"), "state after an operation that forced the instance off"
    ),
    "cvm_force_restart": Switch(("restart", "stay_stopped"), "the same on CVM with ForceStop"),
    "region_required": Switch(("true", "false"), "is a call without region refused"),
    "lighthouse_online": Switch(("supported", "unknown_parameter"), "AssociateType, DisassociateType and Username"),
    "lighthouse_online_stopped": Switch(
        ("refuse", "accept"), "online bind or unbind of an instance that is not running"
    ),
    "unknown_instance_ids": Switch(("error", "empty"), "Lighthouse DescribeInstances with IDs that do not exist"),
    "cvm_unknown_instance_ids": Switch(("empty", "error"), "the same on CVM"),
    "unknown_key_ids": Switch(("empty", "error"), "DescribeKeyPairs of Tencent with IDs that do not exist"),
    "cvm_unbind_unbound": Switch(("ok", "error"), "CVM: unbinding a key pair that is not bound"),
    "cvm_bind_duplicate": Switch(("ok", "error"), "CVM: binding a key pair that is bound already"),
    "cvm_malformed_instance_code": Switch(
        ("InvalidInstanceId.Malformed", "InvalidParameterValue.InstanceIdMalformed"),
        "CVM: code for a malformed instance ID",
    ),
    "legacy_running_with_force": Switch(("refuse", "accept"), "CVM 2.0: ForceStop on a running instance"),
    "legacy_latest_operation": Switch(("absent", "present"), "CVM 2.0: LatestOperation* in DescribeInstances"),
    "legacy_request_id_field": Switch(("RequestId", "RequestID"), "CVM 2.0: spelling of the request ID field"),
    "legacy_auth_errors": Switch(("strings", "integers"), "CVM 2.0 with Version: shape of gateway errors"),
    "alibaba_result_types": Switch(("strings", "native"), "types in Results of AttachKeyPair and DetachKeyPair"),
    "alibaba_unknown_instance": Switch(
        ("request_error", "result_error"), "AttachKeyPair of an instance that does not exist"
    ),
    "alibaba_detach_unbound": Switch(("ok", "result_error"), "detaching a key pair that is not bound"),
    "alibaba_metadata_v1": Switch(("allowed", "refused"), "metadata without a token (security hardening mode)"),
    "alibaba_no_permission": Switch(("empty_list", "error"), "DescribeInstances of a RAM user without permission"),
    "soft_stop": Switch(("works", "ignored"), "does the guest obey a soft stop or reboot"),
    "busy_code": Switch(("in_progress", "latest_unfinished"), "Lighthouse: code while an operation is under way"),
    "key_view_lag": Switch((), "seconds by which DescribeKeyPairs lags behind in showing bindings"),
}


class Settings:
    """The adjustable values; ``merge`` changes them, all or nothing."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {
            "durations": dict(DURATIONS),
            "rates": {},
            "quotas": dict(QUOTAS),
            "clock_offset": 0,
            "switches": {name: switch.values[0] if switch.values else 0 for name, switch in SWITCHES.items()},
        }

    def as_dict(self) -> dict[str, Any]:
        """Return a copy of all values, in the shape that ``merge`` takes."""
        return deepcopy(self._values)

    def merge(self, changes: Any) -> None:
        """Validate ``changes`` and lay them over the present values.

        Raises ControlError if one is wrong, and then changes nothing.
        """
        found = checks.mapping(changes, "settings")
        checks.only(found, self._values, "")
        merged = self.as_dict()
        for name, value in found.items():
            if name == "clock_offset":
                merged[name] = checks.number(value, name, minimum=None)
                continue
            _MERGERS[name](merged[name], checks.mapping(value, name))
        self._values = merged

    def duration(self, provider: str, phase: str) -> float:
        """Return how many seconds a phase (see DURATIONS) takes at this provider."""
        durations = self._values["durations"]
        own = durations.get(WORLD_OF.get(provider, provider), {})
        return float(own.get(phase, durations[phase]))

    def rate(self, provider: str, action: str, default: int | None) -> int | None:
        """Return the permitted calls per window; ``default`` is the documented number, None means unlimited."""
        rates = self._values["rates"]
        for table, name in ((rates.get(provider, {}), action), (rates.get(provider, {}), "*"), (rates, "*")):
            if name in table:
                limit: int | None = table[name]
                return limit
        return default

    def quota(self, provider: str) -> int:
        """Return how many key pairs an account may have in one region."""
        return int(self._values["quotas"][provider])

    def switch(self, name: str) -> str:
        """Return the value of a switch (see SWITCHES)."""
        return str(self._values["switches"][name])

    @property
    def key_view_lag(self) -> float:
        """By how many seconds the key pairs' view of the bindings lags behind."""
        return float(self._values["switches"]["key_view_lag"])

    @property
    def clock_offset(self) -> float:
        """By how many seconds the servers' clock is wrong."""
        return float(self._values["clock_offset"])


def _merge_durations(durations: dict[str, Any], changes: dict[str, Any]) -> None:
    checks.only(changes, (*DURATIONS, *WORLD_OF), "durations")
    for name, value in changes.items():
        if name in DURATIONS:
            durations[name] = checks.number(value, f"durations.{name}")
            continue
        own = checks.mapping(value, f"durations.{name}")
        checks.only(own, DURATIONS, f"durations.{name}")
        table = durations.setdefault(WORLD_OF[name], {})
        table.update({phase: checks.number(seconds, f"durations.{name}.{phase}") for phase, seconds in own.items()})


def _merge_rates(rates: dict[str, Any], changes: dict[str, Any]) -> None:
    checks.only(changes, (*CALLABLE, "*"), "rates")
    for name, value in changes.items():
        if name == "*":
            rates["*"] = _limit(value, "rates.*")
            continue
        table = {
            action: _limit(limit, f"rates.{name}.{action}")
            for action, limit in checks.mapping(value, f"rates.{name}").items()
        }
        rates.setdefault(name, {}).update(table)


def _limit(value: Any, field: str) -> int | None:
    return None if value is None else checks.integer(value, field)


def _merge_quotas(quotas: dict[str, Any], changes: dict[str, Any]) -> None:
    checks.only(changes, QUOTAS, "quotas")
    quotas.update({name: checks.integer(value, f"quotas.{name}") for name, value in changes.items()})


def _merge_switches(switches: dict[str, Any], changes: dict[str, Any]) -> None:
    checks.only(changes, SWITCHES, "switches")
    for name, value in changes.items():
        field = f"switches.{name}"
        if not SWITCHES[name].values:
            switches[name] = checks.number(value, field)
            continue
        word = str(value).lower() if isinstance(value, bool) else value
        if word not in SWITCHES[name].values:
            raise ControlError(field, f"must be one of {', '.join(SWITCHES[name].values)}")
        switches[name] = word


_MERGERS = {"durations": _merge_durations, "rates": _merge_rates, "quotas": _merge_quotas, "switches": _merge_switches}
