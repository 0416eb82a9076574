#!/usr/bin/python

# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: binding_plan
short_description: Say what a rollout of SSH key pairs would change, interrupt and do first
version_added: 0.1.0
author:
  - Keyfleet contributors (@keyfleet)
description:
  - Compares a desired state, which may span providers and regions, with what is bound, and returns a plan. It says what
    would change on which instance, which running instances would be stopped or rebooted for it, what cannot be done and
    why, and in which waves the rest would be done.
  - Nothing is ever written. The roles of this collection begin with this plan; it is of use on its own before a change
    window, or for playbooks that do the waves in their own way.
  - All places (regions of providers) are read side by side. A place costs as many reads as one task of
    M(keyfleet.cloud.keypair_binding) for all of its instances, however many entries name it.
  - A place that cannot be read, and an instance that cannot be changed, are failed rows. They do not fail the task,
    unless no place at all can be read.
extends_documentation_fragment:
  - keyfleet.cloud.attributes
  - keyfleet.cloud.attributes.reading
  - keyfleet.cloud.binding_entries
  - keyfleet.cloud.rollout
  - keyfleet.cloud.connection
attributes:
  diff_mode:
    support: full
    details:
      - The diff says what a run would change.
options:
  default_state:
    description:
      - What an entry of O(bindings) means that has no V(state).
    type: str
    choices: [absent, present]
    default: present
  only_state:
    description:
      - Plan entries of this state only. The others are listed in RV(left_alone).
    type: str
    choices: [absent, present]
  waves:
    description:
      - The sizes of the waves, as a list, or as text separated by commas or line breaks. A number of instances, or a
        percentage of the instances that change, at least one instance. The last size repeats, as with C(serial).
      - V([1, 25%]) begins with a single instance, and goes on with quarters.
    type: list
    elements: str
    default: ["100%"]
  expected_key_pairs:
    description:
      - Names of key pairs that will exist by then, although they may not exist yet. A missing one is planned as if it
        existed and were bound to nothing.
    type: list
    elements: str
    default: []
  journal_path:
    description:
      - The folder in which rollouts write down what they are about to do. What a run that was killed left unfinished is
        listed in RV(unfinished), and is done first.
      - A folder that does not exist holds nothing. Without this option nobody looks.
    type: path
notes:
  - Nothing is interrupted. O(interruption) only decides about RV(refusal).
  - "Permissions on Tencent Cloud (CAM): C(DescribeKeyPairs) and C(DescribeInstances) of C(lighthouse) or C(cvm)."
  - "Permissions on Alibaba Cloud (RAM): C(ecs:DescribeInstances) and C(ecs:DescribeKeyPairs)."
seealso:
  - module: keyfleet.cloud.keypair_binding
"""

EXAMPLES = r"""
- name: Plan a key pair for two clouds, an instance first, then the rest by quarters
  keyfleet.cloud.binding_plan:
    bindings:
      - name: deploy key on the web tier
        provider: tencent_cvm
        region: ap-guangzhou
        key_pairs: [deploy]
        instances:
          tags: {env: prod}
      - provider: alibaba_ecs
        region: cn-hangzhou
        key_pairs: [deploy]
        instance_ids: [i-bp1d6tsvznfghy7yaaaa]
    waves: [1, 25%]

- name: Plan to exchange a key pair on Lighthouse, which costs one power cycle and not two
  keyfleet.cloud.binding_plan:
    provider: tencent_lighthouse
    region: ap-guangzhou
    bindings:
      - key_pairs: deploy
        instance_ids: [lhins-ruy9d2tw, lhins-a1b2c3d4]
      - key_pairs: leaver
        instance_ids: [lhins-ruy9d2tw, lhins-a1b2c3d4]
        state: absent
    interruption: soft
  register: exchange

- name: Show the plan, and stop here if something cannot be done
  ansible.builtin.assert:
    that: exchange.summary.failed == 0 and not exchange.refusal
    success_msg: "{{ exchange.text }}"
    fail_msg: "{{ exchange.text }}"
"""

RETURN = r"""
waves:
  description:
    - The waves, in the order in which they are to be done. Every instance that changes, and of which no row fails, is
      in exactly one of them.
    - Wave 0 is there when earlier runs left something unfinished in places that entries name. Elsewhere it stays so.
  returned: always, unless the options are wrong
  type: list
  elements: dict
  contains:
    number:
      description: The number of the wave. 0 is for what was left unfinished, the others count from 1.
      type: int
    size:
      description: How many instances it has.
      type: int
    instances:
      description: The IDs of its instances.
      type: list
      elements: str
      sample: [ins-1e4r6y8i]
    bindings:
      description: Entries, as O(bindings) takes them, for these instances only, and without selectors.
      type: list
      elements: dict
    restore:
      description:
        - In wave 0, instances that an earlier run left unfinished and of which nothing is wanted now, or nothing that
          could be done. Dictionaries of V(provider), V(region), V(instance_id), and connection options that lead there.
      type: list
      elements: dict
