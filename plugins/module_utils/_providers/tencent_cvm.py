# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Tencent Cloud CVM, API 3.0 version 2017-03-12.

Vendor pages: AssociateInstancesKeyPairs, DisassociateInstancesKeyPairs, DescribeKeyPairs, DescribeInstances,
StartInstances, StopInstances, RebootInstances.
"""

from __future__ import annotations

import typing as t

from .._capabilities import Capabilities, Rate
from .._credentials.model import CredentialsProvider
from .._credentials.tencent import TENCENT
from .._models import Call
from ._protocol import Registration
from ._tencent import TencentProvider
from ._tencent_api3 import TencentApi3
from ._tencent_key_store import CVM_RULES, CvmKeyStore
from ._tencent_objects import COMMON_STATES
from ._tencent_power import stop_type, stopped_mode

CAPABILITIES = Capabilities(
    provider="tencent_cvm",
    product="tencent_cvm",
    instance_id_pattern=r"ins-[a-z0-9]{8}",
    instance_id_example="ins-1e4r6y8i",
    key_pair_id_pattern=r"skey-[a-z0-9]{8}",
    key_pair_name_pattern=r"[A-Za-z0-9_]{1,25}",
    key_pair_example="skey-4e5ty7i8 or a name",
    bind_batch=100,
    key_pairs_per_call=100,
    key_pairs_per_instance=None,
    bind_effect="unknown",
    needs_stop=True,
    restart_needed=False,
    asynchronous=True,
    association_types=False,
    key_pairs_list_instances=True,
    rates={"DescribeInstances": Rate(40)},
    default_rate=Rate(10),
    throttle_pause=0.5,
    key_pair_rules=CVM_RULES,
    soft_first=True,
    stops_charging=True,
    instance_states=(
        *COMMON_STATES,
        "ENTER_SERVICE_LIVE_MIGRATE",
        "SERVICE_LIVE_MIGRATE",
        "EXIT_SERVICE_LIVE_MIGRATE",
    ),
)

# Finance regions are reached through their own host only.
_OWN_HOST = ("ap-shanghai-fsi", "ap-shenzhen-fsi")


class CvmProvider(CvmKeyStore, TencentProvider):
    """See Provider. The legacy API has the same actions and parameters."""

    key_prefix: t.ClassVar[str] = "skey-"

    def change_params(self, call: Call) -> dict[str, t.Any]:
        """See TencentProvider. ForceStop is sent only where a running instance is meant to be powered off."""
        return {"ForceStop": True} if call.force else {}

    def stop_params(self, call: Call) -> dict[str, t.Any]:
        """See TencentPower."""
        return {**stop_type(call), **stopped_mode(call)}


def _public_host(region: str) -> str:
    return f"cvm.{region}.tencentcloudapi.com" if region in _OWN_HOST else "cvm.tencentcloudapi.com"


def _dialect(region: str, endpoint: str, credentials: CredentialsProvider) -> TencentApi3:
    return TencentApi3("cvm", "2017-03-12", region, endpoint, credentials)


REGISTRATION = Registration(
    capabilities=CAPABILITIES, vendor=TENCENT, public_host=_public_host, dialect=_dialect, provider=CvmProvider
)
