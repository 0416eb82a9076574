# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter bindings_of_hosts; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
name: bindings_of_hosts
short_description: Turn the hosts of a play into entries for binding_plan
version_added: 0.1.0
author:
  - Keyfleet contributors (@keyfleet)
description:
  - Groups hosts by where they are and by what is wanted of them, so that hundreds of hosts become a few entries of
    O(keyfleet.cloud.binding_plan#module:bindings), and one batched call each.
  - A host is an instance when it has the variables C(keyfleet_instance_id), C(keyfleet_provider) and
    C(keyfleet_region), as the inventory plugin P(keyfleet.cloud.instances#inventory) gives them.
  - What is wanted of it are variables of the host or its groups that begin with O(prefix), such as C(bind_key_pairs),
    C(bind_association_type), C(bind_username) and C(bind_exclusive).
  - Where its SSH server answers is taken from C(ansible_host), C(ansible_port) and C(ansible_user).
  - Of every host only these variables are looked at, so that a big inventory stays quick, and so that it does not
    matter whether other variables can be templated.
positional: hostvars, prefix
options:
  _input:
    description:
      - The names of hosts, such as C(ansible_play_batch).
    type: list
    elements: str
    required: true
  hostvars:
    description:
      - The variables of all hosts, C(hostvars).
    type: dict
    required: true
  prefix:
    description:
      - What the names of the variables begin with that say what is wanted, followed by C(_).
    type: str
    required: true
  overrides:
    description:
      - What holds for all hosts. A dictionary of V(key_pairs), V(association_type), V(username) and V(exclusive), each
        of which may be left out. The hosts' own variables of these names are not looked at then. Null and empty text
        count as left out.
      - C(hostvars) does not show the variables of a play or the parameters of a role, so that they have to be given
        here.
    type: dict
    default: {}
  state:
    description:
      - The V(state) of every entry.
    type: str
    choices: [absent, present]
  connection:
    description:
      - Connection options for every entry, such as V(profile).
    type: dict
    default: {}
notes:
  - Two hosts with the same instance, and instances without a provider or key pairs, are an error that names them.
seealso:
  - plugin: keyfleet.cloud.instances
    plugin_type: inventory
"""

EXAMPLES = r"""
# The hosts or their groups say what is wanted, for example in group_vars/web.yml: bind_key_pairs: [deploy]
- name: Plan the key pairs of a play's hosts
  hosts: all
  gather_facts: false
  tasks:
    # A variable in a play's vars would be worked out again wherever it is used.
    - name: Group the hosts
      ansible.builtin.set_fact:
        hosts_bindings: "{{ ansible_play_batch | keyfleet.cloud.bindings_of_hosts(hostvars, 'bind') }}"
      run_once: true

    - name: Plan
      keyfleet.cloud.binding_plan:
        bindings: "{{ hosts_bindings.bindings }}"
      delegate_to: localhost
      run_once: true

    - name: Name the hosts that are no instances
      ansible.builtin.debug:
        msg: "{{ hosts_bindings.skipped | join(', ') }}"
      run_once: true
      when: hosts_bindings.skipped | length > 0

    - name: Plan one more key pair for the same hosts
      keyfleet.cloud.binding_plan:
        bindings: "{{ wanted.bindings }}"
      vars:
        both: {key_pairs: [deploy, release]}
        wanted: "{{ ansible_play_batch | keyfleet.cloud.bindings_of_hosts(hostvars, 'bind', overrides=both) }}"
      delegate_to: localhost
      run_once: true
"""

RETURN = r"""
_value:
  description: The entries, and the hosts that have none.
  type: dict
  contains:
    bindings:
      description: The entries. Each has V(instance_ids), and V(logins) where variables tell them.
      type: list
      elements: dict
    skipped:
      description: The hosts without C(keyfleet_instance_id).
      type: list
      elements: str
"""

import typing as t

from ansible.errors import AnsibleFilterError, AnsibleUndefinedVariable
from jinja2 import Undefined

from ..module_utils._errors import InputError
from ..module_utils._plan.entries import CONNECTION_MEMBERS
from ..module_utils._plan.entry_values import Members
from ..module_utils._plan.host_entries import OVERRIDES, Variables, Wanted, entries_of_hosts
from ..plugin_utils._unsafe import make_unsafe

NAME = "keyfleet.cloud.bindings_of_hosts"


def bindings_of_hosts(
    hosts: t.Any,
    hostvars: t.Mapping[str, t.Mapping[str, t.Any]],
    prefix: str,
    overrides: t.Any = None,
    state: str | None = None,
    connection: t.Any = None,
) -> t.Any:
    """Return ``bindings`` and ``skipped``; see DOCUMENTATION."""
    try:
        options = Members(NAME, {"hosts": hosts, "state": state})
        wanted = Wanted(
            prefix=str(prefix),
            overrides=_given("overrides", overrides, OVERRIDES),
            state=options.choice("state", ("absent", "present")),
            connection=_given("connection", connection, CONNECTION_MEMBERS),
        )
        return make_unsafe(
            entries_of_hosts(options.texts("hosts") or (), lambda host: _variables(host, hostvars), wanted),
        )
    except InputError as error:
        raise AnsibleFilterError(f"{error.info.message} {error.info.hint}".rstrip()) from None


def _variables(host: str, hostvars: t.Mapping[str, t.Mapping[str, t.Any]]) -> Variables:
    """Return what reads the variables of a host one by one; each is templated only when it is read."""
    if host not in hostvars:
        raise InputError(f"There is no host {host} in hostvars.", "Give names of hosts, such as ansible_play_batch.")
    own = hostvars[host]

    def read(name: str) -> t.Any:
        try:
            value = own.get(name)
            if not _undefined(value):
                return value
        except AnsibleUndefinedVariable:
            pass
        raise InputError(f"Host {host}: {name} refers to a variable that is undefined.")

    return read


def _undefined(value: t.Any) -> bool:
    """Tell whether something in the value is undefined; before ansible-core 2.19 its template is left as it was."""
    if isinstance(value, list):
        return any(map(_undefined, value))
    return isinstance(value, Undefined) or (isinstance(value, str) and "{{" in value)


def _given(option: str, values: t.Any, known: t.Sequence[str]) -> dict[str, t.Any]:
    """Return the members that are given. Whether their values are right is decided where they are used."""
    if values in (None, "", {}):
        return {}
    members = Members(f"{NAME}, {option}", values)
    members.check_names(known)
    return {name: members.value(name) for name in known if name in members}


class FilterModule:
    """See DOCUMENTATION."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """Return the filters of this file."""
        return {"bindings_of_hosts": bindings_of_hosts}
