# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keypair on a bad day: whatever gets lost on the way, the end is right, or the error says what is not."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._clock import Deadline
from ansible_collections.keyfleet.cloud.plugins.module_utils._connection import (
    ConnectionOptions,
    CredentialOptions,
    connect,
)
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import KeyPair
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import COLLEAGUE, Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.keypair_tasks import blob, code, ensure, held, key
from ansible_collections.keyfleet.cloud.tests.unit.modules.providers import SECRET

PASSING = ("throttle", "http_5xx", "html", "cut_before", "cut_after", "garbage")
TASKS: dict[str, dict[str, Any]] = {
    "ImportKeyPair": {"name": "release", "public_key": key("release")},
    "DeleteKeyPairs": {"name": "deploy", "state": "absent"},
}
writes = pytest.mark.parametrize("action", TASKS)


def as_asked(cloud: Cloud, action: str) -> bool:
    return ("release" in held(cloud)) if action == "ImportKeyPair" else ("deploy" not in held(cloud))


@writes
@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_that_passes_is_no_failure(cloud: Cloud, action: str, fault: str) -> None:
    cloud.fault(fault, action)

    result = ensure(cloud, **TASKS[action])

    assert not result.failed, result.msg
    assert result.changed
    assert as_asked(cloud, action)


@pytest.mark.parametrize("fault", PASSING)
def test_reads_are_repeated(cloud: Cloud, fault: str) -> None:
    cloud.fault(fault, "DescribeKeyPairs", times=2)

    assert ensure(cloud, "release", public_key=key("release")).changed


@writes
def test_a_lost_answer_is_not_a_lost_write(cloud: Cloud, action: str) -> None:
    """After a cut connection the state is read before anything is sent again."""
    cloud.fault("cut_after", action)

    result = ensure(cloud, **TASKS[action])

    assert result.writes == [action]
    assert result.actions[result.actions.index(action) + 1] == "DescribeKeyPairs"


@writes
def test_a_write_that_never_comes_through_is_told(cloud: Cloud, action: str) -> None:
    cloud.fault("cut_before", action, times=None)

    result = ensure(cloud, **TASKS[action])

    assert code(result) == "AnswerLost"
    assert not as_asked(cloud, action)
    assert len(result.writes) <= 4


@writes
def test_a_refusal_is_told_with_what_to_do(cloud: Cloud, action: str) -> None:
    limited = cloud.add_access_key("LIMITED", denied_actions=[action])

    result = ensure(cloud, **TASKS[action], access_key_id=limited)

    assert result.failed
    assert "permission" in result.data["error"]["hint"].lower()
    assert result.data["error"]["request_id"]
    assert not result.changed


def test_reads_that_fail_change_nothing(cloud: Cloud) -> None:
    cloud.fault("cut_before", "DescribeKeyPairs", times=None)

    result = ensure(cloud, "release", public_key=key("release"), api_retries=1)

    assert result.failed
    assert result.writes == []
    assert result.data["key_pair"] is None


def test_the_end_is_told_from_memory_when_it_cannot_be_read(cloud: Cloud) -> None:
    """The key pair is there; only the last look at it fails."""
    cloud.fault("cut_before", "DescribeKeyPairs", after=2, times=None)

    result = ensure(cloud, "release", public_key=key("release"), api_retries=0)

    assert not result.failed
    assert result.changed
    assert blob(result.data["key_pair"]["public_key"]) == blob(key("release"))
    assert any("read again" in warning for warning in result.warnings)


def seed(cloud: Cloud, name: str, public_key: str) -> None:
    pair = {"provider": cloud.provider.world, "region": cloud.provider.region, "name": name, "public_key": public_key}
    cloud.emulator.seed({"key_pairs": [pair]})


def test_a_colleague_who_imports_the_same_key_first_is_no_failure(cloud: Cloud) -> None:
    cloud.emulator.before("ImportKeyPair", lambda: seed(cloud, "release", key("release", "theirs")))

    result = ensure(cloud, "release", public_key=key("release"), diff=True)

    assert not result.failed, result.msg
    assert not result.changed
    assert result.data["diff"] == []


def test_a_colleague_who_takes_the_name_first_is_told(cloud: Cloud) -> None:
    cloud.emulator.before("ImportKeyPair", lambda: seed(cloud, "release", key("theirs")))

    result = ensure(cloud, "release", public_key=key("release"))

    assert result.failed
    assert "run the task again" in result.data["error"]["hint"]
    assert not result.changed
    assert blob(held(cloud)["release"]["public_key"]) == blob(key("theirs"))


def test_a_colleague_who_deletes_it_first_is_no_failure(cloud: Cloud) -> None:
    options = ConnectionOptions(
        cloud.provider.name,
        cloud.provider.region,
        credentials=CredentialOptions(cloud.provider.access_key_id + COLLEAGUE, SECRET),
        endpoint=cloud.emulator.url,
    )
    colleague = connect(options, {}, cloud.clock, Deadline(cloud.clock, 60))
    deploy = KeyPair(cloud.key_id("deploy"), "deploy")
    cloud.emulator.before("DeleteKeyPairs", lambda: colleague.provider.delete_key_pair(deploy))

    result = ensure(cloud, "deploy", state="absent")

    colleague.close()
    assert not result.failed, result.msg
    assert not result.changed
