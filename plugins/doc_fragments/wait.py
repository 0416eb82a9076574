# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the options of modules that wait."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragment ``keyfleet.cloud.wait``."""

    DOCUMENTATION = r"""
options:
  wait:
    description:
      - Whether to wait until the last operation on every instance has ended.
      - An instance that was powered off is waited for in any case, until it runs again.
    type: bool
    default: true
  wait_timeout:
    description:
      - How many seconds the task may wait and retry in all.
      - Bringing instances that were powered off back up has as much again.
    type: int
    default: 600
"""
