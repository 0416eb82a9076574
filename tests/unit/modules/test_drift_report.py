# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""drift_report: what is not as wanted, in rows and in a file, with reads only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.drift_tasks import counted, report, statuses, written
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import lighthouse_only, tencent_only


def test_all_as_wanted(cloud: Cloud, report_path: Path) -> None:
    web, other = cloud.add("deploy"), cloud.add("deploy")

    result = report(cloud, {"key_pairs": ["deploy"], "instance_ids": [web, other]}, json_path=str(report_path))

    assert result.data["rows"] == []
    assert counted(result) == {"in_sync": 2, "instances": 2}
    assert [one["bindings"][0]["status"] for one in written(report_path)["instances"]] == ["in_sync", "in_sync"]


def test_every_kind_of_drift_at_once(cloud: Cloud, report_path: Path) -> None:
    missing, extra, strict = cloud.add(name="missing"), cloud.add("leaver"), cloud.add("former")
    nobody = cloud.provider.instance_id(999)

    result = report(
        cloud,
        {"key_pairs": "deploy", "instance_ids": [missing, nobody]},
        {"key_pairs": "leaver", "instance_ids": [extra, missing], "state": "absent"},
        {"key_pairs": "deploy", "instance_ids": [strict], "exclusive": True},
        {"key_pairs": "nowhere", "instance_ids": [extra]},
        json_path=str(report_path),
    )

    assert statuses(result) == {
        (missing, "deploy"): ("missing", "not_bound"),
        (extra, "leaver"): ("extra", "bound"),
        (extra, "nowhere"): ("unknown", "key_pair_not_found"),
        (strict, "deploy"): ("missing", "not_bound"),
        (strict, "former"): ("extra", "bound_beside_exclusive"),
        (nobody, "deploy"): ("unknown", "instance_not_found"),
    }
    assert counted(result) == {"in_sync": 1, "missing": 2, "extra": 2, "unknown": 2, "drifted": 6, "instances": 4}
    assert written(report_path)["counts"] == result.data["counts"]
    assert [row["instance_name"] for row in result.data["rows"] if row["instance_id"] == missing] == ["missing"]


def test_what_no_entry_speaks_of_is_told_and_is_no_drift(cloud: Cloud, report_path: Path) -> None:
    web, stranger, wanted = cloud.add("former"), cloud.add("backup", name="stranger"), cloud.add("deploy")

    result = report(
        cloud,
        {"key_pairs": "deploy", "instance_ids": [wanted]},
        {"key_pairs": "leaver", "instance_ids": [web], "state": "absent"},
        json_path=str(report_path),
    )

    assert result.data["rows"] == []
    assert counted(result) == {
        "in_sync": 2,
        "instances": 2,
        "unmanaged_key_pairs": 1,
        "unmanaged_instances": 1,
        "unmanaged": 2,
    }
    document = written(report_path)
    others = {one["instance_id"]: [pair["name"] for pair in one["other_key_pairs"]] for one in document["instances"]}
    assert others == {web: ["former"], wanted: []}
    (unmanaged,) = document["unmanaged_instances"]
    assert (unmanaged["instance_id"], unmanaged["name"]) == (stranger, "stranger")
    assert [pair["name"] for pair in unmanaged["key_pairs"]] == ["backup"]
    assert [pair["name"] for pair in document["orphans"]] == ["leaver"]


def test_a_key_that_is_gone_is_as_wanted_where_it_is_to_be_absent(cloud: Cloud) -> None:
    web = cloud.add("deploy")

    result = report(cloud, {"key_pairs": "deleted", "instance_ids": [web], "state": "absent"})

    assert counted(result) == {"in_sync": 1, "instances": 1, "unmanaged_key_pairs": 1, "unmanaged": 1}


def test_instances_chosen_by_name(cloud: Cloud) -> None:
    web, _database = cloud.add(name="web-1"), cloud.add(name="database")

    result = report(
        cloud,
        {"key_pairs": "deploy", "instances": {"names": "web-*"}},
        {"name": "mail", "key_pairs": "deploy", "instances": {"names": "mail-*"}},
    )

    assert statuses(result) == {(web, "deploy"): ("missing", "not_bound")}
    assert result.data["counts"]["unmanaged_instances"] == 1
    (warning,) = result.warnings
    assert "mail" in warning
    assert "finds no instance" in warning


def test_instances_chosen_by_the_key_pair_that_they_have(cloud: Cloud) -> None:
    web, _other = cloud.add("leaver"), cloud.add("deploy")

    result = report(cloud, {"key_pairs": "leaver", "instances": {"key_pair": "leaver"}, "state": "absent"})

    assert statuses(result) == {(web, "leaver"): ("extra", "bound")}


