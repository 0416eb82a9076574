# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tencent Cloud: API 3.0 (Lighthouse, CVM, STS, Region) and CVM's API 2.0."""

from __future__ import annotations

from .dialect import TencentDialect
from .legacy import LegacyDialect

__all__ = ["LegacyDialect", "TencentDialect"]
