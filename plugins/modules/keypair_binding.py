#!/usr/bin/python

# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: keypair_binding
short_description: Bind SSH key pairs to cloud instances, or unbind them
version_added: 0.1.0
author:
  - Keyfleet contributors (@keyfleet)
description:
  - Makes sure that SSH key pairs are bound to the given instances, or that they are not, on Tencent Cloud Lighthouse,
    Tencent Cloud CVM (API 3.0 and the legacy API 2.0) and Alibaba Cloud ECS.
  - Current bindings are read first, and only what differs is written. A second run calls no write action.
  - One task takes any number of instances of one region. They are worked on in batches as large as the API allows,
    side by side, within the documented request rates.
  - One instance that cannot take part does not stop the others. Every pair of instance and key pair has a row in
    RV(bindings); the task fails at the end if any row failed.
extends_documentation_fragment:
  - keyfleet.cloud.attributes
  - keyfleet.cloud.attributes.changing
  - keyfleet.cloud.connection
  - keyfleet.cloud.wait
options:
  key_pairs:
    description:
      - The key pairs to bind or to unbind, as a list, or as text separated by commas or line breaks.
      - On Tencent Cloud these are IDs (V(lhkp-f7rjie1q), V(skey-4e5ty7i8)) or names, on Alibaba Cloud names.
      - An empty list is an error. It never means all.
    type: list
    elements: str
    required: true
    aliases: [key_ids, key_pair_names]
  instance_ids:
    description:
      - The instances, as a list, or as text separated by commas or line breaks.
      - An empty list is fine and does nothing. An ID that occurs twice or is malformed is an error.
    type: list
    elements: str
    required: true
  state:
    description:
      - V(present) binds the key pairs to the instances where they are missing.
      - V(absent) unbinds them where they are bound. Other key pairs are left alone.
    type: str
    choices: [absent, present]
    default: present
  exclusive:
    description:
      - With O(state=present), unbind every other key pair of these instances, after the wanted ones are bound.
      - Exactness is always per instance. Other instances of a key pair are never touched.
    type: bool
    default: false
  force_stop:
    description:
      - Allow running instances to be powered off for the change, which costs downtime.
        They are running again when the task ends.
      - Without it a running instance on Tencent Cloud is a failed row, and nothing happens to it.
      - On Alibaba Cloud no instance is ever stopped, so that this has no effect.
    type: bool
    default: false
  association_type:
    description:
      - How the key pair gets into the guest, on Tencent Cloud Lighthouse only.
      - V(online) needs no shutdown. V(offline) powers a running instance off, and needs O(force_stop) for it.
      - Without it nothing is sent, and the API works offline. The international site does not know the parameter.
    type: str
    choices: [offline, online]
  username:
    description:
      - The account in the guest that a binding with O(association_type=online) is for.
    type: str
  last_key_policy:
    description:
      - What to do when an unbind would leave an instance without any key pair. Unless a password exists, that
        locks you out.
      - V(warn) unbinds and warns, V(refuse) makes it a failed row, V(allow) unbinds silently.
    type: str
    choices: [allow, refuse, warn]
    default: warn
notes:
  - >-
    What interrupts an instance: on Tencent Cloud a change needs the instance stopped. A running one is powered off by
    force only with O(force_stop=true), and started again. An exchange with O(exclusive=true) can power it off twice,
    for the bind and for the unbind. On Alibaba Cloud nothing is interrupted, but the guest uses the change only after a
    reboot or start; see RV(reboot_required).
  - >-
    What a bind does to other key pairs: on Alibaba Cloud the former key pair is replaced. On Tencent Cloud the vendor's
    pages contradict each other, so check mode shows such a key pair with RV(bindings[].action=displace) and
    RV(bindings[].after=unknown), and a run reads what became of it.
  - A bind turns password login off, an unbind turns it on again, if a password was ever set.
  - >-
    Permissions on Tencent Cloud (CAM): C(DescribeKeyPairs), C(DescribeInstances), C(AssociateInstancesKeyPairs),
    C(DisassociateInstancesKeyPairs), and C(StartInstances) with O(force_stop=true), of C(lighthouse) or C(cvm).
    Check mode needs the first two only.
  - >-
    Permissions on Alibaba Cloud (RAM): C(ecs:DescribeInstances), C(ecs:DescribeKeyPairs), C(ecs:AttachKeyPair),
    C(ecs:DetachKeyPair). Check mode needs the first two only.
  - The legacy API 2.0 (O(provider=tencent_cvm_legacy)) does not report how an operation ended. A change that fails
    there without an error code ends as a time-out.
"""

EXAMPLES = r"""
- name: Bind a key pair to two stopped Lighthouse instances
  keyfleet.cloud.keypair_binding:
    provider: tencent_lighthouse
    region: ap-guangzhou
    key_pairs: deploy
    instance_ids:
      - lhins-ruy9d2tw
      - lhins-a1b2c3d4

