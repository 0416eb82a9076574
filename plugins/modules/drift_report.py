#!/usr/bin/python

# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: drift_report
short_description: Report where SSH key pairs of cloud instances differ from what is wanted
version_added: 0.1.0
author:
  - Keyfleet contributors (@keyfleet)
description:
  - Compares entries that say which key pair is to be bound to which instance with what Tencent Cloud Lighthouse,
    Tencent Cloud CVM (API 3.0 and the legacy API 2.0) and Alibaba Cloud ECS really hold. All places are read side by
    side.
  - Tells apart what is missing, what is bound but not wanted, what cannot be known, and what could not be read. Also
    lists, for information, what no entry speaks of.
  - Writes the whole report as JSON. The role P(keyfleet.cloud.drift_report#role) makes pages of it that people read.
extends_documentation_fragment:
  - keyfleet.cloud.attributes
  - keyfleet.cloud.attributes.reading
  - keyfleet.cloud.binding_entries
  - keyfleet.cloud.connection
attributes:
  check_mode:
    details:
      - Only reads, in check mode as well.
      - The file O(json_path) is written in check mode too. It is what the task is for, and it is no part of what is
        compared.
options:
  json_path:
    description:
      - Where to write the whole report, as JSON in UTF-8. Without it no file is written.
      - The directory must exist. The file is replaced as a whole, and the umask decides who may read it.
      - The JSON Schema is C(docs/schemas/drift_report.schema.json) in the collection.
    type: path
  max_rows:
    description:
      - How many rows RV(rows) has at most. The file has all of them.
    type: int
    default: 50
  title:
    description:
      - What the report is called.
    type: str
    default: Key pair drift
  facts:
    description:
      - What else the report says of itself, for example the job and the revision that made it. All values become texts.
      - Everybody who reads the report reads this, so it is no place for secrets.
    type: dict
    default: {}
notes:
  - No instance is interrupted, and nothing is changed. RV(ignore:changed) is always V(false), whatever was found.
  - A place that could not be read is counted as unreachable, with a warning, and the others go on. The task fails if
    none of the places could be read; it writes the file before it does so.
  - An instance that does not exist is unknown, whatever is wanted of it. A key pair that does not exist is unknown
    where it is wanted, and in sync where it is not.
  - For each place, all pages of one listing of key pairs and of one listing of instances are read. Instances that
    entries name by ID and that the listing does not have are asked for once more.
  - On Alibaba Cloud a recorded key pair is used by the guest only after its next reboot or start, and the API does not
    tell whether that has happened. The report is about the record.
  - >-
    Permissions on Tencent Cloud (CAM): C(DescribeKeyPairs) and C(DescribeInstances) of C(lighthouse) or C(cvm).
  - >-
    Permissions on Alibaba Cloud (RAM): C(ecs:DescribeInstances), C(ecs:DescribeKeyPairs).
seealso:
  - module: keyfleet.cloud.keypair_binding
  - module: keyfleet.cloud.keypair_binding_info
"""

EXAMPLES = r"""
- name: Compare two clouds with what is wanted
  keyfleet.cloud.drift_report:
    bindings:
      - name: deploy key on the web tier
        provider: tencent_cvm
        region: ap-guangzhou
        key_pairs: deploy
        instances:
          names: web-*
      - name: deploy key and nothing else
        provider: alibaba_ecs
        region: cn-hangzhou
        key_pairs: deploy
        instance_ids: i-bp1d6tsvznfghy7yaaaa
        exclusive: true
    json_path: ~/keyfleet-drift.json
    title: Key pairs of the shop
    facts:
      asked by: Jane
  register: result

- name: Show what is not as wanted
  ansible.builtin.debug:
    msg: "{{ result.rows | map(attribute='message') | list }}"
"""

RETURN = r"""
counts:
  description: How much was found, in all places together.
  returned: when the places were read
  type: dict
  contains:
    rows:
      description: Pairs of an instance and a key pair that something is wanted of.
      type: int
    in_sync:
      description: As wanted.
      type: int
    missing:
      description: Wanted, but not bound.
      type: int
    extra:
      description: Bound, but not wanted; the entry says V(absent), or is exclusive and lists other key pairs.
      type: int
    unknown:
      description: The instance or the key pair does not exist, or these credentials may not describe it.
      type: int
    unreachable:
      description: The region could not be read.
      type: int
    drifted:
      description: All rows that are not in sync.
      type: int
    instances:
      description: Instances that something is wanted of.
      type: int
    unmanaged_key_pairs:
      description: Bindings of these instances that no entry speaks of. With an exclusive entry they are extra instead.
      type: int
    unmanaged_instances:
      description: Instances of these places that no entry names.
      type: int
    unmanaged:
      description: The last two together.
      type: int
    orphans:
      description: Key pairs of these places that are bound to nothing.
      type: int
    same_public_key:
      description: Public keys that several key pairs have, be it under several names or in several places.
      type: int
rows:
  description: The first O(max_rows) rows that are not in sync, sorted by place, instance and key pair.
  returned: when the places were read
  type: list
  elements: dict
  contains:
    place:
      description: What the report calls the place.
      type: str
      sample: tencent_cvm ap-guangzhou
    provider:
      description: The API.
      type: str
      sample: tencent_cvm
    region:
      description: The region; V(null) where it could not be found out.
      type: str
      sample: ap-guangzhou
    instance_id:
      description: The ID; V(null) where a place could not be read, so that nobody knows what a selector means.
      type: str
      sample: ins-ruy9d2tw
    instance_name:
      description: The name, if the instance was described.
      type: str
      sample: web-1
    key_pair:
      description: What the API calls the key pair; where it does not exist or was not read, what the entry calls it.
      type: str
      sample: skey-f7rjie1q
    name:
      description: The name of the key pair, if it is known.
      type: str
      sample: deploy
    username:
      description: The account in the guest, with online bindings on Lighthouse.
      type: str
    wanted:
      description: V(present) or V(absent).
      type: str
    bound:
      description: Whether it is bound; V(null) where that is not known.
      type: bool
    status:
      description: V(missing), V(extra), V(unknown) or V(unreachable).
      type: str
      sample: missing
    reason:
      description:
        - V(not_bound), V(bound_for_another_user), V(bound), V(bound_beside_exclusive), V(instance_not_found),
          V(instance_not_described), V(key_pair_not_found), V(key_pair_ambiguous) or V(region_not_read).
      type: str
      sample: not_bound
    message:
      description: The reason as a sentence.
      type: str
      sample: deploy is not bound.
rows_total:
  description: How many rows are not in sync.
  returned: when the places were read
  type: int
  sample: 2
rows_shown:
  description: How many of them RV(rows) has.
  returned: when the places were read
  type: int
  sample: 2
places:
  description: What was read, sorted by provider and region.
  returned: when the places were read
  type: list
  elements: dict
  contains:
    place:
      description: What the report calls the place. Provider and region, and what else tells places apart.
      type: str
    provider:
      description: The API.
      type: str
    region:
      description: The region; V(null) where it could not be found out.
      type: str
    connection:
      description: Connection options that entries gave for this place.
      type: dict
    reachable:
      description: Whether it could be read.
      type: bool
    error:
      description: Why not, with the keys C(code), C(message), C(hint), C(request_id) and C(retryable), else V(null).
      type: dict
    instances_read:
      description: How many instances the place has.
      type: int
    key_pairs_read:
      description: How many key pairs the place has.
      type: int
    counts:
      description: The same counts as RV(counts), of this place.
      type: dict
providers:
  description: What was read, by provider, sorted.
  returned: when the places were read
  type: list
  elements: dict
  contains:
    provider:
      description: The API.
      type: str
    places:
      description: How many places of it were to be read.
      type: int
    places_unreachable:
      description: How many of them could not be read.
      type: int
    counts:
      description: The same counts as RV(counts), of this provider.
      type: dict
generated:
  description: What the report says of itself, with the keys C(at), C(title) and C(facts).
  returned: when the places were read
  type: dict
json_path:
  description: The file that was written; V(null) without O(json_path).
  returned: when the places were read
  type: str
  sample: /home/jane/keyfleet-drift.json
check_mode:
  description: Whether it ran in check mode, which makes no difference.
  returned: when the places were read
  type: bool
api_calls:
  description: How many requests were sent, by action, repetitions included.
  returned: always
  type: dict
  sample: {DescribeInstances: 2, DescribeKeyPairs: 2}
error:
  description: What went wrong, with the keys C(code), C(message), C(hint), C(request_id) and C(retryable).
  returned: failure, unless the places were read
  type: dict
"""

from ..module_utils._module import run_module
from ..module_utils._tasks.drift_report import DriftReportBody


def main() -> None:
    """Run the module."""
    run_module(DriftReportBody())


if __name__ == "__main__":
    main()
