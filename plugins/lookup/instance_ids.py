# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: instance_ids
short_description: Find the IDs of cloud instances by name, tag, state or key pair
version_added: 0.1.0
author:
  - Keyfleet contributors (@keyfleet)
description:
  - Returns the IDs of instances on Tencent Cloud Lighthouse, Tencent Cloud CVM (API 3.0 and the legacy API 2.0) or
    Alibaba Cloud ECS, from one region or several.
  - All pages are read. Terms and filters must both fit; an instance fits the terms when one of them is its name or ID.
  - The list is flat and its order stable, by region as they are given, then name, then ID. With O(query) the order is
    that of its result.
extends_documentation_fragment:
  - keyfleet.cloud.connection
  - keyfleet.cloud.connection_plugin
  - keyfleet.cloud.connection_plugin.variables
  - keyfleet.cloud.instance_filters
requirements:
  - jmespath (for O(query))
options:
  _terms:
    description:
      - Names or IDs. Names can be globs with C(*), C(?) and C([...]). Upper and lower case differ.
      - Without any term, the filters alone decide, and at least one is needed. The name V(*) means all instances.
      - An empty list selects nothing.
      - A plain name means one instance. When several of those found have it, that is an error that lists them.
  regions:
    description:
      - Several regions, read side by side. O(region) is not looked at then.
    type: list
    elements: str
  query:
    description:
      - A JMESPath expression over the list of instances that terms and other filters leave, of all regions together.
      - An instance looks as in the result of M(keyfleet.cloud.instance_info). The expression returns instances or their
        IDs.
    type: str
  on_missing:
    description:
      - What to do when a term finds nothing, or when nothing is found at all.
      - V(error) fails, V(warn) warns and V(skip) says nothing; both return what was found.
    type: str
    choices: [error, skip, warn]
    default: error
notes:
  - The inventory plugin P(keyfleet.cloud.instances#inventory) gives its hosts the variables C(keyfleet_provider) and
    C(keyfleet_region), so that the lookup searches where the host of the task is, unless told otherwise.
  - >-
    Permissions are those of M(keyfleet.cloud.instance_info).
seealso:
  - module: keyfleet.cloud.instance_info
  - plugin: keyfleet.cloud.instances
    plugin_type: inventory
"""

EXAMPLES = r"""
- name: Bind a key pair to the web tier
  keyfleet.cloud.keypair_binding:
    provider: tencent_cvm
    region: ap-guangzhou
    key_pairs: deploy
    instance_ids: >-
      {{ query('keyfleet.cloud.instance_ids', 'web-*', provider='tencent_cvm', region='ap-guangzhou',
               tags={'env': 'prod'}, states=['running']) }}
    force_stop: true

- name: Show what a leaver's key opens, in two regions
  ansible.builtin.debug:
    msg: >-
      {{ query('keyfleet.cloud.instance_ids', provider='alibaba_ecs', regions=['cn-hangzhou', 'cn-beijing'],
               key_pair='leaver', on_missing='skip') }}

- name: Show the instances of one zone
  ansible.builtin.debug:
    msg: >-
      {{ query('keyfleet.cloud.instance_ids', '*', provider='tencent_cvm', region='ap-guangzhou',
               query='[?zone==`ap-guangzhou-3`]') }}
"""

RETURN = r"""
_raw:
  description: The instance IDs.
  type: list
  elements: str
"""

import typing as t

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase
from ansible.utils.display import Display

from ..module_utils._argspec import connection_arguments
from ..module_utils._connection import ConnectionOptions
from ..module_utils._selection.filters import Filters, optional_list
from ..module_utils._services.lookup import Wanted, look_up
from ..module_utils._services.regions import in_regions
from ..plugin_utils._controller import Controller


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(self, terms: list[t.Any], variables: dict[str, t.Any] | None = None, **kwargs: t.Any) -> list[str]:
        """Return the IDs."""
        self.set_options(var_options=self._own_variables(variables or {}), direct=kwargs)
        controller = Controller(AnsibleLookupError)
        controller.keep_options(self.get_options())
        found = controller.run(lambda: look_up(self._wanted(terms), self._places(), controller.surroundings))
        for warning in found.warnings:
            Display().warning(f"keyfleet.cloud.instance_ids: {controller.masked(warning)}")
        return list(found.ids)

    def _own_variables(self, variables: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        """Return the variables that stand for options; a lookup gets them before their templates are filled in."""
        names = [f"keyfleet_{option}" for option in connection_arguments()]
        return {name: self._templar.template(variables[name]) for name in names if name in variables}

    def _wanted(self, terms: list[t.Any]) -> Wanted:
        options = {**self.get_options(), "names": None}
        names = optional_list(self._flatten(terms)) if terms else None
        return Wanted(names, Filters.from_options(options.get), options["query"], options["on_missing"])

    def _places(self) -> list[ConnectionOptions]:
        return in_regions(ConnectionOptions.from_options(self.get_option), optional_list(self.get_option("regions")))