rows:
  description:
    - A row for every instance and key pair that changes or fails, sorted by place, instance and key pair. Rows of
      bindings that are as desired are only counted.
  returned: always, unless the options are wrong
  type: list
  elements: dict
  contains:
    provider:
      description: The provider.
      type: str
      sample: tencent_cvm
    region:
      description: The region, or null in a place that could not be reached and whose entries name none.
      type: str
      sample: ap-guangzhou
    instance_id:
      description:
        - The instance. It is null for a selector in a place that could not be read, as nobody knows what it means.
      type: str
      sample: ins-1e4r6y8i
    key_pair:
      description: What the API calls the key pair, or what the entry calls it when it was not found.
      type: str
      sample: skey-4e5ty7i8
    key_pair_name:
      description: The name of the key pair.
      type: str
      sample: deploy
    username:
      description: The account in the guest, for online bindings on Lighthouse.
      type: str
    before:
      description: V(present) or V(absent), or V(unknown) when it could not be read.
      type: str
      sample: absent
    after:
      description: What would be. V(unknown) when only the run will tell.
      type: str
      sample: present
    action:
      description:
        - V(none), V(bind) or V(unbind).
        - V(displace) for a key pair that the API drops, or may drop, because another one is bound.
      type: str
      sample: bind
    outcome:
      description: V(changed), V(failed), or V(skipped) when something else that fails comes before it.
      type: str
      sample: changed
    effective:
      description: Whether the guest would use it at once. V(false) means after its next reboot or start.
      type: bool
    interruption:
      description: What the instance would go through for it, V(none), V(stop) or V(reboot).
      type: str
      sample: stop
    request_id:
      description: Always null, as nothing is written.
      type: str
    error:
      description:
        - Why it cannot be done, or null, in the shape of RV(keyfleet.cloud.keypair_binding#module:bindings[].error).
      type: dict
interruptions:
  description:
    - The running instances that would be stopped and started again, or rebooted.
    - Dictionaries of V(provider), V(region), V(instance_id), V(name), V(power) (V(running), or V(changing) when it is
      just being started), V(action) (V(stop) or V(reboot)) and V(why).
  returned: always, unless the options are wrong
  type: list
  elements: dict
  sample:
    - provider: tencent_cvm
      region: ap-guangzhou
      instance_id: ins-1e4r6y8i
      name: web-1
      power: running
      action: stop
      why: its key pairs can be changed only while it is stopped
key_pairs:
  description:
    - What was read of key pairs, for O(keyfleet.cloud.binding_wave#module:known_key_pairs) of the waves. V(provider),
      V(region), the connection options of the place, V(read) (when, in Unix seconds) and V(key_pairs) (V(id), V(name),
      and V(public_key) of those that are to be bound; 200 at most, none that is bound for a guest account).
  returned: always, unless the options are wrong
  type: list
  elements: dict
refusal:
  description:
    - Why a run must not begin, if it would interrupt what it may not, or could not write to O(journal_path). Or null.
  returned: always, unless the options are wrong
  type: str
unfinished:
  description:
    - What runs that were killed left unfinished, from O(journal_path).
    - V(provider), V(region), V(instance_id), V(power) (as found at first), V(since) (when, in UTC), V(run) (ID).
  returned: always, unless the options are wrong
  type: list
  elements: dict
left_alone:
  description: What the entries are called that O(only_state) leaves out.
  returned: always, unless the options are wrong
  type: list
  elements: str
  sample: ["entry 2 (the old key)"]
summary:
  description: How many rows there are of which kind, those included that are as desired.
  returned: always, unless the options are wrong
  type: dict
  contains:
    requested:
      description: Pairs of instance and key pair asked for. Rows of other key pairs (unbound, displaced) come on top.
      type: int
    unchanged:
      description: Rows that are as desired.
      type: int
    changed:
      description: Rows that would change.
      type: int
    failed:
      description: Rows that cannot be brought about.
      type: int
    skipped:
      description: Rows that would not be attempted because something else fails.
      type: int
    interrupted:
      description: Instances that would be stopped or rebooted.
      type: int
text:
  description: The plan in lines for people, 60 at most.
  returned: always, unless the options are wrong
  type: list
  elements: str
  sample: [Nothing is interrupted., "Wave 1: 1 instance(s): ins-1e4r6y8i"]
api_calls:
  description: How many requests were sent, by action, repetitions included.
  returned: always
  type: dict
  sample: {DescribeInstances: 2, DescribeKeyPairs: 1}
error:
  description: The error that stopped the task as a whole, in the shape of RV(rows[].error).
  returned: when the options or entries are wrong
  type: dict
"""

from ..module_utils._module import run_module
from ..module_utils._tasks.binding_plan import BindingPlan


def main() -> None:
    """Run the module."""
    run_module(BindingPlan())


if __name__ == "__main__":
    main()
