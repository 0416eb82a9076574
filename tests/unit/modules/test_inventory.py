# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the inventory instances reads: several providers and regions, filters, failures.

The plugin around it is tried by the integration target inventory_instances; hosts are tried in test_hosts.py.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._argspec import connection_arguments
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import InputError
from ansible_collections.keyfleet.cloud.plugins.module_utils._services.fleet import Fleet, make_places, read_fleet
from ansible_collections.keyfleet.cloud.plugins.module_utils._services.regions import Surroundings
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import providers
from ansible_collections.keyfleet.cloud.tests.unit.modules.providers import PROVIDERS
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_clock import VirtualClock
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_emulator import VirtualEmulator

DEFAULTS = {name: argument.get("default") for name, argument in connection_arguments().items()}
one_provider = providers("tencent_cvm")


def source(cloud: Cloud, **options: Any) -> dict[str, Any]:
    return {**{name: value for name, value in cloud.options.items() if name != "region"}, **options}


def fleet(cloud: Cloud, *sources: dict[str, Any], **filters: Any) -> Fleet:
    places = make_places(list(sources) or [source(cloud, regions=[cloud.provider.region])], DEFAULTS)
    return read_fleet(places, filters, Surroundings(os.environ, cloud.clock, lambda _secrets: None))


def ids(found: Fleet) -> list[str]:
    return [instance["instance_id"] for instance in found.instances]


@pytest.fixture
def clouds(emulator: VirtualEmulator, clock: VirtualClock) -> list[Cloud]:
    """All providers that have instances of their own."""
    emulator.reset()
    return [Cloud(emulator, clock, PROVIDERS[name]) for name in ("tencent_lighthouse", "tencent_cvm", "alibaba_ecs")]


def test_several_providers_and_regions(clouds: list[Cloud]) -> None:
    near = [one.add(name="web-1") for one in clouds]
    far = [one.add(name="web-2", region="ap-shanghai") for one in clouds[:2]]
    sources = [source(one, regions=["ap-guangzhou", "ap-shanghai"]) for one in clouds[:2]]

    found = fleet(clouds[0], *sources, source(clouds[2], regions="cn-hangzhou"))

    assert ids(found) == [near[0], far[0], near[1], far[1], near[2]]
    assert [(one["provider"], one["region"]) for one in found.instances] == [
        ("tencent_lighthouse", "ap-guangzhou"),
        ("tencent_lighthouse", "ap-shanghai"),
        ("tencent_cvm", "ap-guangzhou"),
        ("tencent_cvm", "ap-shanghai"),
        ("alibaba_ecs", "cn-hangzhou"),
    ]
    assert found.failures == ()


def test_one_query_sees_all_sources(clouds: list[Cloud]) -> None:
    added = [one.add(name=f"web-{3 - number}") for number, one in enumerate(clouds)]
    sources = [source(one, regions=one.provider.region) for one in clouds]

    found = fleet(clouds[0], *sources, query="sort_by(@, &name)[:2]")

    assert ids(found) == [added[2], added[1]]


def test_a_state_that_one_provider_has_no_word_for(clouds: list[Cloud]) -> None:
    rebooting = clouds[1].add(state="REBOOTING")
    for one in clouds:
        one.add()
    sources = [source(one, regions=one.provider.region) for one in clouds]

    assert ids(fleet(clouds[0], *sources, states=["rebooting"])) == [rebooting]
    with pytest.raises(InputError, match="RUNING"):
        fleet(clouds[0], *sources, states="RUNING")


def test_filters(cloud: Cloud) -> None:
    web = cloud.add("deploy", name="web-1", power="running")
    cloud.add("deploy", name="web-2")
    cloud.add(name="web-3", power="running")

    assert ids(fleet(cloud, names="web-*", states="running", key_pair="deploy")) == [web]
    assert ids(fleet(cloud, names=[])) == []


def test_a_source_that_is_named_twice_gives_its_hosts_once(cloud: Cloud) -> None:
    web = cloud.add()
    twice = source(cloud, regions=cloud.provider.region)

    assert ids(fleet(cloud, twice, twice)) == [web]


