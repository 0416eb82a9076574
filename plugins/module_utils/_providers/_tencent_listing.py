# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Listing on Tencent Cloud. Vendor pages: DescribeInstances, DescribeKeyPairs, data type Filter."""

from __future__ import annotations

import typing as t

from .._client import Answer, Client
from .._errors import ApiError
from .._models import Instance, KeyPair
from .._selection.criteria import Criteria
from ._paging import Page, all_elements
from ._tencent_objects import to_instance, to_key_pair

PAGE = 100
MOST_FILTERS = 10
# CVM answers so when no resource of the account has the key.
_NO_SUCH_TAG = "InvalidParameterValue.TagKeyNotFound"


class TencentListing:
    """See Listing.

    ``state_filter_values``: how many values the filter instance-state takes, 0 where the dialect does not have it.
    ``tag_filters``: whether the dialect has filters for tags.
    """

    state_filter_values: t.ClassVar[int] = 5
    tag_filters: t.ClassVar[bool] = True
    _client: Client

    def list_instances(self, criteria: Criteria) -> list[Instance]:
        """See Listing. Names are not asked for: the pages leave open how the filter instance-name compares."""
        filters = self._filters(criteria)
        try:
            found = self.pages(
                "DescribeInstances", {"Filters": filters} if filters else {}, "InstanceSet", "InstanceId"
            )
        except ApiError as error:
            if error.info.code != _NO_SUCH_TAG:
                raise
            return []
        return [to_instance(raw) for raw in found]

    def list_key_pairs(self) -> list[KeyPair]:
        """See Listing."""
        return [to_key_pair(raw) for raw in self.pages("DescribeKeyPairs", {}, "KeyPairSet", "KeyId")]

    def few_key_pairs(self) -> list[KeyPair] | None:
        """See Listing."""
        try:
            answer = self._client.call("DescribeKeyPairs", {"Offset": 0, "Limit": PAGE})
        except ApiError as error:
            if error.kind != "denied":
                raise
            return None
        found = [to_key_pair(raw) for raw in answer.get("KeyPairSet") or ()]
        return found if len(found) == int(answer.get("TotalCount") or 0) else None

    def pages(self, action: str, params: Answer, field: str, identity: str) -> list[Answer]:
        """Return the elements of all pages of an action that takes Offset and Limit."""

        def fetch(number: int) -> Page:
            answer = self._client.call(action, {**params, "Offset": number * PAGE, "Limit": PAGE})
            return Page(answer.get(field) or (), int(answer.get("TotalCount") or 0))

        return all_elements(fetch, PAGE, identity)

    def _filters(self, criteria: Criteria) -> list[dict[str, t.Any]]:
        filters: list[dict[str, t.Any]] = []
        if criteria.states and len(criteria.states) <= self.state_filter_values:
            filters.append({"Name": "instance-state", "Values": list(criteria.states)})
        if self.tag_filters:
            filters += [{"Name": f"tag:{key}", "Values": [value]} for key, value in criteria.tags.items()]
        return filters[:MOST_FILTERS]
