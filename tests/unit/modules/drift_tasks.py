# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks of drift_report, and what they say in their results and in the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ansible_collections.keyfleet.cloud.plugins.modules import drift_report
from ansible_collections.keyfleet.cloud.tests.unit.drift_schema import check_schema
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import read
from ansible_collections.keyfleet.cloud.tests.unit.modules.result import Result


def report(cloud: Cloud, *entries: dict[str, Any], **options: Any) -> Result:
    """Run the module; it changes nothing, whatever it finds."""
    return read(drift_report, cloud, bindings=list(entries), **options)


def written(path: Path) -> dict[str, Any]:
    """Return the report in the file, which keeps its schema."""
    document = json.loads(path.read_text(encoding="utf-8"))
    check_schema(document)
    return dict(document)


def statuses(result: Result) -> dict[tuple[str, str], tuple[str, str]]:
    """Return (instance, key pair as reports name it) -> (status, reason) of every row that is not in sync."""
    return {
        (row["instance_id"], row["name"] or row["key_pair"]): (row["status"], row["reason"])
        for row in result.data["rows"]
    }


def counted(result: Result) -> dict[str, int]:
    """Return the counts that are not 0, of what is said about key pairs and instances of entries."""
    return {name: count for name, count in result.data["counts"].items() if count and name not in ("orphans", "rows")}
