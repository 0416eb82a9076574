# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A collection whose modules run within the worker processes of Ansible, for tests that run very many of them.

An archive of each module's imports, and a Python that unpacks and compiles them, cost a second of computing time or
two. What is left out here are that archive and that Python; everything else is real: the program, the worker process
that it makes for each task, playbooks, roles, plugins and the module's own code.
"""

from __future__ import annotations

from pathlib import Path

ACTION = Path(__file__).with_name("action.py")


def shadow(collection: Path, place: Path) -> Path:
    """Make a shadow of a collection's directory below a collections path; returns ``place``, that path."""
    target = place.joinpath(*collection.parts[-3:])
    (target / "plugins" / "action").mkdir(parents=True)
    for part in collection.iterdir():
        if part.name != "plugins" and not part.name.startswith("."):
            (target / part.name).symlink_to(part)
    for part in (collection / "plugins").iterdir():
        (target / "plugins" / part.name).symlink_to(part)
    for module in (collection / "plugins" / "modules").glob("[a-z]*.py"):
        (target / "plugins" / "action" / module.name).symlink_to(ACTION)
    return place
