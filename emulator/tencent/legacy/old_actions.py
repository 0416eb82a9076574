# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""API 2.0 without ``Version``: the actions from before 2017, in lower camel case and with one key per call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..context import Context
from ..schema import INTEGER, STRINGS, Action, Param
from .product import PRODUCT, RATE

_INSTANCE_IDS = Param("instanceIds", STRINGS, required=True, most=100, ids="instance")
_KEY_ID = Param("keyId", required=True)


def _as_modern(context: Context, name: str, params: dict[str, Any]) -> Mapping[str, Any]:
    action = PRODUCT.actions[name]
    return action.handler(replace(context, action=action, params=params))


def _bind(context: Context) -> dict[str, Any]:
    """BindInstanceKey."""
    return _change(context, "AssociateInstancesKeyPairs")


def _unbind(context: Context) -> dict[str, Any]:
    """unBindInstanceKey."""
    return _change(context, "DisassociateInstancesKeyPairs")


def _change(context: Context, name: str) -> dict[str, Any]:
    params = {"InstanceIds": context.params["instanceIds"], "KeyIds": [context.params["keyId"]], "ForceStop": False}
    _as_modern(context, name, params)
    return {}


def _describe_key_pairs(context: Context) -> dict[str, Any]:
    """DescribeKeyPairs of old: bindings are in ``bindUnInstanceIds``."""
    params = context.params
    answer = _as_modern(
        context,
        "DescribeKeyPairs",
        {"KeyIds": params["keyIds"], "Filters": None, "Offset": params["offset"], "Limit": params["limit"]},
    )
    return {"data": {"totalCount": answer["TotalCount"], "sshSet": [_ssh(item) for item in answer["KeyPairSet"]]}}


def _ssh(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "keyId": item["KeyId"],
        "keyName": item["KeyName"],
        "pubkey": item["PublicKey"],
        "status": 1 if item["AssociatedInstanceIds"] else 0,
        "bindIps": [],
        "createTime": item["CreatedTime"].replace("T", " ").rstrip("Z"),
        "bindUnInstanceIds": item["AssociatedInstanceIds"],
    }


_ACTIONS = (
    Action("BindInstanceKey", RATE, (_INSTANCE_IDS, _KEY_ID), _bind, write=True),
    Action("UnBindInstanceKey", RATE, (_INSTANCE_IDS, _KEY_ID), _unbind, write=True),
    Action(
        "DescribeKeyPairs",
        RATE,
        (
            Param("keyIds", STRINGS, most=100, ids="key"),
            Param("offset", INTEGER, default=0),
            Param("limit", INTEGER, default=20),
        ),
        _describe_key_pairs,
    ),
)

OLD_PRODUCT = replace(PRODUCT, version="", actions={action.name: action for action in _ACTIONS})
