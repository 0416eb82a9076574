# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lighthouse, API version 2020-03-24: its actions, their parameters, limits and documented rates."""

from __future__ import annotations

from ...providers import LIGHTHOUSE
from ...settings import Settings
from ..regions import LIGHTHOUSE_REGIONS
from ..schema import FILTERS, INTEGER, STRINGS, STRUCTS, Action, Param, Product
from . import changes, instances, key_pairs
from .codes import CODES, RENAME_CODES

_INSTANCE_IDS = Param("InstanceIds", STRINGS, required=True, most=100, ids="instance")
_KEY_IDS = Param("KeyIds", STRINGS, required=True, most=100, ids="key")
_PAGE = (Param("Offset", INTEGER, default=0), Param("Limit", INTEGER, default=20))
_FILTERS = Param("Filters", FILTERS)
_TAG = (Param("Key", required=True), Param("Value", required=True))
_TAGS = Param("Tags", STRUCTS, most=10, members=_TAG)
_STOP_TYPE = Param("StopType", choices=("SOFT", "HARD", "SOFT_FIRST"), default="SOFT_FIRST")
_ONLINE = ("ONLINE", "OFFLINE")
_USERNAME = Param("Username", most=64)
_ONLINE_NAMES = frozenset({"AssociateType", "DisassociateType", "Username"})


def _hidden(settings: Settings) -> frozenset[str]:
    """The online parameters are not known everywhere: switch ``lighthouse_online``."""
    return _ONLINE_NAMES if settings.switch("lighthouse_online") == "unknown_parameter" else frozenset()


_ACTIONS = (
    Action(
        "AssociateInstancesKeyPairs",
        10,
        (_KEY_IDS, _INSTANCE_IDS, Param("AssociateType", choices=_ONLINE), _USERNAME),
        changes.associate,
        write=True,
        hidden=_hidden,
    ),
    Action(
        "DisassociateInstancesKeyPairs",
        20,
        (_KEY_IDS, _INSTANCE_IDS, Param("DisassociateType", choices=_ONLINE), _USERNAME),
        changes.disassociate,
        write=True,
        hidden=_hidden,
    ),
    Action(
        "DescribeKeyPairs",
        100,
        (Param("KeyIds", STRINGS, most=100, ids="key"), _FILTERS, *_PAGE),
        key_pairs.describe,
    ),
    Action("CreateKeyPair", 20, (Param("KeyName", required=True), _TAGS), key_pairs.create, write=True),
    Action(
        "ImportKeyPair",
        10,
        (Param("KeyName", required=True), Param("PublicKey", required=True), _TAGS),
        key_pairs.import_,
        write=True,
    ),
    Action(
        "DeleteKeyPairs",
        10,
        (Param("KeyIds", STRINGS, required=True, most=10, ids="key"),),
        key_pairs.delete,
        write=True,
    ),
    Action(
        "DescribeInstances",
        100,
        (
            Param("InstanceIds", STRINGS, most=100, ids="instance"),
            _FILTERS,
            *_PAGE,
            Param("OrderField", choices=("EXPIRED_TIME",)),
            Param("Order", choices=("ASC", "DESC")),
        ),
        instances.describe,
    ),
    Action("DescribeInstancesDeniedActions", 10, (_INSTANCE_IDS,), instances.denied_actions),
    Action("StopInstances", 10, (_INSTANCE_IDS, _STOP_TYPE), changes.stop, write=True),
    Action("StartInstances", 10, (_INSTANCE_IDS,), changes.start, write=True),
    Action("RebootInstances", 10, (_INSTANCE_IDS, _STOP_TYPE), changes.reboot, write=True),
    Action(
        "ResetInstancesPassword",
        10,
        (_INSTANCE_IDS, Param("Password", required=True), Param("UserName", most=64)),
        changes.reset_password,
        write=True,
    ),
    Action(
        "ModifyInstancesAttribute",
        10,
        (_INSTANCE_IDS, Param("InstanceName", most=60)),
        changes.rename,
        write=True,
        codes=RENAME_CODES,
    ),
    Action("DescribeRegions", 20, (), instances.regions),
)

PRODUCT = Product(
    service="lighthouse",
    version="2020-03-24",
    provider=LIGHTHOUSE,
    regions=LIGHTHOUSE_REGIONS,
    codes=CODES,
    actions={action.name: action for action in _ACTIONS},
)
