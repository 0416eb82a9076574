# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keypair with private_key_path: the one private key that there is gets to the disk, and nowhere else."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils import _private_key_file
from ansible_collections.keyfleet.cloud.plugins.module_utils._private_key_pem import public_half
from ansible_collections.keyfleet.cloud.plugins.module_utils._public_key import parse_public_key
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import KEY_PAIRS, Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.keypair_tasks import code, ensure, held, tagging
from ansible_collections.keyfleet.cloud.tests.unit.modules.result import Result

pytestmark = pytest.mark.usefixtures("quick_keys")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "release.pem"


def create(cloud: Cloud, path: Path, **options: Any) -> Result:
    return ensure(cloud, "release", private_key_path=str(path), **options)


def assert_saved(cloud: Cloud, path: Path) -> None:
    """The file holds the private key of the key pair that the cloud has, and there is no other file."""
    assert public_half(path.read_text()) == parse_public_key(held(cloud)["release"]["public_key"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_the_cloud_makes_a_key_pair_and_its_private_key_is_kept(cloud: Cloud, path: Path) -> None:
    result = create(cloud, path)

    assert result.changed
    assert result.writes == ["CreateKeyPair"]
    assert_saved(cloud, path)
    assert parse_public_key(result.data["key_pair"]["public_key"]) == public_half(path.read_text())


def test_the_second_run_changes_nothing(cloud: Cloud, path: Path) -> None:
    create(cloud, path)
    written = path.stat()

    again = create(cloud, path, diff=True)

    assert not again.changed
    assert not again.failed
    assert again.data["diff"] == []
    assert again.warnings == ()
    assert again.actions == ["DescribeKeyPairs"]
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (written.st_ino, written.st_mtime_ns)


def test_the_private_key_is_in_no_output(cloud: Cloud, path: Path) -> None:
    for result in (create(cloud, path, diff=True), create(cloud, path, diff=True)):
        secret = path.read_text()
        body = "".join(secret.splitlines()[1:-1])
        # The public half is within the private key, so that only what goes beyond it is secret.
        secrets = {secret, secret.strip(), body[len(body) // 2 :], body[-40:], *secret.splitlines()[-8:-1]}
        assert not [part for part in secrets if part in result.printed.replace("\\n", "\n")]


@tagging
def test_tags_are_given_to_it(cloud: Cloud, path: Path) -> None:
    create(cloud, path, tags={"env": "prod"})

    assert held(cloud)["release"]["tags"] == {"env": "prod"}


def test_a_file_that_exists_is_never_overwritten(cloud: Cloud, path: Path) -> None:
    path.write_text("precious")

    result = create(cloud, path)

    assert code(result) == "PrivateKeyFileExists"
    assert path.read_text() == "precious"
    assert result.writes == []
    assert set(held(cloud)) == set(KEY_PAIRS)


def test_a_file_without_a_key_in_it_is_taken_for_right_with_a_warning(cloud: Cloud, path: Path) -> None:
    path.write_text("in a format of its own")

    result = ensure(cloud, "deploy", private_key_path=str(path))

    assert not result.changed
    assert any(str(path) in warning for warning in result.warnings)


def test_the_private_key_of_another_key_pair_is_told(cloud: Cloud, path: Path) -> None:
    create(cloud, path)

    result = ensure(cloud, "deploy", private_key_path=str(path))

    assert code(result) == "PrivateKeyFileDiffers"
    assert str(path) in result.msg


def test_a_private_key_that_is_missing_is_told(cloud: Cloud, path: Path) -> None:
    result = ensure(cloud, "deploy", private_key_path=str(path))

    assert code(result) == "PrivateKeyFileMissing"
    assert "replace=true" in result.msg
    assert not path.exists()


def test_a_deletion_leaves_the_file_alone(cloud: Cloud, path: Path) -> None:
    create(cloud, path)

    assert create(cloud, path, state="absent").changed

    assert path.exists()


@pytest.mark.parametrize("trouble", ["missing directory", "directory is a file", "read-only"])
def test_where_no_file_can_be_written_nothing_is_created(
    cloud: Cloud, path: Path, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if trouble == "missing directory":
        path = path.parent / "missing" / path.name
    elif trouble == "directory is a file":
        (path.parent / "file").touch()
        path = path.parent / "file" / path.name
    else:
        refuse(monkeypatch, "_create", errno.EROFS, of=_private_key_file)

    result = create(cloud, path)

    assert code(result) == "PrivateKeyFileNotWritable"
    assert str(path) in result.msg
    assert result.writes == []
    assert not result.changed


def refuse(monkeypatch: pytest.MonkeyPatch, function: str, number: int, of: Any = os) -> None:
    def fail(*_arguments: Any, **_named: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(of, function, fail)


def test_a_disk_that_fills_up_leaves_no_key_pair_without_its_private_key(
    cloud: Cloud, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, "fsync", errno.ENOSPC)

    result = create(cloud, path, diff=True)

    assert code(result) == "PrivateKeyNotSaved"
    assert "no space left" in result.msg
    assert "deleted again" in result.msg
    assert result.writes == ["CreateKeyPair", "DeleteKeyPairs"]
    assert not result.changed
    assert result.data["diff"] == []
    assert set(held(cloud)) == set(KEY_PAIRS)
    assert list(path.parent.iterdir()) == []


def test_if_that_key_pair_cannot_be_deleted_either_it_is_named(
    cloud: Cloud, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, "fsync", errno.ENOSPC)
    creator = cloud.add_access_key("CREATOR", denied_actions=["DeleteKeyPairs"])

    result = create(cloud, path, access_key_id=creator)

    assert code(result) == "PrivateKeyNotSaved"
    assert "could not be deleted again" in result.msg
    assert "state=absent" in result.data["error"]["hint"]
    assert result.changed
    assert "release" in held(cloud)


def test_a_file_that_appears_meanwhile_is_not_overwritten(cloud: Cloud, path: Path) -> None:
    cloud.emulator.before("CreateKeyPair", lambda: path.write_text("precious") and None)

    result = create(cloud, path)

    assert code(result) == "PrivateKeyNotSaved"
    assert path.read_text() == "precious"
    assert "release" not in held(cloud)


LOST = ("cut_after", "garbage", "html", "http_5xx")


@pytest.mark.parametrize("fault", LOST)
def test_a_private_key_lost_with_the_answer_is_made_anew(cloud: Cloud, path: Path, fault: str) -> None:
    cloud.fault(fault, "CreateKeyPair")

    result = create(cloud, path)

    assert not result.failed, result.msg
    assert result.changed
    assert_saved(cloud, path)


def test_when_all_answers_get_lost_nothing_is_left(cloud: Cloud, path: Path) -> None:
    cloud.fault("cut_after", "CreateKeyPair", times=None)

    result = create(cloud, path)

    assert code(result) == "PrivateKeyLost"
    assert not result.changed
    assert "release" not in held(cloud)
    assert list(path.parent.iterdir()) == []


def test_a_key_pair_that_somebody_else_uses_is_not_deleted(cloud: Cloud, path: Path) -> None:
    """The answer is lost, and what is there now is bound: nobody can say that it is ours."""
    cloud.fault("cut_before", "CreateKeyPair")
    pair = {"provider": cloud.provider.world, "region": cloud.provider.region, "name": "release"}
    holder = {**pair, "instance_id": cloud.provider.instance_id(77), "state": cloud.provider.stopped, "name": "web"}

    def colleague() -> None:
        key_id = f"{cloud.provider.key_prefix}release0" if cloud.provider.key_prefix else "release"
        cloud.emulator.seed({"key_pairs": [{**pair, "key_id": key_id}]})
        cloud.emulator.seed({"instances": [{**holder, "key_pairs": [key_id]}]})

    cloud.emulator.before("CreateKeyPair", colleague)

    result = create(cloud, path)

    assert code(result) == "KeyPairNotOurs"
    assert "DeleteKeyPairs" not in result.writes
    assert "release" in held(cloud)
    assert not path.exists()


def test_a_refused_creation_says_why_and_leaves_no_file(cloud: Cloud, path: Path) -> None:
    cloud.emulator.configure({"quotas": {cloud.provider.world: len(KEY_PAIRS)}})

    result = create(cloud, path)

    assert result.failed
    assert "quota" in result.data["error"]["hint"]
    assert not result.changed
    assert list(path.parent.iterdir()) == []
