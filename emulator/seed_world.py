# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Building instances and key pairs from a seed. Nothing enters the world before ``commit``."""

from __future__ import annotations

from typing import Any

from . import checks
from .accounts import Accounts
from .errors import ControlError
from .providers import ECS, VENDOR_OF, WORLD_OF
from .rsa_keys import placeholder_public_key
from .seed_guest import MEMBERS as GUEST_MEMBERS
from .seed_guest import read_guest
from .world import Binding, Instance, KeyPair, World
from .world.ids import INSTANCE_IDS, KEY_IDS
from .world.states import STATES

_PLACE = ("provider", "account_id", "region")
_KEY_PAIR = (*_PLACE, "key_id", "name", "public_key", "tags", "description", "project_id", "image_reference")
_FLEET = (*_PLACE, "count", "name_prefix", "state", "key_pairs", "tags", "platform", "zone", "password")
_INSTANCE = (
    *_PLACE,
    "instance_id",
    "name",
    "state",
    "platform",
    "key_pairs",
    "password",
    "zone",
    "tags",
    "stop_charging",
    "locks",
    "io_optimized",
    "restrict_state",
    "display_area_supported",
    "charge_type",
    "uptime",
    *GUEST_MEMBERS,
)
_CHARGE_TYPES = {"tencent_lighthouse": "PREPAID", "tencent_cvm": "POSTPAID_BY_HOUR", "alibaba_ecs": "PostPaid"}

Place = tuple[str, str, str]


