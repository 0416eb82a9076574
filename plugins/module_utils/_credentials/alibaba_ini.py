# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""``~/.alibabacloud/credentials[.ini]``, the file of Alibaba Cloud's SDKs. Vendor page: "Manage access credentials".

The SDK for Python reads the name with the suffix, those for Java and Go the name without; both are looked at.
"""

from __future__ import annotations

import typing as t

from .._errors import InputError
from .alibaba_config import PROFILE
from .alibaba_metadata import INSTANCE
from .files import read_section, text_of
from .model import Absent, Found, Role, WebIdentity, access_key
from .search import Search

FILE_VARIABLE = "ALIBABA_CLOUD_CREDENTIALS_FILE"

Section = t.Mapping[str, str]
_KEY_NAMES = ("access_key_id", "access_key_secret")


def from_ini(search: Search) -> Found | Absent:
    """Return what the file that a variable names, or the one with the suffix, holds; a source."""
    chosen = search.variable(FILE_VARIABLE)
    return _from_file(search, chosen or search.home(".alibabacloud", "credentials.ini"))


def from_plain(search: Search) -> Found | Absent:
    """Return what the file without the suffix holds; a source."""
    path = search.home(".alibabacloud", "credentials")
    if search.variable(FILE_VARIABLE):
        return Absent(path, f"{FILE_VARIABLE} names another file")
    return _from_file(search, path)


def _from_file(search: Search, path: str) -> Found | Absent:
    name = PROFILE.of(search)
    section = read_section(path, name)
    if isinstance(section, Absent):
        return section
    place = f"section [{name}] of {path}"
    kind = section.get("type") or "access_key"
    if kind not in _TYPES:
        raise InputError(
            f"The {place} has the type {kind}, which is not supported here.",
            f"Supported are {', '.join(_TYPES)}.",
            code="UnsupportedProfile",
        )
    return _TYPES[kind](search, place, section)


def _access_key(search: Search, place: str, section: Section) -> Found | Absent:
    token = text_of(section, "security_token")
    key = access_key(place, _KEY_NAMES, section.get, token)
    return search.key(key) if key else Absent(place, "no access key")


def _role_of_key(search: Search, place: str, section: Section) -> Found | Absent:
    base = _access_key(search, place, section)
    if isinstance(base, Absent):
        return base
    return Found(search.assumed(base.provider, _role(place, section)), is_role=True)


def _instance_role(search: Search, _place: str, section: Section) -> Found:
    return Found(INSTANCE.role(search, text_of(section, "role_name")), is_role=True)


def _web_identity(search: Search, place: str, section: Section) -> Found:
    provider = _needed(place, section, "oidc_provider_arn")
    return search.speaking_for(
        WebIdentity(provider, _needed(place, section, "oidc_token_file_path"), _role(place, section))
    )


def _role(place: str, section: Section) -> Role:
    return Role(
        _needed(place, section, "role_arn"), text_of(section, "role_session_name"), policy=text_of(section, "policy")
    )


def _needed(place: str, section: Section, name: str) -> str:
    value = text_of(section, name)
    if value is None:
        raise InputError(f"The {place} lacks {name}.", code="MalformedProfile")
    return value


_TYPES: t.Mapping[str, t.Callable[[Search, str, Section], Found | Absent]] = {
    "access_key": _access_key,
    "ram_role_arn": _role_of_key,
    "oidc_role_arn": _web_identity,
    "ecs_ram_role": _instance_role,
}
