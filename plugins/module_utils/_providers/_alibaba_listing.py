# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Listing on Alibaba Cloud. Vendor pages: DescribeInstances, DescribeKeyPairs."""

from __future__ import annotations

import dataclasses

from .._client import Answer, Client
from .._errors import ApiError
from .._models import Instance, KeyPair
from .._selection.criteria import Criteria
from .._selection.globs import asterisks_only
from ._alibaba_objects import to_instance, to_key_pair
from ._answers import text_or_none
from ._paging import Page, all_elements

PAGE = 100
KEY_PAIR_PAGE = 50
# A filter by tags finds no more than so many instances, and does not say when there are more.
MOST_TAGGED = 1000
MOST_TAGS = 20


class AlibabaListing:
    """See Listing."""

    _client: Client

    def list_instances(self, criteria: Criteria) -> list[Instance]:
        """See Listing. The filter KeyPairName is not used: it may lag behind the instances."""
        found = self.described(_narrowed(criteria))
        if criteria.tags and len(found) >= MOST_TAGGED:
            found = self.described(_narrowed(dataclasses.replace(criteria, tags={})))
        return found

    def list_key_pairs(self) -> list[KeyPair]:
        """See Listing."""

        def fetch(number: int) -> Page:
            params = {"IncludePublicKey": "true", "PageNumber": str(number + 1), "PageSize": str(KEY_PAIR_PAGE)}
            answer = self._client.call("DescribeKeyPairs", params)
            return Page((answer.get("KeyPairs") or {}).get("KeyPair") or (), int(answer.get("TotalCount") or 0))

        return [to_key_pair(raw) for raw in all_elements(fetch, KEY_PAIR_PAGE, "KeyPairName")]

    def few_key_pairs(self) -> list[KeyPair] | None:
        """See Listing. Nobody needs it: a key pair is called by its name here."""
        return None

    def described(self, params: Answer) -> list[Instance]:
        """Return the instances of all pages of DescribeInstances with these parameters."""
        params = {**params, "MaxResults": str(PAGE)}
        found: dict[str, Instance] = {}
        token: str | None = ""
        while token is not None:
            answer = self._client.call("DescribeInstances", {**params, "NextToken": token} if token else params)
            instances = map(to_instance, (answer.get("Instances") or {}).get("Instance") or ())
            found.update((instance.id, instance) for instance in instances)
            token = text_or_none(answer.get("NextToken"))
        if not found:
            self._check_permission(params)
        return list(found.values())

    def _check_permission(self, params: Answer) -> None:
        """Tell "nothing there" from "not allowed": without permission the API answers an empty list, but a dry run
        tells.
        """
        try:
            self._client.call("DescribeInstances", {**params, "DryRun": "true"})
        except ApiError as error:
            if error.info.code != "DryRunOperation":
                raise


def _narrowed(criteria: Criteria) -> dict[str, str]:
    """Return the parameters that leave out only what does not fit; each takes one value."""
    params = {}
    if criteria.states is not None and len(criteria.states) == 1:
        params["Status"] = criteria.states[0]
    if criteria.names is not None and len(criteria.names) == 1 and asterisks_only(criteria.names[0]) != "*":
        params["InstanceName"] = asterisks_only(criteria.names[0])
    for number, (key, value) in enumerate(list(criteria.tags.items())[:MOST_TAGS], start=1):
        params[f"Tag.{number}.Key"] = key
        params[f"Tag.{number}.Value"] = value
    return params
