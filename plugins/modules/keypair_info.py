#!/usr/bin/python

# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: keypair_info
short_description: Describe SSH key pairs in the cloud
version_added: 0.1.0
author:
  - Keyfleet contributors (@keyfleet)
description:
  - Lists the SSH key pairs of a region on Tencent Cloud Lighthouse, Tencent Cloud CVM (API 3.0 and the legacy API 2.0)
    and Alibaba Cloud ECS, with their public keys, in one shape for all of them.
  - All pages are read. Without O(names) and O(ids) all key pairs of the region are listed.
extends_documentation_fragment:
  - keyfleet.cloud.attributes
  - keyfleet.cloud.attributes.reading
  - keyfleet.cloud.connection
  - keyfleet.cloud.raw
options:
  names:
    description:
      - Key pairs with one of these names, as a list, or as text separated by commas or line breaks.
      - Names can be globs with C(*), C(?) and C([...]). Upper and lower case differ.
      - An empty list selects nothing.
    type: list
    elements: str
  ids:
    description:
      - Key pairs with one of these IDs, as a list, or as text separated by commas or line breaks. With O(names) too,
        these come on top.
      - On Alibaba Cloud the ID is the name.
      - An empty list selects nothing.
    type: list
    elements: str
notes:
  - No instance is interrupted, and nothing is changed.
  - "Permissions on Tencent Cloud (CAM): C(DescribeKeyPairs) of C(lighthouse) or C(cvm)."
  - "Permissions on Alibaba Cloud (RAM): C(ecs:DescribeKeyPairs)."
seealso:
  - module: keyfleet.cloud.keypair_binding_info
"""

EXAMPLES = r"""
- name: List all key pairs of a region
  keyfleet.cloud.keypair_info:
    provider: tencent_lighthouse
    region: ap-guangzhou
  register: result

- name: Look at some key pairs by name
  keyfleet.cloud.keypair_info:
    provider: alibaba_ecs
    region: cn-hangzhou
    names: [deploy, backup*]
"""

RETURN = r"""
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
    public_key:
      description: The public key as an OpenSSH line.
      type: str
      returned: always
      sample: ssh-rsa AAAAB3NzaC1yc2E... deploy
    fingerprint:
      description: The fingerprint as the vendor computes it. Tencent Cloud reports none.
      type: str
      returned: always
      sample: 5b:b3:93:5f:b5:90:3d:91:27:b9:34:29:4e:6b:64:0d
    created:
      description: When it was created or imported, in UTC.
      type: str
      returned: always
      sample: '2026-05-01T10:00:00Z'
    tags:
      description: The tags. Empty on the legacy API 2.0 of Tencent Cloud, which does not report them.
      type: dict
      returned: always
      sample: {team: web}
    instance_ids:
      description:
        - The instances that have it, as the key pair's own list says, which can lag behind the instances for a moment.
        - V(null) on Alibaba Cloud, whose API has no such list; see M(keyfleet.cloud.keypair_binding_info).
      type: list
      elements: str
      returned: always
      sample: [lhins-ruy9d2tw]
    raw:
      description: The vendor's own object.
      type: dict
      returned: with O(include_raw=true)
missing:
  description: Plain names of O(names), and IDs of O(ids), that no key pair of the region has.
  returned: success
  type: list
  elements: str
  sample: []
api_calls:
  description: How many requests were sent, by action, repetitions included.
  returned: always
  type: dict
  sample: {DescribeKeyPairs: 1}
error:
  description: What went wrong, with the keys C(code), C(message), C(hint), C(request_id) and C(retryable).
  returned: failure
  type: dict
"""

from ..module_utils._module import run_module
from ..module_utils._tasks.keypair_info import KeypairInfo


def main() -> None:
    """Run the module."""
    run_module(KeypairInfo())


if __name__ == "__main__":
    main()
