# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Specifies the filter bindings_of_hosts, with real variables of a real inventory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.vars.hostvars import HostVars
from ansible.vars.manager import VariableManager
from ansible_collections.keyfleet.cloud.plugins.filter.bindings_of_hosts import FilterModule

bindings_of_hosts = FilterModule().filters()["bindings_of_hosts"]


@pytest.fixture
def hostvars(tmp_path: Path) -> HostVars:
    """The variables of two instances, of something else, and of hosts whose variables cannot be worked out."""
    place = {"keyfleet_provider": "tencent_cvm", "keyfleet_region": "{{ home }}"}
    hosts = {
        "web-1": {**place, "keyfleet_instance_id": "ins-00000001", "ansible_host": "203.0.113.7", "ansible_port": 2222},
        "web-2": {**place, "keyfleet_instance_id": "ins-00000002", "unrelated": "{{ nowhere }}"},
        "switch": {"unrelated": "{{ nowhere }}"},
        "text": {**place, "keyfleet_instance_id": "ins-00000003", "bind_key_pairs": "{{ nowhere }}"},
        "list": {**place, "keyfleet_instance_id": "ins-00000004", "bind_key_pairs": ["{{ nowhere }}"]},
    }
    common = {"home": "ap-guangzhou", "key": "deploy", "bind_key_pairs": ["{{ key }}", "backup"]}
    path = tmp_path / "hosts.yml"
    path.write_text(yaml.safe_dump({"all": {"hosts": hosts, "vars": common}}), encoding="utf-8")
    loader = DataLoader()
    inventory = InventoryManager(loader=loader, sources=[str(path)])
    return HostVars(inventory, VariableManager(loader=loader, inventory=inventory), loader)


def test_hosts_become_entries(hostvars: HostVars) -> None:
    assert bindings_of_hosts(["web-1", "switch", "web-2"], hostvars, "bind") == {
        "bindings": [
            {
                "name": "web-1 and 1 more host(s)",
                "provider": "tencent_cvm",
                "region": "ap-guangzhou",
                "key_pairs": ["deploy", "backup"],
                "instance_ids": ["ins-00000001", "ins-00000002"],
                "logins": {"ins-00000001": {"host": "203.0.113.7", "port": 2222}},
            }
        ],
        "skipped": ["switch"],
    }


def test_options_go_into_every_entry(hostvars: HostVars) -> None:
    connection = {"profile": "prod", "endpoint": "", "api_retries": 1}
    overrides = {"key_pairs": "new,newer", "username": ""}
    options: dict[str, Any] = {"overrides": overrides, "state": "present", "connection": connection}
    (entry,) = bindings_of_hosts(["web-2"], hostvars, "rotate", **options)["bindings"]
    assert entry == {
        "name": "host web-2",
        "provider": "tencent_cvm",
        "region": "ap-guangzhou",
        "key_pairs": ["new", "newer"],
        "instance_ids": ["ins-00000002"],
        "state": "present",
        "profile": "prod",
        "api_retries": 1,
    }


WRONG = {
    "no such host": (["nobody"], {}, "There is no host nobody in hostvars"),
    "no key pairs": (["web-1"], {"prefix": "unbind"}, "1 host.s. have no unbind_key_pairs: web-1"),
    "a template in vain": (["text"], {}, "Host text: bind_key_pairs refers to a variable that is undefined"),
    "a list of templates in vain": (["list"], {}, "Host list: bind_key_pairs refers to a variable that is undefined"),
    "an unknown state": (["web-1"], {"state": "gone"}, "state is 'gone', which is none of absent, present"),
    "a secret": (["web-1"], {"connection": {"secret_key": "x"}}, "connection: unknown member secret_key"),
    "an unknown override": (["web-1"], {"overrides": {"keypairs": "x"}}, "overrides: unknown member keypairs"),
    "a wrong override": (["web-1"], {"overrides": {"exclusive": "x"}}, "exclusive is neither true nor false"),
    "no dictionary": (["web-1"], {"connection": "prod"}, "connection: it is no dictionary, but a text"),
}


@pytest.mark.parametrize(("hosts", "options", "message"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named(hosts: list[str], options: dict[str, Any], message: str, hostvars: HostVars) -> None:
    given = {"prefix": "bind", **options}
    with pytest.raises(AnsibleFilterError, match=message):
        bindings_of_hosts(hosts, hostvars, **given)
