# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What the three Tencent dialects have in common: objects, states, paging, and the two describe actions."""

from __future__ import annotations

import abc
import dataclasses
import typing as t

from .._client import Answer, Client
from .._errors import ApiError
from .._models import (
    Call,
    ErrorInfo,
    Instance,
    KeyPair,
    Receipt,
)
from .._parallel import chunks, parallel_map
from ._answers import text_or_none
from ._references import by_reference
from ._tencent_key_store import TencentKeyStore
from ._tencent_listing import TencentListing
from ._tencent_objects import to_instance, to_key_pair
from ._tencent_power import TencentPower

PAGE = 100
NAMES_PER_FILTER = 5
# After so many denials and nothing else, the credentials are taken to lack the permission altogether.
MOST_DENIALS = 8

_UNKNOWN_KEY = ("ResourceNotFound.KeyIdNotFound", "InvalidKeyPairId.NotFound")
_UNKNOWN_INSTANCE = (
    "ResourceNotFound.InstanceIdNotFound",
    "ResourceNotFound.InstanceNotFound",
    "InvalidInstanceId.NotFound",
)


class TencentProvider(TencentListing, TencentPower, TencentKeyStore, abc.ABC):
    """Base of the Tencent providers; see Provider.

    ``key_prefix`` tells IDs (skey-…) from names, which have no hyphen.
    """

    key_prefix: t.ClassVar[str]

    def __init__(self, client: Client) -> None:
        self._client = client

    def key_pairs(self, references: t.Sequence[str]) -> dict[str, KeyPair]:
        """See Provider. IDs go out a hundred at a time, names five to a filter."""
        ids = [reference for reference in references if reference.startswith(self.key_prefix)]
        names = [reference for reference in references if not reference.startswith(self.key_prefix)]
        found = {pair.id: pair for batch in chunks(ids, PAGE) for pair in self._key_pairs_by_id(batch)}
        found.update(self._key_pairs_by_name(names))
        return found

    def instances(self, instance_ids: t.Sequence[str]) -> dict[str, Instance]:
        """See Provider."""
        batches = parallel_map(self._instances_by_id, chunks(instance_ids, PAGE))
        return {instance.id: instance for batch in batches for instance in batch}

    def write(self, call: Call) -> Receipt:
        """See Provider. All actions are asynchronous and answer a request ID only."""
        if call.action not in ("bind", "unbind"):
            action, params = self.power_request(call)
            return _receipt(self._client.call(action, params, write=True))
        action = "AssociateInstancesKeyPairs" if call.action == "bind" else "DisassociateInstancesKeyPairs"
        params = {"InstanceIds": list(call.instance_ids), "KeyIds": list(call.key_pairs)}
        return _receipt(self._client.call(action, {**params, **self.change_params(call)}, write=True))

    @abc.abstractmethod
    def change_params(self, call: Call) -> dict[str, t.Any]:
        """Return the parameters of a bind or unbind that only this dialect has."""

    def _key_pairs_by_id(self, ids: t.Sequence[str]) -> list[KeyPair]:
        def fetch(some: t.Sequence[str]) -> list[KeyPair]:
            answer = self._client.call("DescribeKeyPairs", {"KeyIds": list(some), "Limit": PAGE})
            return [to_key_pair(raw) for raw in answer.get("KeyPairSet") or ()]

        return described(fetch, ids, _UNKNOWN_KEY)

    def _key_pairs_by_name(self, names: t.Sequence[str]) -> dict[str, KeyPair]:
        found: dict[str, KeyPair] = {}
        for batch in chunks(names, NAMES_PER_FILTER):
            # Lighthouse matches key-name loosely, so the names are compared here as well.
            filters = [{"Name": "key-name", "Values": list(batch)}]
            pages = self.pages("DescribeKeyPairs", {"Filters": filters}, "KeyPairSet", "KeyId")
            found.update(by_reference(map(to_key_pair, pages), batch))
        return found

    def _instances_by_id(self, ids: t.Sequence[str]) -> list[Instance]:
        def fetch(some: t.Sequence[str]) -> list[Instance]:
            answer = self._client.call("DescribeInstances", {"InstanceIds": list(some), "Limit": PAGE})
            return [to_instance(raw) for raw in answer.get("InstanceSet") or ()]

        return described(fetch, ids, _UNKNOWN_INSTANCE, _hidden)


def _receipt(answer: Answer) -> Receipt:
    """Return the receipt of an accepted write; legacy pages also print the field as RequestID."""
    return Receipt(text_or_none(answer.get("RequestId") or answer.get("RequestID")))


T = t.TypeVar("T")


def described(
    fetch: t.Callable[[t.Sequence[str]], list[T]],
    ids: t.Sequence[str],
    unknown: t.Sequence[str],
    hidden: t.Callable[[str, ErrorInfo], T] | None = None,
) -> list[T]:
    """Describe what exists, although some actions refuse the whole call for one ID that is unknown or not allowed.

    The IDs of a refused call are halved until they stand alone. ``unknown``: codes of IDs to leave out. ``hidden``
    stands in for an ID that may not be described; when nothing else comes to light, the denial is raised instead.
    """
    denials: list[ApiError] = []
    found: list[T] = []
    parts = [ids]
    while parts:
        part = parts.pop()
        try:
            found += fetch(part)
            continue
        except ApiError as error:
            denied = hidden is not None and error.kind == "denied"
            if not denied and error.info.code not in unknown:
                raise
            if denied and len(part) == len(ids) == 1:
                raise
            if denied and len(part) == 1 and hidden is not None:
                denials.append(error)
                found.append(hidden(part[0], error.info))
            if len(denials) == len(found) >= MOST_DENIALS:
                raise
        if len(part) > 1:
            middle = len(part) // 2
            parts += [part[middle:], part[:middle]]
    if denials and len(denials) == len(found):
        raise denials[0]
    return found


def _hidden(instance_id: str, error: ErrorInfo) -> Instance:
    """Return the stand-in for an instance that these credentials may not describe."""
    reason = dataclasses.replace(error, message=f"these credentials may not see it ({error.message.rstrip('.')})")
    return Instance(instance_id, "", "", "unavailable", (), obstacle=reason, hidden=True)