@tencent_only
def test_a_key_pair_by_name_and_by_id_is_one(cloud: Cloud) -> None:
    web = cloud.add("deploy")

    result = report(
        cloud,
        {"key_pairs": "deploy", "instance_ids": [web]},
        {"key_pairs": cloud.key_id("deploy"), "instance_ids": [web]},
    )

    assert counted(result) == {"in_sync": 1, "instances": 1}


def test_contradicting_entries_are_an_error(cloud: Cloud, report_path: Path) -> None:
    web = cloud.add("deploy")
    other = {"key_pairs": cloud.key_id("deploy"), "instance_ids": [web], "state": "absent"}

    result = report(cloud, {"key_pairs": "deploy", "instance_ids": [web]}, other, json_path=str(report_path))

    assert result.failed
    assert "Entry 1 and entry 2 contradict each other" in result.msg
    assert not report_path.exists()


@lighthouse_only
def test_a_binding_for_another_account_is_missing(cloud: Cloud) -> None:
    web = cloud.add(("deploy", "ubuntu"))
    entry = {"key_pairs": "deploy", "instance_ids": [web], "association_type": "online"}

    assert report(cloud, {**entry, "username": "ubuntu"}).data["rows"] == []
    result = report(cloud, {**entry, "username": "root"})

    assert statuses(result) == {(web, "deploy"): ("missing", "bound_for_another_user")}
    assert result.data["rows"][0]["message"] == "deploy is bound for the user ubuntu, not for root."


def test_the_same_key_under_two_names_is_told(cloud: Cloud, report_path: Path) -> None:
    web = cloud.add("deploy")
    (line,) = (one["public_key"] for one in cloud.emulator.state()["key_pairs"] if is_deploy(cloud, one))
    place = {"provider": cloud.provider.world, "region": cloud.provider.region}
    cloud.emulator.seed({"key_pairs": [{**place, "name": "copied", "public_key": f"{line} somebody@example"}]})

    report(cloud, {"key_pairs": "deploy", "instance_ids": [web]}, json_path=str(report_path))

    (group,) = written(report_path)["same_public_key"]
    assert [pair["name"] for pair in group["key_pairs"]] == ["copied", "deploy"]
    assert group["several_names"]


def is_deploy(cloud: Cloud, pair: dict[str, Any]) -> bool:
    """Tell whether a key pair of the emulator is deploy in the region of the tests."""
    return bool(pair["name"] == "deploy" and pair["provider"] == cloud.provider.world)


def test_a_region_is_read_once_and_completely(cloud: Cloud) -> None:
    fleet = cloud.add_fleet(250, "deploy")

    result = report(
        cloud,
        {"key_pairs": "deploy", "instance_ids": fleet[:100]},
        {"key_pairs": "backup", "instance_ids": fleet[100:200], "state": "absent"},
        {"key_pairs": "leaver", "instances": {"names": "*"}, "state": "absent"},
    )

    assert result.data["rows"] == []
    assert result.data["api_calls"] == {"DescribeInstances": 3, "DescribeKeyPairs": 1}
    assert result.data["counts"]["rows"] == 450


def test_nothing_wanted_sends_nothing(cloud: Cloud, report_path: Path) -> None:
    cloud.add("deploy")

    result = report(cloud, {"key_pairs": "deploy", "instance_ids": []}, json_path=str(report_path))

    assert not result.failed
    assert result.log == []
    assert written(report_path)["places"] == []


def test_check_mode_and_read_only_credentials_make_the_same_report(cloud: Cloud, report_path: Path) -> None:
    web = cloud.add("former")
    entry = {"key_pairs": "deploy", "instance_ids": [web], "exclusive": True}
    reader = f"{cloud.provider.access_key_id}READER"

    result = report(cloud, entry, check=True, access_key_id=reader, json_path=str(report_path))

    assert {status for status, _reason in statuses(result).values()} == {"missing", "extra"}
    assert written(report_path)["counts"] == result.data["counts"]
    assert result.data["json_path"] == str(report_path)


@tencent_only
def test_an_instance_that_may_not_be_described_is_unknown(cloud: Cloud) -> None:
    web, secret = cloud.add("deploy"), cloud.provider.instance_id(998)
    key = cloud.add_access_key("PARTLY", denied_instance_ids=[secret])

    result = report(cloud, {"key_pairs": "deploy", "instance_ids": [web, secret]}, access_key_id=key)

    assert statuses(result) == {(secret, "deploy"): ("unknown", "instance_not_described")}
