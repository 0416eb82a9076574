#!/usr/bin/python

# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: instance_info
short_description: Describe cloud instances
version_added: 0.1.0
author:
  - Keyfleet contributors (@keyfleet)
description:
  - Lists the instances of a region on Tencent Cloud Lighthouse, Tencent Cloud CVM (API 3.0 and the legacy API 2.0) and
    Alibaba Cloud ECS, in one shape for all of them.
  - All pages are read. All filters that are given must hold. Without any, the whole region is listed.
extends_documentation_fragment:
  - keyfleet.cloud.attributes
  - keyfleet.cloud.attributes.reading
  - keyfleet.cloud.connection
  - keyfleet.cloud.instance_filters
  - keyfleet.cloud.raw
options:
  instance_ids:
    description:
      - Only these instances, as a list, or as text separated by commas or line breaks.
      - An empty list selects nothing. An ID that occurs twice or is malformed is an error.
        IDs that do not exist are in RV(missing).
    type: list
    elements: str
  names:
    description:
      - Only instances with one of these names, as a list, or as text separated by commas or line breaks.
      - Names can be globs with C(*), C(?) and C([...]). Upper and lower case differ.
      - An empty list selects nothing.
    type: list
    elements: str
notes:
  - No instance is interrupted, and nothing is changed.
  - >-
    Permissions on Tencent Cloud (CAM): C(DescribeInstances) of C(lighthouse) or C(cvm), and C(DescribeKeyPairs) with
    O(key_pair).
  - >-
    Permissions on Alibaba Cloud (RAM): C(ecs:DescribeInstances), and C(ecs:DescribeKeyPairs) with O(key_pair). Without
    the first one the API answers an empty list; this module finds that out and fails.
seealso:
  - module: keyfleet.cloud.keypair_binding_info
  - plugin: keyfleet.cloud.instance_ids
    plugin_type: lookup
  - plugin: keyfleet.cloud.instances
    plugin_type: inventory
"""

EXAMPLES = r"""
- name: List the running instances of the web tier
  keyfleet.cloud.instance_info:
    provider: tencent_cvm
    region: ap-guangzhou
    names: web-*
    tags:
      env: prod
    states: running
  register: web

- name: List what a key pair opens
  keyfleet.cloud.instance_info:
    provider: alibaba_ecs
    region: cn-hangzhou
    key_pair: deploy

- name: Look at one instance, with everything that the vendor tells
  keyfleet.cloud.instance_info:
    provider: tencent_lighthouse
    region: ap-guangzhou
    instance_ids: lhins-ruy9d2tw
    include_raw: true
"""

RETURN = r"""
instances:
  description: The instances that pass all filters, sorted by ID.
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
    provider:
      description: The provider, as in O(provider).
      type: str
      returned: always
      sample: tencent_lighthouse
    region:
      description: The region.
      type: str
      returned: always
      sample: ap-guangzhou
    state:
      description: The state, in the vendor's word.
      type: str
      returned: always
      sample: RUNNING
    power:
      description:
        - The state, in the same words for every provider.
        - V(running), V(stopped), V(changing) on the way between them, or V(unavailable) for all else, such as a rescue
          mode.
      type: str
      returned: always
      sample: running
    platform:
      description: V(linux), V(windows) or V(unknown).
      type: str
      returned: always
      sample: linux
    zone:
      description: The availability zone.
      type: str
      returned: always
      sample: ap-guangzhou-3
    instance_type:
      description: The machine type; on Lighthouse the bundle.
      type: str
      returned: always
      sample: bundle_bw_small1_1
    private_addresses:
      description: Addresses inside the cloud.
      type: list
      elements: str
      returned: always
      sample: [10.0.0.5]
    public_addresses:
      description: Addresses on the Internet, IPv4 before IPv6.
      type: list
      elements: str
      returned: always
      sample: [203.0.113.7]
    tags:
      description: The tags. Empty on the legacy API 2.0 of Tencent Cloud, which does not report them.
      type: dict
      returned: always
      sample: {env: prod}
    key_pairs:
      description: IDs of the key pairs that are bound; on Alibaba Cloud the name.
      type: list
      elements: str
      returned: always
      sample: [lhkp-f7rjie1q]
    charge_type:
      description: How the instance is charged, in the vendor's word.
      type: str
      returned: always
      sample: PREPAID
    stopped_without_charging:
      description:
        - Whether the instance is stopped in the mode in which it is not charged.
        - It may lose its public address and fail to start then, and Tencent Cloud binds no key pair to it.
      type: bool
      returned: always
      sample: false
    created:
      description: When it was created, in UTC.
      type: str
      returned: always
      sample: '2026-05-01T10:00:00Z'
    raw:
      description: The vendor's own object.
      type: dict
      returned: with O(include_raw=true)
missing:
  description: IDs of O(instance_ids) that do not exist in the region.
  returned: success
  type: list
  elements: str
  sample: []
api_calls:
  description: How many requests were sent, by action, repetitions included.
  returned: always
  type: dict
  sample: {DescribeInstances: 1}
error:
  description: What went wrong, with the keys C(code), C(message), C(hint), C(request_id) and C(retryable).
  returned: failure
  type: dict
"""

from ..module_utils._module import run_module
from ..module_utils._tasks.instance_info import InstanceInfo


def main() -> None:
    """Run the module."""
    run_module(InstanceInfo())


if __name__ == "__main__":
    main()
