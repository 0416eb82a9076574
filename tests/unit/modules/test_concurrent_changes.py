# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""keypair_binding while a colleague changes the same bindings: whoever is first, the end is as desired."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.emulator.settings import SWITCHES
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import Call
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import bind, run, unbind
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import alibaba_only, cvm_only, providers


@cvm_only
@pytest.mark.parametrize("value", SWITCHES["cvm_bind_duplicate"].values)
def test_a_colleague_bound_it_first(cloud: Cloud, value: str) -> None:
    cloud.switch(cvm_bind_duplicate=value)
    web, other = cloud.add(), cloud.add()
    cloud.meanwhile(cloud.provider.bind, Call("bind", (web,), (cloud.key_id("deploy"),)))

    result = bind(cloud, ["deploy"], [web, other])

    assert not result.failed
    assert [cloud.keys_of(one) for one in (web, other)] == [["deploy"], ["deploy"]]


@cvm_only
@pytest.mark.parametrize("value", SWITCHES["cvm_unbind_unbound"].values)
def test_a_colleague_unbound_it_first(cloud: Cloud, value: str) -> None:
    cloud.switch(cvm_unbind_unbound=value)
    web, other = cloud.add("deploy"), cloud.add("deploy")
    cloud.meanwhile(cloud.provider.unbind, Call("unbind", (web,), (cloud.key_id("deploy"),)))

    result = unbind(cloud, ["deploy"], [web, other])

    assert not result.failed
    assert [cloud.keys_of(one) for one in (web, other)] == [[], []]


@alibaba_only
@pytest.mark.parametrize("value", SWITCHES["alibaba_detach_unbound"].values)
def test_a_colleague_detached_it_first(cloud: Cloud, value: str) -> None:
    cloud.switch(alibaba_detach_unbound=value)
    web, other = cloud.add("deploy"), cloud.add("deploy")
    cloud.meanwhile(cloud.provider.unbind, Call("unbind", (web,), ("deploy",)))

    result = unbind(cloud, ["deploy"], [web, other])

    assert not result.failed
    assert [cloud.keys_of(one) for one in (web, other)] == [[], []]


@providers("tencent_lighthouse")
@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_colleague_was_quicker_on_lighthouse(cloud: Cloud, state: str) -> None:
    """Lighthouse answers KeyPairBindDuplicate or KeyPairNotBoundToInstance to the whole batch."""
    keys: list[Any] = [] if state == "present" else ["deploy"]
    web, other = cloud.add(*keys), cloud.add(*keys)
    action: Any = "bind" if state == "present" else "unbind"
    write = cloud.provider.bind if state == "present" else cloud.provider.unbind
    cloud.durations(bind=0, unbind=0)
    cloud.meanwhile(write, Call(action, (web,), (cloud.key_id("deploy"),)))

    result = run(cloud, key_pairs=["deploy"], instance_ids=[web, other], state=state)

    assert not result.failed
    assert result.changed
    assert result.row(web)["outcome"] == "unchanged"
    assert result.row(other)["outcome"] == "changed"
    assert [cloud.keys_of(one) for one in (web, other)] == [["deploy"] if state == "present" else []] * 2
    codes = {str(entry["code"]).rpartition(".")[2] for entry in result.log if entry["code"]}
    assert codes == {"KeyPairBindDuplicate" if state == "present" else "KeyPairNotBoundToInstance"}


@alibaba_only
def test_what_a_colleague_undoes_right_after_us_is_done_again(cloud: Cloud) -> None:
    """A synchronous API: what does not show after a while was undone, and waiting longer would not bring it."""
    web = cloud.add()

    undo = Call("unbind", (web,), ("deploy",))
    cloud.emulator.before("AttachKeyPair", lambda: cloud.meanwhile("DescribeInstances", undo))

    result = bind(cloud, ["deploy"], [web])

    assert not result.failed
    assert cloud.keys_of(web) == ["deploy"]
    assert result.writes == ["AttachKeyPair", "AttachKeyPair"]
