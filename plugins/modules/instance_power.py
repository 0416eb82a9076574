#!/usr/bin/python

# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: instance_power
short_description: Start, stop or restart cloud instances
version_added: 0.1.0
author:
  - Keyfleet contributors (@keyfleet)
description:
  - Brings instances to a power state, on Tencent Cloud Lighthouse, Tencent Cloud CVM (API 3.0 and the legacy API 2.0)
    and Alibaba Cloud ECS.
  - Current states are read first, and only what differs is written. An instance that is as desired is left alone.
  - One task takes any number of instances of one region. They are worked on in batches as large as the API allows,
    side by side, within the documented request rates, and watched with one read for a hundred of them.
  - One instance that cannot take part does not stop the others. Every instance has a row in RV(instances); the task
    fails at the end if any row failed.
extends_documentation_fragment:
  - keyfleet.cloud.attributes
  - keyfleet.cloud.attributes.changing
  - keyfleet.cloud.connection
attributes:
  idempotent:
    support: partial
    details:
      - With O(state=restarted) every run restarts the instances.
      - With other states a second run changes nothing.
options:
  instance_ids:
    description:
      - The instances, as a list, or as text separated by commas or line breaks.
      - An empty list is fine and does nothing. An ID that occurs twice or is malformed is an error.
    type: list
    elements: str
    required: true
  state:
    description:
      - V(running) starts the instances that are stopped.
      - V(stopped) stops the instances that run.
      - V(restarted) restarts the instances that run, and starts those that are stopped.
    type: str
    choices: [restarted, running, stopped]
    required: true
  stop_type:
    description:
      - How an instance is stopped or restarted. It is always sent, as the defaults of the APIs differ.
      - V(soft) asks the guest to shut down. If it does not, the row fails when O(wait_timeout) is over.
      - V(hard) is like pulling the plug. What the guest has not written to disk is lost.
      - V(soft_first) is soft, and hard if that does not end. On Tencent Cloud the API does this by itself.
      - The legacy API 2.0 and Alibaba Cloud have no such thing, so that there the task does it. An instance that is
        still on its way after 120 seconds, or after half of O(wait_timeout) if that is less, or that the guest keeps
        running, is asked for again by force. While the API refuses that because the instance is on its way, it is
        tried again until O(wait_timeout) is over. With O(wait=false) only the soft stop is asked for, with a warning.
    type: str
    choices: [hard, soft, soft_first]
    default: soft_first
  keep_charging:
    description:
      - Whether a stopped instance goes on being charged, and so keeps its resources. It is always sent where the API
        has it, as an account may have another default on Alibaba Cloud.
      - V(false) releases the machine below. A public address may be lost, the next start may fail for lack of capacity,
        and no key pair can be bound on Tencent Cloud while the instance is stopped.
      - V(false) is an error on Tencent Cloud Lighthouse and the legacy API 2.0, which have no such stop.
      - An instance that is stopped already is left alone, however it was stopped.
    type: bool
    default: true
  wait:
    description:
      - Whether to wait until the instances have arrived. Without it, what was accepted counts as done.
      - Instances that are busy with something else are waited for in any case, before they can be changed.
    type: bool
    default: true
  wait_timeout:
    description:
      - How many seconds the task may wait and retry in all.
    type: int
    default: 600
