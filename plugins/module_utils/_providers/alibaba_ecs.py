# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Alibaba Cloud ECS, version 2014-05-26.

Vendor pages: AttachKeyPair, DetachKeyPair, DescribeKeyPairs, DescribeInstances, StartInstances, StopInstances,
RebootInstances.
"""

from __future__ import annotations

import json
import typing as t

from .._capabilities import Capabilities, Rate
from .._client import Client
from .._credentials.alibaba import ALIBABA
from .._credentials.model import CredentialsProvider
from .._models import Call, Instance, KeyPair, Receipt
from .._parallel import chunks, parallel_map
from ._alibaba_api import AlibabaApi, is_true
from ._alibaba_key_store import RULES, AlibabaKeyStore
from ._alibaba_listing import KEY_PAIR_PAGE, PAGE, AlibabaListing
from ._alibaba_objects import to_key_pair
from ._alibaba_power import EcsPower
from ._alibaba_results import receipt
from ._protocol import Registration

CAPABILITIES = Capabilities(
    provider="alibaba_ecs",
    product="alibaba_ecs",
    instance_id_pattern=r"i-[a-z0-9]{2,40}",
    instance_id_example="i-bp1d6tsvznfghy7yaaaa",
    key_pair_id_pattern=None,
    key_pair_name_pattern=r"(?!https?://)[^\W\d_][\w:-]{1,127}",
    key_pair_example="a name such as deploy",
    bind_batch=50,
    key_pairs_per_call=1,
    key_pairs_per_instance=1,
    bind_effect="replaces",
    needs_stop=False,
    restart_needed=True,
    asynchronous=False,
    association_types=False,
    key_pairs_list_instances=False,
    rates={},
    # The quota page prints 500 or more a minute for most actions; the rows of the key pair actions are not public.
    default_rate=Rate(200, 60.0),
    throttle_pause=2.0,
    key_pair_rules=RULES,
    soft_first=False,
    stops_charging=True,
    instance_states=("Pending", "Starting", "Running", "Stopping", "Stopped"),
)


class EcsProvider(AlibabaListing, EcsPower, AlibabaKeyStore):
    """See Provider. A key pair's ID is its name here."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def key_pairs(self, references: t.Sequence[str]) -> dict[str, KeyPair]:
        """See Provider. The API takes one name a call and does not list a key pair's instances."""
        found = parallel_map(self._key_pair, references)
        return {pair.name: pair for pair in found if pair is not None}

    def instances(self, instance_ids: t.Sequence[str]) -> dict[str, Instance]:
        """See Provider."""
        batches = parallel_map(self._instances, chunks(instance_ids, PAGE))
        return {instance.id: instance for batch in batches for instance in batch}

    def write(self, call: Call) -> Receipt:
        """See Provider."""
        if call.action not in ("bind", "unbind"):
            return self.change_power(call)
        action = "AttachKeyPair" if call.action == "bind" else "DetachKeyPair"
        (name,) = call.key_pairs
        params = {"KeyPairName": name, "InstanceIds": json.dumps(list(call.instance_ids))}
        answer = self._client.call(action, params, write=True)
        results = (answer.get("Results") or {}).get("Result")
        return receipt(answer, results, lambda result: is_true(result.get("Success")))

    def _key_pair(self, name: str) -> KeyPair | None:
        params = {"KeyPairName": name, "IncludePublicKey": "true", "PageSize": str(KEY_PAIR_PAGE)}
        answer = self._client.call("DescribeKeyPairs", params)
        found = map(to_key_pair, (answer.get("KeyPairs") or {}).get("KeyPair") or ())
        return next((pair for pair in found if pair.name == name), None)

    def _instances(self, instance_ids: t.Sequence[str]) -> list[Instance]:
        return self.described({"InstanceIds": json.dumps(list(instance_ids))})


def _public_host(region: str) -> str:
    """Return the regional host; Hangzhou's is written differently in the vendor's own list."""
    return "ecs-cn-hangzhou.aliyuncs.com" if region == "cn-hangzhou" else f"ecs.{region}.aliyuncs.com"


def _dialect(region: str, endpoint: str, credentials: CredentialsProvider) -> AlibabaApi:
    return AlibabaApi("2014-05-26", region, endpoint, credentials)


REGISTRATION = Registration(
    capabilities=CAPABILITIES, vendor=ALIBABA, public_host=_public_host, dialect=_dialect, provider=EcsProvider
)
