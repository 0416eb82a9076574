# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which providers a test is about. Without a mark it runs for all four."""

from __future__ import annotations

import pytest


def providers(*names: str) -> pytest.MarkDecorator:
    """Return the mark of a test that runs for these providers."""
    return pytest.mark.parametrize("cloud", names, indirect=True)


lighthouse_only = providers("tencent_lighthouse")
cvm_only = providers("tencent_cvm", "tencent_cvm_legacy")
tencent_only = providers("tencent_lighthouse", "tencent_cvm", "tencent_cvm_legacy")
alibaba_only = providers("alibaba_ecs")
api3_only = providers("tencent_lighthouse", "tencent_cvm")
legacy_only = providers("tencent_cvm_legacy")
