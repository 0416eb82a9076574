# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The role of a CVM or Lighthouse instance, from Tencent Cloud's metadata service.

Vendor pages: "Viewing instance metadata", "Managing roles" of CVM.
"""

from __future__ import annotations

import json
import urllib.parse

from .metadata import MetadataError
from .model import Absent, Credentials, CredentialsProvider, Found
from .search import Search

BASE = "http://metadata.tencentyun.com"
ENDPOINT_VARIABLE = "KEYFLEET_METADATA_ENDPOINT_TENCENT"
_ROLES = "/latest/meta-data/cam/security-credentials/"
_REGION = "/latest/meta-data/placement/region"


def from_instance_role(search: Search) -> Found | Absent:
    """Return the credentials of the instance's role; a source."""
    try:
        return Found(instance_role(search), is_role=True)
    except MetadataError as error:
        return Absent(f"instance role at {search.metadata.base}", error.problem)


def instance_role(search: Search) -> CredentialsProvider:
    """Return a provider of the credentials of the instance's role. Raises MetadataError when there is none."""
    provider = search.renewed(lambda: _fetch(search))
    provider()
    return provider


def region_of_instance(search: Search) -> str | Absent:
    """Return the region in which this machine runs."""
    try:
        return search.metadata.ask(_REGION) or Absent(search.metadata.base, "no region")
    except MetadataError as error:
        return Absent(f"metadata service {search.metadata.base}", error.problem)


def _fetch(search: Search) -> Credentials:
    roles = search.metadata.ask(_ROLES).split()
    if not roles:
        raise MetadataError(search.metadata.base, "the instance has no role")
    answer = search.metadata.ask(f"{_ROLES}{urllib.parse.quote(roles[0], safe='')}")
    try:
        found = json.loads(answer)
        if found["Code"] != "Success":
            raise ValueError(found["Code"])
        return Credentials(
            str(found["TmpSecretId"]), str(found["TmpSecretKey"]), str(found["Token"]), float(found["ExpiredTime"])
        )
    except (KeyError, TypeError, ValueError):
        raise MetadataError(search.metadata.base, f"no credentials of the role {roles[0]} came") from None
