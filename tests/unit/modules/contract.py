# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What holds for every result of keypair_binding. The harness checks it after each run of each test."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from ansible_collections.keyfleet.cloud.tests.unit.modules.providers import SECRET
from ansible_collections.keyfleet.cloud.tests.unit.modules.result import Result

ROW = {
    "instance_id",
    "key_pair",
    "key_pair_name",
    "username",
    "before",
    "after",
    "action",
    "outcome",
    "effective",
    "interruption",
    "request_id",
    "error",
}
ERROR = {"code", "message", "hint", "request_id", "retryable"}
WORDS: dict[str, set[Any]] = {
    "before": {"present", "absent", "unknown"},
    "after": {"present", "absent", "unknown"},
    "action": {"none", "bind", "unbind", "displace"},
    "outcome": {"unchanged", "changed", "failed", "skipped"},
    "interruption": {"none", "forced_stop"},
    "effective": {True, False, None},
}
#: the names that the option has
KEY_PAIRS = ("key_pairs", "key_ids", "key_pair_names")
#: errors after which a request was counted that never reached the cloud
_NOT_HEARD = {"TlsError", "ConnectionFailed"}


def check_contract(result: Result) -> None:
    """Raise AssertionError where the result is not as documented."""
    assert SECRET not in result.printed
    if "bindings" not in result.data:  # Ansible itself refused the options before the module began
        assert result.failed
        assert not result.log
        return
    _check_rows(result)
    _check_summary(result)
    _check_outcome(result)
    heard = dict(Counter(result.actions))
    if result.data["api_calls"] != heard and result.data.get("error", {}).get("code") not in _NOT_HEARD:
        raise AssertionError(f"api_calls says {result.data['api_calls']}, the cloud saw {heard}")


def _check_rows(result: Result) -> None:
    for row in result.rows:
        assert set(row) == ROW
        for field, words in WORDS.items():
            assert row[field] in words, f"{field} of {row}"
        assert row["error"] is None or set(row["error"]) == ERROR
        assert (row["error"] is not None) == (row["outcome"] in ("failed", "skipped")), row
        assert row["outcome"] != "changed" or row["action"] != "none", row
    places = [(row["instance_id"], row["key_pair"], row["username"] or "") for row in result.rows]
    assert places == sorted(set(places)), "rows are sorted, and no two are about the same"


def _check_summary(result: Result) -> None:
    counts = Counter(result.column("outcome"))
    outcomes = {outcome: counts[outcome] for outcome in WORDS["outcome"]}
    assert result.summary == {"requested": result.summary["requested"], **outcomes}
    if not result.rows:
        assert result.summary["requested"] == 0
        return
    key_pairs = next(_words(result.asked[name]) for name in KEY_PAIRS if name in result.asked)
    pairs = {(instance_id, key_pair) for instance_id in _words(result.asked["instance_ids"]) for key_pair in key_pairs}
    assert result.summary["requested"] == len(pairs)
    answered = {(row["instance_id"], row[field]) for row in result.rows for field in ("key_pair", "key_pair_name")}
    assert pairs <= answered, "every pair that was asked about has a row"


def _words(value: str | list[str]) -> list[str]:
    return re.findall(r"[^,\s]+", value if isinstance(value, str) else ",".join(value))


def _check_outcome(result: Result) -> None:
    outcomes = set(result.column("outcome"))
    whole = "error" in result.data
    assert result.failed == (whole or "failed" in outcomes)
    assert "msg" in result.data or not result.failed
    if "changed" in outcomes:
        assert result.changed
    elif outcomes <= {"unchanged", "skipped"}:
        assert not result.changed
