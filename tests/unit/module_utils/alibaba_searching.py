# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a search for Alibaba Cloud's credentials may find: profiles of the CLI, and a role that the instance has."""

from __future__ import annotations

from typing import Any

from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.alibaba import ALIBABA
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.chain import resolve_credentials
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.model import Credentials
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.searching import FakeMetadata, Place

ROLES = "/latest/meta-data/ram/security-credentials/"
REGION = "/latest/meta-data/region-id"
TOKEN = "/latest/api/token"
LENT = {
    "AccessKeyId": "lent-id",
    "AccessKeySecret": "lent-key",
    "SecurityToken": "lent-token",
    "Expiration": "2023-11-15T01:00:00Z",
    "Code": "Success",
}
LENT_CREDENTIALS = Credentials("lent-id", "lent-key", "lent-token", 1_700_010_000)
KEY = {"access_key_id": "id", "access_key_secret": "key"}


def resolve(place: Place, environ: dict[str, str] | None = None, **options: str) -> Credentials:
    """Return what is found with this environment and these options."""
    return resolve_credentials(ALIBABA, place.search(environ, **options))()


def configure(place: Place, *profiles: dict[str, Any], current: str = "default") -> None:
    """Write the CLI's file; a profile without a name is the default one."""
    named = [{"name": "default", **profile} for profile in profiles]
    place.write(".aliyun/config.json", {"current": current, "profiles": named})


def lend(place: Place) -> None:
    """Put the search on an instance with a role."""
    place.metadata = FakeMetadata({TOKEN: "t0", ROLES: "ops", f"{ROLES}ops": LENT, REGION: "cn-hangzhou"})
