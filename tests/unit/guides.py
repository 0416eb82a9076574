# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads tables of the guides, for tests that hold them to the code. A table is found by the label before it."""

from __future__ import annotations

import re
from pathlib import Path

GUIDES = Path(__file__).parents[2] / "docs" / "docsite" / "rst"
LABEL = "ansible_collections.keyfleet.cloud.docsite."


def table(label: str) -> list[list[str]]:
    """Return the cells of the first list-table after a label, without its header row. Markup stays in."""
    text = (GUIDES / f"{label.partition('.')[0]}.rst").read_text(encoding="utf-8")
    after = text.split(f".. _{LABEL}{label}:\n", 1)[1].split(".. list-table::", 1)[1]
    body = re.match(r"(?:\n| .*)*", after)
    rows: list[list[str]] = []
    for line in (body[0] if body else "").splitlines():
        found = re.match(r"   (\* -|  -|   ) ?(.*)", line)
        if found and found[1] == "* -":
            rows.append([found[2]])
        elif found and found[1] == "  -":
            rows[-1].append(found[2])
        elif found and rows:
            rows[-1][-1] = f"{rows[-1][-1]} {found[2].strip()}".strip()
    return rows[1:]


def literals(cell: str) -> list[str]:
    """Return what stands in double back-quotes."""
    return re.findall(r"``(.+?)``", cell)


def first_column(label: str) -> list[str]:
    return [literals(row[0])[0] for row in table(label)]
