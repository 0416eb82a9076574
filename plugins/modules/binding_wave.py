#!/usr/bin/python

# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: binding_wave
short_description: Bind and unbind SSH key pairs in one power cycle, prove the login, and put back what fails
version_added: 0.1.0
author:
  - Keyfleet contributors (@keyfleet)
description:
  - Brings one wave of a rollout about. A wave may span providers and regions, which are worked on side by side.
  - What is wanted of an instance, however many entries say it, happens in one power cycle. On Tencent Cloud, running
    instances that need it are stopped softly and go on being charged, key pairs are bound, others unbound, and the
    instances are started. On Alibaba Cloud the key pair is attached, and running instances are rebooted once.
  - Instances that are stopped stay stopped. Whatever goes wrong in between, what was stopped is started again.
  - What is about to happen is in the journal before the first write. A run that was killed is finished by the next one
    that has the same instances, or names them in O(restore); it gives them the power state in which the killed run
    found them. Two runs never work on the same instance at a time.
  - The roles of this collection make waves with M(keyfleet.cloud.binding_plan), and carry each out with this module.
extends_documentation_fragment:
  - keyfleet.cloud.attributes
  - keyfleet.cloud.attributes.changing
  - keyfleet.cloud.binding_entries
  - keyfleet.cloud.rollout
  - keyfleet.cloud.login
  - keyfleet.cloud.connection
