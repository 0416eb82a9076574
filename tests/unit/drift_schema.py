# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The published schema of drift reports, and what a report must keep that a schema cannot say."""

from __future__ import annotations

import functools
import json
from collections import Counter
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "drift_report.schema.json"


@functools.cache
def _validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def check_schema(report: dict[str, Any]) -> None:
    """Raise ValidationError for a report that the schema does not allow, AssertionError for sums that are wrong."""
    _validator().validate(report)
    statuses = Counter(row["status"] for instance in report["instances"] for row in instance["bindings"])
    counts = report["counts"]
    told = {name: counts[name] for name in ("in_sync", "missing", "extra", "unknown", "unreachable")}
    assert told == {**dict.fromkeys(told, 0), **statuses}
    assert counts["drifted"] == counts["rows"] - counts["in_sync"]
    others = sum(len(instance["other_key_pairs"]) for instance in report["instances"])
    assert counts["unmanaged_key_pairs"] == others
    assert counts["unmanaged_instances"] == len(report["unmanaged_instances"])
    assert counts["unmanaged"] == others + len(report["unmanaged_instances"])
    assert counts["orphans"] == len(report["orphans"])
    assert counts["same_public_key"] == len(report["same_public_key"])
    for part in ("providers", "places"):
        summed: Counter[str] = Counter()
        for row in report[part]:
            summed.update(row["counts"])
        assert {**dict.fromkeys(counts, 0), **summed, "same_public_key": counts["same_public_key"]} == counts
