# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the option of modules that describe what the vendor describes."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragment ``keyfleet.cloud.raw``."""

    DOCUMENTATION = r"""
options:
  include_raw:
    description:
      - Whether to add the vendor's own object to each element, under the key C(raw).
    type: bool
    default: false
"""
