# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Tencent Cloud's metadata service, on CVM and Lighthouse.

Vendor pages: "Viewing instance metadata", "Managing roles" of CVM.
"""

from __future__ import annotations

from .instance_metadata import InstanceMetadata
from .tencent_sts import temporary_key

BASE = "http://metadata.tencentyun.com"
ENDPOINT_VARIABLE = "KEYFLEET_METADATA_ENDPOINT_TENCENT"

INSTANCE = InstanceMetadata(
    roles="/latest/meta-data/cam/security-credentials/",
    region="/latest/meta-data/placement/region",
    ask=lambda search, path: search.metadata.ask(path),
    key=temporary_key,
)
