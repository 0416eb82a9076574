# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the lookup instance_ids does: names, IDs and filters in, IDs out, from several regions at once.

The plugin around it is tried by the integration target lookup_instance_ids.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._connection import ConnectionOptions
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import InputError, KeyfleetError
from ansible_collections.keyfleet.cloud.plugins.module_utils._selection.filters import Filters
from ansible_collections.keyfleet.cloud.plugins.module_utils._services.lookup import LookedUp, Wanted, look_up
from ansible_collections.keyfleet.cloud.plugins.module_utils._services.regions import Surroundings, in_regions
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import providers, tencent_only
from ansible_collections.keyfleet.cloud.tests.unit.modules.providers import SECRET

ELSEWHERE = {"tencent": "ap-shanghai", "alibaba": "cn-beijing"}


def full_look_up(cloud: Cloud, *terms: str, regions: list[str] | None = None, **wanted: Any) -> LookedUp:
    """Look up in the provider's usual region, unless told otherwise; no terms means that none are given."""
    kept: list[str] = []
    given: dict[str, Any] = dict.fromkeys(ConnectionOptions.__dataclass_fields__)
    options = {**given, "validate_certs": True, "api_timeout": 30, "api_retries": 5, **cloud.options}
    filters = Filters.from_options({name: wanted.pop(name, None) for name in ("tags", "states", "key_pair")}.get)
    asked = Wanted(wanted.pop("terms", terms or None), filters, **wanted)
    places = in_regions(ConnectionOptions.from_options(options.get), regions)
    try:
        return look_up(asked, places, Surroundings(os.environ, cloud.clock, kept.extend))
    finally:
        # Whatever was found before something went wrong is known, so that no error text can show it.
        assert SECRET in kept or not cloud.log()


def ids(cloud: Cloud, *terms: str, **wanted: Any) -> list[str]:
    return list(full_look_up(cloud, *terms, **wanted).ids)


def elsewhere(cloud: Cloud) -> str:
    """Return another region of the provider."""
    return ELSEWHERE[cloud.provider.vendor]


def test_names_globs_and_ids(cloud: Cloud) -> None:
    web_2, web_1, database = cloud.add(name="web-2"), cloud.add(name="web-1"), cloud.add(name="db-1")

    assert ids(cloud, "web-1") == [web_1]
    assert ids(cloud, "web-*") == [web_1, web_2]
    assert ids(cloud, database) == [database]
    assert ids(cloud, "web-?", database) == [database, web_1, web_2]
    assert ids(cloud, "*") == [database, web_1, web_2]


def test_the_order_is_by_name_then_id(cloud: Cloud) -> None:
    added = [cloud.add(name=name) for name in ("b", "a", "b", "a")]

    assert ids(cloud, "?") == [added[1], added[3], added[0], added[2]]


def test_one_instance_is_there_once(cloud: Cloud) -> None:
    web = cloud.add(name="web-1")

    assert ids(cloud, "web-*", "web-1", "w*", web) == [web]


def test_ids_alone_do_not_read_the_region(cloud: Cloud) -> None:
    fleet = cloud.add_fleet(150)

    assert ids(cloud, *fleet[:3]) == sorted(fleet[:3])
    assert len(cloud.log()) == 1


def test_filters_narrow_names_and_ids_alike(cloud: Cloud) -> None:
    running, stopped = cloud.add(name="web-1", power="running"), cloud.add(name="web-2")

    assert ids(cloud, "web-*", states=["running"]) == [running]
    assert ids(cloud, running, stopped, states="running", on_missing="skip") == [running]


def test_filters_alone(cloud: Cloud) -> None:
    web, _other = cloud.add("deploy", power="running"), cloud.add("backup")

    assert ids(cloud, key_pair="deploy") == [web]
    assert ids(cloud, states=["running"]) == [web]


@providers("tencent_lighthouse", "tencent_cvm", "alibaba_ecs")
def test_tags(cloud: Cloud) -> None:
    web, _other = cloud.add(tags={"env": "prod"}), cloud.add()

    assert ids(cloud, tags={"env": "prod"}) == [web]


def test_a_query_sees_what_instance_info_returns(cloud: Cloud) -> None:
    web, other = cloud.add(name="web-1", zone="zone-a"), cloud.add(name="web-2", zone="zone-b")

    assert ids(cloud, query="[?zone=='zone-b']") == [other]
    assert ids(cloud, "web-*", query="sort_by(@, &name)[::-1].instance_id") == [other, web]
    assert ids(cloud, "web-*", query=f"[?provider=='{cloud.provider.name}' && power=='stopped']") == [web, other]


