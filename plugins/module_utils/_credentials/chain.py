# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The search for credentials: one place after the other, the first that has anything decides.

Never one vendor's secret for the other. What is half there is an error rather than a reason to look further, so that
a mistake does not end in somebody else's account.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t

from .._errors import InputError
from .model import Absent, CredentialsProvider, Found, Role
from .options import from_options, option_key
from .search import CredentialOptions, Search
from .vendor import Source, Vendor


def check_options(vendor: Vendor, options: CredentialOptions, expected_account_id: str | None) -> None:
    """Raise InputError for options that cannot be right, before anybody is asked anything."""
    option_key(options)
    syntax = vendor.role_syntax
    _check("role_arn", options.role_arn, syntax.arn, f"A role of {vendor.title} is written {syntax.example}.")
    _check("role_session_name", options.role_session_name, syntax.session_name, f"It must match {syntax.session_name}.")
    _check("expected_account_id", expected_account_id, r"[0-9]+", "An account ID has digits only.")


def resolve_credentials(vendor: Vendor, search: Search) -> CredentialsProvider:
    """Return a provider of the first credentials found, or of the role that is to be assumed with them.

    Raises InputError naming what was looked at and what was missing, never a value; CredentialsError when a metadata
    service that a profile names is of no use.
    """
    found = _first(vendor, search)
    role = _role(vendor, search, found)
    return found.provider if role is None else search.assumed(found.provider, role)


def _first(vendor: Vendor, search: Search) -> Found:
    missing: list[Absent] = []
    for source in _sources(vendor, search):
        found = source(search)
        if isinstance(found, Found):
            return found
        missing.append(found)
    profile = vendor.profile_name.chosen(search)
    wanted = f"No credentials for {vendor.title}" + (f" in a profile named {profile!r}" if profile else "")
    variables = " or ".join(" and ".join((names.access_key_id, names.access_key_secret)) for names in vendor.key_names)
    raise InputError(
        f"{wanted}. Looked at: {'; '.join(map(str, missing))}.",
        f"Set access_key_id and access_key_secret, or the environment variables {variables} "
        "(an empty variable counts as unset), or name a profile.",
        code="CredentialsMissing",
    )


def _sources(vendor: Vendor, search: Search) -> t.Iterator[Source]:
    yield from_options
    if not search.options.profile:
        yield from vendor.environment
    yield from vendor.profiles
    if vendor.profile_name.chosen(search) is None:
        yield from vendor.fallbacks


def _role(vendor: Vendor, search: Search, found: Found) -> Role | None:
    """Return the role to assume: that of the options, else of the environment, else of the place itself.

    A role from the environment is for access keys; what is a role already is not meant by it.
    """
    options = search.options
    environment = None if options.profile or found.is_role else vendor.role_names.role(search)
    role = Role(options.role_arn) if options.role_arn else environment or found.role
    if role is None:
        return None
    variable = None if options.profile else search.variable(vendor.role_names.session_name)
    return dataclasses.replace(role, session_name=options.role_session_name or role.session_name or variable)


def _check(name: str, value: str | None, pattern: str, hint: str) -> None:
    if value and not re.fullmatch(pattern, value, re.ASCII):
        raise InputError(f"{name} is malformed: {value!r}.", hint)
