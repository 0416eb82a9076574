# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Start, stop and reboot on Alibaba Cloud ECS.

Vendor pages: StartInstances, StopInstances, RebootInstances. With BatchOptimization=SuccessFirst each instance has a
result of its own, so that an unfit one does not refuse the others. An account may stop without charging by default, so
StoppedMode is always sent.
"""

from __future__ import annotations

import typing as t

from .._client import Client
from .._models import Call, Receipt
from ._alibaba_results import receipt


class EcsPower:
    """The power actions; a base of EcsProvider."""

    _client: Client

    def change_power(self, call: Call) -> Receipt:
        """Start, stop or reboot; see Provider.write."""
        params: dict[str, t.Any] = {
            f"InstanceId.{number}": instance_id for number, instance_id in enumerate(call.instance_ids, start=1)
        }
        params["BatchOptimization"] = "SuccessFirst"
        if call.action != "start":
            params["ForceStop" if call.action == "stop" else "ForceReboot"] = str(call.stop_type == "hard").lower()
        if call.action == "stop":
            params["StoppedMode"] = "KeepCharging" if call.keep_charging else "StopCharging"
        answer = self._client.call(f"{call.action.capitalize()}Instances", params, write=True)
        results = (answer.get("InstanceResponses") or {}).get("InstanceResponse")
        return receipt(answer, results, lambda result: str(result.get("Code")) == "200")
