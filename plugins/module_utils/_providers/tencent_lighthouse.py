# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Tencent Cloud Lighthouse, API 3.0 version 2020-03-24.

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
from ._tencent_key_store import LIGHTHOUSE_RULES
from ._tencent_objects import COMMON_STATES
from ._tencent_power import stop_type

CAPABILITIES = Capabilities(
    provider="tencent_lighthouse",
    product="tencent_lighthouse",
    instance_id_pattern=r"lhins-[a-z0-9]{8}",
    instance_id_example="lhins-ruy9d2tw",
    key_pair_id_pattern=r"lhkp-[a-z0-9]{8}",
    key_pair_name_pattern=r"[A-Za-z0-9_]{1,25}",
    key_pair_example="lhkp-f7rjie1q or a name",
    bind_batch=100,
    key_pairs_per_call=100,
    key_pairs_per_instance=None,
    bind_effect="unknown",
    needs_stop=True,
    restart_needed=False,
    asynchronous=True,
    association_types=True,
    key_pairs_list_instances=True,
    rates={
        "AssociateInstancesKeyPairs": Rate(10),
        "DisassociateInstancesKeyPairs": Rate(20),
        "DescribeKeyPairs": Rate(100),
        "DescribeInstances": Rate(100),
        "StartInstances": Rate(10),
    },
    default_rate=Rate(10),
    throttle_pause=0.5,
    key_pair_rules=LIGHTHOUSE_RULES,
    soft_first=True,
    stops_charging=False,
    instance_states=(*COMMON_STATES, "DELETING", "FREEZING"),
)


class LighthouseProvider(TencentProvider):
    """See Provider."""

    key_prefix: t.ClassVar[str] = "lhkp-"
    state_filter_values: t.ClassVar[int] = 100

    def change_params(self, call: Call) -> dict[str, t.Any]:
        """See TencentProvider.

        There is no ForceStop: an offline change powers a running instance off without being asked.
        """
        params: dict[str, t.Any] = {}
        if call.online is not None:
            kind = "AssociateType" if call.action == "bind" else "DisassociateType"
            params[kind] = "ONLINE" if call.online else "OFFLINE"
        if call.username:
            params["Username"] = call.username
        return params

    def stop_params(self, call: Call) -> dict[str, t.Any]:
        """See TencentPower. There is no stop without charging."""
        return stop_type(call)


def _dialect(region: str, endpoint: str, credentials: CredentialsProvider) -> TencentApi3:
    return TencentApi3("lighthouse", "2020-03-24", region, endpoint, credentials)


REGISTRATION = Registration(
    capabilities=CAPABILITIES,
    vendor=TENCENT,
    public_host=lambda _region: "lighthouse.tencentcloudapi.com",
    dialect=_dialect,
    provider=LighthouseProvider,
)