class WorldBuilder:
    """Turns seed entries into objects, checked against the world and against each other. Methods raise ControlError."""

    def __init__(self, world: World, accounts: Accounts, now: float) -> None:
        self._world = world
        self._accounts = accounts
        self._now = now
        self._key_pairs: dict[tuple[Place, str], KeyPair] = {}
        self._names: set[tuple[Place, str]] = set()
        self._instances: dict[tuple[str, str], Instance] = {}
        #: the instances that are to have an SSH server, each with the member that says so
        self.with_ssh: list[tuple[str, Instance]] = []

    def commit(self) -> None:
        """Put everything into the world."""
        for key_pair in self._key_pairs.values():
            self._world.add_key_pair(key_pair)
        for instance in self._instances.values():
            self._world.add_instance(instance)

    def key_pair(self, found: dict[str, Any], field: str) -> None:
        """Add a key pair."""
        checks.only(found, _KEY_PAIR, field)
        place = self._place(found, field)
        provider, account_id, region = place
        name = checks.text(found.get("name"), f"{field}.name")
        if provider == ECS:
            key_id, resource_id = name, self._new_key_id(provider)
        else:
            key_id = resource_id = checks.text(found.get("key_id") or self._new_key_id(provider), f"{field}.key_id")
        if provider != ECS and not KEY_IDS[provider].valid(key_id):
            raise ControlError(f"{field}.key_id", "is not a key pair ID of this provider")
        known = self._world.region(*place)
        if self._find_key_pair(place, key_id) or name in known.key_names or (place, name) in self._names:
            raise ControlError(f"{field}.name", f"key pair {key_id} or its name {name} exists already")
        public_key = found.get("public_key")
        self._names.add((place, name))
        self._key_pairs[place, key_id] = KeyPair(
            provider=provider,
            account_id=account_id,
            region=region,
            key_id=key_id,
            name=name,
            public_key=placeholder_public_key(name)
            if public_key is None
            else checks.text(public_key, f"{field}.public_key"),
            created=self._now,
            tags=checks.text_map(found.get("tags"), f"{field}.tags"),
            description=str(found.get("description", "")),
            project_id=checks.integer(found.get("project_id", 0), f"{field}.project_id"),
            image_reference=checks.boolean(found.get("image_reference", False), f"{field}.image_reference"),
            resource_id=resource_id,
        )

    def instance(self, found: dict[str, Any], field: str) -> None:
        """Add an instance."""
        checks.only(found, _INSTANCE, field)
        place = self._place(found, field)
        instance_id = found.get("instance_id")
        if instance_id is None:
            instance_id = self._new_instance_id(place[0])
        elif not INSTANCE_IDS[place[0]].valid(checks.text(instance_id, f"{field}.instance_id")):
            raise ControlError(f"{field}.instance_id", "is not an instance ID of this provider")
        elif (place[0], instance_id) in self._instances or instance_id in self._world.region(*place).instances:
            raise ControlError(f"{field}.instance_id", f"{instance_id} exists already")
        self._add_instance(place, instance_id, found, field)

    def fleet(self, found: dict[str, Any], field: str) -> None:
        """Add many instances that differ in ID and name only; the names are numbered from 1."""
        checks.only(found, _FLEET, field)
        place = self._place(found, field)
        prefix = checks.text(found.get("name_prefix", "instance-"), f"{field}.name_prefix")
        members = {name: value for name, value in found.items() if name not in ("count", "name_prefix")}
        for number in range(1, checks.integer(found.get("count"), f"{field}.count") + 1):
            self._add_instance(place, self._new_instance_id(place[0]), {**members, "name": f"{prefix}{number}"}, field)

    def _new_instance_id(self, provider: str) -> str:
        while True:
            found = self._world.new_instance_id(provider)
            if (provider, found) not in self._instances:
                return found

    def _new_key_id(self, provider: str) -> str:
        return self._world.new_key_id(provider, [key_id for (_place, key_id) in self._key_pairs])

    def _add_instance(self, place: Place, instance_id: str, found: dict[str, Any], field: str) -> None:
        provider, account_id, region = place
        default_state = "Running" if provider == ECS else "RUNNING"
        platform = checks.choice(found.get("platform", "linux"), ("linux", "windows"), f"{field}.platform")
        password = checks.boolean(found.get("password", True), f"{field}.password")
        bindings = tuple(
            self._binding(place, item, f"{field}.key_pairs[{n}]")
            for n, item in enumerate(checks.items(found.get("key_pairs"), f"{field}.key_pairs"))
        )
        if provider == ECS and len(bindings) > 1:
            raise ControlError(f"{field}.key_pairs", "an instance of this provider has at most one")
        instance = Instance(
            provider=provider,
            account_id=account_id,
            region=region,
            instance_id=instance_id,
            name=checks.text(found.get("name", instance_id), f"{field}.name"),
            state=checks.choice(found.get("state", default_state), STATES[provider], f"{field}.state"),
            created=self._now,
            number=self._world.new_instance_number(),
            platform=platform,
            zone=checks.text(found.get("zone", f"{region}-3"), f"{field}.zone"),
            tags=checks.text_map(found.get("tags"), f"{field}.tags"),
            bindings=bindings,
            effective=bindings,
            password=password,
            guest=read_guest(found, field, platform=platform, has_password=password),
            stop_charging=checks.boolean(found.get("stop_charging", False), f"{field}.stop_charging"),
            locks=tuple(checks.texts(found.get("locks"), f"{field}.locks")),
            io_optimized=checks.boolean(found.get("io_optimized", True), f"{field}.io_optimized"),
            restrict_state=checks.text(found.get("restrict_state", "NORMAL"), f"{field}.restrict_state"),
            display_area_supported=checks.boolean(
                found.get("display_area_supported", True), f"{field}.display_area_supported"
            ),
            charge_type=checks.text(found.get("charge_type", _CHARGE_TYPES[provider]), f"{field}.charge_type"),
            start_time=self._now - checks.number(found.get("uptime", 0), f"{field}.uptime"),
        )
        instance.make_effective()
        self._instances[provider, instance_id] = instance
        if instance.guest.ssh_port is not None:
            self.with_ssh.append((f"{field}.ssh", instance))

    def _binding(self, place: Place, value: Any, field: str) -> Binding:
        found = {"key_pair": value} if isinstance(value, str) else checks.mapping(value, field)
        checks.only(found, ("key_pair", "username"), field)
        key_id = checks.text(found.get("key_pair"), f"{field}.key_pair")
        key_pair = self._find_key_pair(place, key_id)
        if key_pair is None:
            raise ControlError(field, f"there is no key pair {key_id} in {place[2]}")
        return Binding(key_id, key_pair.public_key, checks.optional_text(found.get("username"), f"{field}.username"))

    def _find_key_pair(self, place: Place, key_id: str) -> KeyPair | None:
        return self._key_pairs.get((place, key_id)) or self._world.region(*place).key_pairs.get(key_id)

    def _place(self, found: dict[str, Any], field: str) -> Place:
        provider = WORLD_OF[checks.choice(found.get("provider"), WORLD_OF, f"{field}.provider")]
        vendor = VENDOR_OF[provider]
        account_id = found.get("account_id", self._accounts.default(vendor))
        if account_id is None:
            raise ControlError("accounts", f"there is no {vendor} account to own {field}")
        if not self._accounts.known(vendor, checks.text(account_id, f"{field}.account_id")):
            raise ControlError(f"{field}.account_id", f"there is no {vendor} account {account_id}")
        return provider, account_id, checks.text(found.get("region"), f"{field}.region")
