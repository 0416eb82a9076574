# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Files with Tencent Cloud's credentials: those of tccli (``~/.tccli``) and of the SDKs (``~/.tencentcloud``).

Vendor pages: "Configuring tccli" and "Credential management" of the SDKs; source of tccli 3.1 and of
tencentcloud-sdk-python-common 3.1.
"""

from __future__ import annotations

import typing as t

from .._errors import InputError
from .files import read_json, read_section, text_of
from .model import Absent, Credentials, Found, Role, access_key
from .profile_name import ProfileName
from .search import Search
from .tencent_metadata import INSTANCE

PROFILE = ProfileName("TCCLI_PROFILE")


def from_tccli(search: Search) -> Found | Absent:
    """Return what tccli's profile holds; a source."""
    path = _tccli_file(search, "credential")
    document = read_json(path)
    if isinstance(document, Absent):
        return document
    kind = text_of(document, "type") or "default"
    if kind == "cvm-role":
        return Found(INSTANCE.role(search), is_role=True)
    if kind in ("oauth", "sso"):
        return search.key(_login(search, path, kind, document))
    if kind != "default":
        raise InputError(
            f"{path} has the type {kind!r}, which is unknown.",
            "Known are cvm-role, oauth, sso, and no type at all for an access key.",
            code="UnsupportedProfile",
        )
    key = _key(path, document)
    return search.key(key, _role(document, "role-arn", "role-session-name")) if key else Absent(path, "no access key")


def from_home(search: Search) -> Found | Absent:
    """Return what the user's file of the SDKs holds; a source."""
    return _from_sdk_file(search, search.home(".tencentcloud", "credentials"))


def from_etc(search: Search) -> Found | Absent:
    """Return what the machine's file of the SDKs holds; a source."""
    return _from_sdk_file(search, "/etc/tencentcloud/credentials")


def region_of_tccli(search: Search) -> str | Absent:
    """Return the region of tccli's profile."""
    path = _tccli_file(search, "configure")
    document = read_json(path)
    if isinstance(document, Absent):
        return document
    parameters = document.get("_sys_param")
    region = text_of(parameters, "region") if isinstance(parameters, dict) else None
    return region or Absent(path, "no region")


def _tccli_file(search: Search, suffix: str) -> str:
    return search.home(".tccli", f"{PROFILE.of(search)}.{suffix}")


def _key(path: str, document: t.Mapping[str, t.Any]) -> Credentials | None:
    names = ("secretId", "secretKey")
    return access_key(path, names, lambda name: text_of(document, name), text_of(document, "token"))


def _login(search: Search, path: str, kind: str, document: t.Mapping[str, t.Any]) -> Credentials:
    """Return the temporary key of a login in the browser, which only tccli can renew."""
    key = _key(path, document)
    expires_at = document.get("expiresAt")
    if key is None or not isinstance(expires_at, (int, float)) or expires_at <= search.clock.timestamp():
        raise InputError(
            f"The login ({kind}) in {path} has expired.",
            "Log in again with tccli, or give credentials another way.",
            code="LoginExpired",
        )
    return key


def _from_sdk_file(search: Search, path: str) -> Found | Absent:
    section = read_section(path, "default")
    if isinstance(section, Absent):
        return section
    names = ("secret_id", "secret_key")
    key = access_key(path, names, section.get)
    return search.key(key, _role(section, "role_arn", "role_session_name")) if key else Absent(path, "no access key")


def _role(found: t.Mapping[str, t.Any], arn_name: str, session_name: str) -> Role | None:
    arn = text_of(found, arn_name)
    return Role(arn, text_of(found, session_name)) if arn else None
