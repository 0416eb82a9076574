# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The providers, one file each. Adding one means: its file, and its line here."""

from __future__ import annotations

import typing as t

from . import alibaba_ecs, tencent_cvm, tencent_cvm_legacy, tencent_lighthouse
from ._protocol import Registration

PROVIDERS: t.Mapping[str, Registration] = {
    registration.capabilities.provider: registration
    for registration in (
        tencent_lighthouse.REGISTRATION,
        tencent_cvm.REGISTRATION,
        tencent_cvm_legacy.REGISTRATION,
        alibaba_ecs.REGISTRATION,
    )
}