options:
  restore:
    description:
      - Instances that an earlier run left unfinished and that are to be as it found them, although nothing else is
        wanted of them. Dictionaries of V(provider), V(region), V(instance_id), and connection options.
    type: list
    elements: dict
    default: []
  known_key_pairs:
    description:
      - What RV(keyfleet.cloud.binding_plan#module:key_pairs) told. In the minute after it was read these key pairs are
        not read again; after that they are, and so are all others. Instances are always read.
      - A key pair that was deleted in that minute makes the API refuse the bind. Instances that were stopped for it are
        started again then, with the key pairs that they had.
    type: list
    elements: dict
    default: []
  journal_path:
    description:
      - The folder of the journal, on the host where the task runs. It is created if it does not exist, for its owner
        only. Runs that use the same folder wait for each other where they have instances in common.
    type: path
    required: true
  lock_timeout:
    description:
      - How many seconds to wait for other runs that have one of the instances.
    type: int
    default: 900
  wait_timeout:
    description:
      - How many seconds the changes of the wave may take; stopping has half of it. Starting or rebooting has as much
        again, and so has a roll-back.
    type: int
    default: 600
  run_name:
    description:
      - What the journal and messages call this run, such as the name of a role.
    type: str
  prove_first:
    description:
      - Prove the login before anything is written, and leave instances alone where it fails. A stopped instance cannot
        be logged in to, so that it is left alone as well.
    type: bool
    default: false
  rollback:
    description:
      - Whose key pairs are put back as they were when a login is not proved, in one more power cycle.
      - V(failed) puts back the instances where it failed, V(wave) the whole wave, V(none) nothing.
      - Instances that are stopped prove nothing. With V(failed) and V(wave) they keep the key pairs that they have, or
        get them back, and fail with the code C(LoginNotPossible).
    type: str
    choices: [failed, none, wave]
    default: none
notes:
  - >-
    What interrupts an instance: with O(interruption=none) nothing does. An instance that would need it is a failed row
    with the code C(InterruptionNotAllowed), and nothing happens to it. An entry of O(bindings) for Lighthouse with
    V(association_type=online) needs no interruption.
  - A guest that does not obey a soft stop is a failed row, and is left running. The others of the wave go on. Alibaba
    Cloud does not report how a reboot ended, so that a guest that ignores a soft one looks as if it had been rebooted;
    the proof of login tells.
  - >-
    Alibaba Cloud cannot tell which key pair a guest uses. The journal knows that a reboot is pending, so that the next
    run makes it when one is killed between attaching and rebooting, unless the guest has been started since.
  - >-
    The journal forgets an instance that is as it should be. It remembers one that could not be started, rebooted or put
    back, and one that a run was killed with.
  - >-
    Permissions on Tencent Cloud (CAM): C(DescribeKeyPairs), C(DescribeInstances), C(AssociateInstancesKeyPairs),
    C(DisassociateInstancesKeyPairs), C(StopInstances), C(StartInstances), of C(lighthouse) or C(cvm). Check mode needs
    the first two only.
  - >-
    Permissions on Alibaba Cloud (RAM): C(ecs:DescribeInstances), C(ecs:DescribeKeyPairs), C(ecs:AttachKeyPair),
    C(ecs:DetachKeyPair), C(ecs:RebootInstances), C(ecs:StartInstances). Check mode needs the first two only.
seealso:
  - module: keyfleet.cloud.binding_plan
  - module: keyfleet.cloud.keypair_binding
"""

EXAMPLES = r"""
- name: Exchange a key pair in one power cycle
  keyfleet.cloud.binding_wave:
    provider: tencent_cvm
    region: ap-guangzhou
    bindings:
      - key_pairs: deploy
        instance_ids: [ins-1e4r6y8i, ins-3e56fg78]
      - key_pairs: former
        instance_ids: [ins-1e4r6y8i, ins-3e56fg78]
        state: absent
    interruption: soft
    journal_path: ~/.local/state/keyfleet/journal
    # With login.private_key_path the login is proved on each of them, and with rollback put back where it fails.

- name: Say what binding a key pair on two clouds would interrupt
  keyfleet.cloud.binding_wave:
    bindings:
      - provider: tencent_lighthouse
        region: ap-guangzhou
        key_pairs: [deploy]
        instance_ids: [lhins-ruy9d2tw]
      - provider: alibaba_ecs
        region: cn-hangzhou
        key_pairs: [deploy]
        instance_ids: [i-bp1d6tsvznfghy7yaaaa]
    interruption: soft
    journal_path: ~/.local/state/keyfleet/journal
  check_mode: true
  register: planned

- name: Show it
  ansible.builtin.debug:
    msg: "{{ planned.instances | rejectattr('interruption', 'eq', 'none') | map(attribute='instance_id') }}"
"""

RETURN = r"""
bindings:
  description:
    - One row for every instance and key pair that the wave is about, as M(keyfleet.cloud.keypair_binding) returns it in
      RV(keyfleet.cloud.keypair_binding#module:bindings), with V(provider) and V(region), place by place.
    - Its member V(interruption) is V(none), V(stop) or V(reboot).
    - After a roll-back the rows of instances whose login failed are V(failed), those of others in the wave V(skipped).
  returned: always
  type: list
  elements: dict
instances:
  description: One element for every instance, sorted by provider, region and ID.
  returned: always
  type: list
  elements: dict
  contains:
    provider:
      description: The provider.
      type: str
      returned: always
      sample: tencent_cvm
    region:
      description: The region.
      type: str
      returned: always
      sample: ap-guangzhou
    instance_id:
      description: The instance.
      type: str
      returned: always
      sample: ins-1e4r6y8i
    name:
      description: Its name, or null when it could not be read.
      type: str
      returned: always
      sample: web-1
    power_before:
      description: V(running), V(stopped) or V(unknown), as it was before this run and the unfinished ones before it.
      type: str
      returned: always
      sample: running
    power_after:
      description: The same words.
      type: str
      returned: always
      sample: running
    interruption:
      description: What this run has done to it, or in check mode would do, V(none), V(stop) or V(reboot).
      type: str
      returned: always
      sample: stop
    login:
      description: V(not_asked), V(proved), V(failed), or V(skipped) when it is stopped or failed before.
      type: str
      returned: always
      sample: proved
    started:
      description: Whether it was started because an earlier run had left it stopped.
      type: bool
      returned: always
    rolled_back:
      description: Whether its key pairs were put back as they were.
      type: bool
      returned: always
    error:
      description: What went wrong, or null, in the shape of RV(keyfleet.cloud.keypair_binding#module:bindings[].error).
      type: dict
      returned: always
failed_instances:
  description: The IDs of the instances with an error.
  returned: always
  type: list
  elements: str
  sample: []
reboot_required:
  description: The IDs of running instances whose guests use the change only after a restart, which was not made.
  returned: always
  type: list
  elements: str
  sample: []
summary:
  description:
    - How many rows were V(requested), and how many ended V(unchanged), V(changed), V(failed) or V(skipped). Rows of
      other key pairs (unbound, displaced) come on top of what was requested.
    - V(interrupted) counts the instances that were stopped or rebooted.
  returned: always
  type: dict
  sample: {requested: 4, unchanged: 0, changed: 4, failed: 0, skipped: 0, interrupted: 2}
api_calls:
  description: How many requests were sent, by action, repetitions included.
  returned: always
  type: dict
  sample: {DescribeInstances: 5, DescribeKeyPairs: 1, StopInstances: 1, AssociateInstancesKeyPairs: 1}
error:
  description: The error that stopped the task as a whole.
  returned: when the task failed before anything was written
  type: dict
"""

from ..module_utils._module import run_module
from ..module_utils._tasks.binding_wave import BindingWave


def main() -> None:
    """Run the module."""
    run_module(BindingWave())


if __name__ == "__main__":
    main()
