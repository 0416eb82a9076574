# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CVM's error codes for what is wrong with parameters (pages of the product's actions, section "Error codes")."""

from __future__ import annotations

from dataclasses import replace

from ...settings import Settings
from ..key_pairs import KeyPairCodes
from ..listing import filter_rules
from ..schema import Codes

CODES = Codes(
    duplicate="InvalidParameterValue",
    too_many="InvalidParameterValue.LimitExceeded",
    empty="MissingParameter",
    value="InvalidParameterValue",
    too_long="InvalidParameterValue",
    limit="InvalidParameterValue.LimitExceeded",
    offset="InvalidParameterValue",
    conflict="InvalidParameter",
    malformed_instance_id="InvalidInstanceId.Malformed",
    malformed_key_id="InvalidKeyPairId.Malformed",
    no_permission="UnauthorizedOperation",
)
KEY_PAIR_PAGE_CODES = replace(CODES, limit="InvalidParameterValueLimit", offset="InvalidParameterValueOffset")
PASSWORD_CODES = replace(CODES, too_long="InvalidParameterValue.TooLong")

KEY_PAIR_CODES = KeyPairCodes(
    name_taken="InvalidKeyPairName.Duplicate",
    name_empty="InvalidKeyPairNameEmpty",
    name_illegal="InvalidKeyPairNameIncludeIllegalChar",
    name_too_long="InvalidKeyPairNameTooLong",
    quota="InvalidKeyPair.LimitExceeded",
    public_key_malformed="InvalidPublicKey.Malformed",
    public_key_taken="InvalidPublicKey.Duplicate",
)

KEY_PAIR_FILTERS = filter_rules(
    {
        "project-id": lambda key_pair, value: str(key_pair.project_id) == value,
        "key-name": lambda key_pair, value: bool(key_pair.name == value),
    },
    5,
    "InvalidFilter",
    "InvalidFilterValue.LimitExceeded",
)


def effective_codes(codes: Codes, settings: Settings) -> Codes:
    """Return the codes with the one for malformed instance IDs that switch ``cvm_malformed_instance_code`` selects."""
    return replace(codes, malformed_instance_id=settings.switch("cvm_malformed_instance_code"))
