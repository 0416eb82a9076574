# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Small worlds for tests of the drift report: what is wanted and what is there, in a line each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.keyfleet.cloud.plugins.module_utils._models import ErrorInfo, Holder, Instance, KeyPair
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.drift_assessment import (
    Assessment,
    assess,
    places_of,
)
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.drift_model import PlaceView
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.drift_report import DriftReport, Header
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.entries import Defaults, parse_entries
from ansible_collections.keyfleet.cloud.plugins.module_utils._providers._registry import PROVIDERS

CAPABILITIES = {name: found.capabilities for name, found in PROVIDERS.items()}
REGION = "ap-guangzhou"
ERROR = ErrorInfo("UnauthorizedOperation", "You may not.", "Ask for it.")


def key_id(name: str) -> str:
    """Return the ID of the key pair with that name on CVM."""
    return f"skey-{name:0<8}"


def ins(name: str) -> str:
    """Return the ID of the instance with that name on CVM."""
    return f"ins-{name:0<8}"


def entry(key_pairs: str, on: str | None = None, **fields: Any) -> dict[str, Any]:
    """Return an entry for CVM; key pairs and instances are names with spaces between them."""
    named = {} if on is None else {"instance_ids": [ins(name) for name in on.split()]}
    return {"provider": "tencent_cvm", "region": REGION, "key_pairs": key_pairs.split(), **named, **fields}


def view(
    held: Mapping[str, str],
    key_pairs: str = "deploy leaver other",
    *,
    hidden: str = "",
    holders: Mapping[str, Sequence[Holder]] | None = None,
) -> dict[str, Any]:
    """Return what is read: instance -> the names of its key pairs. ``holders``: the key pairs' own lists."""
    return {
        "key_pairs": tuple(
            KeyPair(key_id(name), name, tuple((holders or {}).get(name, ()))) for name in key_pairs.split()
        ),
        "instances": tuple(
            Instance(ins(name), name, "RUNNING", "running", tuple(key_id(key) for key in keys.split()))
            for name, keys in held.items()
        ),
        "hidden": tuple(
            Instance(ins(name), "", "", "unavailable", (), obstacle=ERROR, hidden=True) for name in hidden.split()
        ),
    }


def assessed(entries: Sequence[dict[str, Any]], **views: Any) -> Assessment:
    """Compare; ``views``: region with underscores -> what is read there, None where that is impossible."""
    parsed = parse_entries(entries, Defaults(CAPABILITIES))
    found = {}
    for place in places_of(parsed):
        content = views[(place.region or "").replace("-", "_")]
        found[place] = PlaceView(place, place.region, **(content if content is not None else {"error": ERROR}))
    return assess(parsed, found, CAPABILITIES)


def report(entries: Sequence[dict[str, Any]], **views: Any) -> DriftReport:
    """Return the report; see ``assessed``."""
    return DriftReport(Header("Test", "2026-05-01T10:00:00Z"), assessed(entries, **views).places)


def verdicts(found: DriftReport) -> dict[tuple[str | None, str], tuple[str, str | None]]:
    """Return (instance, key pair as it is named) -> (status, reason) of every row."""
    return {
        (one["instance_id"], row["name"] or row["key_pair"]): (row["status"], row["reason"])
        for one in found.as_dict()["instances"]
        for row in one["bindings"]
    }
