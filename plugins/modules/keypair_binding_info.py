#!/usr/bin/python

# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: keypair_binding_info
short_description: Say which cloud instance has which SSH key pair
version_added: 0.1.0
author:
  - Keyfleet contributors (@keyfleet)
description:
  - Shows the bindings of a region from both sides, the instances with their key pairs and the key pairs with their
    instances, on Tencent Cloud Lighthouse, Tencent Cloud CVM (API 3.0 and the legacy API 2.0) and Alibaba Cloud ECS.
  - Points out key pairs that are bound to nothing, instances without a key pair, and public keys that are there under
    several names.
  - The instances' own lists decide. The key pairs' lists, which can lag behind, add the accounts in the guests.
extends_documentation_fragment:
  - keyfleet.cloud.attributes
  - keyfleet.cloud.attributes.reading
  - keyfleet.cloud.connection
options:
  key_pairs:
    description:
      - The key pairs to look at, by ID or name, as a list, or as text separated by commas or line breaks.
      - Without it and O(instance_ids), the whole region is shown. An empty list selects nothing.
    type: list
    elements: str
    aliases: [key_ids, key_pair_names]
  instance_ids:
    description:
      - The instances to look at, as a list, or as text separated by commas or line breaks.
      - Without it, and with O(key_pairs), the instances that have one of the key pairs are shown.
      - An empty list selects nothing. An ID that occurs twice or is malformed is an error.
    type: list
    elements: str
notes:
  - No instance is interrupted, and nothing is changed.
  - With O(instance_ids) alone only these instances are read, and every key pair of RV(key_pairs) is one that they have.
    Otherwise all instances of the region are read.
  - >-
    Permissions on Tencent Cloud (CAM): C(DescribeKeyPairs) and C(DescribeInstances) of C(lighthouse) or C(cvm).
  - >-
    Permissions on Alibaba Cloud (RAM): C(ecs:DescribeInstances), C(ecs:DescribeKeyPairs).
  - On Alibaba Cloud a recorded key pair is used by the guest only after its next reboot or start, and the API does not
    tell whether that has happened.
seealso:
  - module: keyfleet.cloud.keypair_binding
  - module: keyfleet.cloud.keypair_info
"""

EXAMPLES = r"""
- name: Show who has which key in a region
  keyfleet.cloud.keypair_binding_info:
    provider: tencent_cvm
    region: ap-guangzhou
  register: result

- name: Say which instances nobody can open with a key
  ansible.builtin.debug:
    var: result.orphans.instances

- name: Find out what a leaver's key opens
  keyfleet.cloud.keypair_binding_info:
    provider: alibaba_ecs
    region: cn-hangzhou
    key_pairs: [leaver]

- name: Find out which keys open an instance
  keyfleet.cloud.keypair_binding_info:
    provider: tencent_lighthouse
    region: ap-guangzhou
    instance_ids: [lhins-ruy9d2tw]
"""

RETURN = r"""
instances:
  description: The instances, sorted by ID, each with all its key pairs.
  returned: success
  type: list
  elements: dict
  contains:
    instance_id:
      description: The ID.
      type: str
      returned: always
      sample: lhins-ruy9d2tw
    name:
      description: The name.
      type: str
      returned: always
      sample: web-1
    state:
      description: The state, in the vendor's word.
      type: str
      returned: always
      sample: RUNNING
    power:
      description: V(running), V(stopped), V(changing) or V(unavailable).
      type: str
      returned: always
      sample: running
    platform:
      description: V(linux), V(windows) or V(unknown). Windows instances never have a key pair.
      type: str
      returned: always
      sample: linux
    has_key_pair:
      description: Whether any key pair is bound.
      type: bool
      returned: always
      sample: true
    key_pairs:
      description: The key pairs, sorted by ID.
      type: list
      elements: dict
      returned: always
      contains:
        id:
          description: The ID; on Alibaba Cloud the name.
          type: str
          returned: always
          sample: lhkp-f7rjie1q
        name:
          description: The name; V(null) when the key pair does not exist any more.
          type: str
          returned: always
          sample: deploy
        usernames:
          description: The accounts in the guest that it is bound for, with online bindings on Lighthouse.
          type: list
          elements: str
          returned: always
          sample: []
key_pairs:
  description: The key pairs, sorted by ID.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The ID; on Alibaba Cloud the name.
      type: str
      returned: always
      sample: lhkp-f7rjie1q
    name:
      description: The name.
      type: str
      returned: always
      sample: deploy
    fingerprint:
      description: The fingerprint as the vendor computes it. Tencent Cloud reports none.
      type: str
      returned: always
    bound:
      description: Whether any instance of the region has it, shown or not.
      type: bool
      returned: always
      sample: true
    instances:
      description: The instances that have it, sorted by ID; with O(instance_ids), of those only.
      type: list
      elements: dict
      returned: always
      contains:
        instance_id:
          description: The ID.
          type: str
          returned: always
          sample: lhins-ruy9d2tw
        name:
          description: The name.
          type: str
          returned: always
          sample: web-1
        usernames:
          description: The accounts in the guest that it is bound for, with online bindings on Lighthouse.
          type: list
          elements: str
          returned: always
          sample: []
orphans:
  description: What has no counterpart, of what is shown.
  returned: success
  type: dict
  contains:
    key_pairs:
      description: IDs of the key pairs that no instance of the region has.
      type: list
      elements: str
      returned: always
      sample: [lhkp-00000009]
    instances:
      description: IDs of the instances that have no key pair.
      type: list
      elements: str
      returned: always
      sample: []
duplicates:
  description:
    - Public keys that several key pairs have, at least one of them shown.
    - Type and key data are compared, not comments or white space.
  returned: success
  type: list
  elements: dict
  contains:
    public_key:
      description: The public key, without a comment.
      type: str
      returned: always
      sample: ssh-rsa AAAAB3NzaC1yc2E...
    key_pairs:
      description: The key pairs, each with C(id) and C(name), sorted by ID.
      type: list
      elements: dict
      returned: always
missing:
  description: What was asked for and does not exist in the region.
  returned: success
  type: dict
  contains:
    key_pairs:
      description: Entries of O(key_pairs).
      type: list
      elements: str
      returned: always
      sample: []
    instance_ids:
      description: Entries of O(instance_ids).
      type: list
      elements: str
      returned: always
      sample: []
api_calls:
  description: How many requests were sent, by action, repetitions included.
  returned: always
  type: dict
  sample: {DescribeInstances: 1, DescribeKeyPairs: 1}
error:
  description: What went wrong, with the keys C(code), C(message), C(hint), C(request_id) and C(retryable).
  returned: failure
  type: dict
"""

from ..module_utils._module import run_module
from ..module_utils._tasks.keypair_binding_info import KeypairBindingInfo


def main() -> None:
    """Run the module."""
    run_module(KeypairBindingInfo())


if __name__ == "__main__":
    main()
