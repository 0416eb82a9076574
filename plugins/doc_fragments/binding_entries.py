# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the desired state of many places."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragment ``keyfleet.cloud.binding_entries``; it goes before ``keyfleet.cloud.connection``."""

    DOCUMENTATION = r"""
options:
  provider:
    description:
      - The API for entries of O(bindings) that name none.
      - V(tencent_cvm_legacy) is the API 2.0 of Tencent Cloud, which the vendor has hidden since 2019 and may end.
        Use it only where V(tencent_cvm) cannot be reached.
    type: str
    required: false
    choices: [alibaba_ecs, tencent_cvm, tencent_cvm_legacy, tencent_lighthouse]
  bindings:
    description:
      - The desired state, a list of entries. An empty list does nothing.
      - "V(name): what messages call the entry."
      - "V(provider), V(region): where the instances are. Without them O(provider) and O(region) count."
      - "V(key_pairs): the key pairs, by ID or name. An empty list is an error. It never means all."
      - "V(instance_ids): the instances, by ID. An empty list means none."
      - "V(instances): a selector, instead of V(instance_ids) or on top of them. A dictionary of V(names) (globs),
        V(tags), V(states), V(key_pair) and V(query) (JMESPath over what P(keyfleet.cloud.instance_info#module)
        returns); an instance is meant when it passes all that is given. One that finds nothing is a warning."
      - "V(state): V(present) or V(absent)."
      - "V(exclusive): with V(state=present), the instances are to have no other key pairs."
      - "V(association_type), V(username): see O(keyfleet.cloud.keypair_binding#module:association_type) and
        O(keyfleet.cloud.keypair_binding#module:username)."
      - "V(logins): where the SSH servers of instances answer, by instance ID: dictionaries of V(host), V(port) and
        V(user)."
      - "V(profile), V(role_arn), V(role_session_name), V(expected_account_id), V(endpoint), V(validate_certs),
        V(ca_path), V(api_timeout), V(api_retries), V(api_rate_share): connection options of this entry, instead of the
        task's. An entry with a V(profile) of its own does not use the task's access key."
      - Secrets are refused in an entry, as entries are printed. They belong into the environment or a profile, or into
        the options of the task.
      - Lists may also be text, separated by commas or line breaks. Null and empty text count as not given, and an
        unknown member is an error.
      - All entries of one instance are merged, so that what they want happens in one power cycle. Entries that
        contradict each other are an error that names both.
    type: list
    elements: raw
    default: []
"""
