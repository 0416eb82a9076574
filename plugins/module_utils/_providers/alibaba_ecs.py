# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Alibaba Cloud ECS, version 2014-05-26.

Vendor pages: AttachKeyPair, DetachKeyPair, DescribeKeyPairs, DescribeInstances, StartInstances.
"""

from __future__ import annotations

import json
import typing as t

from .._capabilities import Capabilities, Rate
from .._client import Answer, Client
from .._credentials import ALIBABA, Credentials
from .._errors import ApiError
from .._models import Call, Instance, KeyPair, Receipt
from .._parallel import chunks, parallel_map
from ._alibaba_api import AlibabaApi, is_true
from ._alibaba_errors import error_info
from ._alibaba_objects import to_instance, to_key_pair
from ._answers import text_or_none
from ._protocol import Registration

PAGE = 100
KEY_PAIR_PAGE = 50

CAPABILITIES = Capabilities(
    provider="alibaba_ecs",
    instance_id_pattern=r"i-[a-z0-9]{2,40}",
    instance_id_example="i-bp1d6tsvznfghy7yaaaa",
    key_pair_id_pattern=None,
    key_pair_name_pattern=r"(?!https?://)[A-Za-z][A-Za-z0-9:_-]{1,127}",
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
)


class EcsProvider:
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
        """See Provider.

        A change of key pairs answers status 200 even when every instance failed, so each result is read.
        """
        if call.action == "start":
            return self._start(call.instance_ids)
        action = "AttachKeyPair" if call.action == "bind" else "DetachKeyPair"
        (name,) = call.key_pairs
        params = {"KeyPairName": name, "InstanceIds": json.dumps(list(call.instance_ids))}
        answer = self._client.call(action, params, write=True)
        request_id = text_or_none(answer.get("RequestId"))
        refused = {
            str(result.get("InstanceId")): error_info(
                str(result.get("Code", "")), str(result.get("Message", "")), request_id
            )
            for result in (answer.get("Results") or {}).get("Result") or ()
            if not is_true(result.get("Success"))
        }
        return Receipt(request_id, refused)

    def _start(self, instance_ids: t.Sequence[str]) -> Receipt:
        params = {f"InstanceId.{number}": instance_id for number, instance_id in enumerate(instance_ids, start=1)}
        answer = self._client.call("StartInstances", params, write=True)
        return Receipt(text_or_none(answer.get("RequestId")))

    def _key_pair(self, name: str) -> KeyPair | None:
        params = {"KeyPairName": name, "IncludePublicKey": "true", "PageSize": str(KEY_PAIR_PAGE)}
        answer = self._client.call("DescribeKeyPairs", params)
        found = map(to_key_pair, (answer.get("KeyPairs") or {}).get("KeyPair") or ())
        return next((pair for pair in found if pair.name == name), None)

    def _instances(self, instance_ids: t.Sequence[str]) -> list[Instance]:
        params = {"InstanceIds": json.dumps(list(instance_ids)), "MaxResults": str(PAGE)}
        found: list[Instance] = []
        token: str | None = ""
        while token is not None:
            answer = self._client.call("DescribeInstances", {**params, "NextToken": token} if token else params)
            found += [to_instance(raw) for raw in (answer.get("Instances") or {}).get("Instance") or ()]
            token = text_or_none(answer.get("NextToken"))
        if not found:
            self._check_permission(params)
        return found

    def _check_permission(self, params: Answer) -> None:
        """Tell "nothing there" from "not allowed": without permission the API answers an empty list, but a dry run
        tells.
        """
        try:
            self._client.call("DescribeInstances", {**params, "DryRun": "true"})
        except ApiError as error:
            if error.info.code != "DryRunOperation":
                raise


def _public_host(region: str) -> str:
    """Return the regional host; Hangzhou's is written differently in the vendor's own list."""
    return "ecs-cn-hangzhou.aliyuncs.com" if region == "cn-hangzhou" else f"ecs.{region}.aliyuncs.com"


def _dialect(region: str, endpoint: str, credentials: Credentials) -> AlibabaApi:
    return AlibabaApi("2014-05-26", region, endpoint, credentials)


REGISTRATION = Registration(
    capabilities=CAPABILITIES, vendor=ALIBABA, public_host=_public_host, dialect=_dialect, provider=EcsProvider
)
