# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs in slices, as on AWX: each slice sees its own hosts, and together they do what one job would do."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.tests.roles.controller import Controller
from ansible_collections.keyfleet.cloud.tests.roles.guests import Guests
from ansible_collections.keyfleet.cloud.tests.roles.slices import Slice, run_job, share_out

SLICES = 4
#: as many instances for each slice as a request takes, so that slices need no more requests than one job
FLEET = 100 * SLICES


def fleet_of(cloud: Guests) -> dict[str, dict[str, Any]]:
    """Add a fleet of stopped instances, and return the inventory's hosts for them."""
    ids = cloud.add_fleet(FLEET, "old")
    return {f"web-{number:03}": cloud.host(one, bind_key_pairs=["new"]) for number, one in enumerate(ids)}


def bound(cloud: Guests, hosts: dict[str, dict[str, Any]]) -> set[tuple[str, ...]]:
    """Return which sets of key pairs the instances of the hosts have."""
    wanted = {host["keyfleet_instance_id"] for host in hosts.values()}
    return {tuple(one["key_pairs"]) for one in cloud.emulator.state()["instances"] if one["instance_id"] in wanted}


def compare(one: Counter[str], many: Counter[str], cloud: Guests) -> None:
    """See that slices sent what one job sends, and no more than one read more each."""
    writes = {cloud.provider.bind, cloud.provider.unbind}
    assert {action: many[action] for action in writes} == {action: one[action] for action in writes}
    assert sum(many.values()) <= sum(one.values()) + SLICES, (one, many)


def test_slices_are_every_nth_host_by_name() -> None:
    hosts: dict[str, dict[str, Any]] = {name: {} for name in ("b", "a", "d", "c", "e")}
    assert [list(own) for own in share_out(hosts, 2)] == [["a", "c", "e"], ["b", "d"]]


@pytest.mark.parametrize("cloud", ["tencent_lighthouse"], indirect=True)
def test_the_role_in_slices(cloud: Guests, controller: Controller) -> None:
    """A fleet that loses what it has; what plan and wave cost on each provider, tests of the modules say."""
    counts: dict[int, Counter[str]] = {}
    rows: dict[int, Counter[str]] = {}
    for slices in (1, SLICES):
        hosts = fleet_of(cloud)
        cloud.emulator.clear_log()
        variables = {"bind_waves": ["100%"], "keyfleet_slice": slices > 1}
        jobs = run_job(controller, "keyfleet.cloud.bind", hosts, variables, slices=slices)
        assert [job.returncode for job in jobs] == [0] * slices, jobs[0].output
        assert bound(cloud, hosts) == {(cloud.key_id("new"),)}
        counts[slices], rows[slices] = Counter(cloud.calls()), totals(jobs)
    assert rows[SLICES] == rows[1]
    assert rows[1]["changed"] == 2 * FLEET, "the new key pair came, and the old one went"
    compare(counts[1], counts[SLICES], cloud)


def totals(jobs: list[Slice]) -> Counter[str]:
    """Return the counts of all slices together."""
    found: Counter[str] = Counter()
    for job in jobs:
        found.update(job.stats["counts"])
    return found


def test_a_slice_makes_no_key_pair(clouds: dict[str, Guests], controller: Controller) -> None:
    web = clouds["tencent_cvm"].add("old")
    controller.write("hosts.yml", {"all": {"hosts": {"web": clouds["tencent_cvm"].host(web)}}})
    told_by_awx = {"awx_workflow_job_name": "rotate", "awx_job_template_name": "rotate"}
    rotation = {
        "rotate_old_key_pair": "old",
        "rotate_new_key_pair": "fresh",
        "rotate_new_key_source": "import",
        "rotate_public_key": "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAQEx",
        "rotate_private_key_path": "/somewhere",
    }

    run = controller.run("rotate", {**told_by_awx, **rotation}, "-i", "hosts.yml")

    assert not run.ok
    assert "every slice would make the new key pair" in " ".join(run.output.split())
    assert clouds["tencent_cvm"].calls() == []
