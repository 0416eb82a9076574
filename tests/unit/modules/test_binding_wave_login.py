# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""binding_wave proves logins, before and after a change, and puts back what was there where one fails."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import providers, tencent_only
from ansible_collections.keyfleet.cloud.tests.unit.modules.wave_guests import KEY_PAIR, Guests
from ansible_collections.keyfleet.cloud.tests.unit.modules.wave_tasks import (
    WaveResult,
    absent,
    present,
    unfinished,
    wave,
)


@pytest.fixture
def guests(cloud: Cloud, tmp_path: Path) -> Guests:
    """The guests behind the instances."""
    return Guests.of(cloud, tmp_path / "guests")


def rotate(cloud: Cloud, guests: Guests, *instance_ids: str, **options: Any) -> WaveResult:
    """Exchange the key pair "former" for the one that the private key belongs to."""
    ids, logins = list(instance_ids), guests.logins(*instance_ids)
    entries = [present(ids, KEY_PAIR, logins=logins), absent(ids, "former", logins=logins)]
    return wave(cloud, entries, login=guests.login, **options)


def test_a_login_is_proved_where_somebody_can_log_in(cloud: Cloud, guests: Guests) -> None:
    up, down = cloud.add("former", power="running"), cloud.add("former")

    result = rotate(cloud, guests, up, down)

    assert not result.failed
    assert guests.asked == [up]
    assert [result.instance(one)["login"] for one in (up, down)] == ["proved", "skipped"]


def test_a_login_is_proved_where_nothing_changes(cloud: Cloud, guests: Guests) -> None:
    up = cloud.add(KEY_PAIR, power="running")

    result = rotate(cloud, guests, up)

    assert not result.changed
    assert result.writes == []
    assert result.instance(up)["login"] == "proved"


def test_without_rollback_a_failed_login_is_told(cloud: Cloud, guests: Guests) -> None:
    good, bad = cloud.add("former", power="running"), cloud.add("former", power="running")
    guests.refuse(bad)

    result = rotate(cloud, guests, good, bad)

    assert result.why == {bad: "LoginDenied"}
    assert [result.instance(one)["login"] for one in (good, bad)] == ["proved", "failed"]
    assert [cloud.keys_of(one) for one in (good, bad)] == [[KEY_PAIR], [KEY_PAIR]]
    assert unfinished() == []


def test_a_rollback_puts_back_what_was_there(cloud: Cloud, guests: Guests) -> None:
    good, bad = cloud.add("former", power="running"), cloud.add("former", power="running")
    guests.refuse(bad)

    result = rotate(cloud, guests, good, bad, rollback="failed")

    assert result.why == {bad: "LoginDenied"}
    assert [result.instance(one)["rolled_back"] for one in (good, bad)] == [False, True]
    assert [cloud.keys_of(one) for one in (good, bad)] == [[KEY_PAIR], ["former"]]
    assert cloud.state_of(bad) == cloud.word("running")
    assert cloud.logins(bad)["key_pairs"] == [cloud.key_id("former")]
    assert result.row(bad, "former")["after"] == "present"
    assert result.row(bad, KEY_PAIR)["after"] == "absent"
    assert result.row(bad, KEY_PAIR)["outcome"] == "failed"
    assert guests.asked.count(bad) == guests.asked.count(good) == 1
    assert unfinished() == []


def test_a_rollback_costs_one_power_cycle(cloud: Cloud, guests: Guests) -> None:
    bad = cloud.add("former", power="running")
    guests.refuse(bad)

    result = rotate(cloud, guests, bad, rollback="failed")

    cycles = ("stop", "start") if cloud.provider.tencent else ("reboot",)
    assert all(result.turns.count(turn) == 2 for turn in cycles), result.turns


def test_a_rollback_of_the_whole_wave(cloud: Cloud, guests: Guests) -> None:
    good, down, bad = cloud.add("former", power="running"), cloud.add("former"), cloud.add("former", power="running")
    guests.refuse(bad)

    result = rotate(cloud, guests, good, down, bad, rollback="wave")

    assert result.why[bad] == "LoginDenied"
    assert "Rolled back: " in result.msg
    assert good in result.msg.partition("Rolled back: ")[2]
    assert [cloud.keys_of(one) for one in (good, down, bad)] == [["former"]] * 3
    assert [cloud.state_of(one) for one in (good, down, bad)] == [
        cloud.word(power) for power in ("running", "stopped", "running")
    ]
    assert all(result.instance(one)["rolled_back"] for one in (good, bad))
    assert {row["outcome"] for row in result.rows if row["instance_id"] == good} == {"skipped"}
    assert result.row(good, KEY_PAIR)["error"]["code"] == "RolledBack"
    assert bad in result.row(good, KEY_PAIR)["error"]["message"]
    assert unfinished() == []


def test_a_stopped_instance_loses_no_key_pair_unnoticed(cloud: Cloud, guests: Guests) -> None:
    down = cloud.add("former")
    entry = present([down], KEY_PAIR, logins=guests.logins(down))

    result = wave(cloud, entry, login=guests.login, rollback="wave")

    assert "former" in cloud.keys_of(down)
    assert cloud.state_of(down) == cloud.word("stopped")
    assert result.why == {down: "LoginNotPossible"}
    assert "No login could be proved on 1 stopped instance(s)" in result.msg
    outcomes = {row["key_pair_name"]: row["outcome"] for row in result.rows if row["action"] == "bind"}
    assert outcomes == {KEY_PAIR: "skipped" if cloud.keys_of(down) == ["former"] else "changed"}
    assert unfinished() == []


