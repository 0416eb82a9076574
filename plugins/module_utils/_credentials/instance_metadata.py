# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What an instance can learn about itself: the credentials of its role, and its region."""

from __future__ import annotations

import dataclasses
import json
import typing as t
import urllib.parse

from .metadata import MetadataError, MetadataService
from .model import Absent, Credentials, CredentialsProvider, Found
from .region import is_region
from .search import Search


@dataclasses.dataclass(frozen=True)
class InstanceMetadata:
    """One vendor's metadata. ``ask`` reads a path; ``roles`` ends in a slash; ``key`` reads a key as the vendor writes
    it.

    ``role_variable`` is the environment variable that names the role, where there is one.
    """

    roles: str
    region: str
    ask: t.Callable[[Search, str], str]
    key: t.Callable[[t.Mapping[str, t.Any]], Credentials]
    role_variable: str | None = None

    def from_role(self, search: Search) -> Found | Absent:
        """Return the credentials of the instance's role; a source."""
        try:
            return Found(self.role(search), is_role=True)
        except MetadataError as error:
            return Absent(f"instance role at {search.metadata.base}", error.problem)

    def role(self, search: Search, name: str | None = None) -> CredentialsProvider:
        """Return a provider of the credentials of the instance's role.

        Without a name the variable decides, else the service. Raises MetadataError when there is none.
        """
        variable = search.variable(self.role_variable) if self.role_variable else None
        provider = search.renewed(lambda: self._fetch(search, name or variable))
        provider()
        return provider

    def own_region(self, search: Search) -> str | Absent:
        """Return the region in which this machine runs; whoever else answers here says nothing of use."""
        place = f"metadata service {search.metadata.base}"
        try:
            text = self.ask(search, self.region)
        except MetadataError as error:
            return Absent(place, error.problem)
        return text if is_region(text) else Absent(place, "its answer is no region")

    def read(self, service: MetadataService, answer: str) -> Credentials:
        """Return the credentials in an answer. Raises MetadataError when there are none."""
        try:
            found = json.loads(answer)
            if found["Code"] != "Success":
                raise ValueError(found["Code"])
            return self.key(found)
        except (KeyError, TypeError, ValueError):
            raise MetadataError(service.base, "no credentials came") from None

    def _fetch(self, search: Search, name: str | None) -> Credentials:
        role = name or next(iter(self.ask(search, self.roles).split()), None)
        if role is None:
            raise MetadataError(search.metadata.base, "the instance has no role")
        return self.read(search.metadata, self.ask(search, f"{self.roles}{urllib.parse.quote(role, safe='')}"))
