# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keypair with replace: the new key is in the cloud before the old one goes, or nothing happens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.keypair_model import temporary_name
from ansible_collections.keyfleet.cloud.plugins.module_utils._private_key_pem import public_half
from ansible_collections.keyfleet.cloud.plugins.module_utils._public_key import parse_public_key
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import KEY_PAIRS, Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.keypair_tasks import (
    blob,
    code,
    ensure,
    held,
    key,
    renaming,
    replacing,
)
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import alibaba_only, api3_only, lighthouse_only
from ansible_collections.keyfleet.cloud.tests.unit.modules.result import Result

pytestmark = pytest.mark.usefixtures("quick_keys")

ASIDE = temporary_name("deploy")


def replace(cloud: Cloud, **options: Any) -> Result:
    return ensure(cloud, "deploy", **{"public_key": key("new"), "replace": True, **options})


def keys(cloud: Cloud) -> dict[str, str]:
    """Return the key pairs that a replacement is about: name -> the text that its key was made of."""
    texts = {blob(key(text)): text for text in ("new", "deploy", "other")}
    return {name: texts[blob(pair["public_key"])] for name, pair in held(cloud).items() if name in ("deploy", ASIDE)}


@replacing
def test_the_new_key_takes_the_name(cloud: Cloud) -> None:
    result = replace(cloud, diff=True)

    assert not result.failed, result.msg
    assert result.changed
    assert keys(cloud) == {"deploy": "new"}
    assert set(held(cloud)) == set(KEY_PAIRS)
    assert blob(result.data["key_pair"]["public_key"]) == blob(key("new"))
    assert blob(key("deploy")) in result.data["diff"][0]["before"]
    assert blob(key("new")) in result.data["diff"][0]["after"]


@replacing
def test_the_second_run_changes_nothing(cloud: Cloud) -> None:
    replace(cloud)

    again = replace(cloud)

    assert not again.changed
    assert again.writes == []


@replacing
def test_at_no_time_is_there_neither_key(cloud: Cloud) -> None:
    """Before each write: the old key or the new one is in the cloud."""
    moments: list[set[str]] = []

    def watch(action: str) -> None:
        cloud.emulator.before(action, lambda: moments.append(set(keys(cloud).values())))

    watch("DeleteKeyPairs")
    result = replace(cloud)

    assert not result.failed
    assert moments == [{"deploy", "new"}]


@renaming
def test_where_names_can_change_the_old_key_pair_is_set_aside(cloud: Cloud) -> None:
    assert replace(cloud).writes == ["ModifyKeyPairAttribute", "ImportKeyPair", "DeleteKeyPairs"]


@alibaba_only
def test_where_they_cannot_the_new_one_is_there_under_another_name_first(cloud: Cloud) -> None:
    assert replace(cloud).writes == ["ImportKeyPair", "DeleteKeyPairs", "ImportKeyPair", "DeleteKeyPairs"]


@lighthouse_only
def test_where_neither_is_possible_nothing_happens(cloud: Cloud) -> None:
    result = replace(cloud)

    assert code(result) == "ReplaceUnsupported"
    assert result.writes == []
    assert keys(cloud) == {"deploy": "deploy"}


@replacing
def test_a_key_pair_that_is_bound_is_not_replaced(cloud: Cloud) -> None:
    web = cloud.add("deploy")

    result = replace(cloud)

    assert code(result) == "KeyPairInUse"
    assert web in result.data["error"]["message"]
    assert "Rotate" in result.data["error"]["hint"]
    assert result.writes == []
    assert cloud.keys_of(web) == ["deploy"]


def test_the_same_key_is_not_replaced(cloud: Cloud) -> None:
    result = replace(cloud, public_key=key("deploy", "mine"))

    assert not result.changed
    assert result.writes == []


def test_a_key_that_another_key_pair_has_is_told_before_anything_is_done(cloud: Cloud) -> None:
    result = replace(cloud, public_key=key("backup"))

    assert code(result) in ("PublicKeyTaken", "ReplaceUnsupported")
    assert result.writes == []


@pytest.mark.parametrize("cloud", ["tencent_cvm", "alibaba_ecs"], indirect=True)
def test_tags_stay(cloud: Cloud) -> None:
    ensure(cloud, "release", public_key=key("release"), tags={"team": "a", "env": "test"})

    result = ensure(cloud, "release", public_key=key("new"), replace=True, tags={"env": "prod"})

    assert held(cloud)["release"]["tags"] == {"team": "a", "env": "prod"}
    assert result.data["key_pair"]["tags"] == {"team": "a", "env": "prod"}


