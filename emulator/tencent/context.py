# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the handler of an action works with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..accounts import AccessKey
from ..cloud import Cloud
from ..dialect import Call
from ..providers import WORLD_OF
from ..settings import Settings
from ..world import Region
from .schema import Action, Codes, Product


@dataclass(frozen=True)
class Context:
    """A call that is authenticated and whose parameters are valid."""

    cloud: Cloud
    call: Call
    key: AccessKey
    product: Product
    action: Action
    region: str
    params: dict[str, Any]

    @property
    def now(self) -> float:
        """The time, Unix seconds."""
        return self.cloud.now

    @property
    def settings(self) -> Settings:
        """The emulator's settings."""
        return self.cloud.settings

    @property
    def codes(self) -> Codes:
        """The error codes of this action."""
        return self.product.codes_of(self.action, self.settings)

    @property
    def provider(self) -> str:
        """The provider whose world is looked at."""
        return WORLD_OF[self.product.provider]

    @property
    def place(self) -> Region:
        """The caller's instances and key pairs in the region of the call."""
        return self.cloud.world.region(self.provider, self.key.account_id, self.region)

    @property
    def request_id(self) -> str:
        """The ID of this call, which its operations carry."""
        return self.call.request_id

    def duration(self, phase: str) -> float:
        """Return how many seconds a phase of an operation takes."""
        return self.settings.duration(self.provider, phase)
