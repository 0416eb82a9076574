# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Specifies which of a region's instances a selector means."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import Instance
from ansible_collections.keyfleet.cloud.plugins.module_utils._selection.filters import Filters
from ansible_collections.keyfleet.cloud.plugins.module_utils._selection.selector import Selector
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.rollout import CAPABILITIES

REGION = [
    Instance("ins-00000003", "web-1", "RUNNING", "running", ("skey-1",), tags={"env": "prod"}),
    Instance("ins-00000001", "web-2", "STOPPED", "stopped", (), zone="ap-guangzhou-3"),
    Instance("ins-00000002", "db-1", "RUNNING", "running", ("skey-1", "skey-2")),
]


def chosen(query: str | None = None, **filters: Any) -> list[str]:
    """Return the names of the instances that are meant."""
    selector = Selector(Filters.from_options({"names": None, **filters}.get), query)
    names = {instance.id: instance.name for instance in REGION}
    ids = selector.choose(REGION, CAPABILITIES["tencent_cvm"], "ap-guangzhou")
    return [names[instance_id] for instance_id in ids]


@pytest.mark.parametrize(
    ("selector", "names"),
    [
        ({"names": "*"}, ["db-1", "web-1", "web-2"]),
        ({"names": "web-*"}, ["web-1", "web-2"]),
        ({"names": []}, []),
        ({"tags": {"env": "prod"}}, ["web-1"]),
        ({"states": "running"}, ["db-1", "web-1"]),
        ({"states": []}, []),
        ({"names": "web-*", "states": "running"}, ["web-1"]),
        ({"key_pair": "deploy"}, []),
        ({"key_pair": "deploy", "names": "web-*"}, []),
        ({"query": "[?zone=='ap-guangzhou-3']"}, ["web-2"]),
        ({"query": "reverse(sort_by(@, &name))", "names": "web-*"}, ["web-2", "web-1"]),
        ({"query": "[?region=='ap-guangzhou' && provider=='tencent_cvm'] | [0]"}, ["db-1"]),
    ],
    ids=str,
)
def test_an_instance_is_meant_when_it_passes_everything(selector: dict[str, Any], names: list[str]) -> None:
    assert chosen(**selector) == names


def test_a_key_pair_is_given_by_its_id_once_it_is_known() -> None:
    selector = Selector(Filters(key_pair="deploy"))
    cvm = CAPABILITIES["tencent_cvm"]
    assert selector.choose(REGION, cvm, "ap-guangzhou", key_pair="skey-1") == ("ins-00000002", "ins-00000003")
    assert selector.choose(REGION, cvm, "ap-guangzhou", key_pair=None) == ()


def test_what_may_not_be_described_is_not_meant() -> None:
    hidden = [dataclasses.replace(instance, hidden=True) for instance in REGION]
    selector = Selector(Filters(names=("*",)))
    assert selector.choose(hidden, CAPABILITIES["tencent_cvm"], "ap-guangzhou") == ()
