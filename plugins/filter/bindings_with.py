# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter bindings_with; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
name: bindings_with
short_description: Want other key pairs of the same instances
version_added: 0.1.0
author:
  - Keyfleet contributors (@keyfleet)
description:
  - Takes entries of O(keyfleet.cloud.binding_plan#module:bindings), and returns entries for the same places and
    instances that want something else of them. So a rotation binds the new key pair wherever the old one is wanted.
positional: key_pairs, state
options:
  _input:
    description: The entries.
    type: list
    elements: dict
    required: true
  key_pairs:
    description: What the entries are to name, as a list, or as text separated by commas or line breaks.
    type: list
    elements: str
    required: true
  state:
    description: The V(state) that they are to have. They are not exclusive.
    type: str
    choices: [absent, present]
    required: true
  holding:
    description: Take only entries that name one of these key pairs, as a list or as text. Without it, all.
    type: list
    elements: str
  without:
    description:
      - Instances to leave out where an entry names them by ID. Dictionaries of V(provider), V(region) and
        V(instance_id).
    type: list
    elements: dict
    default: []
seealso:
  - plugin: keyfleet.cloud.places_of_bindings
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Plan to bind the key pair release wherever deploy is wanted
  keyfleet.cloud.binding_plan:
    bindings: "{{ wanted | keyfleet.cloud.bindings_with(['release'], 'present', holding=['deploy']) }}"
  vars:
    wanted:
      - provider: tencent_cvm
        region: ap-guangzhou
        key_pairs: [deploy]
        instance_ids: [ins-1e4r6y8i]
      - provider: tencent_cvm
        region: ap-guangzhou
        key_pairs: [leaver]
        instance_ids: [ins-5k8m2n4p]
"""

RETURN = r"""
_value:
  description: The entries.
  type: list
  elements: dict
"""

import typing as t

from ..plugin_utils._entries import with_key_pairs


class FilterModule:
    """See DOCUMENTATION."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """Return the filters of this file."""
        return {"bindings_with": with_key_pairs}
