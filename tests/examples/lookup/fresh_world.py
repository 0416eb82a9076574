# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A lookup for the playbooks that the runner writes."""

from __future__ import annotations

import shutil
import urllib.request
from pathlib import Path
from typing import Any

from ansible.plugins.lookup import LookupBase

HOME = Path(__file__).parents[1] / "home"
"""What examples find below ``~``."""


class LookupModule(LookupBase):
    """``lookup("fresh_world", url, home)`` is true, or fails."""

    def run(self, terms: list[str], *_args: Any, **_kwargs: Any) -> list[bool]:
        """Give an emulator its seed and settings back, and the home directory its files."""
        url, home = terms
        urllib.request.urlopen(urllib.request.Request(f"{url}/_emulator/reset", method="POST"), timeout=10).close()
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(HOME, home)
        return [True]