@providers("tencent_lighthouse")
def test_a_key_pair_that_cannot_be_put_back_is_a_failure(cloud: Cloud, guests: Guests) -> None:
    down = cloud.add("former")
    cloud.fault("error", cloud.provider.bind, after=1, times=None, code="InvalidParameter", message="no")
    entry = present([down], KEY_PAIR, logins=guests.logins(down))

    result = wave(cloud, entry, login=guests.login, rollback="wave")

    assert result.why == {down: "RollbackFailed"}
    assert len(unfinished()) == 1


def test_a_rollback_to_no_key_pair_at_all(cloud: Cloud, guests: Guests) -> None:
    bad = cloud.add(power="running")
    guests.refuse(bad)

    result = rotate(cloud, guests, bad, rollback="failed")

    assert result.instance(bad)["rolled_back"]
    assert cloud.keys_of(bad) == []
    assert cloud.logins(bad)["key_pairs"] == []


@tencent_only
def test_a_rollback_that_fails_stays_in_the_journal(cloud: Cloud, guests: Guests) -> None:
    bad = cloud.add("former", power="running")
    guests.refuse(bad)
    # The change itself binds once; the roll-back binds the former key pair again.
    cloud.fault("error", cloud.provider.bind, after=1, times=None, code="InvalidParameter", message="no")
    cloud.fault("error", cloud.provider.unbind, after=1, times=None, code="InvalidParameter", message="no")

    result = rotate(cloud, guests, bad, rollback="failed")

    assert result.why == {bad: "RollbackFailed"}
    assert cloud.key_id(KEY_PAIR) in result.instance(bad)["error"]["message"]
    assert not result.instance(bad)["rolled_back"]
    assert cloud.keys_of(bad) == [KEY_PAIR]
    assert cloud.state_of(bad) == cloud.word("running")
    assert len(unfinished()) == 1

    cloud.emulator.clear_faults()
    again = rotate(cloud, guests, bad, rollback="failed")

    assert again.instance(bad)["rolled_back"]
    assert cloud.keys_of(bad) == ["former"]
    assert unfinished() == []


def test_proving_first_touches_only_what_one_can_log_in_to(cloud: Cloud, guests: Guests) -> None:
    keys = ["former", KEY_PAIR] if cloud.provider.tencent else ["former"]
    good, down, bad = (cloud.add(*keys, power=power) for power in ("running", "stopped", "running"))
    guests.refuse(bad)

    result = rotate(cloud, guests, good, down, bad, prove_first=True)

    assert result.why == {down: "LoginNotPossible", bad: "LoginDenied"}
    assert [cloud.keys_of(one) for one in (good, down, bad)] == [[KEY_PAIR], sorted(keys), sorted(keys)]
    assert [result.instance(one)["login"] for one in (good, down, bad)] == ["proved", "skipped", "failed"]
    outcomes = {(row["instance_id"], row["outcome"]) for row in result.rows if row["outcome"] != "unchanged"}
    assert outcomes == {(good, "changed"), (down, "skipped"), (bad, "failed")}
    assert guests.asked.count(bad) == 1
    assert unfinished() == []


def test_the_private_key_has_to_belong_to_the_key_pair(cloud: Cloud, guests: Guests) -> None:
    up = cloud.add("former", power="running")

    result = wave(cloud, present([up], "deploy", logins=guests.logins(up)), login=guests.login)

    assert result.failed
    assert "does not belong to the key pair" in result.msg
    assert result.writes == []


@providers("tencent_cvm")
def test_a_key_that_is_missing_is_found_before_anything_is_sent(cloud: Cloud, guests: Guests) -> None:
    login = {**guests.login, "private_key_path": "/nowhere/key"}

    result = wave(cloud, present([cloud.add()], KEY_PAIR), login=login, check=True)

    assert result.failed
    assert result.actions == []


@providers("tencent_cvm")
def test_without_a_key_servers_only_have_to_answer(cloud: Cloud) -> None:
    up, silent = cloud.add(power="running"), cloud.add(power="running")
    with _greeting() as port, socket.create_server(("127.0.0.1", 0)) as closed:
        logins = {up: {"host": "127.0.0.1", "port": port}, silent: {"host": "127.0.0.1"}}
        logins[silent]["port"] = closed.getsockname()[1]
        closed.close()
        result = wave(cloud, present([up, silent], "deploy", logins=logins), wait_for_ssh=True, login={"timeout": 8})

    assert [result.instance(one)["login"] for one in (up, silent)] == ["not_asked", "failed"]
    assert set(result.why) == {silent}
    assert cloud.keys_of(silent) == ["deploy"]


@contextmanager
def _greeting() -> Iterator[int]:
    """A server that greets as SSH servers do; its port, in the block."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            with suppress(OSError):
                while True:
                    connection, _address = server.accept()
                    with connection:
                        connection.sendall(b"SSH-2.0-test\r\n")

        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


@providers("tencent_lighthouse")
def test_a_binding_made_online_is_undone_online(cloud: Cloud, guests: Guests) -> None:
    cloud.switch(lighthouse_bind="add")
    bad = cloud.add("former", power="running")
    guests.refuse(bad)
    entry = present([bad], KEY_PAIR, logins=guests.logins(bad), association_type="online")

    result = wave(cloud, entry, login=guests.login, interruption="none", rollback="failed")

    assert result.instance(bad)["rolled_back"]
    assert result.turns == ["bind", "unbind"]
    assert cloud.keys_of(bad) == ["former"]
