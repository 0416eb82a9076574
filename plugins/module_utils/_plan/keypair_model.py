# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What the plan for one key pair is made of: what is wanted, what was seen, and the steps between."""

from __future__ import annotations

import dataclasses
import hashlib
import typing as t

from .._models import ErrorInfo, KeyPair
from .._public_key import PublicKey, same_key

StepKind = t.Literal["create", "import", "delete", "rename", "tag"]


@dataclasses.dataclass(frozen=True)
class KeyFile:
    """The file for a private key, as it was found.

    ``public_key``: the public half of the key in it, None where that cannot be read. ``problem``: why nothing can be
    written there.
    """

    path: str
    exists: bool = False
    public_key: PublicKey | None = None
    problem: ErrorInfo | None = None


@dataclasses.dataclass(frozen=True)
class Wish:
    """What a task asks for. ``tags`` is None when it says nothing about them."""

    name: str
    state: t.Literal["present", "absent"] = "present"
    public_key: PublicKey | None = None
    file: KeyFile | None = None
    replace: bool = False
    tags: t.Mapping[str, str] | None = None

    @property
    def key(self) -> PublicKey | None:
        """The public key that the name is to have, where that is known before anything is written."""
        if self.public_key is not None:
            return self.public_key
        return self.file.public_key if self.file and self.file.exists else None

    @property
    def aside(self) -> str:
        """The name that a replacement uses in between; see temporary_name."""
        return temporary_name(self.name)


@dataclasses.dataclass(frozen=True)
class Seen:
    """What was read.

    ``existing`` has the wanted name, ``aside`` the temporary name of a replacement that was interrupted, ``twins`` are
    the key pairs under other names with the wanted public key.
    """

    existing: KeyPair | None = None
    holders: tuple[str, ...] = ()
    aside: KeyPair | None = None
    aside_holders: tuple[str, ...] = ()
    twins: tuple[KeyPair, ...] = ()


@dataclasses.dataclass(frozen=True)
class Step:
    """One write. ``key_pair`` is what it is done to; ``name`` the name it makes or gives.

    ``key`` is what an import imports; None stands for the key that the cloud made in an earlier step.
    """

    kind: StepKind
    name: str
    key_pair: KeyPair | None = None
    key: PublicKey | None = None
    tags: t.Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def done(self) -> str:
        """What to say of this step once it is done."""
        former = self.key_pair.name if self.key_pair else ""
        return {
            "create": f"{self.name} was created",
            "import": f"{self.name} was imported",
            "delete": f"{self.name} was deleted",
            "rename": f"{former} was renamed to {self.name}",
            "tag": f"{self.name} was tagged",
        }[self.kind]


@dataclasses.dataclass(frozen=True)
class KeyPairPlan:
    """What would be done, or why nothing is.

    ``after`` is the key pair as it will be, None when there is none. A public key that the cloud makes is unknown.
    """

    before: KeyPair | None
    after: KeyPair | None
    steps: tuple[Step, ...] = ()
    error: ErrorInfo | None = None
    warnings: tuple[str, ...] = ()

    @property
    def diff(self) -> list[dict[str, str]]:
        """Return the diff, one entry where anything changes."""
        before, after = _text(self.before), _text(self.after)
        if self.error is not None or before == after:
            return []
        name = (self.after or self.before or KeyPair("", "")).name
        return [{"before_header": name, "after_header": name, "before": before, "after": after}]


def temporary_name(name: str) -> str:
    """Return the name that a replacement of this key pair uses in between.

    It is always the same for a name, so that an interrupted replacement is found again, and valid for every provider.
    """
    return f"keyfleet_{hashlib.sha256(name.encode('utf-8')).hexdigest()[:16]}"


def holds(key_pair: KeyPair | None, key: PublicKey | None) -> bool:
    """Tell whether a key pair is there and has this public key."""
    return key_pair is not None and key is not None and same_key(key_pair.public_key, key)


def _text(key_pair: KeyPair | None) -> str:
    if key_pair is None:
        return ""
    lines = [f"name: {key_pair.name}", f"public_key: {key_pair.public_key or '(made by the cloud)'}"]
    tags = [f"  {key}: {value}" for key, value in sorted(key_pair.tags.items())]
    return "".join(f"{line}\n" for line in [*lines, *(["tags:"] if tags else []), *tags])
