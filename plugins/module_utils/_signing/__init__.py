# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This package is private to the collection keyfleet.cloud: its interface may change without notice.

"""Signatures: pure functions from request, credentials and time to headers or parameters. One file per scheme."""

from __future__ import annotations
