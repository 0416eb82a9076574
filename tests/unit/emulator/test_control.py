# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control interface over HTTP: the same operations as the methods of Emulator, with complaints as JSON."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.emulator import Emulator
from ansible_collections.keyfleet.cloud.tests.unit.emulator.client import Client, TencentCloud, tencent_cloud

INSTANCE = "lhins-00000one"


@pytest.fixture
def cloud() -> Iterator[TencentCloud]:
    with tencent_cloud(instances=[{"instance_id": INSTANCE}]) as found:
        yield found


def control(emulator: Emulator, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", emulator.port, timeout=120)
    try:
        sent = body if isinstance(body, bytes) else None if body is None else json.dumps(body)
        connection.request(method, f"/_emulator/{path}", sent)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def test_health(cloud: TencentCloud) -> None:
    assert control(cloud.emulator, "GET", "health") == (200, {"status": "ok"})


def test_seed_state_and_reset(cloud: TencentCloud) -> None:
    fleet = {"provider": "tencent_cvm", "region": "ap-tokyo", "count": 3}
    assert control(cloud.emulator, "POST", "seed", {"fleets": [fleet]}) == (200, {"ok": True})
    status, state = control(cloud.emulator, "GET", "state")
    assert (status, len(state["instances"]), state) == (200, 4, cloud.emulator.state())
    assert control(cloud.emulator, "POST", "reset") == (200, {"ok": True})
    assert len(cloud.emulator.state()["instances"]) == 1


def test_settings(cloud: TencentCloud) -> None:
    assert control(cloud.emulator, "POST", "settings", {"switches": {"cvm_bind": "replace"}}) == (200, {"ok": True})
    status, settings = control(cloud.emulator, "GET", "settings")
    assert (status, settings["switches"]["cvm_bind"]) == (200, "replace")
    assert settings == cloud.emulator.settings()


def test_faults(cloud: TencentCloud) -> None:
    assert control(cloud.emulator, "POST", "faults", [{"kind": "throttle"}])[0] == 200
    assert control(cloud.emulator, "POST", "faults", {"kind": "delay", "seconds": 0})[0] == 200
    status, faults = control(cloud.emulator, "GET", "faults")
    assert (status, [fault["kind"] for fault in faults]) == (200, ["throttle", "delay"])
    assert control(cloud.emulator, "DELETE", "faults") == (200, {"ok": True})
    assert control(cloud.emulator, "GET", "faults") == (200, [])


def test_log(cloud: TencentCloud) -> None:
    answer = cloud.lighthouse.ok("StopInstances", InstanceIds=[INSTANCE])
    status, log = control(cloud.emulator, "GET", "log")
    assert (status, log) == (200, cloud.emulator.log())
    assert log == [
        {
            "n": 1,
            "time": cloud.clock.now(),
            "provider": "tencent_lighthouse",
            "action": "StopInstances",
            "region": "ap-guangzhou",
            "params": {"InstanceIds": [INSTANCE]},
            "access_key_id": "AKIDEXAMPLE",
            "request_id": answer["RequestId"],
            "code": None,
            "http_status": 200,
            "write": True,
            "fault": None,
            "connection": 1,
        }
    ]
    assert control(cloud.emulator, "DELETE", "log") == (200, {"ok": True})
    cloud.lighthouse.call("NoSuchAction")
    (entry,) = cloud.emulator.log()
    assert (entry["n"], entry["code"], entry["write"]) == (1, "InvalidAction", False)


def test_logins(cloud: TencentCloud) -> None:
    query = f"provider=tencent_lighthouse&region=ap-guangzhou&instance_id={INSTANCE}"
    assert control(cloud.emulator, "GET", f"logins?{query}") == (200, cloud.login(INSTANCE))


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "field"),
    [
        ("POST", "seed", b"{", 400, "body"),
        ("POST", "seed", [], 400, "seed"),
        ("POST", "seed", {"instances": [{}]}, 400, "instances[0].provider"),
        ("POST", "settings", {"switches": {"cvm_bind": "x"}}, 400, "switches.cvm_bind"),
        ("POST", "faults", {"kind": "melt"}, 400, "faults[0].kind"),
        ("GET", "logins?provider=aws", None, 400, "provider"),
        ("GET", "logins?provider=tencent_cvm", None, 400, "region"),
        ("GET", "logins?provider=tencent_cvm&region=x&instance_id=ins-00000one", None, 400, "instance_id"),
        ("GET", "logins?colour=red", None, 400, "colour"),
        ("GET", "nothing", None, 404, "no such"),
        ("GET", "seed", None, 405, "method"),
        ("DELETE", "health", None, 405, "method"),
    ],
)
def test_bad_input(cloud: TencentCloud, method: str, path: str, body: Any, status: int, field: str) -> None:
    found, answer = control(cloud.emulator, method, path, body)
    assert (found, list(answer)) == (status, ["error"])
    assert answer["error"].startswith(field)


def test_control_is_not_logged_and_suffers_no_faults(cloud: TencentCloud) -> None:
    cloud.emulator.add_faults({"kind": "http_5xx", "times": None})
    assert control(cloud.emulator, "GET", "health")[0] == 200
    assert cloud.emulator.log() == []


def test_reset_returns_to_the_settings_of_the_start_and_forgets_the_rest() -> None:
    with tencent_cloud(settings={"clock_offset": 5}) as cloud:
        cloud.emulator.configure({"clock_offset": 9, "switches": {"cvm_bind": "replace"}})
        cloud.emulator.add_faults({"kind": "throttle"})
        cloud.lighthouse.call("DescribeInstances")
        cloud.emulator.reset()
        settings = cloud.emulator.settings()
        assert (settings["clock_offset"], settings["switches"]["cvm_bind"]) == (5, "add")
        assert (cloud.emulator.faults(), cloud.emulator.log()) == ([], [])


@pytest.mark.parametrize("path", ["/elsewhere", "/_emulator", "/v2/index.html"])
def test_other_paths_do_not_exist(cloud: TencentCloud, path: str) -> None:
    client: Client = cloud.lighthouse.but(method="GET")
    assert client.send(path, b"", {"Host": "x"}).status == 404
