# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks of instance_info, which never change anything."""

from __future__ import annotations

from typing import Any

from ansible_collections.keyfleet.cloud.plugins.modules import instance_info
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.harness import read
from ansible_collections.keyfleet.cloud.tests.unit.modules.marks import providers
from ansible_collections.keyfleet.cloud.tests.unit.modules.result import Result

with_tags = providers("tencent_lighthouse", "tencent_cvm", "alibaba_ecs")


def info(cloud: Cloud, **options: Any) -> Result:
    """Run the module."""
    return read(instance_info, cloud, **options)


def found(cloud: Cloud, **options: Any) -> list[str]:
    """Return the IDs that the filters leave."""
    result = info(cloud, **options)
    assert not result.failed, result.printed
    return [instance["instance_id"] for instance in result.data["instances"]]
