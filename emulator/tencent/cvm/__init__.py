# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CVM, API version 2017-03-12: its actions, their parameters, limits and documented rates."""

from __future__ import annotations

from ...providers import CVM
from ..regions import CVM_REGIONS
from ..schema import BOOLEAN, FILTERS, INTEGER, STRINGS, STRUCTS, Action, Param, Product
from . import changes, instances, key_pairs
from .codes import CODES, KEY_PAIR_PAGE_CODES, PASSWORD_CODES, effective_codes

_INSTANCE_IDS = Param("InstanceIds", STRINGS, required=True, most=100, ids="instance")
_SOME_INSTANCE_IDS = Param("InstanceIds", STRINGS, most=100, ids="instance")
_KEY_IDS = Param("KeyIds", STRINGS, required=True, most=100, ids="key")
_FORCE_STOP = Param("ForceStop", BOOLEAN)
_PAGE = (Param("Offset", INTEGER, default=0), Param("Limit", INTEGER, default=20))
_FILTERS = Param("Filters", FILTERS)
_KEY_NAME = Param("KeyName", required=True)
_PROJECT_ID = Param("ProjectId", INTEGER, required=True)
_TAG = (Param("Key", required=True), Param("Value", required=True))
_TAG_SPECIFICATION = Param(
    "TagSpecification",
    STRUCTS,
    members=(Param("ResourceType", required=True), Param("Tags", STRUCTS, required=True, members=_TAG)),
)
_STOP_TYPE = Param("StopType", choices=("SOFT_FIRST", "HARD", "SOFT"))
_STOPPED_MODE = Param("StoppedMode", choices=("KEEP_CHARGING", "STOP_CHARGING"))

_ACTIONS = (
    Action("AssociateInstancesKeyPairs", 10, (_INSTANCE_IDS, _KEY_IDS, _FORCE_STOP), changes.associate, write=True),
    Action(
        "DisassociateInstancesKeyPairs", 10, (_INSTANCE_IDS, _KEY_IDS, _FORCE_STOP), changes.disassociate, write=True
    ),
    Action(
        "DescribeKeyPairs",
        10,
        (Param("KeyIds", STRINGS, most=100, ids="key"), _FILTERS, *_PAGE),
        key_pairs.describe,
        codes=KEY_PAIR_PAGE_CODES,
    ),
    Action("CreateKeyPair", 10, (_KEY_NAME, _PROJECT_ID, _TAG_SPECIFICATION), key_pairs.create, write=True),
    Action(
        "ImportKeyPair",
        10,
        (_KEY_NAME, _PROJECT_ID, Param("PublicKey", required=True), _TAG_SPECIFICATION),
        key_pairs.import_,
        write=True,
    ),
    Action("DeleteKeyPairs", 10, (_KEY_IDS,), key_pairs.delete, write=True),
    Action(
        "ModifyKeyPairAttribute",
        10,
        (Param("KeyId", required=True), Param("KeyName"), Param("Description", most=60)),
        key_pairs.modify,
        write=True,
    ),
    Action("DescribeInstances", 40, (_SOME_INSTANCE_IDS, _FILTERS, *_PAGE), instances.describe),
    Action("DescribeInstancesStatus", 40, (_SOME_INSTANCE_IDS, *_PAGE), instances.describe_status),
    Action("StopInstances", 10, (_INSTANCE_IDS, _STOP_TYPE, _STOPPED_MODE, _FORCE_STOP), changes.stop, write=True),
    Action("StartInstances", 10, (_INSTANCE_IDS,), changes.start, write=True),
    Action(
        "RebootInstances",
        10,
        (_INSTANCE_IDS, _STOP_TYPE, Param("ForceReboot", BOOLEAN)),
        changes.reboot,
        write=True,
    ),
    Action(
        "ResetInstancesPassword",
        10,
        (_INSTANCE_IDS, Param("Password", required=True), Param("UserName", most=64), _FORCE_STOP),
        changes.reset_password,
        write=True,
        codes=PASSWORD_CODES,
    ),
    Action("DescribeRegions", 20, (), instances.regions),
)

PRODUCT = Product(
    service="cvm",
    version="2017-03-12",
    provider=CVM,
    regions=CVM_REGIONS,
    codes=CODES,
    actions={action.name: action for action in _ACTIONS},
    adjust_codes=effective_codes,
)
