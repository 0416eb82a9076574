# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""DescribeInstances and DescribeInstanceStatus."""

from __future__ import annotations

from typing import Any

from .context import Context
from .errors import refusal
from .formats import page_token, position_of
from .instance_filters import matching_instances
from .instance_view import instance_view

MAX_PAGE = 100
MAX_STATUS_PAGE = 50
MAX_IDS = 100


def describe_instances(context: Context) -> dict[str, Any]:
    """``DescribeInstances``, paged by ``MaxResults``/``NextToken`` or by ``PageNumber``/``PageSize``.

    An allowed dry run answers with the error ``DryRunOperation``.
    """
    found = matching_instances(context)
    parameters = context.parameters
    if parameters.flag("DryRun"):
        raise refusal("DryRunOperation")
    if parameters.text("MaxResults") or parameters.text("NextToken"):
        start = position_of(parameters.text("NextToken"))
        stop = start + parameters.number("MaxResults", default=10, maximum=MAX_PAGE)
        page = found[start:stop]
        # In this way of paging the vendor gives TotalCount no meaning; only NextToken tells whether there is more.
        paging = {"NextToken": page_token(stop) if stop < len(found) else "", "TotalCount": len(page)}
    else:
        number = parameters.number("PageNumber", default=1)
        size = parameters.number("PageSize", default=10, maximum=MAX_PAGE)
        page = found[(number - 1) * size : number * size]
        paging = {"NextToken": "", "TotalCount": len(found), "PageNumber": number, "PageSize": size}
    return {**paging, "Instances": {"Instance": [instance_view(instance) for instance in page]}}


def nothing_visible(context: Context) -> dict[str, Any]:
    """What a RAM user without permission sees: no instances, and no error."""
    size = context.parameters.number("PageSize", default=10, maximum=MAX_PAGE)
    return {"NextToken": "", "TotalCount": 0, "PageNumber": 1, "PageSize": size, "Instances": {"Instance": []}}


def describe_instance_status(context: Context) -> dict[str, Any]:
    """``DescribeInstanceStatus``: IDs that do not exist are silently missing."""
    parameters = context.parameters
    ids = parameters.repeated("InstanceId", maximum=MAX_IDS)
    zone = parameters.text("ZoneId")
    number = parameters.number("PageNumber", default=1)
    size = parameters.number("PageSize", default=10, maximum=MAX_STATUS_PAGE)
    place = context.place
    named = [place.instances[instance_id] for instance_id in dict.fromkeys(ids) if instance_id in place.instances]
    found = [instance for instance in (named if ids else place.order) if zone in (None, instance.zone)]
    page = found[(number - 1) * size : number * size]
    statuses = [{"InstanceId": instance.instance_id, "Status": instance.state} for instance in page]
    return {
        "TotalCount": len(found),
        "PageNumber": number,
        "PageSize": size,
        "InstanceStatuses": {"InstanceStatus": statuses},
    }
