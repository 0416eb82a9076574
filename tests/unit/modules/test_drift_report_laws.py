# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Laws of drift_report: whatever the world and the entries, the report is what the emulator's own state says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.modules import drift_report
from ansible_collections.keyfleet.cloud.tests.unit.drift_schema import check_schema
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import KEY_PAIRS, Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import run_module
from ansible_collections.keyfleet.cloud.tests.unit.modules.providers import PROVIDERS
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_clock import VirtualClock
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_emulator import VirtualEmulator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

GONE = "gone"
"""A key pair that does not exist."""
SIZE = 4
"""How many instances there are at most; one more is spoken of and does not exist."""

Wishes = dict[int, dict[str, str]]
"""Number of an instance -> key pair -> "present" or "absent"."""


@st.composite
def wishes(draw: st.DrawFn, most: int) -> Wishes:
    """Wishes that do not contradict each other; ``most``: so many key pairs are to be present."""
    found: Wishes = {}
    for number in draw(st.sets(st.integers(0, SIZE))):
        keys = draw(st.dictionaries(st.sampled_from([*KEY_PAIRS, GONE]), st.sampled_from(["present", "absent"])))
        present = [key for key, state in keys.items() if state == "present"]
        found[number] = {key: state for key, state in keys.items() if key not in present[most:]}
    return found


def entries_of(wanted: Wishes, ids: list[str], exclusive: set[int]) -> list[dict[str, Any]]:
    """Return an entry for each instance and state."""
    return [
        {
            "instance_ids": [ids[number]],
            "key_pairs": [key for key in keys if keys[key] == state],
            "state": state,
            "exclusive": state == "present" and number in exclusive,
        }
        for number, keys in wanted.items()
        for state in ("present", "absent")
        if state in keys.values()
    ]


def expected(wanted: Wishes, held: list[set[str]], exclusive: set[int]) -> dict[tuple[int, str], str]:
    """Return (instance, key pair) -> status, in the plainest way there is."""
    found = {}
    for number, keys in wanted.items():
        for key, state in keys.items():
            if number >= len(held):
                found[number, key] = "unknown"
            elif key == GONE:
                found[number, key] = "unknown" if state == "present" else "in_sync"
            elif state == "present":
                found[number, key] = "in_sync" if key in held[number] else "missing"
            else:
                found[number, key] = "extra" if key in held[number] else "in_sync"
        if number in exclusive and number < len(held) and "present" in keys.values():
            found |= {(number, key): "extra" for key in held[number] - keys.keys()}
    return found


@pytest.mark.parametrize("provider", ["tencent_lighthouse", "tencent_cvm_legacy", "alibaba_ecs"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_report_is_what_the_state_says(
    provider: str, emulator: VirtualEmulator, clock: VirtualClock, tmp_path: Path, data: st.DataObject
) -> None:
    emulator.reset()
    cloud = Cloud(emulator, clock, PROVIDERS[provider])
    most = 1 if provider == "alibaba_ecs" else len(KEY_PAIRS)
    held = data.draw(st.lists(st.sets(st.sampled_from(KEY_PAIRS), max_size=most), max_size=SIZE), label="held")
    wanted = data.draw(wishes(most), label="wanted")
    exclusive = data.draw(st.sets(st.integers(0, SIZE)), label="exclusive")
    ids = [cloud.add(*sorted(keys)) for keys in held]
    ids += [cloud.provider.instance_id(900 + number) for number in range(SIZE + 1 - len(ids))]
    path = tmp_path / "report.json"

    result = run_module(
        drift_report, cloud, bindings=entries_of(wanted, ids, exclusive), json_path=str(path), check=True
    )

    assert not result.failed
    assert result.writes == []
    document = json.loads(path.read_text(encoding="utf-8"))
    check_schema(document)
    assert {
        (ids.index(one["instance_id"]), row["name"] or row["key_pair"]): row["status"]
        for one in document["instances"]
        for row in one["bindings"]
    } == expected(wanted, held, exclusive)
    if document["places"]:
        spoken_of = {number for number, keys in wanted.items() if keys}
        assert [ids.index(one["instance_id"]) for one in document["unmanaged_instances"]] == [
            number for number in range(len(held)) if number not in spoken_of
        ]
        assert {pair["name"] for pair in document["orphans"]} == set(KEY_PAIRS).difference(*held)
