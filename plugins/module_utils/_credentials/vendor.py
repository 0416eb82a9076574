# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What differs between vendors: where their tools look for credentials, and in which order."""

from __future__ import annotations

import dataclasses
import typing as t

from .environment import EnvironmentNames, RoleNames
from .model import Absent, Environ, Found
from .profile_name import ProfileName
from .search import Search
from .sts import ClientFactory, Sts

# Looks at one place. Raises InputError for what is there but cannot be used.
Source = t.Callable[[Search], t.Union[Found, Absent]]  # noqa: UP007 — pylint misreads "|" outside annotations
RegionSource = t.Callable[[Search], t.Union[str, Absent]]  # noqa: UP007


@dataclasses.dataclass(frozen=True)
class MetadataPlace:
    """Where a vendor's metadata service is. ``variable`` leads elsewhere, ``disabled`` are variables that forbid it."""

    base: str
    variable: str
    disabled: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class RoleSyntax:
    """How the vendor writes roles, as regular expressions and an example."""

    arn: str
    session_name: str
    example: str


@dataclasses.dataclass(frozen=True)
class Vendor:
    """One vendor's places, in the order in which its tools look at them.

    ``environment``: sources that do not count when a profile is named in the options. ``profiles``: sources that know
    profiles; when one is named, by option or by ``profile_name``'s variable, nothing after them is looked at.
    ``fallbacks``: the rest. ``role_names``: a role to assume with an access key that was found.
    """

    title: str
    environment: tuple[Source, ...]
    profiles: tuple[Source, ...]
    fallbacks: tuple[Source, ...]
    key_names: tuple[EnvironmentNames, ...]
    role_names: RoleNames
    role_syntax: RoleSyntax
    profile_name: ProfileName
    region_variables: tuple[str, ...]
    profile_regions: tuple[RegionSource, ...]
    instance_region: RegionSource
    metadata: MetadataPlace
    sts_host: t.Callable[[Environ], str]
    sts: t.Callable[[str, ClientFactory], Sts]
