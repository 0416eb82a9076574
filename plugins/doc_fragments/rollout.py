# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of what a rollout may do."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragment ``keyfleet.cloud.rollout``."""

    DOCUMENTATION = r"""
options:
  interruption:
    description:
      - Whether running instances may be interrupted where a change needs it.
      - V(none) interrupts nothing. V(soft) asks the guest to shut down, and a guest that does not obey is left running.
        V(force) tries softly first, and then powers the instance off.
    type: str
    choices: [force, none, soft]
    default: none
  make_effective:
    description:
      - Whether running instances are rebooted whose guests use new key pairs only after a restart (Alibaba Cloud).
    type: bool
    default: true
  last_key_policy:
    description:
      - What to do when an unbind would leave an instance without any key pair. Unless a password exists, that
        locks you out.
      - V(warn) unbinds and warns, V(refuse) makes it a failed row, V(allow) unbinds silently.
    type: str
    choices: [allow, refuse, warn]
    default: refuse
"""
