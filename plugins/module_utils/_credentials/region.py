# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The region: looked for in the same places as the credentials."""

from __future__ import annotations

from .._errors import InputError
from .model import Absent
from .search import Search
from .vendor import Vendor


def resolve_region(vendor: Vendor, option: str | None, search: Search) -> str:
    """Return the region from the option, else from the vendor's variables, a profile file or the metadata service.

    With a profile named in the options, from that profile only. Raises InputError when there is none or it is
    malformed.
    """
    if option:
        return checked_region(option)
    missing: list[Absent] = []
    sources = [*vendor.profile_regions]
    if not search.options.profile:
        for name in vendor.region_variables:
            if found := search.variable(name):
                return checked_region(found)
        missing.append(Absent(f"environment variables {', '.join(vendor.region_variables)}", "not set, or empty"))
        sources.append(vendor.instance_region)
    for source in sources:
        region = source(search)
        if not isinstance(region, Absent):
            return checked_region(region)
        missing.append(region)
    raise InputError(
        f"No region for {vendor.title}. Looked at: option region (not given); {'; '.join(map(str, missing))}.",
        f"Set the option region, or the environment variable {' or '.join(vendor.region_variables)}.",
        code="RegionMissing",
    )


def checked_region(region: str) -> str:
    """Return the region. Raises InputError when it is malformed."""
    if not is_region(region):
        raise InputError(f"The region {region!r} is malformed.", "A region looks like ap-guangzhou or cn-hangzhou.")
    return region


def is_region(text: str) -> bool:
    """Tell whether a text has the form of a region.

    The region becomes part of a host name on Alibaba Cloud, so nothing else may slip in with it.
    """
    return text.replace("-", "").isalnum() and text.isascii() and text == text.lower()
