# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter rollout_stats; see DOCUMENTATION."""

from __future__ import annotations

DOCUMENTATION = r"""
name: rollout_stats
short_description: Sum up the plans and waves of a rollout
version_added: 0.1.0
author:
  - Keyfleet contributors (@keyfleet)
description:
  - Makes of what M(keyfleet.cloud.binding_plan) and M(keyfleet.cloud.binding_wave) returned the statistics that the
    roles publish with C(set_stats).
options:
  _input:
    description:
      - The rollouts, in their order. Each has C(plan), the result of M(keyfleet.cloud.binding_plan), and C(results),
        those of M(keyfleet.cloud.binding_wave) for the waves that were begun.
    type: list
    elements: dict
    required: true
  role:
    description: Whose rollouts they are.
    type: str
    required: true
  check_mode:
    description: Whether nothing was meant to be done.
    type: bool
    default: false
  rows:
    description: How many members each list in the statistics has at most.
    type: int
    default: 50
  failure:
    description: What else went wrong.
    type: str
    default: ""
  changed:
    description: Whether anything else changed, or would.
    type: bool
    default: false
  lenient:
    description: Whether it is no failure that stopped instances could not prove a login.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Plan
  keyfleet.cloud.binding_plan:
    bindings:
      - provider: tencent_cvm
        region: ap-guangzhou
        key_pairs: deploy
        instance_ids: [ins-1e4r6y8i]
  register: plan

- name: Say what a run would come to
  ansible.builtin.debug:
    msg: "{{ [{'plan': plan, 'results': []}] | keyfleet.cloud.rollout_stats(role='mine', check_mode=true) }}"
"""

RETURN = r"""
_value:
  description: The statistics, bounded in size.
  type: dict
  contains:
    role:
      description: The role.
      type: str
    check_mode:
      description: Whether it ran in check mode.
      type: bool
    changed:
      description: Whether anything changed, or would.
      type: bool
    failed:
      description: Whether anything failed or was refused.
      type: bool
    message:
      description: What came of it, and what to do next, in a few sentences.
      type: str
    counts:
      description:
        - How many rows were C(requested), C(unchanged), C(changed), C(failed) and C(skipped), and how many instances
          were C(interrupted).
      type: dict
    rows:
      description: The first rows that changed or failed.
      type: list
      elements: dict
    rows_total:
      description: How many rows changed or failed.
      type: int
    rows_shown:
      description: How many of them are in C(rows).
      type: int
    waves:
      description: How many waves were C(planned) and C(done), and whether failures C(stopped_early) the others.
      type: dict
    reboot_required:
      description: The first instances that use a change only after their next restart.
      type: list
    unfinished:
      description: The first instances that earlier runs left behind and this one has not put right.
      type: list
      elements: dict
    files:
      description: Names of files that were written.
      type: dict
    drift:
      description: The counts of a drift report; empty here.
      type: dict
"""

import typing as t

from ..plugin_utils._rollout_stats import Rollout, summary


def rollout_stats(
    rollouts: t.Sequence[t.Mapping[str, t.Any]],
    role: str,
    check_mode: bool = False,
    rows: int | str = 50,
    failure: str = "",
    changed: bool = False,
    lenient: bool = False,
) -> dict[str, t.Any]:
    """Return the statistics of rollouts; see DOCUMENTATION."""
    found = [Rollout(rollout["plan"], rollout["results"], bool(check_mode), bool(lenient)) for rollout in rollouts]
    return summary(
        found, role=role, check_mode=bool(check_mode), limit=int(rows), failure=str(failure), changed=bool(changed)
    )


class FilterModule:
    """See DOCUMENTATION."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """Return the filters of this file."""
        return {"rollout_stats": rollout_stats}
