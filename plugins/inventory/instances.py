# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: instances
short_description: Cloud instances of several providers and regions as hosts
version_added: 0.1.0
author:
  - Keyfleet contributors (@keyfleet)
description:
  - Makes hosts of the instances on Tencent Cloud Lighthouse, Tencent Cloud CVM (API 3.0 and the legacy API 2.0) and
    Alibaba Cloud ECS, from any number of providers and regions in one file. All regions are read side by side.
  - The file's name ends in C(.keyfleet.yml) or C(.keyfleet.yaml), or is C(keyfleet.yml) or C(keyfleet.yaml).
  - Every host has the variables C(keyfleet_provider), C(keyfleet_region), C(keyfleet_instance_id),
    C(keyfleet_key_pairs) (IDs; on Alibaba Cloud names) and C(keyfleet_instance), which is the instance as
    M(keyfleet.cloud.instance_info) returns it. C(ansible_host) is the address that O(address) chooses.
  - Connection options of the file hold for every source that has none of its own.
extends_documentation_fragment:
  - constructed
  - inventory_cache
  - keyfleet.cloud.connection
  - keyfleet.cloud.connection_plugin
requirements:
  - jmespath (for a query)
options:
  plugin:
    description:
      - Says that the file belongs to this plugin.
    type: str
    required: true
    choices: [keyfleet.cloud.instances]
  provider:
    description:
      - The API to talk to, for every entry of O(sources) that names none.
    required: false
  sources:
    description:
      - Where to look. Texts may be templates.
      - An entry can have every connection option of this plugin, such as O(access_key_id) or O(endpoint).
    type: list
    elements: dict
    required: true
    suboptions:
      provider:
        description:
          - The API to talk to.
        type: str
        choices: [alibaba_ecs, tencent_cvm, tencent_cvm_legacy, tencent_lighthouse]
      regions:
        description:
          - The regions, as a list, or as text separated by commas.
          - Without it, the one region that O(region) and the environment lead to.
        type: list
        elements: str
  filters:
    description:
      - Which instances become hosts; all that is given must hold.
    type: dict
    default: {}
    suboptions:
      names:
        description:
          - Only instances with one of these names, which can be globs with C(*), C(?) and C([...]).
        type: list
        elements: str
      tags:
        description:
          - Only instances that have all these tags, with exactly these values.
        type: dict
      states:
        description:
          - Only instances in one of these states, in the vendors' words, in upper or lower case.
          - A provider that does not have a word passes it over. A word that none of them has is an error.
        type: list
        elements: str
      key_pair:
        description:
          - Only instances that have the key pair of this ID or name.
        type: str
      query:
        description:
          - A JMESPath expression over the list of instances that the other filters leave, of all sources together.
          - It returns instances or their IDs.
        type: str
  hostnames:
    description:
      - What hosts are called, in order of preference. V(instance_id), V(name), V(private_address), V(public_address),
        or V(tag:KEY) for the value of the tag C(KEY).
      - Passed over is what an instance does not have, what several instances would be called, and what is no good as a
        host name, namely names with other characters than letters, digits and C(-), C(_), C(.), C(+), C(~) or a
        colon, and names such as C(localhost) and C(all).
      - If nothing is left, the host is called as its instance ID.
    type: list
    elements: str
    default: [instance_id]
  address:
    description:
      - Which address becomes C(ansible_host), in order of preference. V(public) or V(private).
      - An empty list leaves C(ansible_host) out.
    type: list
    elements: str
    default: [public, private]
  tolerate_failures:
    description:
      - With V(true), a region that cannot be read is a warning, and its hosts are missing. Such a result is not cached.
      - With V(false), it is an error, and there is no inventory.
    type: bool
    default: false
notes:
  - Names and tags come from whoever may edit them in the cloud. They are never taken for templates.
  - >-
    Permissions are those of M(keyfleet.cloud.instance_info).
seealso:
  - module: keyfleet.cloud.instance_info
  - plugin: keyfleet.cloud.instance_ids
    plugin_type: lookup
"""

EXAMPLES = r"""
---
# web.keyfleet.yml: the web tier of two clouds, grouped by provider, region and the tag env
plugin: keyfleet.cloud.instances
sources:
  - provider: tencent_cvm
    regions: [ap-guangzhou]
  - provider: alibaba_ecs
    regions: [cn-hangzhou]
filters:
  names: [web-*]
hostnames: [name]
keyed_groups:
  - key: keyfleet_provider
    separator: ""
  - prefix: region
    key: keyfleet_region
  - prefix: env
    key: keyfleet_instance.tags.env
    default_value: none
