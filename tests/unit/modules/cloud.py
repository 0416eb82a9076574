# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulated cloud as tests of one provider see it: instances are added, looked at and disturbed in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

from ansible_collections.keyfleet.cloud.plugins.module_utils._clock import Deadline
from ansible_collections.keyfleet.cloud.plugins.module_utils._connection import Connection, ConnectionOptions, connect
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import Call
from ansible_collections.keyfleet.cloud.tests.unit.modules.providers import PROVIDERS, SECRET, Provider
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_clock import VirtualClock
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_emulator import VirtualEmulator

ACCOUNT = "100000000001"
#: ends the ID of a colleague's access key
COLLEAGUE = "COLLEAGUE"
#: the key pairs that every region has
KEY_PAIRS = ("backup", "deploy", "former", "leaver")


def seed() -> dict[str, Any]:
    """Return the world that every test starts with: accounts and key pairs, no instances."""
    worlds = {provider.world: provider for provider in PROVIDERS.values()}.values()
    vendors = {provider.vendor: provider for provider in worlds}.values()
    return {
        "accounts": [
            {
                "vendor": provider.vendor,
                "account_id": ACCOUNT,
                "access_keys": [
                    {"id": provider.access_key_id, "secret": SECRET},
                    {"id": f"{provider.access_key_id}READER", "secret": SECRET, "read_only": True},
                    {"id": provider.access_key_id + COLLEAGUE, "secret": SECRET},
                ],
            }
            for provider in vendors
        ],
        "key_pairs": [
            {"provider": provider.world, "region": provider.region, "name": name, "key_id": provider.key_id(name)}
            for provider in worlds
            for name in KEY_PAIRS
        ],
    }


class Cloud:
    """One provider of the emulator. Key pairs are spoken of by name, power states as "running" and "stopped"."""

    def __init__(self, emulator: VirtualEmulator, clock: VirtualClock, provider: Provider) -> None:
        self.emulator = emulator
        self.clock = clock
        self.provider = provider
        #: whether requests are to go by TCP
        self.wire = False
        self._numbers = count(1)

    @property
    def options(self) -> dict[str, Any]:
        """The connection options of a task."""
        return {
            "provider": self.provider.name,
            "region": self.provider.region,
            "access_key_id": self.provider.access_key_id,
            "access_key_secret": SECRET,
            "endpoint": self.emulator.url,
        }

    def add(
        self, *key_pairs: str | tuple[str, str], power: str = "stopped", state: str | None = None, **fields: Any
    ) -> str:
        """Add an instance that holds these key pairs; ``(name, account)`` is a binding for a guest account.

        ``state`` is the vendor's word, for the states that "running" and "stopped" do not cover. Returns its ID.
        """
        instance_id = self.provider.instance_id(next(self._numbers))
        self.emulator.seed(
            {
                "instances": [
                    {
                        "provider": self.provider.world,
                        "region": self.provider.region,
                        "instance_id": instance_id,
                        "state": state or self.word(power),
                        "key_pairs": [self._binding(key_pair) for key_pair in key_pairs],
                        **fields,
                    }
                ]
            }
        )
        return instance_id

    def add_fleet(self, size: int, *key_pairs: str, power: str = "stopped") -> list[str]:
        """Add many instances alike and return their IDs, sorted."""
        fleet = {
            "provider": self.provider.world,
            "region": self.provider.region,
            "count": size,
            "state": self.word(power),
            "key_pairs": [self.key_id(name) for name in key_pairs],
        }
        known = {instance["instance_id"] for instance in self._instances()}
        self.emulator.seed({"fleets": [fleet]})
        return sorted(found["instance_id"] for found in self._instances() if found["instance_id"] not in known)

    def add_access_key(self, suffix: str, **fields: Any) -> str:
        """Add an access key with the usual secret and return its ID; the fields are the emulator's."""
        access_key = {"id": self.provider.access_key_id + suffix, "secret": SECRET, **fields}
        account = {"vendor": self.provider.vendor, "account_id": ACCOUNT, "access_keys": [access_key]}
        self.emulator.seed({"accounts": [account]})
        return str(access_key["id"])

    def add_key_pair(self, name: str) -> None:
        """Add a key pair whose ID says nothing of its name."""
        place = {"provider": self.provider.world, "region": self.provider.region}
        self.emulator.seed({"key_pairs": [{**place, "name": name}]})

    def delete_key_pair(self, name: str) -> None:
        """Let a colleague delete a key pair, one of those that every region has and that is bound to nothing."""
        connection = self._connect_colleague()
        connection.provider.delete_key_pair(connection.provider.key_pairs([name])[name])
        connection.close()

    def key_id(self, name: str) -> str:
        """Return what the API calls the key pair with that name, one of those that every region has."""
        return self.provider.key_id(name)

    def word(self, power: str) -> str:
        """Return the vendor's word for "running" or "stopped"."""
        return {"running": self.provider.running, "stopped": self.provider.stopped}[power]

    def keys_of(self, instance_id: str) -> list[str]:
        """Return the names of the key pairs that are bound to an instance, sorted."""
        names = {
            found["key_id"]: found["name"]
            for found in self.emulator.state()["key_pairs"]
            if found["provider"] == self.provider.world
        }
        return sorted(names[key_id] for key_id in self.instance(instance_id)["key_pairs"])

    def state_of(self, instance_id: str) -> str:
        """Return the vendor's word for the state of an instance."""
        return str(self.instance(instance_id)["state"])

    def instance(self, instance_id: str) -> dict[str, Any]:
        """Return what the emulator knows of an instance."""
        return next(found for found in self._instances() if found["instance_id"] == instance_id)

    def logins(self, instance_id: str) -> dict[str, Any]:
        """Return who may log in to the guest; see the emulator."""
        return self.emulator.logins(self.provider.world, self.provider.region, instance_id)

    def switch(self, **values: str) -> None:
        """Set switches of the emulator."""
        self.emulator.configure({"switches": values})

    def durations(self, **seconds: float) -> None:
        """Set how long the phases of operations take."""
        self.emulator.configure({"durations": seconds})

    def fault(self, kind: str, action: str | None = None, **values: Any) -> None:
        """Let calls go wrong; see the emulator's faults."""
        self.emulator.add_faults([{"kind": kind, "action": action, **values}])

    def log(self) -> list[dict[str, Any]]:
        """Return the calls that the cloud has seen, in the order in which they were answered."""
        return self.emulator.log()

    def meanwhile(self, action: str, *changes: Call) -> None:
        """Let a colleague make these changes just before the cloud answers the next call of ``action``."""
        self.emulator.before(action, lambda: self._colleague(changes))

    def _colleague(self, changes: Sequence[Call]) -> None:
        connection = self._connect_colleague()
        for change in changes:
            connection.provider.write(change)
        connection.close()

    def _connect_colleague(self) -> Connection:
        options = {"validate_certs": True, "api_timeout": 30, "api_retries": 5, **self.options}
        options["access_key_id"] += COLLEAGUE
        return connect(ConnectionOptions.from_options(options.get), {}, self.clock, Deadline(self.clock, 60))

    def _binding(self, key_pair: str | tuple[str, str]) -> Any:
        if isinstance(key_pair, str):
            return self.key_id(key_pair)
        name, account = key_pair
        return {"key_pair": self.key_id(name), "username": account}

    def _instances(self) -> Iterable[dict[str, Any]]:
        return [found for found in self.emulator.state()["instances"] if found["provider"] == self.provider.world]
