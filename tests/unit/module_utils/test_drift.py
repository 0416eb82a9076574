# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The drift report: which kind of drift is which, what is told besides, and the shape of the whole."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.emulator.rsa_keys import placeholder_public_key
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import InputError
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import Holder, KeyPair
from ansible_collections.keyfleet.cloud.tests.unit.drift_schema import check_schema
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.drifting import (
    assessed,
    entry,
    ins,
    key_id,
    report,
    verdicts,
    view,
)
from jsonschema import ValidationError

FINE = ("in_sync", None)
USER = {"association_type": "online", "username": "ubuntu"}


@pytest.mark.parametrize(
    ("wanted", "there", "expected"),
    [
        pytest.param([entry("deploy", "web")], view({"web": "deploy"}), {"deploy": FINE}, id="bound, as wanted"),
        pytest.param([entry("deploy", "web")], view({"web": ""}), {"deploy": ("missing", "not_bound")}, id="missing"),
        pytest.param(
            [entry("deploy", "web", state="absent")], view({"web": ""}), {"deploy": FINE}, id="absent, as wanted"
        ),
        pytest.param(
            [entry("deploy", "web", state="absent")],
            view({"web": "deploy"}),
            {"deploy": ("extra", "bound")},
            id="extra",
        ),
        pytest.param(
            [entry("deploy", "web", exclusive=True)],
            view({"web": "deploy other"}),
            {"deploy": FINE, "other": ("extra", "bound_beside_exclusive")},
            id="extra beside an exclusive entry",
        ),
        pytest.param(
            [entry("deploy", "web")], view({"web": "deploy other"}), {"deploy": FINE}, id="other key pairs do not count"
        ),
        pytest.param(
            [entry("deploy", "web")], view({}), {"deploy": ("unknown", "instance_not_found")}, id="no such instance"
        ),
        pytest.param(
            [entry("deploy", "web", state="absent")],
            view({}),
            {"deploy": ("unknown", "instance_not_found")},
            id="no such instance, though nothing is wanted on it",
        ),
        pytest.param(
            [entry("deploy", "web")],
            view({}, hidden="web"),
            {"deploy": ("unknown", "instance_not_described")},
            id="an instance that may not be described",
        ),
        pytest.param(
            [entry("gone", "web")],
            view({"web": ""}),
            {"gone": ("unknown", "key_pair_not_found")},
            id="no such key pair",
        ),
        pytest.param(
            [entry("gone", "web", state="absent")],
            view({"web": "deploy"}),
            {"gone": FINE},
            id="no such key pair, and none is wanted",
        ),
        pytest.param(
            [entry(key_id("gone"), "web", state="absent")],
            view({"web": "gone"}),
            {key_id("gone"): ("extra", "bound")},
            id="bound, though it is in no list of key pairs",
        ),
        pytest.param(
            [entry("deploy", "web", exclusive=True)],
            {
                **view({"web": "deploy"}),
                "key_pairs": (KeyPair(key_id("deploy"), "deploy"), KeyPair("skey-2", "deploy")),
            },
            {"deploy": ("unknown", "key_pair_ambiguous")},
            id="a name that two key pairs have",
        ),
        pytest.param(
            [entry("deploy", "web"), entry(key_id("deploy"), "web")],
            view({"web": "deploy"}),
            {"deploy": FINE},
            id="by name and by ID it is one",
        ),
        pytest.param(
            [entry("deploy", "web"), entry("leaver", "web", state="absent")],
            view({"web": "leaver"}),
            {"deploy": ("missing", "not_bound"), "leaver": ("extra", "bound")},
            id="all entries of an instance count",
        ),
        pytest.param(
            [entry("deploy", "web"), entry("other", "web", exclusive=True)],
            view({"web": "deploy other leaver"}),
            {"deploy": FINE, "other": FINE, "leaver": ("extra", "bound_beside_exclusive")},
            id="what any entry lists is no extra beside an exclusive one",
        ),
    ],
)
def test_kinds_of_drift(
    wanted: list[dict[str, Any]], there: dict[str, Any], expected: dict[str, tuple[str, str | None]]
) -> None:
    found = report(wanted, ap_guangzhou=there)

    assert verdicts(found) == {(ins("web"), name): verdict for name, verdict in expected.items()}
    check_schema(found.as_dict())


