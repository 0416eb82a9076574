# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Short words for the tests of entries, units and waves."""

from __future__ import annotations

from typing import Any

from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.entries import Defaults, Entry, parse_entries
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.rollout_model import Unit
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.units import Meant, Wish, merge, units_of
from ansible_collections.keyfleet.cloud.plugins.module_utils._providers._registry import PROVIDERS

CAPABILITIES = {name: registration.capabilities for name, registration in PROVIDERS.items()}
WEB, DB = "ins-00000001", "ins-00000002"
CVM = {"provider": "tencent_cvm", "region": "ap-guangzhou"}


def entry(**members: Any) -> dict[str, Any]:
    """Return an entry as a user writes it, for one instance of CVM; None leaves a member out."""
    given = {**CVM, "key_pairs": ["deploy"], "instance_ids": [WEB], **members}
    return {name: value for name, value in given.items() if value is not None}


def parsed(*entries: Any, **defaults: Any) -> tuple[Entry, ...]:
    """Return the entries, read with these defaults."""
    return parse_entries(list(entries), Defaults(CAPABILITIES, **defaults))


def merged(*entries: Any, **options: Any) -> list[Wish]:
    """Return the wishes of entries without selectors."""
    return merge([Meant(one, one.instance_ids) for one in parsed(*entries)], CAPABILITIES, **options)


def units(*entries: Any) -> tuple[Unit, ...]:
    """Return the units of entries without selectors."""
    return units_of(merged(*entries))
