# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator's vocabulary of providers: which API dialect belongs to which vendor and which world it shows."""

from __future__ import annotations

LIGHTHOUSE = "tencent_lighthouse"
CVM = "tencent_cvm"
CVM_LEGACY = "tencent_cvm_legacy"
ECS = "alibaba_ecs"

#: provider -> provider whose instances and key pairs it shows
WORLD_OF = {LIGHTHOUSE: LIGHTHOUSE, CVM: CVM, CVM_LEGACY: CVM, ECS: ECS}
#: provider that holds state -> vendor
VENDOR_OF = {LIGHTHOUSE: "tencent", CVM: "tencent", ECS: "alibaba"}
VENDORS = ("tencent", "alibaba")
#: names that may appear in the call log and therefore in faults and rates
CALLABLE = (*WORLD_OF, "tencent_sts", "tencent_region", "alibaba_sts")
