# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The entries of ``bindings``: the desired state as a user writes it, read and checked before anything is sent."""

from __future__ import annotations

import collections
import dataclasses
import os
import typing as t

from .._capabilities import Capabilities
from .._errors import InputError
from .._models import Desired
from .._selection.filters import Filters
from .._selection.selector import Selector
from .entry_values import Members
from .rollout_model import Login, Place
from .validation import validate

State = t.Literal["present", "absent"]
STATES: tuple[State, ...] = ("present", "absent")
ASSOCIATION_TYPES = ("offline", "online")

#: The members that lead to a place, besides provider and region.
CONNECTION_MEMBERS = (
    "profile", "role_arn", "role_session_name", "expected_account_id",
    "endpoint", "validate_certs", "ca_path", "api_timeout", "api_retries",
    "api_rate_share",
)  # fmt: skip
SECRETS = frozenset(
    {"access_key_id", "secret_id", "access_key_secret", "secret_key", "security_token", "token", "password"}
)
MEMBERS = (
    "name", "provider", "region", "key_pairs", "instance_ids", "instances", "state", "exclusive", "association_type",
    "username", "logins", *CONNECTION_MEMBERS,
)  # fmt: skip
SELECTOR_MEMBERS = ("names", "tags", "states", "key_pair", "query")
LOGIN_MEMBERS = ("host", "port", "user")


@dataclasses.dataclass(frozen=True)
class Defaults:
    """What an entry means that leaves something out: the options of the task.

    ``connection`` holds the options of CONNECTION_MEMBERS that the task has. ``capabilities``: provider → facts.
    """

    capabilities: t.Mapping[str, Capabilities]
    provider: str | None = None
    region: str | None = None
    connection: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)
    state: State = "present"


@dataclasses.dataclass(frozen=True)
class Entry:
    """One entry. ``number`` counts from 1. ``place.region`` is None where the environment or profile decides.

    ``explicit_state``: the entry itself says its state.
    """

    number: int
    place: Place
    key_pairs: tuple[str, ...]
    instance_ids: tuple[str, ...] = ()
    selector: Selector | None = None
    state: State = "present"
    exclusive: bool = False
    association_type: t.Literal["online", "offline"] | None = None
    username: str | None = None
    logins: t.Mapping[str, Login] = dataclasses.field(default_factory=dict)
    name: str | None = None
    explicit_state: bool = True

    @property
    def label(self) -> str:
        """Return what messages call the entry."""
        return label(self.number, self.name)

    @property
    def means_nothing(self) -> bool:
        """Whether no instance can be meant, so that nobody needs to be asked."""
        return not self.instance_ids and self.selector is None


def label(number: int, name: str | None = None) -> str:
    """Return what messages call an entry."""
    return f"entry {number} ({name})" if name else f"entry {number}"


def secrets_in(raw: t.Any) -> tuple[str, ...]:
    """Return the values of members that look like secrets, so that nothing prints them before they are refused."""
    entries = raw if isinstance(raw, (list, tuple)) else [raw]
    return tuple(
        str(value)
        for entry in entries
        if isinstance(entry, t.Mapping)
        for name, value in entry.items()
        if name in SECRETS and name not in ("access_key_id", "secret_id") and value
    )


def parse_entries(raw: t.Any, defaults: Defaults) -> tuple[Entry, ...]:
    """Return the entries of ``bindings``. Raises InputError, which names the entry, for anything that cannot be right
    whatever the clouds hold.
    """
    if raw is None or raw == "":
        return ()
    if not isinstance(raw, (list, tuple)):
        raise InputError("bindings is no list.", "Write it as a list of entries.")
    return tuple(_entry(number, values, defaults) for number, values in enumerate(raw, start=1))


def of_state(entries: t.Sequence[Entry], state: State | None) -> tuple[list[Entry], list[Entry]]:
    """Return the entries of that state, and those that are left alone; None means every state."""
    kept = [entry for entry in entries if state in (None, entry.state)]
    return kept, [entry for entry in entries if state not in (None, entry.state)]


