# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which playbooks AWX offers of a project: what looks like one, outside some folders (awx.main.utils.ansible)."""

from __future__ import annotations

import os
import re
from pathlib import Path

LOOKS_LIKE_ONE = re.compile(r"^\s*?-?\s*?(?:hosts|(?:ansible\.builtin\.)?(?:include|import_playbook)):")
PASSED_OVER = {"roles", "tasks", "group_vars", "host_vars"}


def playbooks(project: Path) -> list[str]:
    """Return the paths of a project's playbooks, as a job template names them."""
    found = []
    for folder, folders, files in os.walk(project):
        folders[:] = [name for name in folders if name not in PASSED_OVER and not name.startswith(".")]
        found += [Path(folder, name) for name in files if name.endswith((".yml", ".yaml"))]
    return sorted(str(path.relative_to(project)) for path in found if _looks_like_one(path))


def _looks_like_one(path: Path) -> bool:
    lines = path.read_text(encoding="utf-8", errors="ignore").splitlines()
    return any(map(LOOKS_LIKE_ONE.match, lines)) or (bool(lines) and lines[0].startswith("$ANSIBLE_VAULT;"))
