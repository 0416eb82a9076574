# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The access key among a task's options."""

from __future__ import annotations

from .._errors import InputError
from .model import Absent, Credentials, Found, access_key
from .search import CredentialOptions, Search

_NAMES = ("access_key_id", "access_key_secret")


def option_key(options: CredentialOptions) -> Credentials | None:
    """Return the access key, or None when the options hold none. Raises InputError when part of it is missing."""
    found = access_key("Options", _NAMES, lambda name: getattr(options, name), options.security_token)
    if found is None and options.security_token:
        raise InputError("security_token is set without access_key_id and access_key_secret.")
    return found


def from_options(search: Search) -> Found | Absent:
    """Return what the options hold; a source."""
    found = option_key(search.options)
    return search.key(found) if found else Absent(f"options {' and '.join(_NAMES)}", "not given")
