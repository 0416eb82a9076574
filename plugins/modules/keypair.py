#!/usr/bin/python

# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: keypair
short_description: Create, import, replace or delete an SSH key pair in a cloud
version_added: 0.1.0
author:
  - Keyfleet contributors (@keyfleet)
description:
  - Makes sure that a region has a key pair, or that it has not, on Tencent Cloud Lighthouse, Tencent Cloud CVM (API 3.0
    and the legacy API 2.0) and Alibaba Cloud ECS.
  - A key pair is known by its public key, not by its name alone. The same public key is the same key, whatever its
    comment and white space; another key under the name is an error unless O(replace=true).
  - To bind a key pair to instances use M(keyfleet.cloud.keypair_binding).
extends_documentation_fragment:
  - keyfleet.cloud.attributes
  - keyfleet.cloud.attributes.changing
  - keyfleet.cloud.connection
options:
  name:
    description:
      - The name of the key pair. It is unique in a region.
      - On Tencent Cloud 1 to 25 letters, digits and underscores, on Alibaba Cloud 2 to 128 letters, digits, colons,
        underscores and hyphens, a letter first.
    type: str
    required: true
  state:
    description:
      - V(present) imports or creates the key pair if there is none of that name.
      - V(absent) deletes it. A key pair that is bound to instances is not deleted; the error lists them.
    type: str
    choices: [absent, present]
    default: present
  public_key:
    description:
      - The public key to import, as the one line of a C(.pub) file.
      - Tencent Cloud takes RSA keys, Alibaba Cloud RSA, DSA and ECDSA keys. Others are refused before anything is sent.
      - A public key that the region has under another name is an error that says which.
      - With O(state=absent), delete the key pair only if it has this public key.
    type: str
  private_key_path:
    description:
      - Let the cloud make the key pair, and write its private key to this file, on the machine where the task runs.
        The cloud shows a private key once; it is never in a result, a diff or a log.
      - The directory must exist. That it takes a file is checked before anything is created. The file gets mode 0600,
        is complete or not there at all, and never replaces another one.
      - Together with an existing key pair the file must exist, and belong to it as far as that can be seen.
        With O(state=absent) the file is left alone.
      - For a new key pair exactly one of O(public_key) and O(private_key_path) is needed.
    type: path
  replace:
    description:
      - With O(state=present), put the key asked for in the place of a different one of the same name. With
        O(private_key_path) and no file there, have a new key pair made in the place of the one whose private key is
        lost.
      - The new key is in the cloud before the old one goes. On Tencent Cloud CVM the old key pair is renamed, the new
        one made, the old one deleted. On Alibaba Cloud the new one is made under a temporary name first. In both cases
        the temporary name begins with C(keyfleet_), and a run that was interrupted is finished by the next one.
      - On Tencent Cloud Lighthouse no such order exists, since key pairs cannot be renamed there and a public key is
        taken once only. The task fails and changes nothing.
      - A key pair that is bound is never replaced, as that would lock its users out. The error lists the instances.
      - Tags of the old key pair are given to the new one.
    type: bool
    default: false
  tags:
    description:
      - Tags that the key pair has to have. Others are left alone.
      - On Tencent Cloud tags are set at creation only, so that a difference in an existing key pair is an error.
        With O(provider=tencent_cvm_legacy) there are none.
    type: dict
  wait_timeout:
    description:
      - How many seconds the task may retry in all. A deletion that is refused because an unbind of a moment ago has not
        reached the key pair yet is tried again until then.
    type: int
    default: 120
notes:
  - Nothing here interrupts an instance or changes how anybody logs in.
  - >-
    Permissions on Tencent Cloud (CAM), of C(lighthouse) or C(cvm): C(DescribeKeyPairs); C(ImportKeyPair) or
    C(CreateKeyPair); C(DeleteKeyPairs) and C(DescribeInstances) to delete or replace, and C(ModifyKeyPairAttribute) to
    replace. After C(CreateKeyPair) a private key that cannot be saved needs C(DeleteKeyPairs) as well. Check mode needs
    C(DescribeKeyPairs) and C(DescribeInstances) only.
  - >-
    Permissions on Alibaba Cloud (RAM): C(ecs:DescribeKeyPairs); C(ecs:ImportKeyPair) or C(ecs:CreateKeyPair);
    C(ecs:DeleteKeyPairs) and C(ecs:DescribeInstances) to delete or replace; C(ecs:TagResources) for tags. Check mode
    needs C(ecs:DescribeKeyPairs) and C(ecs:DescribeInstances) only.
  - On Tencent Cloud CVM new key pairs belong to the default project.
seealso:
  - module: keyfleet.cloud.keypair_binding
  - module: keyfleet.cloud.keypair_info
"""

EXAMPLES = r"""
- name: Import a public key
  keyfleet.cloud.keypair:
    provider: tencent_lighthouse
    region: ap-guangzhou
    name: release
    public_key: "{{ lookup('ansible.builtin.file', '~/.ssh/release.pub') }}"

- name: Let the cloud make a key pair, and keep its private key
  keyfleet.cloud.keypair:
    provider: alibaba_ecs
    region: cn-hangzhou
    name: build
    private_key_path: ~/.ssh/build.pem
    tags:
      team: build

- name: Put a new key in the place of one that is bound to nothing
  keyfleet.cloud.keypair:
    provider: tencent_cvm
    region: ap-guangzhou
    name: release
    public_key: "{{ lookup('ansible.builtin.file', '~/.ssh/release.pub') }}"
    replace: true

- name: Delete a key pair that nothing uses any more
  keyfleet.cloud.keypair:
    provider: tencent_lighthouse
    region: ap-guangzhou
    name: release
    state: absent
"""

RETURN = r"""
key_pair:
  description:
    - The key pair, in check mode as it would be. Null when there is none. It never holds the private key.
  returned: always
  type: dict
  contains:
    id:
      description:
        - What the API calls it. On Alibaba Cloud this is the name.
        - Null in check mode for a key pair that does not exist yet.
      type: str
      returned: always
      sample: lhkp-f7rjie1q
    name:
      description: Its name.
      type: str
      returned: always
      sample: release
    public_key:
      description: The public key, as an OpenSSH line. Null in check mode for one that the cloud would make.
      type: str
      returned: always
      sample: ssh-rsa AAAAB3NzaC1yc2E... release
    fingerprint:
      description: The fingerprint, as the vendor tells it (Alibaba Cloud).
      type: str
      returned: always
    created:
      description: When it was created, in UTC. Null where the vendor does not say, as right after the creation.
      type: str
      returned: always
      sample: "2026-05-01T10:00:00Z"
    tags:
      description: Its tags.
      type: dict
      returned: always
      sample: {team: build}
    instance_ids:
      description:
        - The instances that it is bound to.
        - Null on Alibaba Cloud unless they had to be read, as the key pair itself does not list them.
      type: list
      elements: str
      returned: always
      sample: []
api_calls:
  description: How many requests were sent, by action, repetitions included.
  returned: always
  type: dict
  sample: {DescribeKeyPairs: 3, ImportKeyPair: 1}
error:
  description: What went wrong.
  returned: when the task failed
  type: dict
  contains:
    code:
      description: The vendor's error code, or one of ours.
      type: str
      returned: always
      sample: KeyPairInUse
    message:
      description: What happened, and what was done before.
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
"""

from ..module_utils._module import run_module
from ..module_utils._tasks.keypair import Keypair


def main() -> None:
    """Run the module."""
    run_module(Keypair())


if __name__ == "__main__":
    main()
