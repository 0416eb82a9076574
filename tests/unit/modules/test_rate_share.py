# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The share of the documented rates: by option, by environment variable, and what is no share."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils import _connection
from ansible_collections.keyfleet.cloud.plugins.module_utils._pacing import Pacer
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import bind
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import providers
from ansible_collections.keyfleet.cloud.tests.unit.modules.rollout_tasks import bind as entry
from ansible_collections.keyfleet.cloud.tests.unit.modules.rollout_tasks import plan

one_provider = providers("tencent_cvm")
VARIABLE = "KEYFLEET_API_RATE_SHARE"


@pytest.fixture
def shares(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the shares that pacers are made with."""
    seen: list[float] = []

    def pacer(*arguments: Any, share: float, **options: Any) -> Pacer:
        seen.append(share)
        return Pacer(*arguments, share=share, **options)

    monkeypatch.setattr(_connection, "Pacer", pacer)
    return seen


@one_provider
@pytest.mark.parametrize(
    ("option", "variable", "share"),
    [(None, None, 1.0), (None, "", 1.0), (None, " 25 ", 0.25), (50, None, 0.5), (50, "25", 0.5), (100, "junk", 1.0)],
)
def test_the_option_counts_before_the_variable(
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    shares: list[float],
    option: int | None,
    variable: str | None,
    share: float,
) -> None:
    if variable is not None:
        monkeypatch.setenv(VARIABLE, variable)

    result = bind(cloud, ["deploy"], [cloud.add()], api_rate_share=option)

    assert result.changed
    assert set(shares) == {share}


@one_provider
@pytest.mark.parametrize(
    ("option", "variable", "told"),
    [
        (0, None, "api_rate_share must be a whole number from 1 to 100, but is 0."),
        (-5, "25", "api_rate_share must be a whole number from 1 to 100, but is -5."),
        (101, None, "but is 101"),
        (None, "25 %", f"The environment variable {VARIABLE} must be a whole number from 1 to 100, but is 25 %."),
        (None, "0", VARIABLE),
    ],
)
def test_what_is_no_percentage_is_refused_before_anything_is_sent(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, option: int | None, variable: str | None, told: str
) -> None:
    if variable is not None:
        monkeypatch.setenv(VARIABLE, variable)

    result = bind(cloud, ["deploy"], [cloud.add()], api_rate_share=option)

    assert result.failed
    assert told in result.msg
    assert result.log == []


@one_provider
def test_an_entry_may_have_a_share_of_its_own(cloud: Cloud, shares: list[float]) -> None:
    result = plan(cloud, entry(["deploy"], [cloud.add()], api_rate_share="20"))

    assert not result.failed, result.msg
    assert set(shares) == {0.2}
