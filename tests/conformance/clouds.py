# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the official clients find: two accounts, a few key pairs and instances of each provider."""

from __future__ import annotations

from typing import Any

ALIBABA_REGION = "cn-hangzhou"
TENCENT_REGION = "ap-guangzhou"
KEY_ID = {"alibaba": "LTAIEXAMPLE", "tencent": "AKIDEXAMPLE"}
SECRET = "example-secret-key"
ACCOUNT_ID = {"alibaba": "1000000000000001", "tencent": "100000000001"}

#: operations are quick, so that real clients need not wait
SETTINGS: dict[str, Any] = {
    "durations": {"stop": 0, "start": 0, "reboot": 0, "bind": 0, "unbind": 0, "reset_password": 0}
}


def seed() -> dict[str, Any]:
    """The seed with which every test begins."""
    return {
        "accounts": [
            {
                "vendor": vendor,
                "account_id": ACCOUNT_ID[vendor],
                "access_keys": [
                    {"id": KEY_ID[vendor], "secret": SECRET},
                    {"id": f"{KEY_ID[vendor]}RO", "secret": SECRET, "read_only": True},
                ],
                "roles": [{"name": "ops"}],
            }
            for vendor in KEY_ID
        ],
        "key_pairs": [
            {"provider": "alibaba_ecs", "region": ALIBABA_REGION, "name": "deploy"},
            {"provider": "alibaba_ecs", "region": ALIBABA_REGION, "name": "old"},
            {"provider": "tencent_lighthouse", "region": TENCENT_REGION, "key_id": "lhkp-f7rjie1q", "name": "deploy"},
            {"provider": "tencent_cvm", "region": TENCENT_REGION, "key_id": "skey-4e5ty7i8", "name": "deploy"},
        ],
        "instances": [
            _instance("alibaba_ecs", ALIBABA_REGION, "i-running", state="Running", key_pairs=["old"]),
            _instance("alibaba_ecs", ALIBABA_REGION, "i-stopped", state="Stopped", tags={"env": "prod"}),
            _instance("alibaba_ecs", ALIBABA_REGION, "i-windows", platform="windows"),
            _instance("tencent_lighthouse", TENCENT_REGION, "lhins-ruy9d2tw", state="STOPPED", name="web 1"),
            _instance("tencent_lighthouse", TENCENT_REGION, "lhins-running1", state="RUNNING"),
            _instance("tencent_lighthouse", TENCENT_REGION, "lhins-windows1", state="STOPPED", platform="windows"),
            _instance("tencent_cvm", TENCENT_REGION, "ins-1e4r6y8i", state="STOPPED", name="web 1"),
            _instance("tencent_cvm", TENCENT_REGION, "ins-3e56fg78", state="RUNNING"),
            _instance("tencent_cvm", TENCENT_REGION, "ins-windows1", state="STOPPED", platform="windows"),
        ],
    }


def _instance(provider: str, region: str, instance_id: str, **members: Any) -> dict[str, Any]:
    return {"provider": provider, "region": region, "instance_id": instance_id, **members}


def bindings(emulator: Any, instance_id: str) -> list[str]:
    """The key pairs that the emulator records for an instance."""
    found = next(item for item in emulator.state()["instances"] if item["instance_id"] == instance_id)
    key_pairs: list[str] = found["key_pairs"]
    return key_pairs


def address(emulator: Any) -> str:
    """Host and port, as the clients take an endpoint."""
    return f"127.0.0.1:{emulator.port}"
