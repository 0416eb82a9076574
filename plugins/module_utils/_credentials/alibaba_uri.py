# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""A URL that hands out temporary credentials, such as a sidecar's. Variable as in alibabacloud-credentials 1.0."""

from __future__ import annotations

import urllib.parse

from .._errors import InputError
from .alibaba_metadata import INSTANCE
from .metadata import MetadataError
from .model import Absent, Found
from .search import Search

VARIABLE = "ALIBABA_CLOUD_CREDENTIALS_URI"


def from_uri(search: Search) -> Found | Absent:
    """Return the credentials that the URL hands out; a source. Raises InputError when it is no URL."""
    text = search.variable(VARIABLE)
    if text is None:
        return Absent(f"environment variable {VARIABLE}", "not set, or empty")
    parts = urllib.parse.urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise InputError(f"The environment variable {VARIABLE} holds no URL of the form http://host[:port]/path.")
    service = search.metadata.at(f"{parts.scheme}://{parts.netloc}")
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    provider = search.renewed(lambda: INSTANCE.read(service, service.ask(path)))
    try:
        provider()
    except MetadataError as error:
        return Absent(f"{VARIABLE} ({service.base})", error.problem)
    return Found(provider, is_role=True)
