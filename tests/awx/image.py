# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The execution environment without a container engine: what ansible-builder would put into the image, in a directory.

The steps are those of the Containerfile that ansible-builder writes: the collection from the build context, then what
introspection finds that it needs, in an environment that had nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import bootstrap
import cores
import stage
import yaml

CONSTRAINTS = [bootstrap.CONSTRAINTS, bootstrap.REQUIREMENTS / "run.txt"]


@dataclass(frozen=True)
class Image:
    """``installed`` are the Python requirements, ``system`` the lines for the package manager."""

    context: Path
    collections: Path
    bin: Path
    installed: list[str]
    system: list[str]


def build(directory: Path) -> Image:
    """Do what building the image does. Raises BootstrapError, CalledProcessError."""
    context = directory / "context"
    definition = stage.copy("ee") / "execution-environment.yml"
    builder = str(Path(sys.executable).with_name("ansible-builder"))
    _run(builder, "create", "--file", str(definition), "--context", str(context), "--output-filename", "Containerfile")
    collections = directory / "collections"
    install_collections(context / "_build" / "requirements.yml", context / "_build", collections)
    user = context / "_build" / "bindep.txt"
    found = yaml.safe_load(_run(builder, "introspect", "--user-bindep", str(user), str(collections)))
    packages, system = (sorted(line.partition("#")[0].strip() for line in found[kind]) for kind in ("python", "system"))
    containerfile = (context / "Containerfile").read_text(encoding="utf-8")
    references = re.search(r'^ARG ANSIBLE_INSTALL_REFS="(.*)"$', containerfile, re.MULTILINE)
    installed = [*(references[1].split() if references else ()), *packages]
    return Image(context, collections, make_environment(installed), installed, system)


def install_collections(requirements: Path, directory: Path, place: Path) -> None:
    """Run ansible-galaxy in a directory, without a server."""
    galaxy = str(Path(sys.executable).with_name("ansible-galaxy"))
    command = [galaxy, "collection", "install", "--offline", "-r", str(requirements), "--collections-path", str(place)]
    # Where the collection lies about already, ansible-galaxy would find nothing to do.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"ANSIBLE_COLLECTIONS_PATH": str(place), "ANSIBLE_HOME": str(place / "home")}
    subprocess.run(command, cwd=directory, env=environment, check=True, stdin=subprocess.DEVNULL, capture_output=True)


def make_environment(requirements: list[str]) -> Path:
    """Return the ``bin`` of an environment that holds these requirements and nothing else, made once for each list."""
    text = "\n".join([*requirements, cores.CORES[cores.IMAGE].version, *(path.read_text() for path in CONSTRAINTS)])
    place = stage.BUILD / "venvs" / f"ee-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    with bootstrap.alone(place):
        if not (place / "complete").exists():
            bootstrap.create(place, cores.python(cores.IMAGE) or sys.executable)
            pin = place / "constraints.txt"
            pin.write_text(f"ansible-core=={cores.CORES[cores.IMAGE].version}\n", encoding="utf-8")
            limits = [argument for path in (pin, *CONSTRAINTS) for argument in ("-c", str(path))]
            pip = [str(place / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--quiet"]
            _run(*pip, "install", "--no-compile", *limits, *requirements)
            (place / "complete").touch()
    return place / "bin"


def _run(*command: str) -> str:
    done = subprocess.run(command, check=True, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return done.stdout
