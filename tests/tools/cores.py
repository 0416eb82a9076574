# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The versions of ansible-core that the collection is tested with, and an environment for each."""

from __future__ import annotations

import importlib.metadata
from dataclasses import dataclass
from pathlib import Path

import bootstrap
import interpreters

LAYERS = ["run", "emulator", "test"]


@dataclass(frozen=True)
class Core:
    """What stands for a release series of ansible-core."""

    version: str
    pythons: tuple[str, ...]
    """The Pythons that can run it as a controller, in the order in which they are looked for."""


CORES = {
    "2.16": Core("2.16.19", ("3.10", "3.11", "3.12")),  # the oldest supported, on the oldest Python there is
    "2.19": Core("2.19.14", ("3.11", "3.12", "3.13")),
    "2.21": Core("2.21.5", ("3.14", "3.13", "3.12")),
}

#: What execution-environment.yml names.
IMAGE = "2.21"


@dataclass(frozen=True)
class Environment:
    """A virtual environment with one ansible-core."""

    bin: Path
    python: str
    """Such as ``3.11``."""


def is_default(series: str) -> bool:
    """Whether the environment of the tools holds this ansible-core: the one that the machine's Python gives."""
    return importlib.metadata.version("ansible-core") == CORES[series].version


def python(series: str) -> str | None:
    """Return a Python of this machine that can run this ansible-core as a controller."""
    return next(filter(None, map(interpreters.find, CORES[series].pythons)), None)


def environment(series: str) -> Environment | None:
    """Prepares an environment with this ansible-core, or returns None where no Python can run it.

    The environment of the tools is used if it holds this very version.
    """
    core = CORES[series]
    if is_default(series):
        return Environment(bootstrap.install(bootstrap.VENV, LAYERS), interpreters.current())
    for python in core.pythons:
        executable = interpreters.find(python)
        if executable:
            venv = bootstrap.ROOT / ".build" / "venvs" / f"core-{series}-py{python}"
            extra = (f"ansible-core=={core.version}",)
            return Environment(bootstrap.install(venv, LAYERS, python=executable, extra=extra), python)
    return None
