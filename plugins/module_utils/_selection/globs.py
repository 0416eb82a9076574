# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Globs on names, as the shell has them: ``*``, ``?`` and ``[…]``. Upper and lower case differ, as in the clouds."""

from __future__ import annotations

import fnmatch
import re
import typing as t

_SPECIAL = re.compile(r"[*?\[]")


def is_glob(text: str) -> bool:
    """Whether the text is a pattern and not a plain name."""
    return _SPECIAL.search(text) is not None


def matches(name: str, pattern: str) -> bool:
    """Whether the whole name fits the pattern; a plain name fits itself only."""
    return fnmatch.fnmatchcase(name, pattern) if is_glob(pattern) else name == pattern


def matches_any(name: str, patterns: t.Iterable[str]) -> bool:
    """Whether the name fits one of the patterns."""
    return any(matches(name, pattern) for pattern in patterns)


def asterisks_only(pattern: str) -> str:
    """Return a pattern that fits at least the same names and has ``*`` as its only special character.

    For APIs that know no other. A set such as ``[a-c]`` counts as one character; without its end it is a plain text.
    """
    translated = re.sub(r"\[!?\]?[^\]]*\]", "*", pattern)
    return re.sub(r"\*+", "*", translated.replace("?", "*"))