def test_a_failure_does_not_keep_the_others_from_being_read(cloud: Cloud) -> None:
    web = cloud.add()
    wrong = source(cloud, regions=[cloud.provider.region], access_key_secret="example-wrong-secret")

    found = fleet(cloud, wrong, source(cloud, regions=["no-such-region", cloud.provider.region]))

    assert ids(found) == [web]
    assert [failure.info.message.split(": ")[0] for failure in found.failures] == [
        f"{cloud.provider.name} {cloud.provider.region}",
        f"{cloud.provider.name} no-such-region",
    ]


@one_provider
def test_the_region_may_come_from_the_environment(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENCENTCLOUD_REGION", cloud.provider.region)
    web = cloud.add()

    assert ids(fleet(cloud, source(cloud))) == [web]


@one_provider
def test_no_region_is_a_failure_of_that_source(cloud: Cloud) -> None:
    found = fleet(cloud, source(cloud))

    assert found.instances == ()
    assert "no region" in found.failures[0].info.message


@one_provider
def test_options_of_the_file_hold_for_sources_without_their_own(cloud: Cloud) -> None:
    defaults = {**DEFAULTS, **cloud.options, "api_retries": 3}

    first, second = make_places(
        [{"regions": "a"}, {"provider": "alibaba_ecs", "region": "b", "api_retries": "1"}], defaults
    )

    assert (first.provider, first.region, first.api_retries) == ("tencent_cvm", "a", 3)
    assert (second.provider, second.region, second.api_retries) == ("alibaba_ecs", "b", 1)
    assert second.credentials.access_key_id == cloud.provider.access_key_id


def test_values_may_be_texts_and_names_may_be_aliases() -> None:
    entry = {
        "provider": "alibaba_ecs",
        "region": "cn-hangzhou",
        "secret_id": "LTAIEXAMPLE",
        "secret_key": "example-secret",
        "validate_certs": "False",
        "api_timeout": "7",
        "ca_path": "~/ca.pem",
        "endpoint": None,
    }

    (place,) = make_places([entry], DEFAULTS)

    assert place.credentials.access_key_id == "LTAIEXAMPLE"
    assert place.credentials.access_key_secret == "example-secret"
    assert (place.validate_certs, place.api_timeout, place.endpoint) == (False, 7, None)
    assert place.ca_path == os.path.expanduser("~/ca.pem")


@pytest.mark.parametrize(
    ("sources", "named"),
    [
        (None, "sources"),
        ([], "sources"),
        ({"provider": "tencent_cvm"}, "sources"),
        (["tencent_cvm"], "entry 1"),
        ([{"provider": "tencent_cvm", "region": "a"}, {"region": "a"}], "entry 2"),
        ([{"provider": "aws", "region": "a"}], "aws"),
        ([{"provider": "tencent_cvm", "regions": []}], "regions"),
        ([{"provider": "tencent_cvm", "region": "a", "regions": ["b"]}], "both"),
        ([{"provider": "tencent_cvm", "regoin": "a"}], "regoin"),
        ([{"provider": "tencent_cvm", "region": "a", "api_timeout": "soon"}], "api_timeout"),
        ([{"provider": "tencent_cvm", "region": "a", "validate_certs": "perhaps"}], "validate_certs"),
        ([{"provider": "tencent_cvm", "region": "a", "access_key_secret": ["example-secret"]}], "access_key_secret"),
    ],
)
def test_sources_that_cannot_be_right(sources: Any, named: str) -> None:
    with pytest.raises(InputError, match=named) as caught:
        make_places(sources, DEFAULTS)
    assert "example-secret" not in str(caught.value)


@one_provider
@pytest.mark.parametrize(
    ("filters", "named"),
    [({"name": "web"}, "name"), ({"query": "[?"}, "query"), ({"tags": ["x"]}, "tags"), ({"key_pair": "a/b"}, "a/b")],
)
def test_filters_that_cannot_be_right(cloud: Cloud, filters: dict[str, Any], named: str) -> None:
    with pytest.raises(InputError, match=named):
        fleet(cloud, **filters)
    assert cloud.log() == []
