# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many servers, again and again: who is tried how often, and when that ends."""

from __future__ import annotations

import collections
import typing as t

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._clock import Deadline
from ansible_collections.keyfleet.cloud.plugins.module_utils._login.model import Kind, LoginResult, Target, Verdict
from ansible_collections.keyfleet.cloud.plugins.module_utils._login.rounds import try_until_final
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import ErrorInfo
from ansible_collections.keyfleet.cloud.plugins.module_utils._plan.rollout_model import InstanceRef
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.fakes import FakeClock


class Servers:
    """Each server says what a list tells, its last word for ever."""

    def __init__(self, *words: t.Sequence[Kind]) -> None:
        self.clock = FakeClock()
        self.targets = [
            Target(InstanceRef("tencent_cvm", "ap-guangzhou", f"ins-{number:08}"), f"host-{number}", 22, "root")
            for number in range(len(words))
        ]
        self._words = {target: collections.deque(said) for target, said in zip(self.targets, words, strict=True)}
        self.tried: dict[Target, list[float]] = {target: [] for target in self.targets}

    def attempt(self, target: Target) -> Verdict:
        self.tried[target].append(self.clock.now() - 1000)
        words = self._words[target]
        return Verdict(words.popleft() if len(words) > 1 else words[0])

    def results(self, seconds: float = 60, grace: float = 10) -> list[LoginResult]:
        found = try_until_final(
            self.targets,
            self.attempt,
            lambda _target, verdict: ErrorInfo(verdict.kind, ""),
            clock=self.clock,
            deadline=Deadline(self.clock, seconds),
            denied_grace=grace,
        )
        assert list(found) == [target.instance for target in self.targets]
        return list(found.values())

    def outcomes(self, seconds: float = 60, grace: float = 10) -> list[str]:
        return [result.error.code if result.error else "proved" for result in self.results(seconds, grace)]


def test_nobody_to_try() -> None:
    assert Servers().results() == []


def test_who_lets_in_is_tried_once() -> None:
    servers = Servers(["in"], ["in"])
    assert servers.outcomes() == ["proved", "proved"]
    assert list(servers.tried.values()) == [[0], [0]]
    assert servers.clock.slept == []


@pytest.mark.parametrize("kind", ["other_key", "no_command", "host_key", "never"])
def test_some_verdicts_are_final(kind: Kind) -> None:
    servers = Servers([kind, "in"])
    assert servers.outcomes() == [kind]


def test_a_guest_that_comes_up_is_waited_for_and_the_others_are_left_alone() -> None:
    servers = Servers(["not_yet"] * 4 + ["in"], ["in"])
    assert servers.outcomes() == ["proved", "proved"]
    assert [len(times) for times in servers.tried.values()] == [5, 1]


def test_a_guest_that_stays_down_is_given_up_when_the_time_is_over() -> None:
    servers = Servers(["not_yet"])
    assert servers.outcomes(seconds=60) == ["not_yet"]
    assert servers.clock.now() - 1000 == pytest.approx(60)


def test_a_refusal_is_believed_after_a_while() -> None:
    servers = Servers(["denied"])
    assert servers.outcomes(seconds=300, grace=10) == ["denied"]
    times = servers.tried[servers.targets[0]]
    assert times[-1] == pytest.approx(10)
    assert len(times) <= 6, "a guest may shut out who knocks too often"


def test_a_guest_that_applies_the_key_a_little_later_is_believed() -> None:
    assert Servers(["not_yet", "denied", "denied", "in"]).outcomes() == ["proved"]


def test_the_while_begins_anew_when_the_guest_restarts_in_between() -> None:
    servers = Servers(["denied", "denied", "not_yet", "denied"])
    assert servers.outcomes(grace=4) == ["denied"]
    times = servers.tried[servers.targets[0]]
    assert times[-1] - times[3] == pytest.approx(4)


def test_without_a_while_a_refusal_is_final() -> None:
    servers = Servers(["denied", "in"])
    assert servers.outcomes(grace=0) == ["denied"]


def test_the_time_is_over_also_for_refusals() -> None:
    servers = Servers(["denied"])
    assert servers.outcomes(seconds=5, grace=3600) == ["denied"]
    assert servers.clock.now() - 1000 == pytest.approx(5)


def test_everybody_is_tried_once_however_late_it_is() -> None:
    servers = Servers(*[["not_yet"]] * 25, ["in"])
    assert servers.outcomes(seconds=0) == ["not_yet"] * 25 + ["proved"]
