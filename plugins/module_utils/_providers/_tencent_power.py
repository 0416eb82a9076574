# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Start, stop and reboot of the Tencent dialects. Everything that has a default there is sent all the same.

Vendor pages: StartInstances, StopInstances, RebootInstances of Lighthouse and CVM. The default of StopType is SOFT on
CVM and SOFT_FIRST on Lighthouse.
"""

from __future__ import annotations

import abc
import typing as t

from .._models import Call


class TencentPower(abc.ABC):
    """The power actions; a base of TencentProvider."""

    def power_request(self, call: Call) -> tuple[str, dict[str, t.Any]]:
        """Return action and parameters of a start, stop or reboot."""
        params: dict[str, t.Any] = {"InstanceIds": list(call.instance_ids)}
        if call.action != "start":
            params.update(self.stop_params(call))
        return f"{call.action.capitalize()}Instances", params

    @abc.abstractmethod
    def stop_params(self, call: Call) -> dict[str, t.Any]:
        """Return the parameters of a stop or reboot that only this dialect has."""


def stop_type(call: Call) -> dict[str, t.Any]:
    """Return StopType, of stop and reboot alike."""
    return {"StopType": call.stop_type.upper()}


def stopped_mode(call: Call) -> dict[str, t.Any]:
    """Return StoppedMode, which a reboot does not have."""
    if call.action != "stop":
        return {}
    return {"StoppedMode": "KEEP_CHARGING" if call.keep_charging else "STOP_CHARGING"}


def force_flag(call: Call) -> dict[str, t.Any]:
    """Return what there was before StopType: a flag, which cannot say "softly first"."""
    return {"ForceStop" if call.action == "stop" else "ForceReboot": call.stop_type == "hard"}