@pytest.mark.parametrize("on_missing", ["error", "warn", "skip"])
def test_what_is_missing(cloud: Cloud, on_missing: str) -> None:
    web, gone = cloud.add(name="web-1"), cloud.provider.instance_id(9999)

    if on_missing == "error":
        with pytest.raises(InputError) as caught:
            full_look_up(cloud, "web-1", "db-1", gone)
        text = caught.value.info.message
    else:
        found = full_look_up(cloud, "web-1", "db-1", gone, on_missing=on_missing)
        assert found.ids == (web,)
        assert len(found.warnings) == (on_missing == "warn")
        text = " ".join(found.warnings)

    assert [word in text for word in ("db-1", gone, cloud.provider.region)] == [on_missing != "skip"] * 3
    assert "web-1" not in text


@pytest.mark.parametrize("wanted", [{"states": "stopped"}, {"key_pair": "deploy"}, {"query": "[?name=='x']"}])
def test_nothing_at_all_is_missing_too(cloud: Cloud, wanted: dict[str, Any]) -> None:
    cloud.add(power="running")

    with pytest.raises(InputError, match="No instance passes"):
        full_look_up(cloud, **wanted)
    assert ids(cloud, on_missing="skip", **wanted) == []


def test_a_name_of_several_instances_is_ambiguous(cloud: Cloud) -> None:
    running, stopped = cloud.add(name="web", power="running"), cloud.add(name="web")

    with pytest.raises(InputError) as caught:
        full_look_up(cloud, "web", on_missing="skip")

    assert caught.value.info.code == "AmbiguousName"
    assert running in caught.value.info.message
    assert stopped in caught.value.info.message
    assert ids(cloud, "web", states="running") == [running]
    assert ids(cloud, "web", query="[?power=='stopped']") == [stopped]
    assert ids(cloud, "we[b]") == [running, stopped]
    assert ids(cloud, stopped) == [stopped]


def test_nothing_to_look_for_is_an_error_and_an_empty_list_is_nothing(cloud: Cloud) -> None:
    cloud.add()

    with pytest.raises(InputError, match="which instances"):
        full_look_up(cloud)
    assert ids(cloud, terms=()) == []
    assert ids(cloud, terms=(), states=["stopped"]) == []
    assert ids(cloud, "*", states=[]) == []
    assert cloud.log() == []


@pytest.mark.parametrize(
    ("wanted", "named"), [({"states": "RUNING"}, "RUNING"), ({"query": "[?"}, "query"), ({"key_pair": "a/b"}, "a/b")]
)
def test_bad_input_fails_before_anything_is_sent(cloud: Cloud, wanted: dict[str, Any], named: str) -> None:
    with pytest.raises(InputError, match=named):
        full_look_up(cloud, "*", **wanted)
    assert cloud.log() == []


def test_several_regions_in_their_order(cloud: Cloud) -> None:
    here, there = cloud.provider.region, elsewhere(cloud)
    far = cloud.add(name="web-1", region=there)
    near, last = cloud.add(name="web-2"), cloud.add(name="web-3")

    assert ids(cloud, "web-*", regions=[there, here, there]) == [far, near, last]
    assert ids(cloud, "web-*", regions=[here, there]) == [near, last, far]
    assert ids(cloud, far, near, regions=[here, there]) == [near, far]
    assert ids(cloud, "web-3", regions=[here, there]) == [last]


def test_a_name_may_be_ambiguous_across_regions(cloud: Cloud) -> None:
    cloud.add(name="web")
    cloud.add(name="web", region=elsewhere(cloud))

    with pytest.raises(InputError, match="ambiguous"):
        full_look_up(cloud, "web", regions=[cloud.provider.region, elsewhere(cloud)])


def test_a_key_pair_may_exist_in_some_regions_only(cloud: Cloud) -> None:
    web, _far = cloud.add("deploy"), cloud.add(region=elsewhere(cloud))

    found = full_look_up(cloud, key_pair="deploy", regions=[elsewhere(cloud), cloud.provider.region])

    assert found == LookedUp((web,))
    nowhere = full_look_up(cloud, key_pair="nobody", regions=[elsewhere(cloud)], on_missing="skip")
    assert "nobody" in nowhere.warnings[0]


def test_an_empty_list_of_regions_is_an_error(cloud: Cloud) -> None:
    with pytest.raises(InputError, match="regions is empty"):
        full_look_up(cloud, "*", regions=[])


def test_a_region_that_cannot_be_read_is_an_error_that_names_it(cloud: Cloud) -> None:
    cloud.add(name="web-1")

    with pytest.raises(KeyfleetError) as caught:
        full_look_up(cloud, "web-*", regions=[cloud.provider.region, "no-such-region"])

    assert f"{cloud.provider.name} no-such-region" in caught.value.info.message
    assert SECRET not in caught.value.info.message


@tencent_only
def test_an_instance_that_may_not_be_described_is_warned_of(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    web, secret = cloud.add(), cloud.add()
    key = cloud.add_access_key("SOME", denied_instance_ids=[secret])
    options = {**cloud.options, "access_key_id": key}
    monkeypatch.setattr(Cloud, "options", options)

    found = full_look_up(cloud, web, secret, on_missing="skip")

    assert found.ids == (web,)
    assert secret in found.warnings[0]
