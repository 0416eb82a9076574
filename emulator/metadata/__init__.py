# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The metadata services that an instance finds in its own network, one of each vendor, on the emulator's port.

``service`` answers; which machine the caller is said to run on comes from the seed (``machine``).
"""