groups:
  keyless: keyfleet_key_pairs | length == 0
compose:
  ansible_port: "22"
# What is running, by its private address; a region that fails does not stop the others:
#
# plugin: keyfleet.cloud.instances
# sources:
#   - provider: tencent_lighthouse
#     regions: [ap-guangzhou]
#   - provider: tencent_cvm
#     regions: [ap-guangzhou]
# filters:
#   query: "[?power=='running']"
# address: [private]
# tolerate_failures: true
"""

import hashlib
import json
import os
import typing as t

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible.utils.display import Display

from ..module_utils._argspec import connection_arguments
from ..module_utils._connection import ConnectionOptions
from ..module_utils._selection.hosts import Host, check_preferences, make_hosts
from ..module_utils._services.fleet import Fleet, make_places, read_fleet
from ..plugin_utils._controller import Controller
from ..plugin_utils._unsafe import host_variable


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """See DOCUMENTATION."""

    NAME = "keyfleet.cloud.instances"

    def verify_file(self, path: str) -> bool:
        """Tell whether the file is one of ours by its name."""
        name = os.path.basename(path)
        ours = name.endswith((".keyfleet.yml", ".keyfleet.yaml")) or name in ("keyfleet.yml", "keyfleet.yaml")
        return bool(super().verify_file(path)) and ours

    def parse(self, inventory: t.Any, loader: t.Any, path: str, cache: bool = True) -> None:
        """Fill the inventory."""
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)
        controller = Controller(AnsibleParserError)
        hosts = controller.run(lambda: self._hosts(path, controller, cache=cache))
        for host in hosts:
            self._add(host)

    def _hosts(self, path: str, controller: Controller, *, cache: bool) -> list[Host]:
        names, addresses = self.get_option("hostnames"), self.get_option("address")
        check_preferences(names, addresses)
        defaults = {name: self._templated(self.get_option(name)) for name in connection_arguments()}
        sources = self._templated(self.get_option("sources"))
        places = make_places(sources, defaults)
        for place in places:
            controller.keep_options(vars(place.credentials))
        instances = self._instances(self._cache_key(path, places), places, controller, cache=cache)
        return make_hosts(instances, names, addresses)

    def _instances(
        self, key: str, places: list[ConnectionOptions], controller: Controller, *, cache: bool
    ) -> list[dict[str, t.Any]]:
        cached = bool(self.get_option("cache"))
        if cached and cache and key in self._cache:
            return list(self._cache[key])
        fleet = read_fleet(places, self._filters(), controller.surroundings)
        self._tell(fleet, controller)
        instances = [dict(instance) for instance in fleet.instances]
        if cached and not fleet.failures:
            self._cache[key] = instances
        return instances

    def _tell(self, fleet: Fleet, controller: Controller) -> None:
        """Warn of what is missing, or raise the first failure where none is tolerated."""
        for warning in fleet.warnings:
            Display().warning(f"{self.NAME}: {controller.masked(warning)}")
        if fleet.failures and not self.get_option("tolerate_failures"):
            raise fleet.failures[0]
        for failure in fleet.failures:
            Display().warning(f"{self.NAME}: HOSTS ARE MISSING. {controller.text_of(failure)}")

    def _cache_key(self, path: str, places: list[ConnectionOptions]) -> str:
        """Return a key that changes with everything that decides which instances are found."""
        asked = [repr(place) for place in places], self._filters()
        digest = hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()
        return f"{self.get_cache_key(path)}_{digest[:16]}"

    def _filters(self) -> dict[str, t.Any]:
        return dict(self._templated(self.get_option("filters") or {}))

    def _templated(self, value: t.Any) -> t.Any:
        if isinstance(value, t.Mapping):
            return {key: self._templated(element) for key, element in value.items()}
        if isinstance(value, list):
            return [self._templated(element) for element in value]
        if isinstance(value, str) and self.templar.is_template(value):
            return self.templar.template(value)
        return value

    def _add(self, host: Host) -> None:
        name, strict = host.name, self.get_option("strict")
        self.inventory.add_host(name)
        for variable, value in host.variables.items():
            self.inventory.set_variable(name, variable, host_variable(value))
        variables = self.inventory.get_host(name).get_vars()
        composed = self.get_option("compose")
        self._set_composite_vars(composed, variables, name, strict=strict)
        variables = self.inventory.get_host(name).get_vars()
        for variable in variables.keys() & (composed or {}).keys():
            self.inventory.set_variable(name, variable, host_variable(variables[variable]))
        self._add_host_to_composed_groups(self.get_option("groups"), variables, name, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, name, strict=strict)
