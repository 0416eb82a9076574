# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter places_of_bindings; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
name: places_of_bindings
short_description: Say in which places the instances of entries are
version_added: 0.1.0
author:
  - Keyfleet contributors (@keyfleet)
description:
  - Takes entries of O(keyfleet.cloud.binding_plan#module:bindings), and returns their places, which are regions of
    providers with the connection options that lead there. Each place is returned once.
options:
  _input:
    description: The entries. Here the C(region) of one can be several, as a list or as text with commas or line breaks.
    type: list
    elements: dict
    required: true
seealso:
  - plugin: keyfleet.cloud.wherever_bound
    plugin_type: filter
"""

EXAMPLES = r"""
- name: List the key pairs of every region that is spoken of
  keyfleet.cloud.keypair_info:
    provider: "{{ item.provider }}"
    region: "{{ item.region }}"
  loop: "{{ wanted | keyfleet.cloud.places_of_bindings }}"
  vars:
    wanted:
      - provider: tencent_cvm
        region: ap-guangzhou
        key_pairs: [deploy]
        instance_ids: [ins-1e4r6y8i]
"""

RETURN = r"""
_value:
  description: The places, dictionaries of V(provider), V(region) and the connection options that an entry has.
  type: list
  elements: dict
"""

import typing as t

from ..plugin_utils._entries import places_of


class FilterModule:
    """See DOCUMENTATION."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """Return the filters of this file."""
        return {"places_of_bindings": places_of}
