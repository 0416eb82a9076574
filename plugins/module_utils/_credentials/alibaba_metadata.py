# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Alibaba Cloud's metadata service, on ECS.

Vendor pages: "Instance metadata", "Instance RAM roles"; variables as in alibabacloud-credentials 1.0.
"""

from __future__ import annotations

from .alibaba_sts import temporary_key
from .instance_metadata import InstanceMetadata
from .metadata import MetadataError
from .search import Search

BASE = "http://100.100.100.200"
ENDPOINT_VARIABLE = "KEYFLEET_METADATA_ENDPOINT_ALIBABA"
DISABLED_VARIABLE = "ALIBABA_CLOUD_ECS_METADATA_DISABLED"
V1_DISABLED_VARIABLE = "ALIBABA_CLOUD_IMDSV1_DISABLED"
_TOKEN = "/latest/api/token"
_TOKEN_SECONDS = "21600"


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


INSTANCE = InstanceMetadata(
    roles="/latest/meta-data/ram/security-credentials/",
    region="/latest/meta-data/region-id",
    ask=_ask,
    key=temporary_key,
    role_variable="ALIBABA_CLOUD_ECS_METADATA",
)
