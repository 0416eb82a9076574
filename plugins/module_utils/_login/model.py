# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What a proof of login is asked for, what one attempt shows, and what becomes of an instance."""

from __future__ import annotations

import dataclasses
import typing as t

from .._models import ErrorInfo
from .._plan.rollout_model import InstanceRef

# What one attempt shows:
#   in           logged in with the key (or, where nothing more was asked, the server answered)
#   not_yet      nobody answers, or not for long enough: a guest that comes up looks like that
#   denied       the server refused the key: a guest that has yet to apply it looks like that, for a few seconds
#   other_key    somebody was let in, but not because of this key
#   no_command   the key was accepted, but the account cannot run a command
#   host_key     the server is not the one that is known by this name
#   never        it will not work however often it is tried
Kind = t.Literal["in", "not_yet", "denied", "other_key", "no_command", "host_key", "never"]


@dataclasses.dataclass(frozen=True)
class Target:
    """The SSH server of one instance, and the account to log in to."""

    instance: InstanceRef
    host: str
    port: int
    user: str

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.user}@{host}:{self.port}"


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What one attempt shows. ``said``: the words of ssh or of the system about it, one line."""

    kind: Kind
    said: str = ""


@dataclasses.dataclass(frozen=True)
class LoginResult:
    """What became of one instance: ``proved``, or an error. Without a key, ``proved`` means that its server answers."""

    target: Target
    proved: bool
    error: ErrorInfo | None = None