notes:
  - >-
    What interrupts an instance: O(state=stopped) and O(state=restarted), as asked. With O(state=running) nothing is
    interrupted. Check mode says which instances would be stopped or restarted.
  - >-
    An instance that is on its way (starting, stopping, or in the middle of another operation) is waited for, then
    looked at again. If that takes longer than O(wait_timeout), its row fails.
  - >-
    How a restart is recognised: by the end of its own operation where the API reports operations (Lighthouse, CVM
    API 3.0). Elsewhere the instance is running again, and was seen on its way, or has a new start time (Alibaba
    Cloud), or ten seconds have passed. So a restart too quick to be seen counts as done.
  - >-
    When the answer to a restart was lost and nothing tells whether it took place, the row fails with the code
    C(RestartUnknown), rather than restarting the instance twice.
  - Windows instances are fine.
  - >-
    Permissions on Tencent Cloud (CAM): C(DescribeInstances), C(StartInstances), C(StopInstances), C(RebootInstances),
    of C(lighthouse) or C(cvm). Check mode needs the first one only.
  - >-
    Permissions on Alibaba Cloud (RAM): C(ecs:DescribeInstances), C(ecs:StartInstances), C(ecs:StopInstances),
    C(ecs:RebootInstances). Check mode needs the first one only.
  - The legacy API 2.0 (O(provider=tencent_cvm_legacy)) and Alibaba Cloud do not report how an operation ended. A failed
    start or stop is noticed by an instance that is back in its former state. A restart that fails and leaves the
    instance running cannot be told from one that does not fail.
seealso:
  - module: keyfleet.cloud.keypair_binding
"""

EXAMPLES = r"""
- name: Stop two instances, by force if their guests do not obey
  keyfleet.cloud.instance_power:
    provider: tencent_cvm
    region: ap-guangzhou
    instance_ids: [ins-1e4r6y8i, ins-3e56fg78]
    state: stopped

- name: Start Lighthouse instances
  keyfleet.cloud.instance_power:
    provider: tencent_lighthouse
    region: ap-guangzhou
    instance_ids:
      - lhins-ruy9d2tw
      - lhins-a1b2c3d4
    state: running

- name: Restart an instance whose key pair was bound while it ran
  keyfleet.cloud.instance_power:
    provider: alibaba_ecs
    region: cn-hangzhou
    instance_ids: i-bp1d6tsvznfghy7yaaaa
    state: restarted
    stop_type: soft
  register: result

- name: Show what was done
  ansible.builtin.debug:
    msg: "{{ item.instance_id }}: {{ item.before }} -> {{ item.after }} ({{ item.action }})"
  loop: "{{ result.instances }}"
  loop_control:
    label: "{{ item.instance_id }}"

- name: Stop instances that nobody needs over the weekend, without paying for them
  keyfleet.cloud.instance_power:
    provider: tencent_cvm
    region: ap-guangzhou
    instance_ids: [ins-1e4r6y8i, ins-3e56fg78]
    state: stopped
    keep_charging: false
"""

RETURN = r"""
instances:
  description:
    - One row for every instance, sorted by ID.
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
    name:
      description: The name of the instance, or null when it could not be read.
      type: str
      returned: always
      sample: web-1
    before:
      description:
        - V(running), V(stopped), V(changing) (on its way), or V(unavailable) (in rescue mode, isolated and the like).
        - V(unknown) when it could not be read.
      type: str
      returned: always
      sample: running
    after:
      description:
        - The same words.
        - V(unknown) when nobody can tell, for example with O(wait=false).
      type: str
      returned: always
      sample: stopped
    action:
      description: V(none), V(start), V(stop) or V(restart). In a failed row, what was tried or would have been needed.
      type: str
      returned: always
      sample: stop
    outcome:
      description: V(unchanged), V(changed) or V(failed).
      type: str
      returned: always
      sample: changed
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
          sample: InstanceNotFound
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
      description: Instances asked for.
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
      description: Always 0; it is there because other modules have it.
      type: int
      returned: always
api_calls:
  description: How many requests were sent, by action, repetitions included.
  returned: always
  type: dict
  sample: {DescribeInstances: 3, StopInstances: 1}
error:
  description: The error that stopped the task as a whole, in the shape of RV(instances[].error).
  returned: when the task failed before anything was written
  type: dict
"""

from ..module_utils._module import run_module
from ..module_utils._tasks.instance_power import InstancePower


def main() -> None:
    """Run the module."""
    run_module(InstancePower())


if __name__ == "__main__":
    main()
