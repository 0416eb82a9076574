# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the filters on instances."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragment ``keyfleet.cloud.instance_filters``."""

    DOCUMENTATION = r"""
options:
  tags:
    description:
      - Only instances that have all these tags, with exactly these values.
      - Not with O(provider=tencent_cvm_legacy), whose API does not report tags.
    type: dict
  states:
    description:
      - Only instances in one of these states, as a list, or as text separated by commas or line breaks.
      - The words are the vendor's (V(RUNNING), V(STOPPED), V(Running) and so on), in upper or lower case, so that
        V(running) and V(stopped) fit every provider. A word that the provider does not have is an error.
      - An empty list selects nothing.
    type: list
    elements: str
  key_pair:
    description:
      - Only instances that have this key pair, by its ID or name.
      - The instances themselves are asked, and not the key pair, whose own list can lag behind.
    type: str
"""
