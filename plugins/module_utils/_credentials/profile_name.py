# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Which profile of the vendor's command line is meant."""

from __future__ import annotations

import dataclasses

from .._errors import InputError
from .search import Search

DEFAULT = "default"


@dataclasses.dataclass(frozen=True)
class ProfileName:
    """``variable`` is the environment variable that names a profile where the option does not."""

    variable: str

    def chosen(self, search: Search) -> str | None:
        """Return the profile that somebody named, or None. Raises InputError when it cannot be a name."""
        name = search.options.profile or search.variable(self.variable)
        if name is not None and ("/" in name or "\\" in name or name.startswith(".")):
            raise InputError(f"The profile {name!r} is malformed.", "Give the name of a profile, not a path.")
        return name

    def of(self, search: Search) -> str:
        """Return the profile to use."""
        return self.chosen(search) or DEFAULT
