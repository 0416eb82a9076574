# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tencent Cloud Lighthouse and CVM (API 3.0 and 2.0) and Alibaba Cloud ECS on one local port.

Standard library only. See ``python -m emulator --help`` and the Emulator class.
"""

from __future__ import annotations

from .embedded import Emulator

__all__ = ["Emulator"]
