# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lighthouse's error codes for what is wrong with parameters (pages of its actions, section "Error codes")."""

from __future__ import annotations

from dataclasses import replace

from ..key_pairs import KeyPairCodes
from ..listing import filter_rules
from ..schema import Codes

CODES = Codes(
    duplicate="InvalidParameterValue.Duplicated",
    too_many="InvalidParameterValue.LimitExceeded",
    empty="InvalidParameterValue.OutOfRange",
    value="InvalidParameterValue.OutOfRange",
    too_long="InvalidParameterValue.OutOfRange",
    limit="InvalidParameterValue.OutOfRange",
    offset="InvalidParameterValue.Negative",
    conflict="InvalidParameter.ParameterConflict",
    malformed_instance_id="InvalidParameterValue.InstanceIdMalformed",
    malformed_key_id="InvalidParameterValue.KeyPairIdMalformed",
    no_permission="UnauthorizedOperation.NoPermission",
)
RENAME_CODES = replace(CODES, too_long="InvalidParameterValue.InstanceNameTooLong")

KEY_PAIR_CODES = KeyPairCodes(
    name_taken="InvalidParameterValue.DuplicateParameterValue",
    name_empty="InvalidParameterValue.InvalidKeyPairNameEmpty",
    name_illegal="InvalidParameterValue.InvalidKeyPairNameIncludeIllegalChar",
    name_too_long="InvalidParameterValue.InvalidKeyPairNameTooLong",
    quota="LimitExceeded.KeyPairLimitExceeded",
    public_key_malformed="InvalidParameterValue.KeyPairPublicKeyMalformed",
    public_key_taken="InvalidParameterValue.KeyPairPublicKeyDuplicated",
)

KEY_PAIR_FILTERS = filter_rules(
    {
        "key-id": lambda key_pair, value: bool(key_pair.key_id == value),
        "key-name": lambda key_pair, value: value in key_pair.name,
    },
    5,
    "InvalidParameter.InvalidFilter",
    "InvalidParameterValue.LimitExceeded",
)
