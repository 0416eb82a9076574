# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every environment variable that is read is in the guide, and the guide names none that nobody reads."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
UTILS = ROOT / "plugins" / "module_utils"
GUIDE = ROOT / "docs" / "docsite" / "rst" / "credentials.rst"
VARIABLE = r"(?:TENCENTCLOUD|TCCLI|TKE|ALIBABA_CLOUD|ALIBABACLOUD|ALICLOUD|KEYFLEET_METADATA)_[A-Z0-9_]+"


def read_by_code() -> set[str]:
    files = [*(UTILS / "_credentials").glob("*.py"), UTILS / "_connection.py"]
    return {name for file in files for name in re.findall(f'"({VARIABLE})"', file.read_text(encoding="utf-8"))}


def test_the_guide_and_the_code_know_the_same_variables() -> None:
    assert read_by_code() == set(re.findall(f"``({VARIABLE})``", GUIDE.read_text(encoding="utf-8")))
    assert "TCCLI_PROFILE" in read_by_code()


def test_the_fragment_names_no_variable_that_nobody_reads() -> None:
    text = (ROOT / "plugins" / "doc_fragments" / "connection.py").read_text(encoding="utf-8")
    assert set(re.findall(rf"E\(({VARIABLE})\)", text)) <= read_by_code()
