# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter wherever_bound; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
name: wherever_bound
short_description: Mean every instance that holds a key pair
version_added: 0.1.0
author:
  - Keyfleet contributors (@keyfleet)
description:
  - Takes places, as P(keyfleet.cloud.places_of_bindings#filter) returns them, and returns entries of
    O(keyfleet.cloud.binding_plan#module:bindings) that unbind key pairs from all instances there that hold them.
positional: key_pairs
options:
  _input:
    description: The places, dictionaries of V(provider), V(region) and connection options.
    type: list
    elements: dict
    required: true
  key_pairs:
    description: The key pairs, as a list, or as text separated by commas or line breaks.
    type: list
    elements: str
    required: true
  association_type:
    description: A member of each entry.
    type: str
  username:
    description: A member of each entry.
    type: str
seealso:
  - plugin: keyfleet.cloud.places_of_bindings
    plugin_type: filter
"""

EXAMPLES = r"""
- name: See where the key pair of somebody who has left is bound
  keyfleet.cloud.binding_plan:
    bindings: "{{ places | keyfleet.cloud.wherever_bound(['leaver']) }}"
  vars:
    places:
      - provider: tencent_cvm
        region: ap-guangzhou
      - provider: alibaba_ecs
        region: cn-hangzhou
"""

RETURN = r"""
_value:
  description: The entries, one for each place and key pair.
  type: list
  elements: dict
"""

import typing as t

from ..plugin_utils._entries import wherever_bound


class FilterModule:
    """See DOCUMENTATION."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """Return the filters of this file."""
        return {"wherever_bound": wherever_bound}
