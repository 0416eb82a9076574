# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Roles for which the token file of an OIDC provider speaks, as Kubernetes mounts it into a pod."""

from __future__ import annotations

import dataclasses

from .model import Absent, Found, Role, WebIdentity
from .search import Search


@dataclasses.dataclass(frozen=True)
class WebIdentityNames:
    """The environment variables of one vendor; all but the session's name are needed."""

    role_arn: str
    provider: str
    token_file: str
    session_name: str | None = None

    def __call__(self, search: Search) -> Found | Absent:
        """Return the role that the variables describe; a source."""
        names = (self.role_arn, self.provider, self.token_file)
        arn, provider, token_file = (search.variable(name) for name in names)
        if not arn or not provider or not token_file:
            missing = [name for name in names if not search.variable(name)]
            return Absent("OIDC token file", f"{', '.join(missing)} not set, or empty")
        session_name = search.variable(self.session_name) if self.session_name else None
        return search.speaking_for(WebIdentity(provider, token_file, Role(arn, session_name)))
