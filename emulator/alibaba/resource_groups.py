# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Resource groups: every account has the default one and no other."""

from __future__ import annotations

from .errors import refusal
from .parameters import Parameters

DEFAULT_GROUP = "rg-default00000000"


def check_group(parameters: Parameters) -> None:
    """Refuse to put something into a resource group that does not exist.

    :raises ApiError: ``InvalidResourceGroup.NotFound``.
    """
    if parameters.text("ResourceGroupId") not in (None, DEFAULT_GROUP):
        raise refusal("InvalidResourceGroup.NotFound")
