# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Notes about one instance, and how several become one: the oldest beginning counts, whatever the order."""

from __future__ import annotations

import dataclasses
import itertools
import json
import typing as t

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._journal.model import (
    Journal,
    Record,
    Run,
    merge,
    merged,
    noted,
)
from ansible_collections.keyfleet.cloud.plugins.module_utils._journal.text import UnknownVersion, from_text, to_text
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import Power
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.journal_folder import A, B, C, intention
from hypothesis import given
from hypothesis import strategies as st

RUN = Run("20260501T100000Z-0000000a", "bind", "host-1", 17, 1000.0)
OLD = Record(A, "running", ("lhkp-00000old",), 10.0, "run-1", 10.0, ("lhkp-00000new",), (), True)

names = st.lists(st.sampled_from(["lhkp-0000000a", "lhkp-0000000b"]), max_size=2).map(tuple)
records = st.builds(
    Record,
    instance=st.just(A),
    power=st.sampled_from(t.get_args(Power)),
    key_pairs=names,
    since=st.sampled_from([1.0, 2.0, 3.0]),
    run=st.sampled_from(["run-1", "run-2"]),
    noted=st.sampled_from([1.0, 2.0, 3.0]),
    bind=names,
    unbind=names,
    reboot_pending=st.booleans(),
    connection=st.sampled_from([(), (("profile", "p"),), (("validate_certs", False),)]),
    started=st.sampled_from([None, "2026-05-01T10:00:00Z"]),
)


@given(records, records, records)
def test_the_order_in_which_records_are_merged_does_not_matter(one: Record, two: Record, three: Record) -> None:
    assert merge(merge(one, two), three) == merge(one, merge(two, three))
    assert merge(one, two) == merge(two, one)
    assert merge(one, one) == one
    assert {merged(order)[A].since for order in itertools.permutations([one, two, three])} == {
        min(record.since for record in (one, two, three))
    }


@given(records, records)
def test_the_oldest_power_and_keys_win(one: Record, two: Record) -> None:
    result = merge(one, two)
    first = min(one, two, key=lambda record: record.since)
    assert result.since == first.since
    if one.since != two.since:
        assert (result.power, result.key_pairs, result.run) == (first.power, first.key_pairs, first.run)
    assert result.reboot_pending == (one.reboot_pending or two.reboot_pending)


@given(records, st.sampled_from(t.get_args(Power)), names, names, st.floats(0, 10))
def test_what_is_found_now_never_replaces_what_was_found_first(
    known: Record, power: Power, key_pairs: tuple[str, ...], bind: tuple[str, ...], now: float
) -> None:
    """Also where the clock of this host is behind that of the first."""
    new = noted(known, intention(A, power, key_pairs=key_pairs, bind=bind), RUN, now)
    assert (new.power, new.key_pairs, new.since, new.run) == (known.power, known.key_pairs, known.since, known.run)
    assert (new.bind, new.noted) == (bind, now)
    assert new.reboot_pending == known.reboot_pending


def test_the_first_note_is_the_beginning() -> None:
    new = noted(None, intention(A, "stopped", unbind=("lhkp-00000old",), reboot_pending=True), RUN, 12.0)
    assert new == Record(
        A, "stopped", ("lhkp-00000old",), 12.0, RUN.id, 12.0, unbind=("lhkp-00000old",), reboot_pending=True
    )


def test_a_result_shows_where_what_and_since_when() -> None:
    assert OLD.as_dict() == {
        "provider": "tencent_lighthouse",
        "region": "ap-guangzhou",
        "instance_id": "lhins-0000000a",
        "power": "running",
        "since": "1970-01-01T00:00:10Z",
        "run": "run-1",
    }


@given(st.lists(records, max_size=1), st.sets(st.sampled_from([A, B, C])))
def test_notes_survive_being_written(found: list[Record], claimed: set[t.Any]) -> None:
    known = merged(found)
    journal = Journal(RUN, frozenset(claimed | known.keys()), known)
    assert from_text(to_text(journal)) == journal


def test_an_instance_is_one_line() -> None:
    journal = Journal(RUN, frozenset({A, B}), {A: OLD, B: dataclasses.replace(OLD, instance=B)})
    lines = to_text(journal).splitlines()
    assert [line for line in lines if '"power"' in line and "lhins-0000000a" in line] == [lines[7]]
    assert json.loads(to_text(journal))["records"][0]["power"] == "running"


def changed(**members: t.Any) -> str:
    """A text of two instances, some members of which were tampered with; ``record_…`` is about the first record."""
    data = json.loads(to_text(Journal(RUN, frozenset({A}), {A: OLD})))
    for name, value in members.items():
        place = data["records"][0] if name.startswith("record_") else data
        place[name.removeprefix("record_")] = value
    return json.dumps(data)


def test_the_text_that_is_tampered_with_is_fine_before_that() -> None:
    assert from_text(changed()).records == {A: OLD}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not JSON"),
        ('{"format": "keyfleet-jour', "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not one of Keyfleet's"),
        ("{}", "not one of Keyfleet's"),
        ('{"name": "package.json"}', "not one of Keyfleet's"),
        (changed(run=None), "run is missing"),
        (changed(run={"id": "x"}), "role is missing"),
        (changed(run={**vars(RUN), "pid": True}), "pid is missing"),
        (changed(run={**vars(RUN), "started": float("nan")}), "started is no moment"),
        (changed(claimed="all"), "claimed is missing"),
        (changed(claimed=[["tencent_cvm", "ap-guangzhou"]]), "not given as provider, region, ID and product"),
        (changed(records={}), "records is missing"),
        (changed(records=["lhins-0000000a"]), "not an object"),
        (changed(record_instance=None), "not given as provider, region, ID and product"),
        (changed(record_power="RUNNING"), "'RUNNING'"),
        (changed(record_key_pairs=[1]), "key_pairs holds something else"),
        (changed(record_since="2026"), "since is no moment"),
        (changed(record_since=1e300), "since is no moment"),
        (changed(record_noted=-1), "noted is no moment"),
        (changed(record_reboot_pending="no"), "reboot_pending is missing"),
        (changed(record_started=5), "started is missing"),
        (changed(record_connection=[]), "connection is missing"),
    ],
)
def test_any_other_text_is_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        from_text(text)


def test_a_newer_text_is_told_from_a_broken_one() -> None:
    with pytest.raises(UnknownVersion, match="version 2"):
        from_text(changed(version=2))
