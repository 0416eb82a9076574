# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The RAM role of an ECS instance, from Alibaba Cloud's metadata service, and the same shape from any URL.

Vendor pages: "Instance metadata", "Instance RAM roles"; order and variables as in alibabacloud-credentials 1.0.
"""

from __future__ import annotations

import json
import urllib.parse

from .metadata import MetadataError, MetadataService
from .model import Absent, Credentials, CredentialsProvider, Found
from .search import Search
from .times import unix_time

BASE = "http://100.100.100.200"
ENDPOINT_VARIABLE = "KEYFLEET_METADATA_ENDPOINT_ALIBABA"
ROLE_VARIABLE = "ALIBABA_CLOUD_ECS_METADATA"
DISABLED_VARIABLE = "ALIBABA_CLOUD_ECS_METADATA_DISABLED"
V1_DISABLED_VARIABLE = "ALIBABA_CLOUD_IMDSV1_DISABLED"
_ROLES = "/latest/meta-data/ram/security-credentials/"
_REGION = "/latest/meta-data/region-id"
_TOKEN = "/latest/api/token"
_TOKEN_SECONDS = "21600"


def from_instance_role(search: Search) -> Found | Absent:
    """Return the credentials of the instance's role; a source."""
    try:
        return Found(instance_role(search, None), is_role=True)
    except MetadataError as error:
        return Absent(f"instance role at {search.metadata.base}", error.problem)


def instance_role(search: Search, name: str | None) -> CredentialsProvider:
    """Return a provider of the credentials of the instance's role.

    Without a name, ALIBABA_CLOUD_ECS_METADATA, else what the service says. Raises MetadataError when there is none.
    """
    provider = search.renewed(lambda: _fetch(search, name or search.variable(ROLE_VARIABLE)))
    provider()
    return provider


def region_of_instance(search: Search) -> str | Absent:
    """Return the region in which this machine runs."""
    try:
        return _ask(search, _REGION) or Absent(search.metadata.base, "no region")
    except MetadataError as error:
        return Absent(f"metadata service {search.metadata.base}", error.problem)


def _fetch(search: Search, name: str | None) -> Credentials:
    role = name or next(iter(_ask(search, _ROLES).split()), None)
    if role is None:
        raise MetadataError(search.metadata.base, "the instance has no role")
    return read_credentials(search.metadata, _ask(search, f"{_ROLES}{urllib.parse.quote(role, safe='')}"))


def _ask(search: Search, path: str) -> str:
    """Ask as version 2 of the service wants it, with a token; without one where the service has no tokens."""
    try:
        token = search.metadata.ask(
            _TOKEN, method="PUT", headers={"X-aliyun-ecs-metadata-token-ttl-seconds": _TOKEN_SECONDS}
        )
    except MetadataError:
        if search.is_true(V1_DISABLED_VARIABLE):
            raise
        return search.metadata.ask(path)
    return search.metadata.ask(path, headers={"X-aliyun-ecs-metadata-token": token})


def read_credentials(service: MetadataService, answer: str) -> Credentials:
    """Return the credentials in an answer of the service. Raises MetadataError when there are none."""
    try:
        found = json.loads(answer)
        if found["Code"] != "Success":
            raise ValueError(found["Code"])
        return Credentials(
            str(found["AccessKeyId"]),
            str(found["AccessKeySecret"]),
            str(found["SecurityToken"]),
            unix_time(str(found["Expiration"])),
        )
    except (KeyError, TypeError, ValueError):
        raise MetadataError(service.base, "no credentials of the role came") from None
