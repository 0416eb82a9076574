# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where examples come from: the EXAMPLES of every plugin, and the blocks of code in the guides."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import yaml

COLLECTION = "keyfleet.cloud"
HELPERS = ("doc_fragments", "module_utils", "plugin_utils")
"""The folders in plugins/ that hold no plugins."""
BLOCK = re.compile(r"^\.\. code-block:: yaml\+jinja\n\n((?: +.*\n|\n)+)", re.MULTILINE)
"""What a guide gives the reader to copy. YAML that is not meant to be run is marked ``yaml``."""


class ExampleError(Exception):
    """The text names the plugin and what is wrong with its examples."""


class Source(Protocol):
    """A text with examples."""

    @property
    def name(self) -> str:
        """What complaints call it."""

    def documents(self) -> list[Any]:
        """Return the examples: tasks, plays or inventory sources. Raises ExampleError for what is none of them."""


@dataclass(frozen=True)
class Plugin:
    """The EXAMPLES of a plugin. ``path`` is its file, in the folder of its kind."""

    path: Path

    @property
    def name(self) -> str:
        """Such as ``keyfleet.cloud.keypair_binding``."""
        return f"{COLLECTION}.{self.path.stem}"

    def documents(self) -> list[Any]:
        """See Source. Each document must use the plugin."""
        documents = _parsed(self.name, _constant(self.path, "EXAMPLES"))
        if not documents:
            raise ExampleError(f"{self.name}: there are no EXAMPLES in {self.path.name}")
        if not all(self.name in str(document) for document in documents):
            raise ExampleError(f"{self.name}: one of the examples does not use the plugin")
        return documents


@dataclass(frozen=True)
class Guide:
    """The blocks of YAML with Jinja in a page of the documentation."""

    path: Path

    @property
    def name(self) -> str:
        """Such as ``the guide first_steps``."""
        return f"the guide {self.path.stem}"

    def documents(self) -> list[Any]:
        """See Source."""
        blocks = BLOCK.findall(self.path.read_text(encoding="utf-8"))
        return [document for block in blocks for document in _parsed(self.name, textwrap.dedent(block))]


def plugins(folder: Path) -> Iterator[Plugin]:
    """Yield every plugin below ``folder``, the ``plugins/`` of a collection, whatever its kind."""
    for directory in sorted(path for path in folder.iterdir() if path.is_dir() and path.name not in HELPERS):
        yield from (Plugin(path) for path in sorted(directory.glob("*.py")) if path.stem != "__init__")


def guides(*folders: Path) -> list[Guide]:
    """Return every page in these folders that has examples."""
    pages = [Guide(path) for folder in folders for path in sorted(folder.glob("*.rst"))]
    return [page for page in pages if BLOCK.search(page.path.read_text(encoding="utf-8"))]


def _parsed(name: str, text: str) -> list[Any]:
    """Return the documents in a text of YAML, without empty ones."""
    try:
        documents = [document for document in yaml.safe_load_all(text) if document]
    except yaml.YAMLError as error:
        raise ExampleError(f"{name}: an example is not YAML: {error}") from error
    if not all(is_inventory(document) or is_playbook(document) for document in documents):
        raise ExampleError(f"{name}: an example is no list of tasks or plays and no inventory source")
    return documents


def is_inventory(document: Any) -> bool:
    """Is that a source for an inventory plugin?"""
    return isinstance(document, dict) and "plugin" in document


def is_playbook(document: Any) -> bool:
    """Are those plays or tasks?"""
    return isinstance(document, list) and all(isinstance(item, dict) for item in document)


def _constant(path: Path, name: str) -> str:
    """Return the text that a file assigns to a name, without running the file; empty if there is none."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and any(isinstance(it, ast.Name) and it.id == name for it in node.targets):
            return str(ast.literal_eval(node.value))
    return ""
