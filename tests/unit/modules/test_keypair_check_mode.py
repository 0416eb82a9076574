# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keypair in check mode and diff mode: the truth about the run to come, without a write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.keypair_tasks import blob, code, ensure, held, key
from ansible_collections.keyfleet.cloud.tests.unit.modules.result import Result

pytestmark = pytest.mark.usefixtures("quick_keys")

TASKS: dict[str, dict[str, Any]] = {
    "import": {"name": "release", "public_key": key("release")},
    "create": {"name": "release", "private_key_path": "{tmp}/release.pem"},
    "same": {"name": "deploy", "public_key": key("deploy")},
    "differs": {"name": "deploy", "public_key": key("release")},
    "replace": {"name": "deploy", "public_key": key("release"), "replace": True},
    "replace by a new one": {"name": "deploy", "private_key_path": "{tmp}/deploy.pem", "replace": True},
    "replace bound": {"name": "former", "public_key": key("release"), "replace": True},
    "tags": {"name": "deploy", "tags": {"env": "prod"}},
    "taken": {"name": "release", "public_key": key("deploy")},
    "file is there": {"name": "release", "private_key_path": "{tmp}/taken.pem"},
    "no directory": {"name": "release", "private_key_path": "{tmp}/missing/release.pem"},
    "delete": {"name": "deploy", "state": "absent"},
    "delete bound": {"name": "former", "state": "absent"},
    "delete missing": {"name": "release", "state": "absent"},
}
Task = Callable[..., Result]


@pytest.fixture(params=list(TASKS))
def task(request: pytest.FixtureRequest, cloud: Cloud, tmp_path: Path) -> Task:
    """Each of the tasks, to be run with more options."""
    (tmp_path / "taken.pem").touch()
    cloud.add("former")
    given = TASKS[request.param]
    options = {
        name: value.format(tmp=tmp_path) if name == "private_key_path" else value for name, value in given.items()
    }
    return lambda **more: ensure(cloud, **{**options, **more})


def told(result: Result) -> dict[str, Any]:
    """Return the result without what only a run can know: IDs, dates, the key that the cloud makes, request IDs."""
    pair, error = result.data["key_pair"], result.data.get("error")
    unknown = {"id", "created", "fingerprint", "public_key"}
    return {
        "key_pair": pair and {name: value for name, value in pair.items() if name not in unknown},
        "error": error and error["code"],
        "diff": result.data.get("diff", []),
        "changed": result.changed,
        "failed": result.failed,
    }


def test_check_mode_says_what_the_run_then_does(task: Task) -> None:
    planned = task(check=True, diff=True)
    done = task(diff=True)

    assert told(planned) == told(done)
    assert planned.writes == []
    assert planned.actions == done.actions[: len(planned.actions)]


def test_check_mode_changes_nothing_in_the_cloud_or_on_the_disk(cloud: Cloud, tmp_path: Path, task: Task) -> None:
    before, files = cloud.emulator.state(), sorted(tmp_path.iterdir())

    task(check=True)

    assert cloud.emulator.state() == before
    assert sorted(tmp_path.iterdir()) == files


def test_read_only_credentials_suffice_for_check_mode(cloud: Cloud, task: Task) -> None:
    reader = {"access_key_id": f"{cloud.provider.access_key_id}READER"}

    planned, refused = task(check=True, **reader), task(**reader)

    assert planned.failed == (not planned.changed and "error" in planned.data)
    assert not refused.changed
    if planned.changed:
        assert "permission" in refused.msg.lower()


def test_the_key_to_come_is_shown_where_it_is_known(cloud: Cloud, tmp_path: Path) -> None:
    imported = ensure(cloud, "release", public_key=key("release"), check=True).data["key_pair"]
    created = ensure(cloud, "release", private_key_path=str(tmp_path / "a"), check=True).data["key_pair"]

    assert (imported["id"], blob(imported["public_key"])) == (None, blob(key("release")))
    assert (created["id"], created["public_key"]) == (None, None)


def test_the_diff_of_an_import_and_of_a_deletion(cloud: Cloud) -> None:
    line = held(cloud)["deploy"]["public_key"]
    headers = {"before_header": "deploy", "after_header": "deploy"}

    deleted = ensure(cloud, "deploy", state="absent", diff=True)
    imported = ensure(cloud, "deploy", public_key=line, diff=True)

    text = f"name: deploy\npublic_key: {line}\n"
    assert deleted.data["diff"] == [{**headers, "before": text, "after": ""}]
    assert imported.data["diff"] == [{**headers, "before": "", "after": text}]


def test_there_is_no_diff_unless_asked_for(cloud: Cloud) -> None:
    assert "diff" not in ensure(cloud, "deploy", state="absent").data


def test_a_directory_that_takes_no_file_is_told_in_check_mode(cloud: Cloud, tmp_path: Path) -> None:
    result = ensure(cloud, "release", private_key_path=str(tmp_path / "missing" / "a.pem"), check=True)

    assert code(result) == "PrivateKeyFileNotWritable"
