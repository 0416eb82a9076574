# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""``~/.aliyun/config.json``, the file of Alibaba Cloud's command line.

Vendor page: "Configure credentials" of the CLI; names as alibabacloud-credentials 1.0 reads them.
"""

from __future__ import annotations

import typing as t

from .._errors import InputError
from .alibaba_metadata import INSTANCE
from .files import read_json, text_of
from .model import Absent, Found, Role, WebIdentity, access_key
from .profile_name import ProfileName
from .search import Search

PROFILE = ProfileName("ALIBABA_CLOUD_PROFILE")
DISABLED_VARIABLE = "ALIBABA_CLOUD_CLI_PROFILE_DISABLED"

RawProfile = t.Mapping[str, t.Any]
_KEY_NAMES = ("access_key_id", "access_key_secret")


def from_config(search: Search) -> Found | Absent:
    """Return what the profile holds; a source."""
    file = _open(search)
    return file if isinstance(file, Absent) else file.found(file.name, ())


def region_of_config(search: Search) -> str | Absent:
    """Return the region of the profile."""
    file = _open(search)
    if isinstance(file, Absent):
        return file
    profile = file.profile(file.name)
    if isinstance(profile, Absent):
        return profile
    return text_of(profile, "region_id") or Absent(f"profile {file.name} in {file.path}", "no region_id")


def _open(search: Search) -> _ConfigFile | Absent:
    path = search.home(".aliyun", "config.json")
    if search.is_true(DISABLED_VARIABLE):
        return Absent(path, f"{DISABLED_VARIABLE} is true")
    document = read_json(path)
    return document if isinstance(document, Absent) else _ConfigFile(search, path, document)


class _ConfigFile:
    """The file, opened. ``name`` is the profile to use."""

    def __init__(self, search: Search, path: str, document: RawProfile) -> None:
        self.path = path
        self.name = PROFILE.chosen(search) or text_of(document, "current") or "default"
        self._search = search
        profiles = document.get("profiles")
        self._profiles = [raw for raw in profiles if isinstance(raw, dict)] if isinstance(profiles, list) else []
        self._modes: dict[str, t.Callable[[str, RawProfile, tuple[str, ...]], Found | Absent]] = {
            "AK": self._access_key,
            "StsToken": self._access_key,
            "RamRoleArn": self._role_of_key,
            "EcsRamRole": self._instance_role,
            "ChainableRamRoleArn": self._role_of_profile,
            "OIDC": self._web_identity,
        }

    def profile(self, name: str) -> RawProfile | Absent:
        """Return the profile as it stands in the file."""
        return next(
            (raw for raw in self._profiles if raw.get("name") == name), Absent(self.path, f"no profile {name!r}")
        )

    def found(self, name: str, chain: tuple[str, ...]) -> Found | Absent:
        """Return what a profile holds; ``chain`` are the profiles that led to it.

        Raises InputError for modes that only the CLI itself can use, and for what is incomplete.
        """
        if name in chain:
            raise self._wrong(name, f"its source_profile leads back to it ({' → '.join((*chain, name))})")
        raw = self.profile(name)
        if isinstance(raw, Absent):
            return raw
        mode = text_of(raw, "mode") or "AK"
        if mode not in self._modes:
            raise InputError(
                f"The profile {name} in {self.path} has the mode {mode}, which is not supported here.",
                f"Use a profile of one of the modes {', '.join(self._modes)}, or let the CLI write temporary "
                "credentials into the environment.",
                code="UnsupportedProfile",
            )
        return self._modes[mode](name, raw, chain)

    def _access_key(self, name: str, raw: RawProfile, _chain: tuple[str, ...]) -> Found | Absent:
        place = f"profile {name} in {self.path}"
        token = text_of(raw, "sts_token") if raw.get("mode") == "StsToken" else None
        key = access_key(place, _KEY_NAMES, lambda key_name: text_of(raw, key_name), token)
        if key is None:
            return Absent(place, "no access key")
        if raw.get("mode") == "StsToken" and token is None:
            raise self._wrong(name, "sts_token is missing")
        return self._search.key(key)

    def _role_of_key(self, name: str, raw: RawProfile, chain: tuple[str, ...]) -> Found | Absent:
        base = self._access_key(name, raw, chain)
        return base if isinstance(base, Absent) else self._role(name, raw, base)

    def _role_of_profile(self, name: str, raw: RawProfile, chain: tuple[str, ...]) -> Found | Absent:
        source = text_of(raw, "source_profile")
        if source is None:
            raise self._wrong(name, "source_profile is missing")
        base = self.found(source, (*chain, name))
        if isinstance(base, Absent):
            raise self._wrong(name, f"its source_profile is of no use: {base}")
        return self._role(name, raw, base)

    def _role(self, name: str, raw: RawProfile, base: Found) -> Found:
        return Found(self._search.assumed(base.provider, self._session(name, raw)), is_role=True)

    def _instance_role(self, _name: str, raw: RawProfile, _chain: tuple[str, ...]) -> Found:
        return Found(INSTANCE.role(self._search, text_of(raw, "ram_role_name")), is_role=True)

    def _web_identity(self, name: str, raw: RawProfile, _chain: tuple[str, ...]) -> Found:
        provider, token_file = text_of(raw, "oidc_provider_arn"), text_of(raw, "oidc_token_file")
        if provider is None or token_file is None:
            raise self._wrong(name, "oidc_provider_arn or oidc_token_file is missing")
        return self._search.speaking_for(WebIdentity(provider, token_file, self._session(name, raw)))

    def _session(self, name: str, raw: RawProfile) -> Role:
        arn = text_of(raw, "ram_role_arn")
        if arn is None:
            raise self._wrong(name, "ram_role_arn is missing")
        seconds = raw.get("expired_seconds")
        return Role(
            arn,
            # The CLI writes ram_session_name, the SDK reads role_session_name in profiles of the mode OIDC.
            text_of(raw, "ram_session_name") or text_of(raw, "role_session_name"),
            int(seconds) if isinstance(seconds, int) and seconds > 0 else None,
            text_of(raw, "policy"),
            text_of(raw, "external_id"),
        )

    def _wrong(self, name: str, problem: str) -> InputError:
        return InputError(
            f"The profile {name} in {self.path} is incomplete or wrong: {problem}.", code="MalformedProfile"
        )
