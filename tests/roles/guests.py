# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cloud whose instances can be logged in to with the real ssh, and the variables that name them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from ansible_collections.keyfleet.cloud.plugins.module_utils._clock import SystemClock
from ansible_collections.keyfleet.cloud.tests.roles.watched_emulator import WatchedEmulator
from ansible_collections.keyfleet.cloud.tests.unit.emulator.ssh_client import CLOSED, IN, SshClient
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import ACCOUNT, Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.providers import PROVIDERS, SECRET, Provider

READER = "READER"
"""Ends the IDs of the access keys that may only read."""
OTHER = "OTHER"
"""Ends the IDs of a second pair of access keys, which may do everything."""
KEY_PAIRS = ("old", "new", "other")
"""The key pairs that every region has; tests own their private keys. Nobody ever binds "other" unasked."""

_TENCENT_REGIONS = ("ap-shanghai", "ap-beijing", "ap-nanjing")
_ALIBABA_REGIONS = ("cn-shanghai", "cn-beijing", "cn-qingdao")
_WORLDS = {provider.world: provider for provider in PROVIDERS.values()}.values()


def seed(public_keys: Mapping[str, str], worlds: Iterable[Provider] = tuple(_WORLDS)) -> dict[str, Any]:
    """Return the world that every test starts with: accounts and KEY_PAIRS, no instances."""
    vendors = {provider.vendor: provider for provider in _WORLDS}.values()
    return {
        "accounts": [
            {
                "vendor": provider.vendor,
                "account_id": ACCOUNT,
                "access_keys": [
                    {"id": provider.access_key_id, "secret": SECRET},
                    {"id": provider.access_key_id + READER, "secret": SECRET, "read_only": True},
                    {"id": provider.access_key_id + OTHER, "secret": SECRET},
                ],
            }
            for provider in vendors
        ],
        "key_pairs": [
            {
                "provider": provider.world,
                "region": provider.region,
                "name": name,
                "key_id": provider.key_id(name),
                "public_key": line,
            }
            for provider in worlds
            for name, line in public_keys.items()
        ],
    }


class Guests(Cloud):
    """One provider of the emulator. ``keys`` are the private keys of KEY_PAIRS, ``folder`` takes small files."""

    emulator: WatchedEmulator

    def __init__(
        self, emulator: WatchedEmulator, provider: Provider, keys: Mapping[str, Path], folder: Path, first: int = 1
    ) -> None:
        super().__init__(emulator, SystemClock(), provider)
        # Two providers are doors to the same instances, so each has numbers of its own.
        self._numbers = count(first + 1000 * list(PROVIDERS).index(provider.name))
        self._keys = keys
        self._folder = folder

    def add_guest(self, *key_pairs: str, power: str = "running", **fields: Any) -> str:
        """Add an instance with an SSH server that holds these key pairs, and return its ID; see ``add``."""
        return self.add(*key_pairs, power=power, ssh=True, **fields)

    def who_gets_in(self, instance_id: str) -> list[str]:
        """Return the names of the key pairs with which the real ssh logs in now; ["nobody is up"] if it is down."""
        folder = self._folder / f"ssh-{instance_id}"
        folder.mkdir(exist_ok=True)
        client = SshClient.of(folder, self.instance(instance_id))
        verdicts = {name: client.with_key(key) for name, key in self._keys.items()}
        if CLOSED in verdicts.values():
            return ["nobody is up"]
        return [name for name, verdict in verdicts.items() if verdict == IN]

    def elsewhere(self, number: int) -> Guests:
        """Return another region of the same provider, the first with number 0; its key pairs have to be seeded."""
        region = (_TENCENT_REGIONS if self.provider.tencent else _ALIBABA_REGIONS)[number]
        provider = dataclasses.replace(self.provider, region=region)
        return Guests(self.emulator, provider, self._keys, self._folder, first=201 + 200 * number)

    def power_of(self, instance_id: str) -> str:
        """Return "running", "stopped" or the vendor's word for something else."""
        state = self.state_of(instance_id)
        return {self.provider.running: "running", self.provider.stopped: "stopped"}.get(state, state)

    def login_of(self, instance_id: str) -> dict[str, Any]:
        """Return where the SSH server of an instance is, as an entry of ``keyfleet_bindings`` says it."""
        shown = self.instance(instance_id)["ssh"]
        return {"host": shown["host"], "port": shown["port"]}

    def entry(self, instance_ids: Sequence[str], *key_pairs: str, **fields: Any) -> dict[str, Any]:
        """Return an entry of ``keyfleet_bindings`` for these instances."""
        return {
            "provider": self.provider.name,
            "region": self.provider.region,
            "key_pairs": list(key_pairs),
            "instance_ids": list(instance_ids),
            "logins": {one: self.login_of(one) for one in instance_ids if self.instance(one)["ssh"]},
            **fields,
        }

    def host(self, instance_id: str, **variables: Any) -> dict[str, Any]:
        """Return the variables of an inventory's host for an instance, as the inventory plugin gives them."""
        login = self.login_of(instance_id) if self.instance(instance_id)["ssh"] else {}
        return {
            "keyfleet_provider": self.provider.name,
            "keyfleet_region": self.provider.region,
            "keyfleet_instance_id": instance_id,
            **{f"ansible_{name}": value for name, value in login.items()},
            **variables,
        }

    @property
    def cycle(self) -> list[str]:
        """The actions that take a running instance through a change of its key pairs: down, up, or both at once."""
        return ["StopInstances", "StartInstances"] if self.provider.tencent else ["RebootInstances"]

    def power_calls(self) -> list[str]:
        """Return the actions of this provider that stopped, started or rebooted anything, in order."""
        return [
            action for action in self.calls(write=True) if action.endswith("Instances") and "KeyPairs" not in action
        ]

    def calls(self, *, write: bool | None = None) -> list[str]:
        """Return the actions that this provider was asked for, in order; with ``write`` only writes, or only reads."""
        mine = (entry for entry in self.emulator.log() if entry["provider"] == self.provider.name)
        return [entry["action"] for entry in mine if write in (None, entry["write"])]
