# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes ``ansible_collections.keyfleet.cloud`` importable, from a plain checkout as from a staged copy.

Tests import the collection, and each other's helpers, by that name only: one file must never become two modules.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "tools"))

import stage  # the tools are scripts beside the tests, not part of the collection

COLLECTIONS = stage.collections_path()

sys.path.insert(0, str(COLLECTIONS))
os.environ["ANSIBLE_COLLECTIONS_PATH"] = str(COLLECTIONS)
os.environ["PYTHONPATH"] = str(COLLECTIONS)
