# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a handler gets: one authenticated call and the part of the world it may see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ..accounts import AccessKey
from ..cloud import Cloud
from ..dialect import Call
from ..providers import ECS
from ..world import Instance, Region
from .errors import forbidden, refusal
from .parameters import Parameters
from .region_list import REGIONS


@dataclass(frozen=True)
class Context:
    """``region`` is the checked ``RegionId``, empty where the action does not need one."""

    cloud: Cloud
    call: Call
    key: AccessKey
    parameters: Parameters
    region: str

    @property
    def now(self) -> float:
        """The time in which operations are measured, Unix seconds."""
        return self.cloud.now

    @property
    def place(self) -> Region:
        """The caller's instances and key pairs in the call's region."""
        return self.cloud.world.region(ECS, self.key.account_id, self.region)

    def find_anywhere(self, instance_id: str) -> Instance:
        """An instance of the caller, in ``RegionId`` if that was given, else in any region.

        :raises ApiError: ``InvalidInstanceId.NotFound``.
        """
        for region in [self.region] if self.region else REGIONS:
            instance = self.cloud.world.region(ECS, self.key.account_id, region).instances.get(instance_id)
            if instance is not None:
                return instance
        raise refusal("InvalidInstanceId.NotFound")

    def authorize(self, instance_ids: Collection[str]) -> None:
        """May the caller change these instances? One that is denied refuses the whole call.

        :raises ApiError: ``Forbidden.RAM``.
        """
        if not self.key.denied_instance_ids.isdisjoint(instance_ids):
            raise forbidden(self.call.action)

    def injected_failure(self, instance_id: str) -> str | None:
        """The code with which a ``partial_failure`` fault lets this instance fail, if one does."""
        fault = self.call.fault
        if fault is None or fault.kind != "partial_failure":
            return None
        concerned = fault.instance_ids is None or instance_id in fault.instance_ids
        return fault.code if concerned else None
