# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads syntax trees: who imports whom, and which habits a file has that the design forbids.

Nothing here imports the code that it looks at, so that test_layering.py can try the rules on made-up files as well.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

COLLECTION = "ansible_collections.keyfleet.cloud."


@dataclass(frozen=True)
class Source:
    """A Python file of the collection."""

    path: str
    """Relative to the collection, such as ``plugins/module_utils/_plan/rows.py``."""
    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def module(self) -> str:
        """Such as ``plugins.module_utils._plan.rows``; a package has the name of its folder."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def package(self) -> str:
        """What a single leading dot of an import means in this file."""
        return self.module if self.path.endswith("/__init__.py") else self.module.rpartition(".")[0]


def read(root: Path, *folders: str) -> list[Source]:
    paths = (path for folder in folders for path in sorted((root / folder).rglob("*.py")))
    return [Source(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")) for path in paths]


def imports(source: Source) -> set[str]:
    """Every module that the file names in an import, wherever that stands, such as ``plugins.module_utils._errors``.

    ``from x import y`` counts as ``x`` and ``x.y``: whether y is a module is not visible here.
    """
    found = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            origin = _origin(source, node)
            found |= {origin, *(f"{origin}.{alias.name}" for alias in node.names)}
    return {name.removeprefix(COLLECTION) for name in found}


def _origin(source: Source, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = source.package.split(".")
    base = package[: len(package) - node.level + 1]
    return ".".join([*base, *([node.module] if node.module else [])])


def graph(sources: Iterable[Source]) -> dict[str, set[str]]:
    """Module -> what it imports. Of our own modules the deepest name that exists; others as they are named."""
    sources = list(sources)
    known = {source.module for source in sources}
    return {source.module: _resolved(imports(source), known) - {source.module} for source in sources}


def _resolved(names: set[str], known: set[str]) -> set[str]:
    ours = names & known
    packages = {name.rpartition(".")[0] for name in ours} & ours
    return (ours - packages) | {name for name in names if name.split(".")[0] not in {"plugins", "emulator"}}


def reached(edges: Mapping[str, set[str]], start: str) -> set[str]:
    """Everything that the module imports, directly or by way of others."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        new = edges.get(waiting.pop(), set()) - seen
        seen |= new
        waiting += new
    return seen


def cycles(edges: Mapping[str, set[str]]) -> list[str]:
    return [f"{module} imports itself by way of others" for module in sorted(edges) if module in reached(edges, module)]


def within(name: str, *places: str) -> bool:
    """Whether a module is one of ``places`` or inside one."""
    return any(name == place or name.startswith(f"{place}.") for place in places)


def upward(edges: Mapping[str, set[str]], lower: str, *forbidden: str) -> list[str]:
    """Where something in ``lower`` reaches something in ``forbidden``."""
    return [
        f"{module} must not reach {name}"
        for module in sorted(edges)
        if within(module, lower)
        for name in sorted(reached(edges, module))
        if within(name, *forbidden)
    ]


def importers(edges: Mapping[str, set[str]], library: str, *allowed: str) -> list[str]:
    """Who imports ``library`` (or a part of it) without being in ``allowed``."""
    return [
        f"{module} must not import {library}"
        for module, names in sorted(edges.items())
        if any(within(name, library) for name in names) and not within(module, *allowed)
    ]


def strangers(source: Source) -> list[str]:
    """What the file imports from outside its own top folder and the standard library."""
    own = source.path.split("/")[0]
    known = sys.stdlib_module_names | {own}
    return [
        f"{source.path} must not import {name}" for name in sorted(imports(source)) if name.split(".")[0] not in known
    ]


def comparisons(source: Source, names: frozenset[str]) -> list[str]:
    """Lines that compare something with one of the names, match it, or ask whether it starts or ends so."""
    return sorted(
        {
            f"{source.path}:{constant.lineno} asks for {constant.value!r}"
            for question in ast.walk(source.tree)
            for constant in _asked_for(question)
            if constant.value in names
        }
    )


def _asked_for(node: ast.AST) -> Iterator[ast.Constant]:
    parts: list[ast.AST] = []
    if isinstance(node, ast.Compare):
        parts = [node.left, *node.comparators]
    elif isinstance(node, ast.MatchValue):
        parts = [node.value]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        parts = [*node.args] if node.func.attr in {"startswith", "endswith"} else []
    for part in parts:
        yield from (leaf for leaf in ast.walk(part) if isinstance(leaf, ast.Constant))


def asserts(source: Source) -> list[str]:
    lines = [node.lineno for node in ast.walk(source.tree) if isinstance(node, ast.Assert)]
    return [f"{source.path}:{line} has an assert" for line in sorted(lines)]


def oversized(source: Source, lines: int, function_lines: int) -> list[str]:
    total = source.text.count("\n")
    too_long = [f"{source.path} has {total} lines"] if total > lines else []
    for node in ast.walk(source.tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > function_lines:
                too_long.append(f"{source.path}:{node.lineno} {node.name} has {length} lines")
    return too_long
