# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each variable that a role takes from whoever uses it stands in its argument_specs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROLES = Path(__file__).parents[2] / "roles"
NAMES = ("bind", "unbind", "rotate", "revoke", "drift_report")
#: what hosts of the inventory have, and what a role publishes
OF_OTHERS = {"keyfleet_instance_id", "keyfleet_stats"}
#: variables that the shared tasks read for the roles that change something
OF_CHANGES = {"keyfleet_journal_path", "keyfleet_login_key_file"}


def options(role: str) -> set[str]:
    content = yaml.safe_load((ROLES / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
    return set(content["argument_specs"]["main"]["options"])


def text(role: str) -> str:
    files = (path for folder in ("tasks", "vars", "defaults") for path in (ROLES / role / folder).glob("*.yml"))
    lines = (line for path in files for line in path.read_text(encoding="utf-8").splitlines())
    return "\n".join(line for line in lines if not line.lstrip().startswith("#"))


@pytest.mark.parametrize("role", NAMES)
def test_all_defaults_are_documented(role: str) -> None:
    defaults = yaml.safe_load((ROLES / role / "defaults" / "main.yml").read_text(encoding="utf-8"))
    assert set(defaults) <= options(role)


@pytest.mark.parametrize("role", NAMES)
def test_the_variables_that_all_roles_share_are_documented(role: str) -> None:
    read = set(re.findall(r"(?<![\w.'])keyfleet_[a-z_]+", f"{text(role)}\n{text('workflow')}")) - OF_OTHERS
    assert {"keyfleet_bindings", "keyfleet_slice"} <= read
    assert read - (OF_CHANGES if role == "drift_report" else set()) <= options(role)
