# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""API 2.0 with ``Version=2017-03-12``: CVM's actions as they were before 2020."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ...providers import CVM_LEGACY
from .. import cvm
from ..context import Context
from ..schema import Action

RATE = 10
#: parameters that came later
_LATER = frozenset({"StopType", "StoppedMode", "TagSpecification"})
#: fields that came later; those that belong to the latest operation are a matter of switch ``legacy_latest_operation``
_LATER_FIELDS = frozenset(
    {
        "DefaultLoginPort",
        "DefaultLoginUser",
        "DedicatedClusterId",
        "DisableApiTermination",
        "HostName",
        "IsolatedSource",
        "LatestOperationErrorMsg",
        "LicenseType",
        "PrivateKey",
        "RdmaIpAddresses",
        "Tags",
    }
)
_OPERATION_FIELDS = frozenset({"LatestOperation", "LatestOperationState", "LatestOperationRequestId"})


def _older(handler: Callable[[Context], Mapping[str, Any]], members: str) -> Callable[[Context], Mapping[str, Any]]:
    """Return a Describe action's handler without the fields that came later; ``members`` names its list."""

    def handle(context: Context) -> Mapping[str, Any]:
        hidden = _LATER_FIELDS
        if context.settings.switch("legacy_latest_operation") == "absent":
            hidden |= _OPERATION_FIELDS
        answer = handler(context)
        items = [{name: value for name, value in item.items() if name not in hidden} for item in answer[members]]
        return {**answer, members: items}

    return handle


def _action(action: Action) -> Action:
    handler = action.handler
    if action.name == "DescribeInstances":
        handler = _older(handler, "InstanceSet")
    elif action.name == "DescribeKeyPairs":
        handler = _older(handler, "KeyPairSet")
    params = tuple(param for param in action.params if param.name not in _LATER)
    return replace(action, rate=RATE, params=params, handler=handler)


PRODUCT = replace(
    cvm.PRODUCT,
    provider=CVM_LEGACY,
    actions={name: _action(action) for name, action in cvm.PRODUCT.actions.items()},
    force_ignored=lambda settings: settings.switch("legacy_running_with_force") == "refuse",
)
