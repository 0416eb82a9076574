# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the four providers call things. Tests speak of "stopped" or "deploy"; the words of each provider are here."""

from __future__ import annotations

from dataclasses import dataclass

SECRET = "example-secret-key"


@dataclass(frozen=True)
class Provider:
    """One provider's words. ``world`` is the emulator's provider that holds its instances."""

    name: str
    world: str
    vendor: str
    region: str
    key_prefix: str
    instance_prefix: str
    running: str
    stopped: str
    bind: str
    unbind: str
    batch: int
    access_key_id: str

    @property
    def tencent(self) -> bool:
        """Does it belong to Tencent Cloud?"""
        return self.vendor == "tencent"

    def key_id(self, name: str) -> str:
        """Return the ID of the key pair with that name: made of the name, so that IDs sort as names do."""
        return f"{self.key_prefix}{name:0<8}" if self.key_prefix else name

    def instance_id(self, number: int) -> str:
        """Return the ID of the instance with that number; the emulator's own fleets begin with zeros instead."""
        return f"{self.instance_prefix}z{number:07d}"


def _tencent(name: str, world: str, key_prefix: str, instance_prefix: str) -> Provider:
    return Provider(
        name=name,
        world=world,
        vendor="tencent",
        region="ap-guangzhou",
        key_prefix=key_prefix,
        instance_prefix=instance_prefix,
        running="RUNNING",
        stopped="STOPPED",
        bind="AssociateInstancesKeyPairs",
        unbind="DisassociateInstancesKeyPairs",
        batch=100,
        access_key_id="AKIDEXAMPLE",
    )


LIGHTHOUSE = _tencent("tencent_lighthouse", "tencent_lighthouse", "lhkp-", "lhins-")
CVM = _tencent("tencent_cvm", "tencent_cvm", "skey-", "ins-")
CVM_LEGACY = _tencent("tencent_cvm_legacy", "tencent_cvm", "skey-", "ins-")
ALIBABA = Provider(
    name="alibaba_ecs",
    world="alibaba_ecs",
    vendor="alibaba",
    region="cn-hangzhou",
    key_prefix="",
    instance_prefix="i-bp1example",
    running="Running",
    stopped="Stopped",
    bind="AttachKeyPair",
    unbind="DetachKeyPair",
    batch=50,
    access_key_id="LTAIEXAMPLE",
)

PROVIDERS = {provider.name: provider for provider in (LIGHTHOUSE, CVM, CVM_LEGACY, ALIBABA)}
