# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What exists in the emulated clouds."""

from __future__ import annotations

from .guest import Access, Guest
from .model import Binding, Instance, KeyPair, Operation
from .store import Region, World
from .timeline import Timeline

__all__ = ["Access", "Binding", "Guest", "Instance", "KeyPair", "Operation", "Region", "Timeline", "World"]