def read_place(members: Members, defaults: Defaults) -> Place:
    """Return the place that a dictionary leads to. Options that say what the task says anyway are left out of it."""
    provider = members.choice("provider", sorted(defaults.capabilities)) or defaults.provider
    if provider is None:
        raise members.error(
            "provider is missing.", "Give each entry a provider, or the task one for all entries that have none."
        )
    given: dict[str, t.Any] = {
        "validate_certs": members.flag("validate_certs"),
        "api_timeout": members.number("api_timeout"),
        "api_retries": members.number("api_retries"),
        "api_rate_share": members.number("api_rate_share"),
    }
    given |= {name: members.text(name) for name in CONNECTION_MEMBERS if name not in given}
    if given["ca_path"]:
        given["ca_path"] = os.path.expanduser(os.path.expandvars(given["ca_path"]))
    own = {name: value for name, value in given.items() if value is not None and value != defaults.connection.get(name)}
    region = members.text("region") or defaults.region or None
    return Place(provider, region, tuple(sorted(own.items())), defaults.capabilities[provider].product)


def _entry(number: int, values: t.Any, defaults: Defaults) -> Entry:
    members = Members(label(number).capitalize(), values)
    name = members.text("name")
    members.label = label(number, name).replace("entry", "Entry", 1)
    _refuse_secrets(members, values)
    members.check_names(MEMBERS)
    place = read_place(members, defaults)
    state = members.choice("state", STATES)
    instance_ids = members.texts("instance_ids")
    selector = _selector(members, defaults.capabilities[place.provider])
    if instance_ids is None and selector is None:
        raise members.error(
            "nothing says which instances are meant.", "Give instance_ids or instances; an empty list means none."
        )
    entry = Entry(
        number=number,
        place=place,
        key_pairs=members.texts("key_pairs") or (),
        instance_ids=instance_ids or (),
        selector=selector,
        state=t.cast(State, state or defaults.state),
        exclusive=bool(members.flag("exclusive")),
        association_type=t.cast(t.Any, members.choice("association_type", ASSOCIATION_TYPES)),
        username=members.text("username"),
        logins=_logins(members),
        name=name,
        explicit_state=state is not None,
    )
    _check(members, entry, defaults.capabilities[place.provider])
    return entry


def _check(members: Members, entry: Entry, capabilities: Capabilities) -> None:
    desired = Desired(
        entry.key_pairs, entry.instance_ids, entry.state, entry.exclusive, False, entry.association_type, entry.username
    )
    try:
        validate(desired, capabilities)
    except InputError as error:
        raise members.error(error.info.message, error.info.hint) from None
    twice = [key for key, count in collections.Counter(entry.key_pairs).items() if count > 1]
    if twice:
        raise members.error(f"key_pairs has entries that occur twice: {', '.join(twice)}.", "List each of them once.")


def _refuse_secrets(members: Members, values: t.Mapping[str, t.Any]) -> None:
    found = sorted(SECRETS & set(values))
    if found:
        raise members.error(
            f"{', '.join(found)} must not stand in an entry: entries and plans are printed.",
            "Put credentials into the environment or a profile (see profile, role_arn), or, for a fleet of one "
            "vendor, into the options of the module or module_defaults.",
        )


def _selector(members: Members, capabilities: Capabilities) -> Selector | None:
    values = members.value("instances")
    if values is None or values == {}:
        return None
    own = Members(f"{members.label}, instances", values)
    own.check_names(SELECTOR_MEMBERS)
    given = {
        "names": own.texts("names"),
        "states": own.texts("states"),
        "key_pair": own.text("key_pair"),
        "tags": own.value("tags"),
    }
    try:
        selector = Selector(Filters.from_options(given.get), own.text("query"))
        selector.check(capabilities)
    except InputError as error:
        raise own.error(error.info.message, error.info.hint) from None
    if not selector.restricts:
        raise own.error("nothing says which instances are meant.", "Give a filter; names: '*' means all instances.")
    return selector


def _logins(members: Members) -> dict[str, Login]:
    values = members.value("logins")
    if values is None:
        return {}
    if not isinstance(values, t.Mapping):
        raise members.error("logins is no dictionary.", "Write it as instance ID: {host: …, port: …, user: …}.")
    return {
        str(instance_id): _login(f"{members.label}, logins, {instance_id}", one) for instance_id, one in values.items()
    }


def _login(name: str, values: t.Any) -> Login:
    members = Members(name, values)
    members.check_names(LOGIN_MEMBERS)
    port = members.number("port")
    if port is not None and not 0 < port < 65536:
        raise members.error(f"port is {port}, which is no TCP port.")
    return Login(members.text("host"), port, members.text("user"))
