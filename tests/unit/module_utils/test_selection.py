# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which instances are meant: globs, filters, terms and queries."""

from __future__ import annotations

import fnmatch
import re
import typing as t

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import InputError
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import Instance
from ansible_collections.keyfleet.cloud.plugins.module_utils._providers._registry import PROVIDERS
from ansible_collections.keyfleet.cloud.plugins.module_utils._selection import query
from ansible_collections.keyfleet.cloud.plugins.module_utils._selection.criteria import (
    Criteria,
    check_states,
    known_states,
    states_of,
    tag_texts,
)
from ansible_collections.keyfleet.cloud.plugins.module_utils._selection.filters import Filters, optional_list
from ansible_collections.keyfleet.cloud.plugins.module_utils._selection.globs import asterisks_only, is_glob, matches
from ansible_collections.keyfleet.cloud.plugins.module_utils._selection.terms import Terms
from hypothesis import given
from hypothesis import strategies as st

CVM = PROVIDERS["tencent_cvm"].capabilities
patterns = st.text("ab1*?[]!-", max_size=8)
names = st.text("ab1-]!", max_size=6)


@pytest.mark.parametrize(
    ("name", "pattern", "fits"),
    [
        ("web-1", "web-1", True),
        ("web-1", "web-*", True),
        ("web-1", "web-?", True),
        ("web-10", "web-?", False),
        ("web-1", "web-[0-9]", True),
        ("web-1", "web-[!0-9]", False),
        ("Web-1", "web-*", False),
        ("a web-1", "web-*", False),
        ("", "*", True),
        ("web", "", False),
        ("网站-1", "网站-*", True),
    ],
)
def test_globs(name: str, pattern: str, fits: bool) -> None:
    assert matches(name, pattern) == fits


@given(name=names)
def test_a_plain_name_fits_itself_alone(name: str) -> None:
    assert is_glob(name) or matches(name, name)
    assert is_glob(name) or not matches(f"{name}x", name)


@given(name=names, pattern=patterns)
def test_what_fits_a_glob_fits_it_with_asterisks_only(name: str, pattern: str) -> None:
    wider = asterisks_only(pattern)
    as_the_api_reads_it = re.compile(".*".join(re.escape(part) for part in wider.split("*")), re.DOTALL)

    assert not fnmatch.fnmatchcase(name, pattern) or as_the_api_reads_it.fullmatch(name)


@pytest.mark.parametrize(
    ("pattern", "wider"),
    [
        ("web-*", "web-*"),
        ("web-??", "web-*"),
        ("web-[0-9]a", "web-*a"),
        ("[]x]b", "*b"),
        ("a[b", "a[b"),
        ("plain", "plain"),
    ],
)
def test_globs_for_apis_that_know_asterisks_only(pattern: str, wider: str) -> None:
    assert asterisks_only(pattern) == wider


def instance(**fields: t.Any) -> Instance:
    return Instance(
        **{"id": "ins-1e4r6y8i", "name": "web-1", "state": "RUNNING", "power": "running", "key_pairs": (), **fields}
    )


@pytest.mark.parametrize(
    ("criteria", "fits"),
    [
        (Criteria(), True),
        (Criteria(names=("db-*", "web-*")), True),
        (Criteria(names=()), False),
        (Criteria(states=("STOPPED",)), False),
        (Criteria(states=("STOPPED", "RUNNING")), True),
        (Criteria(tags={"env": "prod"}), True),
        (Criteria(tags={"env": "prod", "x": "y"}), False),
        (Criteria(key_pair="skey-4e5ty7i8"), True),
        (Criteria(key_pair="skey-00000000"), False),
        (Criteria(names=("web-*",), states=("STOPPED",)), False),
    ],
)
def test_all_criteria_must_hold(criteria: Criteria, fits: bool) -> None:
    assert criteria.fit(instance(tags={"env": "prod", "a": "b"}, key_pairs=("skey-4e5ty7i8",))) == fits


@pytest.mark.parametrize(
    ("criteria", "nothing"),
    [(Criteria(), False), (Criteria(names=()), True), (Criteria(states=()), True), (Criteria(tags={}), False)],
)
def test_an_empty_list_selects_nothing(criteria: Criteria, nothing: bool) -> None:
    assert criteria.nothing == nothing


@pytest.mark.parametrize("provider", PROVIDERS)
def test_running_and_stopped_are_words_of_every_provider(provider: str) -> None:
    words = PROVIDERS[provider].capabilities.instance_states

    assert [word.lower() for word in known_states(["running", "STOPPED"], words)] == ["running", "stopped"]