- name: Let the API power running CVM instances off and on for it
  keyfleet.cloud.keypair_binding:
    provider: tencent_cvm
    region: ap-guangzhou
    key_pairs: [skey-4e5ty7i8]
    instance_ids: [ins-1e4r6y8i, ins-3e56fg78]
    force_stop: true

- name: Make a key pair the only one of an Alibaba Cloud instance
  keyfleet.cloud.keypair_binding:
    provider: alibaba_ecs
    region: cn-hangzhou
    key_pairs: [deploy]
    instance_ids: [i-bp1d6tsvznfghy7yaaaa]
    exclusive: true
  register: result

- name: Say which guests do not use the change yet
  ansible.builtin.debug:
    var: result.reboot_required

- name: Take a leaver's key pair away, but never the last one of an instance
  keyfleet.cloud.keypair_binding:
    provider: tencent_cvm
    region: ap-guangzhou
    key_pairs: [leaver]
    instance_ids: "{{ instances_of_the_web_tier }}"
    state: absent
    last_key_policy: refuse
"""

RETURN = r"""
bindings:
  description:
    - One row for every instance and key pair that the task is about, sorted by instance, then key pair.
    - In check mode the rows say what would be.
  returned: always
  type: list
  elements: dict
  contains:
    instance_id:
      description: The instance.
      type: str
      returned: always
      sample: lhins-ruy9d2tw
    key_pair:
      description: What the API calls the key pair.
      type: str
      returned: always
      sample: lhkp-f7rjie1q
    key_pair_name:
      description: The name of the key pair.
      type: str
      returned: always
      sample: deploy
    username:
      description: The account in the guest, for online bindings on Lighthouse.
      type: str
      returned: always
    before:
      description:
        - V(present) or V(absent).
        - V(unknown) when the bindings could not be read; then nothing was written.
      type: str
      returned: always
      sample: absent
    after:
      description:
        - V(present) or V(absent).
        - V(unknown) when nobody can tell, for example with O(wait=false).
      type: str
      returned: always
      sample: present
    action:
      description:
        - V(none), V(bind) or V(unbind).
        - V(displace) for a key pair that the API drops because another one is bound.
      type: str
      returned: always
      sample: bind
    outcome:
      description: V(unchanged), V(changed), V(failed) or V(skipped).
      type: str
      returned: always
      sample: changed
    effective:
      description:
        - Whether the guest uses what is recorded. V(false) means after its next reboot or start.
        - V(null) when the API cannot tell.
      type: bool
      returned: always
      sample: true
    interruption:
      description: What the change cost, or would cost. V(none) or V(forced_stop).
      type: str
      returned: always
      sample: none
    request_id:
      description: The request ID of the call that did it.
      type: str
      returned: always
      sample: f192c1a9-580e-4653-9d54-ba42cd4353a3
    error:
      description: What went wrong, or null.
      type: dict
      returned: always
      contains:
        code:
          description: The vendor's error code, or one of ours where nothing was sent.
          type: str
          returned: always
          sample: InstanceRunning
        message:
          description: What happened.
          type: str
          returned: always
        hint:
          description: What to do next.
          type: str
          returned: always
        request_id:
          description: The request ID to give to the vendor.
          type: str
          returned: always
        retryable:
          description: Whether it may pass by itself.
          type: bool
          returned: always
summary:
  description: How many rows ended in which way.
  returned: always
  type: dict
  contains:
    requested:
      description: Pairs of instance and key pair asked for. Rows of other key pairs (unbound, displaced) come on top.
      type: int
      returned: always
    unchanged:
      description: Rows that were as desired.
      type: int
      returned: always
    changed:
      description: Rows that changed.
      type: int
      returned: always
    failed:
      description: Rows that failed.
      type: int
      returned: always
    skipped:
      description: Rows that were not attempted because something before them failed.
      type: int
      returned: always
reboot_required:
  description: Running instances whose guests use the change only after a reboot (Alibaba Cloud).
  returned: always
  type: list
  elements: str
  sample: [i-bp1d6tsvznfghy7yaaaa]
api_calls:
  description: How many requests were sent, by action, repetitions included.
  returned: always
  type: dict
  sample: {AssociateInstancesKeyPairs: 1, DescribeInstances: 2, DescribeKeyPairs: 1}
error:
  description: The error that stopped the task as a whole, in the shape of RV(bindings[].error).
  returned: when the task failed before anything was written
  type: dict
"""

from ..module_utils._module import run_module
from ..module_utils._tasks.keypair_binding import KeypairBinding


def main() -> None:
    """Run the module."""
    run_module(KeypairBinding())


if __name__ == "__main__":
    main()
