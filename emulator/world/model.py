# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Instances, key pairs and operations: plain data, changed by the World only."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from .guest import Access, Guest, keys_by_account
from .states import UP


@dataclass(frozen=True)
class Binding:
    """A key pair bound to an instance.

    ``username`` is the guest account if one was named; ``public_key`` is what the guest keeps.
    """

    key_id: str
    public_key: str
    username: str | None = None


@dataclass(frozen=True)
class Step:
    """One moment of an operation: the instance enters ``state``, ``effect`` happens, or it ends as ``outcome``."""

    at: float
    state: str | None = None
    effect: Callable[[], None] | None = None
    outcome: str | None = None


@dataclass
class Operation:
    """What the cloud is doing to an instance. ``status`` is OPERATING, SUCCESS or FAILED; times are Unix time."""

    action: str
    request_id: str
    started: float
    steps: deque[Step]
    status: str = "OPERATING"
    error: str | None = None

    @property
    def unfinished(self) -> bool:
        """Is it still going on?"""
        return self.status == "OPERATING"


@dataclass
class Instance:
    """A virtual machine.

    ``state`` is the vendor's word, ``bindings`` is what the API records, ``effective`` what the guest accepts.
    ``password`` says whether a password was ever set, ``password_login`` whether the guest accepts it, and
    ``pending_password`` is one that it accepts from the next ``make_effective`` on.
    """

    provider: str
    account_id: str
    region: str
    instance_id: str
    name: str
    state: str
    created: float
    number: int
    platform: str = "linux"
    zone: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    bindings: tuple[Binding, ...] = ()
    effective: tuple[Binding, ...] = ()
    password: bool = True
    password_login: bool = True
    pending_password: str | None = None
    guest: Guest = field(default_factory=Guest)
    stop_charging: bool = False
    locks: tuple[str, ...] = ()
    io_optimized: bool = True
    restrict_state: str = "NORMAL"
    display_area_supported: bool = True
    charge_type: str = ""
    start_time: float = 0.0
    operation: Operation | None = None

    @property
    def up(self) -> bool:
        """Is the guest running?"""
        return self.state in UP

    @property
    def busy(self) -> bool:
        """Is an operation under way?"""
        return self.operation is not None and self.operation.unfinished

    @property
    def key_ids(self) -> list[str]:
        """The recorded key pairs, each once, in the order of binding."""
        return list(dict.fromkeys(binding.key_id for binding in self.bindings))

    @property
    def access(self) -> Access:
        """Who may log in now."""
        bound = [(binding.username, binding.public_key) for binding in self.effective]
        passwords = dict(self.guest.passwords) if self.password_login else {}
        return Access(self.up, keys_by_account(bound, self.guest.users), passwords)

    def make_effective(self) -> None:
        """Let the guest accept what is recorded: the bound keys, or else the password if there is one."""
        if self.pending_password is not None:
            self.guest, self.pending_password = self.guest.with_password(self.pending_password), None
        if self.guest.applies_keys:
            self.effective = self.bindings
        self.password_login = self.password and not self.effective


@dataclass
class KeyPair:
    """A key pair. On Alibaba Cloud ``key_id`` is the name, and ``resource_id`` the ssh-… ID.

    ``bound`` maps instance ID to guest account (or None); ``image_reference`` says that an image uses the key.
    """

    provider: str
    account_id: str
    region: str
    key_id: str
    name: str
    public_key: str
    created: float
    tags: dict[str, str] = field(default_factory=dict)
    description: str = ""
    project_id: int = 0
    image_reference: bool = False
    resource_id: str = ""
    bound: dict[str, str | None] = field(default_factory=dict)
    #: instances to which it is being bound right now
    pending: set[str] = field(default_factory=set)
    #: recent changes of ``bound``, oldest first: (time, instance ID, was it bound before, guest account before)
    history: deque[tuple[float, str, bool, str | None]] = field(default_factory=lambda: deque(maxlen=10_000))

    def view(self, now: float, lag: float) -> dict[str, str | None]:
        """Return ``bound`` as it was ``lag`` seconds before ``now``."""
        if not lag:
            return self.bound
        seen = dict(self.bound)
        for at, instance_id, was_bound, username in reversed(self.history):
            if at <= now - lag:
                break
            if was_bound:
                seen[instance_id] = username
            else:
                seen.pop(instance_id, None)
        return seen
