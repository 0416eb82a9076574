# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the attributes of modules."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragments ``keyfleet.cloud.attributes``, ``keyfleet.cloud.attributes.changing`` and ``….reading``."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return the changed status prediction without modifying the target.
  diff_mode:
    description: Will return details on what has changed, or in C(check_mode) would change, when in diff mode.
  idempotent:
    description:
      - When run twice in a row outside check mode, with the same arguments, the second invocation indicates no change.
      - This assumes that the system controlled or queried by the module has not changed in a relevant way.
  action_group:
    description: Use C(group/keyfleet.cloud.all) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - keyfleet.cloud.all
"""

    CHANGING = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - The same reads are made and the same rows returned, saying what would be interrupted.
      - Read-only credentials suffice.
  diff_mode:
    support: full
  idempotent:
    support: full
"""

    READING = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - Only reads, in check mode as well.
  diff_mode:
    support: N/A
    details:
      - Nothing is changed.
  idempotent:
    support: full
"""