@pytest.mark.parametrize(
    ("account", "expected"),
    [("ubuntu", FINE), ("root", ("missing", "bound_for_another_user")), (None, ("missing", "not_bound"))],
)
def test_a_binding_for_an_account(account: str | None, expected: tuple[str, str | None]) -> None:
    light = {"provider": "tencent_lighthouse", "region": "ap-guangzhou", "key_pairs": ["deploy"], **USER}
    there = view({}, "")
    holders = (Holder("lhins-00000web", account),)
    there["key_pairs"] = (KeyPair("lhkp-00000001", "deploy", holders),)
    there["instances"] = tuple(
        type(one)("lhins-00000web", "web", "RUNNING", "running", ("lhkp-00000001",))
        for one in view({"web": ""})["instances"]
    )

    found = report([{**light, "instance_ids": ["lhins-00000web"]}], ap_guangzhou=there)

    assert verdicts(found) == {("lhins-00000web", "deploy"): expected}


@pytest.mark.parametrize(
    ("field", "value"),
    [("status", "lost"), ("reason", "whim"), ("message", None), ("wanted", True), ("surprise", 1), ("bound", "no")],
)
def test_the_schema_refuses_what_is_no_report(field: str, value: object) -> None:
    document = report([entry("deploy", "web")], ap_guangzhou=view({"web": ""})).as_dict()
    check_schema(document)

    document["instances"][0]["bindings"][0][field] = value

    with pytest.raises(ValidationError):
        check_schema(document)


# Places that could not be read.


def test_an_unreachable_place() -> None:
    selecting = entry("deploy", instances={"names": "web-*"}, region="ap-shanghai", name="web tier")
    listing = entry("deploy leaver", "a b", region="ap-shanghai")

    found = report([entry("deploy", "web"), listing, selecting], ap_guangzhou=view({"web": "deploy"}), ap_shanghai=None)

    lost = ("unreachable", "region_not_read")
    assert verdicts(found) == {
        (ins("web"), "deploy"): FINE,
        **{(ins(name), key): lost for name in "ab" for key in ("deploy", "leaver")},
        (None, "deploy"): lost,
    }
    assert found.counts["unreachable"] == found.counts["drifted"] == 5
    assert found.errors == {"tencent_cvm ap-shanghai": "You may not. Ask for it."}
    assert not found.everything_failed
    (nobody,) = (one for one in found.as_dict()["instances"] if one["instance_id"] is None)
    assert nobody["entries"] == ["web tier"]
    check_schema(found.as_dict())


def test_nothing_but_unreachable_places() -> None:
    assert report([entry("deploy", "web")], ap_guangzhou=None).everything_failed
    assert not report([]).everything_failed


# Selectors.


def test_selectors_choose_among_all_instances_and_a_key_pair_may_be_named() -> None:
    there = view({"web-1": "leaver", "web-2": "", "db": "leaver"})
    by_name = entry("deploy", instances={"names": "web-*"})
    by_key = entry("leaver", instances={"key_pair": "leaver"}, state="absent")
    by_no_key = entry("deploy", instances={"key_pair": "gone"})

    found = assessed([by_name, by_key, by_no_key], ap_guangzhou=there)

    assert found.warnings == ("Entry 3: the selector finds no instance in tencent_cvm ap-guangzhou.",)
    (place,) = found.places
    assert {one.name: [row.status for row in one.findings] for one in place.instances} == {
        "web-1": ["missing", "extra"],
        "web-2": ["missing"],
        "db": ["extra"],
    }


def test_contradictions_that_show_only_when_names_are_known() -> None:
    entries = [entry("deploy", "web", name="one"), entry(key_id("deploy"), "web", state="absent", name="other")]

    with pytest.raises(InputError, match=r"Entry 1 \(one\) and entry 2 \(other\)"):
        report(entries, ap_guangzhou=view({"web": ""}))


# For information.


