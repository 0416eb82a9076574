# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The metadata services: whose machine it is, the role that it lends, and the tokens of Alibaba Cloud's version 2."""

from __future__ import annotations

import http.client
import json
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.emulator import Emulator
from ansible_collections.keyfleet.cloud.emulator.clock import FakeClock
from ansible_collections.keyfleet.cloud.emulator.cloud import Cloud
from ansible_collections.keyfleet.cloud.emulator.control import Control
from ansible_collections.keyfleet.cloud.emulator.errors import ControlError
from ansible_collections.keyfleet.cloud.emulator.http_types import Headers, Request, Response
from ansible_collections.keyfleet.cloud.emulator.metadata import service
from ansible_collections.keyfleet.cloud.tests.unit.emulator.alibaba_client import STS as ALIBABA_STS
from ansible_collections.keyfleet.cloud.tests.unit.emulator.alibaba_client import Client as AlibabaClient
from ansible_collections.keyfleet.cloud.tests.unit.emulator.client import STS as TENCENT_STS
from ansible_collections.keyfleet.cloud.tests.unit.emulator.client import Client as TencentClient

TENCENT_ROLES = "/latest/meta-data/cam/security-credentials/"
ALIBABA_ROLES = "/latest/meta-data/ram/security-credentials/"
REGIONS = {"tencent": "/latest/meta-data/placement/region", "alibaba": "/latest/meta-data/region-id"}
ROLES = {"tencent": TENCENT_ROLES, "alibaba": ALIBABA_ROLES}
TOKEN = "/latest/api/token"
LIFETIME = "X-aliyun-ecs-metadata-token-ttl-seconds"
VENDORS = ("tencent", "alibaba")


def seed(**machine: Any) -> dict[str, Any]:
    """One account and one machine of each vendor."""
    return {
        "accounts": [{"vendor": vendor, "account_id": f"{vendor}-1", "roles": [{"name": "ops"}]} for vendor in VENDORS],
        "metadata": [{"vendor": vendor, "region": f"{vendor}-region", **machine} for vendor in VENDORS],
    }


def on_machine(clock: FakeClock | None = None, switches: dict[str, str] | None = None, **machine: Any) -> Cloud:
    """The clouds as somebody on these machines sees them."""
    cloud = Cloud(clock or FakeClock())
    Control(cloud, seed(**machine), {"switches": switches or {}})
    return cloud