def test_a_word_that_no_vendor_has_is_an_error() -> None:
    with pytest.raises(InputError, match="RUNING"):
        known_states(["running", "RUNING"], CVM.instance_states)
    with pytest.raises(InputError, match="frozen"):
        check_states(["REBOOTING", "frozen"], [CVM.instance_states, ("Running",)])
    check_states(["REBOOTING"], [("Running",), CVM.instance_states])
    assert states_of(["REBOOTING", "running"], ("Running",)) == ("Running",)


@pytest.mark.parametrize(
    ("tags", "texts"),
    [
        (None, {}),
        ({}, {}),
        ({"a": "b", "n": 1, "t": True, "f": False, 2: "x"}, {"a": "b", "n": "1", "t": "true", "f": "false", "2": "x"}),
    ],
)
def test_tags_become_texts(tags: t.Any, texts: dict[str, str]) -> None:
    assert tag_texts(tags) == texts


@pytest.mark.parametrize("tags", [["env"], "env", {"env": None}, {"env": ["a"]}, {"env": {"a": 1}}])
def test_tags_that_are_none(tags: t.Any) -> None:
    with pytest.raises(InputError, match="tag"):
        tag_texts(tags)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ([], ()),
        ("", ()),
        ([""], ()),
        ("a, b\nc", ("a", "b", "c")),
        (["a", "b,c"], ("a", "b", "c")),
    ],
)
def test_a_list_that_is_not_given_is_not_an_empty_one(value: t.Any, expected: tuple[str, ...] | None) -> None:
    assert optional_list(value) == expected


@pytest.mark.parametrize(
    ("given", "restricts"),
    [({}, False), ({"tags": {}}, False), ({"key_pair": ""}, False), ({"states": []}, True), ({"names": ["*"]}, True)],
)
def test_whether_anything_is_filtered(given: dict[str, t.Any], restricts: bool) -> None:
    assert Filters.from_options(given.get).restricts == restricts


# Terms.


def shown(instance_id: str, name: str, **fields: t.Any) -> dict[str, t.Any]:
    return {"instance_id": instance_id, "name": name, "zone": "z-1", **fields}


WEB_1, WEB_2, TWIN = shown("ins-00000001", "web-1"), shown("ins-00000002", "web-2"), shown("ins-00000003", "web-2")


def test_terms_are_told_apart_by_their_form() -> None:
    terms = Terms.of(["web-*", "ins-1e4r6y8i", "web-*", "ins-short", "lhins-ruy9d2tw"], CVM)

    assert terms == Terms(ids=("ins-1e4r6y8i",), names=("web-*", "ins-short", "lhins-ruy9d2tw"))


@pytest.mark.parametrize(
    ("terms", "missing"),
    [
        (Terms((), ("web-*",)), []),
        (Terms((), ("db-*", "web-1")), ["db-*"]),
        (Terms(("ins-00000001",), ()), []),
        (Terms(("ins-00000009",), ("web-9",)), ["ins-00000009", "web-9"]),
    ],
)
def test_what_is_missing(terms: Terms, missing: list[str]) -> None:
    assert terms.missing([WEB_1, WEB_2]) == missing


def test_a_plain_name_of_several_instances_is_ambiguous_and_a_glob_is_not() -> None:
    terms = Terms((), ("web-1", "web-2", "web-*"))

    assert terms.ambiguous([WEB_1, WEB_2, TWIN]) == {"web-2": ["ins-00000002", "ins-00000003"]}
    assert terms.ambiguous([WEB_1, WEB_2]) == {}


# Queries.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[]", [WEB_1, WEB_2, TWIN]),
        ("[?zone=='z-1']", [WEB_1, WEB_2, TWIN]),
        ("[?zone==`z-1`]", [WEB_1, WEB_2, TWIN]),
        ("[?zone=='z-2']", []),
        ("[?name=='web-2'].instance_id", [WEB_2, TWIN]),
        ("[0]", [WEB_1]),
        ("[9]", []),
        ("sort_by(@, &instance_id)[::-1]", [TWIN, WEB_2, WEB_1]),
        ("[[0], [0]][]", [WEB_1]),
    ],
)
def test_a_query_returns_instances_or_their_ids(text: str, expected: list[t.Any]) -> None:
    assert query.compile_query(text)([WEB_1, WEB_2, TWIN]) == expected


@pytest.mark.parametrize("text", ["[?zone==", "[].name", "length(@)", "[].{id: instance_id}", "nope(@)", "{a: [0]}"])
def test_a_query_that_cannot_be_used(text: str) -> None:
    with pytest.raises(InputError, match="query") as caught:
        query.compile_query(text)([WEB_1])
    assert "instance_info" in caught.value.info.hint


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query, "HAS_JMESPATH", False)

    with pytest.raises(InputError, match="jmespath"):
        query.compile_query("[]")
