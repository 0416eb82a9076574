# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks that the action group ``all`` in meta/runtime.yml names exactly the modules of the collection."""

from __future__ import annotations

import sys

import yaml
from bootstrap import ROOT


def main() -> int:
    group = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["action_groups"]["all"]
    listed = [entry for entry in group if isinstance(entry, str)]
    modules = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py") if path.stem != "__init__")
    if listed == modules:
        return 0
    print(f"meta/runtime.yml: action_groups.all is {listed}, but plugins/modules has {modules}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
