# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The vector files of ``tests/unit/vectors`` as pytest parameters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

VECTORS = Path(__file__).parents[1] / "vectors"


def vectors(file_name: str) -> list[Any]:
    """Every vector of a file as ``pytest.param(input, expected, id=…)``."""
    document = json.loads((VECTORS / file_name).read_text(encoding="utf-8"))
    return [pytest.param(entry["input"], entry["expected"], id=entry["id"]) for entry in document["vectors"]]


def one_character_changed(text: str) -> list[str]:
    """Variants of ``text``, each with one other character: at the start, in the middle, at the end."""
    places = {0, len(text) // 2, len(text) - 1} if text else set()
    return [f"{text[:at]}{'0' if text[at] != '0' else '1'}{text[at + 1 :]}" for at in sorted(places)]
