# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Access keys and roles in environment variables. An empty variable counts as unset, as AWX injects empty ones."""

from __future__ import annotations

import dataclasses

from .model import Absent, Found, Role, access_key
from .search import Search


@dataclasses.dataclass(frozen=True)
class EnvironmentNames:
    """One family of environment variables. An ID of one family is never combined with a secret of another."""

    access_key_id: str
    access_key_secret: str
    security_tokens: tuple[str, ...]

    def __call__(self, search: Search) -> Found | Absent:
        """Return the access key of this family; a source. Raises InputError when half of it is missing."""
        names = (self.access_key_id, self.access_key_secret)
        token = next((value for name in self.security_tokens if (value := search.variable(name))), None)
        found = access_key("Environment variables", names, search.variable, token)
        if found is None:
            return Absent(f"environment variables {' and '.join(names)}", "not set, or empty")
        return search.key(found)


@dataclasses.dataclass(frozen=True)
class RoleNames:
    """The variables that ask to assume a role. ``unless`` is a variable with which they mean something else."""

    arn: str
    session_name: str
    unless: str | None = None

    def role(self, search: Search) -> Role | None:
        """Return the role that the environment asks for."""
        arn = search.variable(self.arn)
        if arn is None or (self.unless is not None and search.variable(self.unless)):
            return None
        return Role(arn, search.variable(self.session_name))
