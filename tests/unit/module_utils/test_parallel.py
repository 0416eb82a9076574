# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Work side by side, on real threads: the tests of modules let one of them go on at a time."""

from __future__ import annotations

import threading

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._clock import Deadline
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import Call, Receipt
from ansible_collections.keyfleet.cloud.plugins.module_utils._parallel import WORKERS, parallel_map
from ansible_collections.keyfleet.cloud.plugins.module_utils._services.write import Writer
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.fakes import FakeClock, FakeProvider


def test_the_results_are_in_the_order_of_the_items() -> None:
    assert parallel_map(lambda item: item * 2, range(100)) == [item * 2 for item in range(100)]
    assert parallel_map(str, []) == []


def test_so_many_are_worked_on_at_the_same_time() -> None:
    """Each waits for all the others."""
    together = threading.Barrier(WORKERS)
    assert parallel_map(lambda item: (together.wait(60), item)[1], range(WORKERS)) == list(range(WORKERS))


def test_the_first_error_is_raised_after_all_have_ended() -> None:
    together, ended = threading.Barrier(3), []

    def work(item: int) -> None:
        together.wait(60)
        ended.append(item)
        if item:
            raise KeyError(item)

    with pytest.raises(KeyError, match="1"):
        parallel_map(work, range(3))
    assert sorted(ended) == [0, 1, 2]


def test_a_writer_serves_all_workers() -> None:
    clock = FakeClock()
    writer = Writer(
        FakeProvider({}, write=lambda call: Receipt(f"request of {call.instance_ids[0]}")), Deadline(clock, 60)
    )
    answers = parallel_map(lambda item: writer.write(Call("start", (f"i-{item}",))), range(200))
    assert [answer[f"i-{item}"].request_id for item, answer in enumerate(answers)] == [
        f"request of i-{item}" for item in range(200)
    ]