def ask(cloud: Cloud, path: str, method: str = "GET", **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return service.answer(cloud, Request(method, path, Headers(named.items())))


def text(cloud: Cloud, path: str) -> str:
    response = ask(cloud, path)
    assert response.status == 200
    return response.body.decode()


def key(cloud: Cloud, vendor: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text(cloud, f"{ROLES[vendor]}ops"))
    return found


def fetch(emulator: Emulator, path: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", emulator.port, timeout=120)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    finally:
        connection.close()


@pytest.mark.parametrize("vendor", VENDORS)
def test_region_and_role(vendor: str) -> None:
    cloud = on_machine(role="ops")
    assert text(cloud, REGIONS[vendor]) == f"{vendor}-region"
    assert text(cloud, ROLES[vendor]) == "ops"


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("path", ["", "ops"])
def test_a_machine_without_a_role(vendor: str, path: str) -> None:
    assert ask(on_machine(), ROLES[vendor] + path).status == 404


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_role_that_the_machine_does_not_have(vendor: str) -> None:
    assert ask(on_machine(role="ops"), f"{ROLES[vendor]}root").status == 404


@pytest.mark.parametrize("path", [*REGIONS.values(), *ROLES.values(), TOKEN, "/latest/meta-data/", "/latest/"])
def test_off_the_cloud_there_is_nothing(path: str) -> None:
    assert ask(Cloud(FakeClock()), path, "PUT" if path == TOKEN else "GET").status == 404


def test_the_shape_of_tencents_key() -> None:
    cloud = on_machine(role="ops", lifetime=7200)
    found = key(cloud, "tencent")
    assert set(found) == {"TmpSecretId", "TmpSecretKey", "Token", "ExpiredTime", "Expiration", "Code"}
    assert (found["Code"], found["ExpiredTime"]) == ("Success", 1_700_000_000 + 7200)
    assert found["Expiration"] == "2023-11-15T00:13:20Z"


def test_the_shape_of_alibabas_key() -> None:
    cloud = on_machine(role="ops", lifetime=7200)
    found = key(cloud, "alibaba")
    assert set(found) == {"AccessKeyId", "AccessKeySecret", "SecurityToken", "Expiration", "LastUpdated", "Code"}
    assert (found["Code"], found["Expiration"]) == ("Success", "2023-11-15T00:13:20Z")
    assert found["LastUpdated"] == "2023-11-14T22:13:20Z"


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_key_is_the_same_until_half_of_its_life_is_over(vendor: str) -> None:
    clock = FakeClock()
    cloud = on_machine(clock, role="ops", lifetime=1000)
    first = key(cloud, vendor)
    clock.advance(500)
    assert key(cloud, vendor) == first
    clock.advance(1)
    assert key(cloud, vendor) != first


def test_the_keys_work() -> None:
    clock = FakeClock()
    with Emulator(seed=seed(role="ops"), clock=clock) as emulator:
        lent = json.loads(fetch(emulator, f"{TENCENT_ROLES}ops"))
        tencent = TencentClient(emulator.port, clock, TENCENT_STS, token=lent["Token"])
        tencent = tencent.but(secret_id=lent["TmpSecretId"], secret=lent["TmpSecretKey"])
        assert tencent.ok("GetCallerIdentity")["AccountId"] == "tencent-1"
        lent = json.loads(fetch(emulator, f"{ALIBABA_ROLES}ops"))
        alibaba = AlibabaClient(
            emulator.port, clock, lent["AccessKeyId"], lent["AccessKeySecret"], lent["SecurityToken"]
        )
        assert alibaba.but(version=ALIBABA_STS).ok("GetCallerIdentity")["AccountId"] == "alibaba-1"


def test_a_token_is_good_for_as_long_as_was_asked() -> None:
    clock = FakeClock()
    cloud = on_machine(clock, {"alibaba_metadata_v1": "refused"}, role="ops")
    assert ask(cloud, ALIBABA_ROLES).status == 403
    token = ask(cloud, TOKEN, "PUT", **{LIFETIME: "60"}).body.decode()
    assert ask(cloud, ALIBABA_ROLES, X_aliyun_ecs_metadata_token=token).body == b"ops"
    clock.advance(60)
    assert ask(cloud, ALIBABA_ROLES, X_aliyun_ecs_metadata_token=token).status == 403


def test_a_wrong_token_is_refused_even_where_none_is_needed() -> None:
    assert ask(on_machine(role="ops"), ALIBABA_ROLES, X_aliyun_ecs_metadata_token="invented").status == 403


@pytest.mark.parametrize(
    ("method", "lifetime", "status"),
    [
        ("PUT", "1", 200),
        ("PUT", "21600", 200),
        ("PUT", "0", 400),
        ("PUT", "21601", 400),
        ("PUT", "x", 400),
        ("GET", "1", 405),
    ],
)
def test_asking_for_a_token(method: str, lifetime: str, status: int) -> None:
    assert ask(on_machine(), TOKEN, method, **{LIFETIME: lifetime}).status == status


def test_a_token_without_a_lifetime() -> None:
    assert ask(on_machine(), TOKEN, "PUT").status == 400


@pytest.mark.parametrize("vendor", VENDORS)
def test_metadata_is_for_reading(vendor: str) -> None:
    assert ask(on_machine(), REGIONS[vendor], "POST").status == 405


def test_metadata_is_on_the_emulators_port_and_not_in_its_log() -> None:
    with Emulator(seed=seed(role="ops")) as emulator:
        assert fetch(emulator, TENCENT_ROLES) == b"ops"
        assert emulator.log() == []


def test_a_reset_forgets_the_machine() -> None:
    cloud = Cloud(FakeClock())
    control = Control(cloud)
    control.seed(seed(role="ops"))
    control.reset()
    assert ask(cloud, TENCENT_ROLES).status == 404


@pytest.mark.parametrize(
    ("machine", "field"),
    [
        ({"vendor": "azure", "region": "x"}, r"metadata\[0\]\.vendor"),
        ({"vendor": "tencent"}, r"metadata\[0\]\.region"),
        ({"vendor": "tencent", "region": "x", "role": "nobody"}, r"metadata\[0\]\.role"),
        ({"vendor": "tencent", "region": "x", "account_id": "9"}, r"metadata\[0\]\.account_id"),
        ({"vendor": "tencent", "region": "x", "lifetime": 0}, r"metadata\[0\]\.lifetime"),
        ({"vendor": "tencent", "region": "x", "zone": "y"}, r"metadata\[0\]\.zone"),
    ],
)
def test_a_machine_that_cannot_be(machine: dict[str, Any], field: str) -> None:
    with pytest.raises(ControlError, match=field):
        Control(Cloud(FakeClock())).seed({**seed(), "metadata": [machine]})