def test_what_no_entry_speaks_of() -> None:
    found = report(
        [entry("deploy", "web")],
        ap_guangzhou=view({"web": "deploy other", "db": "leaver"}, "deploy other leaver spare"),
    )

    document = found.as_dict()
    assert [pair["name"] for pair in document["instances"][0]["other_key_pairs"]] == ["other"]
    assert [one["name"] for one in document["unmanaged_instances"]] == ["db"]
    assert [pair["name"] for pair in document["unmanaged_instances"][0]["key_pairs"]] == ["leaver"]
    assert [one["name"] for one in document["orphans"]] == ["spare"]
    assert found.counts["drifted"] == 0
    assert found.counts["unmanaged"] == 2


def test_a_key_pair_that_only_its_own_list_says_is_bound_is_no_orphan() -> None:
    there = view({"web": ""}, "deploy", holders={"deploy": [Holder(ins("elsewhere"))]})

    assert report([entry("deploy", "web")], ap_guangzhou=there).as_dict()["orphans"] == []


def test_public_keys_that_several_key_pairs_have() -> None:
    line, other = placeholder_public_key("one"), placeholder_public_key("another")
    here, there = view({"web": ""}), view({"db": ""})
    here["key_pairs"] = (
        KeyPair("skey-1", "deploy", public_key=line),
        KeyPair("skey-2", "copy", public_key=f"  {line.split()[0]}  {line.split()[1]} renamed@example "),
        KeyPair("skey-3", "alone", public_key=placeholder_public_key("third")),
        KeyPair("skey-4", "unreadable", public_key="ssh-rsa AAAA"),
        KeyPair("skey-5", "everywhere", public_key=other),
    )
    there["key_pairs"] = (
        KeyPair("skey-6", "everywhere", public_key=other),
        KeyPair("skey-7", "deploy", public_key=None),
    )
    entries = [entry("deploy", "web"), entry("deploy", "db", region="ap-shanghai")]

    groups = report(entries, ap_guangzhou=here, ap_shanghai=there).as_dict()["same_public_key"]

    assert [([pair["name"] for pair in group["key_pairs"]], group["several_names"]) for group in groups] == [
        (["copy", "deploy"], True),
        (["everywhere", "everywhere"], False),
    ]
    assert groups[0]["fingerprint"].startswith("SHA256:")


# The shape of the whole.


def test_places_that_share_provider_and_region_are_told_apart() -> None:
    entries = [entry("deploy", "web", profile="ours"), entry("deploy", "db", profile="theirs"), entry("deploy", "mail")]

    found = report(entries, ap_guangzhou=view({"web": "deploy", "db": "deploy", "mail": ""})).as_dict()

    assert [place["place"] for place in found["places"]] == [
        "tencent_cvm ap-guangzhou (as the task says)",
        "tencent_cvm ap-guangzhou (profile: ours)",
        "tencent_cvm ap-guangzhou (profile: theirs)",
    ]
    assert found["unmanaged_instances"] == [], "each is named by some entry"


def test_order_does_not_depend_on_the_order_of_the_entries() -> None:
    entries = [entry("deploy leaver", "b a"), entry("deploy", "c", region="ap-beijing"), entry("other", "a")]
    views = {"ap_guangzhou": view({"b": "", "a": ""}), "ap_beijing": view({"c": ""})}

    forwards, backwards = report(entries, **views).as_dict(), report(entries[::-1], **views).as_dict()

    for one in (*forwards["instances"], *backwards["instances"]):
        one.pop("entries")
    assert forwards == backwards


def test_names_come_out_in_one_line_that_any_file_can_hold() -> None:
    there = view({"web": ""})
    (instance,) = there["instances"]
    there["instances"] = (type(instance)(instance.id, "a\n\x00\u202eb\ud800\ufffe", "RUNNING", "running", ()),)

    found = report([entry("deploy", "web", name="one\ttwo")], ap_guangzhou=there)

    (one,) = found.as_dict()["instances"]
    assert one["name"] == "a" + "\ufffd" * 3 + "b" + "\ufffd" * 2
    assert one["entries"] == ["one\ufffdtwo"]
    assert found.drifted_rows()[0]["instance_name"] == one["name"]
