#!/usr/bin/python

# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
"""

from ..module_utils._module import run_module
from ..module_utils._tasks.binding_wave import BindingWave


def main() -> None:
    """Run the module."""
    run_module(BindingWave())


if __name__ == "__main__":
    main()