@replacing
def test_a_lost_private_key_is_replaced_by_a_new_one(cloud: Cloud, tmp_path: Path) -> None:
    path = tmp_path / "deploy.pem"

    result = replace(cloud, public_key=None, private_key_path=str(path))
    again = replace(cloud, public_key=None, private_key_path=str(path))

    assert result.changed, result.msg
    assert public_half(path.read_text()) == parse_public_key(held(cloud)["deploy"]["public_key"])
    assert ASIDE not in held(cloud)
    assert not again.changed
    assert again.warnings == ()


WRITES = {
    "tencent_cvm": ["ModifyKeyPairAttribute", "ImportKeyPair", "DeleteKeyPairs"],
    "tencent_cvm_legacy": ["ModifyKeyPairAttribute", "ImportKeyPair", "DeleteKeyPairs"],
    "alibaba_ecs": ["ImportKeyPair", "DeleteKeyPairs", "ImportKeyPair", "DeleteKeyPairs"],
}


every_step = pytest.mark.parametrize(
    ("cloud", "step"),
    [(name, step) for name, writes in WRITES.items() for step in range(len(writes))],
    indirect=["cloud"],
)


def disturb(cloud: Cloud, step: int, fault: str, **values: Any) -> None:
    """Let the write of that step go wrong."""
    writes = WRITES[cloud.provider.name]
    cloud.fault(fault, writes[step], after=writes[:step].count(writes[step]), **values)


@every_step
@pytest.mark.parametrize("fault", ["cut_before", "cut_after", "http_5xx"])
def test_a_lost_answer_in_the_middle_is_looked_after(cloud: Cloud, step: int, fault: str) -> None:
    disturb(cloud, step, fault)

    result = replace(cloud)

    assert not result.failed, result.msg
    assert keys(cloud) == {"deploy": "new"}


@every_step
def test_a_refusal_in_the_middle_is_told_and_the_next_run_goes_on(cloud: Cloud, step: int) -> None:
    code = "UnauthorizedOperation" if cloud.provider.tencent else "Forbidden.RAM"
    disturb(cloud, step, "error", code=code, message="Not allowed.")

    broken = replace(cloud)
    left = set(keys(cloud).values())
    finished = replace(cloud)

    assert broken.failed
    assert {"deploy", "new"} & left
    assert broken.changed == ("Before that" in broken.msg)
    assert broken.changed or left == {"deploy"}
    assert not finished.failed, finished.msg
    assert keys(cloud) == {"deploy": "new"}


@renaming
def test_if_the_new_one_cannot_be_made_the_old_one_gets_its_name_back(cloud: Cloud) -> None:
    before = held(cloud)
    cloud.fault("error", "ImportKeyPair", code="InvalidPublicKey.Malformed", message="No.")

    result = replace(cloud)

    assert code(result) == "InvalidPublicKey.Malformed"
    assert not result.changed
    assert held(cloud) == before
    assert result.data["key_pair"]["id"] == cloud.key_id("deploy")


@renaming
def test_if_even_that_is_refused_the_result_says_where_it_is(cloud: Cloud) -> None:
    cloud.fault("error", "ImportKeyPair", code="InvalidPublicKey.Malformed", message="No.")
    cloud.fault("error", "ModifyKeyPairAttribute", after=1, code="UnauthorizedOperation", message="No.")

    result = replace(cloud)

    assert code(result) == "InvalidPublicKey.Malformed"
    assert f"deploy was renamed to {ASIDE}" in result.msg
    assert result.changed
    assert keys(cloud) == {ASIDE: "deploy"}
    assert not replace(cloud).failed
    assert keys(cloud) == {"deploy": "new"}


@replacing
def test_without_permission_nothing_has_happened(cloud: Cloud) -> None:
    first = WRITES[cloud.provider.name][0]
    limited = cloud.add_access_key("LIMITED", denied_actions=[first])
    before = held(cloud)

    result = replace(cloud, access_key_id=limited)

    assert result.failed
    assert not result.changed
    assert held(cloud) == before


@alibaba_only
def test_what_an_interrupted_replacement_left_is_told_without_replace(cloud: Cloud) -> None:
    ensure(cloud, ASIDE, public_key=key("new"))
    ensure(cloud, "deploy", state="absent")

    told = replace(cloud, replace=False)
    finished = replace(cloud)

    assert code(told) == "PublicKeyTaken"
    assert "interrupted" in told.data["error"]["hint"]
    assert not finished.failed
    assert keys(cloud) == {"deploy": "new"}


@api3_only
def test_the_temporary_name_is_not_looked_for_without_replace(cloud: Cloud) -> None:
    result = ensure(cloud, "deploy", public_key=key("deploy"))

    assert ASIDE not in str(result.log)
